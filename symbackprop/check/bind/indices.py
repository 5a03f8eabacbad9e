"""The letters of indices in bound trees: which are free, what is put in their place, what a sum means."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.check.bind.scripts import ALL
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.expression import Apply, Expression, Index, IndexValue, Symbol, walk

IMPLICIT = "\\iota"
"""The index of a neuron that the writer left out."""

BRACKETS = frozenset({"group", "bracket", "brace"})


def free_indices(tree: Expression, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """The letters of indices that no sum inside binds."""
    if isinstance(tree, Symbol):
        for index in (tree.position, *(tree.indices or ())):
            if isinstance(index, Index) and index.symbol not in bound and index.symbol != ALL:
                yield index.symbol
    elif isinstance(tree, Apply):
        if tree.operator == "sum" and len(tree.arguments) > 1:
            inside = bound | set(_index_letters(tree.arguments[1]))
            yield from free_indices(tree.arguments[0], inside)
            for rest in tree.arguments[1:]:
                yield from free_indices(rest, inside)
        else:
            for argument in tree.arguments:
                yield from free_indices(argument, bound)


def _index_letters(tree: Expression) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, Symbol) and node.kind == INDEX and node.indices:
            index = node.indices[0]
            if isinstance(index, Index):
                yield index.symbol


def with_index(tree: Expression, letter: str, value: IndexValue) -> Expression:
    """The tree with an index put in the place of a letter."""
    if isinstance(tree, Symbol):
        indices = None if tree.indices is None else tuple(_put(index, letter, value) for index in tree.indices)
        position = None if tree.position is None else _put(tree.position, letter, value)
        return replace(tree, position=position, indices=indices)
    if isinstance(tree, Apply):
        return replace(tree, arguments=tuple(with_index(argument, letter, value) for argument in tree.arguments))
    return tree


def _put(index: IndexValue, letter: str, value: IndexValue) -> IndexValue:
    if not isinstance(index, Index) or index.symbol != letter:
        return index
    return Index(value.symbol, value.offset + index.offset) if isinstance(value, Index) else value + index.offset


def settled_sums(tree: Expression) -> Expression:
    """Sums whose index is left out, or spelled in another case than in the body, with the index they mean."""
    if not isinstance(tree, Apply):
        return tree
    arguments = tuple(settled_sums(argument) for argument in tree.arguments)
    if tree.operator != "sum":
        return replace(tree, arguments=arguments)
    body, *rest = arguments
    free = frozenset(free_indices(body))
    if not rest:
        index = (Symbol(INDEX, None, (Index(IMPLICIT),)),) if IMPLICIT in free else ()
        return replace(tree, arguments=(body, *index))
    for letter in _index_letters(rest[0]):
        if letter in free:
            continue
        other = next((known for known in free if known.casefold() == letter.casefold()), None)
        other = other or (IMPLICIT if IMPLICIT in free else None)
        if other is not None:
            body = with_index(body, other, Index(letter))
    return _without_last_terms(replace(tree, arguments=(body, *rest)))


def _without_last_terms(total: Apply) -> Expression:
    """Braces cannot be seen: in ``\\sum_j{w_{kj} a_j + b_k}`` a last term that j is not in stands behind the sum."""
    body, *rest = total.arguments
    letters = frozenset(_index_letters(rest[0]))
    terms = body.arguments if isinstance(body, Apply) and body.operator == "add" else ()
    count = len(terms)
    while count and _is_apart(terms[count - 1], letters):
        count -= 1
    if not letters or count in (0, len(terms)):
        return total
    summed = terms[0] if count == 1 else Apply("add", terms[:count])
    return Apply("add", (replace(total, arguments=(summed, *rest)), *terms[count:]), total.span)


def _is_apart(term: Expression, letters: frozenset[str]) -> bool:
    """Whether a term is about quantities and none of them has an index that a sum runs over."""
    return any(isinstance(node, Symbol) for node in walk(term)) and not letters & frozenset(free_indices(term))


def without_brackets(tree: Expression) -> Expression:
    """The tree inside the brackets that the writer put around it."""
    while isinstance(tree, Apply) and tree.operator in BRACKETS and len(tree.arguments) == 1:
        tree = tree.arguments[0]
    return tree
