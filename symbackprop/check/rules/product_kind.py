"""The wrong kind or order of a product.

What it finds: a step that becomes true when two factors change places, or when ⊙ becomes a matrix product or a
matrix product ⊙.

Why: numbers may be multiplied in any order and in one way only, arrays may not.

Example: ``\\delta^L = \\nabla_a C \\, \\sigma'(z^L)`` should have ``\\odot`` between its factors.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import PRODUCTS, edited
from symbackprop.expression import Apply, Expression


def _other_kind(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator in PRODUCTS:
        yield replace(tree, operator="matrix_product" if tree.operator in ("hadamard", "circle") else "hadamard")


def _other_order(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator in PRODUCTS - {"hadamard", "circle"}:
        for place in range(len(tree.arguments) - 1):
            first, second = tree.arguments[place : place + 2]
            yield replace(tree, arguments=(*tree.arguments[:place], second, first, *tree.arguments[place + 2 :]))


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, new in edited(case.written, _other_kind):
        yield Repair(whole, f"{case.spell(old)} should be {case.spell(new)}")
    for whole, old, new in edited(case.written, _other_order):
        yield Repair(whole, f"the factors of {case.spell(old)} stand in the wrong order: {case.spell(new)}")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for edit in (_other_kind, _other_order):
        for whole, _, _ in edited(tree, edit):
            yield whole


ENTRY = Rule("product-kind", __doc__, 28, repairs=_repairs, slips=_slips)
