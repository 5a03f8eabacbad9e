"""A transpose is missing or does not belong there.

What it finds: a step that becomes true, or whose shapes fit, when one array is transposed.

Why: the error goes back through the same weights in the other direction, so their matrix is turned; which side
is turned depends on whether vectors are rows or columns.

Example: ``\\delta^l = (W^{l+1} \\delta^{l+1}) \\odot \\sigma'(z^l)`` should have ``(W^{l+1})^T``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited
from symbackprop.expression import Apply, Expression, Symbol


def _turned(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator == "transpose":
        yield tree.arguments[0]
    elif (isinstance(tree, Symbol) and tree.indices is None and not tree.kind.endswith("function")) or (
        isinstance(tree, Apply)
        and tree.operator in ("partial", "group", "bracket", "matrix_product", "multiply", "dot")
    ):
        yield Apply("transpose", (tree,))


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, new in edited(case.written, _turned):
        if isinstance(old, Apply) and old.operator == "transpose":
            yield Repair(whole, f"{case.spell(new)} should not be transposed")
        else:
            yield Repair(whole, f"{case.spell(old)} should be transposed")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, _turned):
        yield whole


ENTRY = Rule("transposed", __doc__, 26, repairs=_repairs, slips=_slips)
