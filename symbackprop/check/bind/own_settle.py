"""Generic neurons of a document that is its own model: ``target`` and ``w_{hO}`` in a formula about one neuron."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from symbackprop.check.bind.indices import IMPLICIT, free_indices, with_index
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.expression import Apply, Expression, Index, Symbol, transform, walk

COMPARISONS = ("equal", "not_equal", "kronecker", "less", "greater", "less_equal", "greater_equal")


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


def with_letters_of_sums(trees: Sequence[Expression]) -> list[Expression]:
    """A Σ under which nothing stands runs over the units that only the right side names."""
    given = frozenset(_units_in(trees[0]))

    def lettered(node: Expression) -> Expression | None:
        if not (isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) == 1):
            return None
        body = node.arguments[0]
        letters = [letter for letter in dict.fromkeys(_units_in(body)) if letter not in given]
        return structs.replace(node, arguments=(body, _index(letters[0]))) if len(letters) == 1 else None

    return [trees[0], *(transform(tree, lettered) for tree in trees[1:])]


def _index(letter: str) -> Symbol:
    return Symbol(INDEX, None, (Index(letter),))


def _units_in(tree: Expression) -> Iterator[str]:
    """The letters of units, not of layers, that are free in a formula."""
    layers = {
        node.position.symbol for node in walk(tree) if isinstance(node, Symbol) and isinstance(node.position, Index)
    }
    yield from (letter for letter in free_indices(tree) if letter not in layers)


def with_counts(trees: Sequence[Expression], chosen: frozenset[str]) -> list[Expression]:
    """n of ``\\frac{1}{n}`` is a number, also where n is an index elsewhere: nothing in this formula carries it."""
    carried = {index.symbol for symbol, index in _indexed(trees) if isinstance(index, Index) and symbol.kind != INDEX}
    carried |= {node.position.symbol for tree in trees for node in walk(tree)
                if isinstance(node, Symbol) and isinstance(node.position, Index)}  # fmt: skip
    running = {index.symbol for tree in trees for total in walk(tree)
               if isinstance(total, Apply) and total.operator in ("sum", *COMPARISONS)
               for part in total.arguments[1 if total.operator == "sum" else 0 : 2] for node in walk(part)
               if isinstance(node, Symbol) and node.kind == INDEX
               for index in node.indices or () if isinstance(index, Index)}  # fmt: skip

    def counted(node: Expression) -> Expression | None:
        if isinstance(node, Symbol) and node.kind == INDEX and node.indices:
            (index,) = node.indices
            if isinstance(index, Index) and not index.offset and index.symbol not in carried | running | chosen:
                return Symbol(index.symbol)
        return None

    return [transform(tree, counted) for tree in trees]


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
