"""The shapes do not fit.

What it finds: arrays that cannot be added, multiplied or compared as they stand: a number on one side and a row on
the other, a product of a 3 × 2 and a 3 × 1 array.

Why: an index is left on one side of the equation, a transpose is missing, or an outer product is written as an inner
one.

Example: ``\\frac{\\partial L}{\\partial z_i} = a \\odot b`` has a number on its left and a vector on its right.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from symbackprop.check.bind.indices import free_indices, without_brackets
from symbackprop.check.bind.scripts import ALL
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import PRODUCTS, edited, symbol_edit
from symbackprop.expression import Apply, Expression, Index, Symbol, walk

_NO_VECTORS = frozenset({"weight", "recurrent_weight", "share", "size", "sample_count", "ones", "loss", INDEX})
"""Quantities that do not have one number for each unit of a layer; a document's own may be named in any way."""
UNIT = "j"
"""The letter of the one unit that is written where a layer is meant."""


def _is_vector(symbol: Symbol) -> bool:
    return symbol.kind not in _NO_VECTORS and not symbol.kind.endswith("function")


def _is_layer(tree: Expression) -> bool:
    return isinstance(tree, Symbol) and tree.indices is None and _is_vector(tree)


def _to_layer(symbol: Symbol) -> Iterator[Symbol]:
    """All units of a layer in the place of any one."""
    if symbol.indices is not None and len(symbol.indices) == 1 and _is_vector(symbol):
        (index,) = symbol.indices
        if isinstance(index, Index) and index.symbol != ALL:
            yield replace(symbol, indices=None)


def _to_unit(letter: str, symbol: Symbol) -> Iterator[Symbol]:
    if _is_layer(symbol):
        yield replace(symbol, indices=(Index(letter),))


def _other_way_round(tree: Expression) -> Iterator[Expression]:
    """The inner product of two vectors in the place of the outer one, or the outer in that of the inner."""
    if not (isinstance(tree, Apply) and tree.operator in PRODUCTS and len(tree.arguments) == 2):
        return
    turned = [isinstance(part, Apply) and part.operator == "transpose" for part in tree.arguments]
    plain = [
        without_brackets(part.arguments[0] if isinstance(part, Apply) and is_turned else part)
        for part, is_turned in zip(tree.arguments, turned, strict=True)
    ]
    if turned[0] != turned[1] and all(map(_is_layer, plain)):
        changed = tuple(
            part if is_turned else Apply("transpose", (part,)) for part, is_turned in zip(plain, turned, strict=True)
        )
        yield replace(tree, arguments=changed)


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, new in edited(case.written, _other_way_round):
        yield Repair(whole, f"the vectors of {case.spell(old)} stand the wrong way round: {case.spell(new)}")
    for whole, old, new in edited(case.written, symbol_edit(_to_layer)):
        yield Repair(whole, f"{case.spell(old)} is a number; it should be {case.spell(new)}")
    for letter in sorted(frozenset(free_indices(case.head))):
        for whole, old, new in edited(case.written, symbol_edit(partial(_to_unit, letter))):
            yield Repair(whole, f"{case.spell(old)} is an array; it should be {case.spell(new)}")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, _other_way_round):
        yield whole
    if any(map(_is_layer, walk(tree))):
        for whole, _, _ in edited(tree, symbol_edit(partial(_to_unit, UNIT))):
            yield whole
    else:
        for whole, _, _ in edited(tree, symbol_edit(_to_layer)):
            yield whole


ENTRY = Rule("shape", __doc__, 27, repairs=_repairs, slips=_slips)
