"""A minus sign is missing.

What it finds: a step that becomes true when one minus sign is put back, in front of a term, a factor, an
exponent or a whole side; or a printed number whose sign is missing.

Why: the derivative of ``target - out`` brings a minus that is easily dropped, and so does the exponent of
the logistic function.

Example: ``out = \\frac{1}{1 + e^{net}}`` should be ``out = \\frac{1}{1 + e^{-net}}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, negated, without_minus
from symbackprop.expression import Apply, Expression, Number


def _put_back(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator == "negate":
        return
    if not (isinstance(tree, Number) and tree.text.startswith("-")):
        yield negated(tree)


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, _ in edited(case.written, _put_back):
        yield Repair(whole, f"a minus sign is missing in front of {case.spell(old)}")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, without_minus):
        yield whole


def _digits(printed: str, right: str) -> str | None:
    return "the minus sign is missing" if right == f"-{printed}" else None


ENTRY = Rule("sign-lost", __doc__, 11, repairs=_repairs, slips=_slips, digits=_digits)
