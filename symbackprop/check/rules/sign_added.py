"""A minus sign stands where none belongs.

What it finds: a step that becomes true when one minus sign is taken away, or when a minus between two
terms becomes a plus; or a printed number with a sign too many.

Why: signs are turned twice, or the minus of the update rule is written into the gradient.

Example: ``\\frac{\\partial net}{\\partial w} = -out`` should be ``\\frac{\\partial net}{\\partial w} = out``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, negated, without_minus
from symbackprop.expression import Apply, Expression, Symbol


def _put_in(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Symbol) or (isinstance(tree, Apply) and tree.operator in ("multiply", "group", "partial")):
        yield negated(tree)


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, _ in edited(case.written, without_minus):
        yield Repair(whole, f"the minus sign of {case.spell(old)} does not belong there")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, _put_in):
        yield whole


def _digits(printed: str, right: str) -> str | None:
    return "the minus sign does not belong there" if printed == f"-{right}" else None


ENTRY = Rule("sign-added", __doc__, 10, repairs=_repairs, slips=_slips, digits=_digits)
