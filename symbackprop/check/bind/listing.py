"""Lists of entries: ``\\mathbf{x} = (x_1, \\ldots, x_d)`` says what the entries are called, not what they are."""

from __future__ import annotations

from symbackprop.check.bind.uses import without_bold
from symbackprop.expression import Apply, Expression, Name, Symbol

_WRAPPED = frozenset({"group", "bracket", "brace", "transpose"})
_DOTS = "dots"


def is_listing(tree: Expression, head: Symbol) -> bool:
    """Whether a quantity is only taken apart: into entries of its own letter, or into pairs as a set of samples is."""
    items = _items(tree)
    if len(items) < 2:
        return False
    entries = [item for item in items if not _is_dots(item)]
    letter = without_bold(head.kind)
    return all(_items(item) for item in entries) or all(
        isinstance(item, Symbol) and item.indices is not None and without_bold(item.kind) == letter for item in entries
    )


def are_alike(one: Expression, other: Expression) -> bool:
    """Two entries of one quantity: ``\\ell_1 = \\ell_2`` supposes something, and defines neither of them."""
    return (
        isinstance(one, Symbol) and isinstance(other, Symbol) and (one.kind, one.variant) == (other.kind, other.variant)
    )


def _items(tree: Expression) -> tuple[Expression, ...]:
    """What stands in the brackets of a list, or in a matrix."""
    wrapped = False
    while isinstance(tree, Apply) and tree.operator in _WRAPPED:
        tree, wrapped = tree.arguments[0], True
    if isinstance(tree, Apply) and tree.operator == "matrix":
        return tuple(entry for row in tree.arguments if isinstance(row, Apply) for entry in row.arguments)
    return tree.arguments if wrapped and isinstance(tree, Apply) and tree.operator == "sequence" else ()


def _is_dots(item: Expression) -> bool:
    return (isinstance(item, Symbol) and item.kind == _DOTS) or (isinstance(item, Name) and item.head == _DOTS)
