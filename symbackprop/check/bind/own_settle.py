"""Generic neurons of a document that is its own model: ``target`` and ``w_{hO}`` in a formula about one neuron."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbackprop.check.bind.indices import IMPLICIT, free_indices, with_index
from symbackprop.expression import Expression, Index, Symbol, walk


def settled(trees: Sequence[Expression]) -> tuple[Expression, ...]:
    """The members of a chain, their generic neurons put in where the chain names one neuron of the layer."""
    found = tuple(trees)
    generic = sorted({letter for tree in trees for letter in free_indices(tree) if _is_generic(letter, trees)})
    for letter in generic:
        layers = {
            _layer(symbol) for symbol, index in _indexed(trees) if isinstance(index, Index) and index.symbol == letter
        }
        units = {index for symbol, index in _indexed(trees) if _layer(symbol) in layers and isinstance(index, int)}
        if len(units) == 1:
            found = tuple(with_index(tree, letter, next(iter(units))) for tree in found)
    return found


def _is_generic(letter: str, trees: Sequence[Expression]) -> bool:
    """A letter that names a layer of neurons, and stands where their number does."""
    if letter == IMPLICIT:
        return True
    return any(
        isinstance(index, Index) and index.symbol == letter and _layer(symbol) == letter.casefold()
        for symbol, index in _indexed(trees)
    )


def _layer(symbol: Symbol) -> str:
    """The letter of the layer in a family's name: o of ``net_o``."""
    return symbol.kind.rpartition("_")[2]


def _indexed(trees: Sequence[Expression]) -> Iterator[tuple[Symbol, int | Index]]:
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Symbol):
                for index in node.indices or ():
                    yield node, index
