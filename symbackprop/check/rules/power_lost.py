"""The square is lost, or kept where it was differentiated away.

What it finds: a step that becomes true when something is squared, or no longer squared.

Why: the exponent is dropped when a term is copied, or left standing after the power rule.

Example: ``E_{o1} = \\frac{1}{2}(target_{o1} - out_{o1})`` should have the bracket squared.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited
from symbackprop.expression import Apply, Expression, Number, Symbol


def _squared(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Symbol) or (isinstance(tree, Apply) and tree.operator in ("group", "bracket")):
        yield Apply("power", (tree, Number("2")))


def _unsquared(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator == "power" and isinstance(tree.arguments[1], Number):
        yield tree.arguments[0]


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, _ in edited(case.written, _squared):
        yield Repair(whole, f"{case.spell(old)} should be squared")
    for whole, _, new in edited(case.written, _unsquared):
        yield Repair(whole, f"{case.spell(new)} should not be raised to a power")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, _unsquared):
        yield whole


ENTRY = Rule("power-lost", __doc__, 38, repairs=_repairs, slips=_slips)
