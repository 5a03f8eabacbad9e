"""Declared shapes: ``X \\in \\mathbb{R}^{n \\times d}`` says how large things are, and what n and d count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeGuard

from symbackprop.check.bind.lexicon import Lexicon
from symbackprop.check.bind.spelling import script_spelling
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.statement import Statement
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol, walk

DECLARES = "∈"
_BETWEEN = frozenset({"times", "star", "dot", "multiply"})


class Resolver(Protocol):
    """Whatever says which quantity a name means."""

    def resolve(self, name: Name) -> Expression | None: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """``head`` lies in a real space with these sizes, each a number, a letter, or a size of a layer."""

    head: Symbol
    sizes: tuple[Expression, ...]


def written(group: Sequence[Statement]) -> list[Expression]:
    """The members of a chain that name quantities; the space that something lies in does not."""
    chain = group[0].chain
    if chain is None:
        return []
    return [chain.expressions[0],
            *(tree for tree, relation in zip(chain.expressions[1:], chain.relations, strict=True)
              if relation != DECLARES)]  # fmt: skip


def declared(groups: Sequence[Sequence[Statement]], lexicon: Lexicon) -> Iterator[Declared]:
    """All declarations of a document."""
    for group in groups:
        for statement in group:
            if statement.relation == DECLARES and statement.left is not None and statement.right is not None:
                sizes = _sizes(statement.right, lexicon)
                for head in _heads(statement.left, lexicon) if sizes else ():
                    yield Declared(head, sizes)


def matrices(groups: Sequence[Sequence[Statement]]) -> Iterator[Name]:
    """The names that are declared with two sizes, or whose numbers are printed as an array: ``z_1 = [4.3, 5.3]``."""
    for group in groups:
        for statement in group:
            if isinstance(group[0].left, Name) and _is_array(statement.right):
                yield group[0].left
            if statement.relation == DECLARES and isinstance(statement.left, Name) and statement.right is not None:
                above = _space(statement.right)
                if isinstance(above, Apply) and above.operator in _BETWEEN:
                    yield statement.left


def _is_array(tree: Expression | None) -> bool:
    """Whether a matrix of several numbers is written out."""
    rows = tree.arguments if isinstance(tree, Apply) and tree.operator == "matrix" else ()
    entries = [entry for row in rows if isinstance(row, Apply) for entry in row.arguments]
    return len(entries) > 1 and all(isinstance(entry, Number) for entry in entries)


def _heads(tree: Expression, lexicon: Lexicon) -> Iterator[Symbol]:
    """``x, y`` in front of the sign: each of them."""
    if isinstance(tree, Apply) and tree.operator == "sequence":
        for part in tree.arguments:
            yield from _heads(part, lexicon)
    elif isinstance(tree, Name):
        found = lexicon.resolve(tree)
        if isinstance(found, Symbol) and not found.indices and not found.variant:
            yield found


def _space(space: Expression) -> Expression | None:
    """What stands above the ℝ of a real space."""
    if not isinstance(space, Name) or space.head != "R" or space.superscript is None:
        return None
    above = space.superscript
    while isinstance(above, Apply) and above.operator in ("group", "bracket", "brace"):
        above = above.arguments[0]
    return above


def _sizes(space: Expression, lexicon: Lexicon) -> tuple[Expression, ...]:
    above = _space(space)
    if above is None:
        return ()
    parts = above.arguments if isinstance(above, Apply) and above.operator in _BETWEEN else (above,)
    return tuple(_size(part, lexicon) for part in parts) if len(parts) < 3 else ()


def _size(tree: Expression, lexicon: Lexicon) -> Expression:
    if isinstance(tree, Number):
        return tree
    if isinstance(tree, Name):
        found = lexicon.resolve(tree)
        if isinstance(found, Symbol):
            return found
    return Name(script_spelling(tree))


def is_count(size: Expression | None) -> TypeGuard[Symbol]:
    """A letter that counts something, the same everywhere."""
    return isinstance(size, Symbol) and size.kind != INDEX and size.position is None and not size.indices


def counts_in(trees: Sequence[Expression], names: Resolver) -> Iterator[str]:
    """The letters at which sums end: n of ``Σ_{i=1}^{n}``."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) == 4:
                upper = node.arguments[3]
                found = names.resolve(upper) if isinstance(upper, Name) and upper.head else None
                if is_count(found):
                    yield found.kind


def size_name(size: Expression, places: dict[str, int]) -> str | None:
    """What a size is called at a layer; None where the layer does not follow."""
    if isinstance(size, Number):
        return size.text
    if isinstance(size, Name):
        return size.head
    assert isinstance(size, Symbol)
    found = [size.kind]
    for index in (size.position, *(size.indices or ())):
        if isinstance(index, Index):
            if index.symbol not in places:
                return None
            found.append(str(places[index.symbol] + index.offset))
        elif index is not None:
            found.append(str(index))
    return " ".join(found)
