"""Trees with one place changed: what the rules are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from symbackprop.expression import Apply, Expression, Number, Symbol

Edit = Callable[[Expression], Iterator[Expression]]

PRODUCTS = frozenset({"multiply", "star", "dot", "times", "matrix_product", "hadamard", "circle"})


def edited(tree: Expression, edit: Edit) -> Iterator[tuple[Expression, Expression, Expression]]:
    """(the whole tree, the old part, the new part) for every change of one place, the outermost first."""
    for changed in edit(tree):
        yield changed, tree, changed
    if isinstance(tree, Apply):
        for place, argument in enumerate(tree.arguments):
            for changed, old, new in edited(argument, edit):
                yield (
                    replace(tree, arguments=(*tree.arguments[:place], changed, *tree.arguments[place + 1 :])),
                    old,
                    new,
                )


def symbol_edit(choices: Callable[[Symbol], Iterator[Symbol]]) -> Edit:
    """Changes quantities into others."""

    def edit(tree: Expression) -> Iterator[Expression]:
        if isinstance(tree, Symbol):
            yield from choices(tree)

    return edit


def without(tree: Apply, place: int) -> Expression:
    """A sum or product without one of its parts."""
    rest = tree.arguments[:place] + tree.arguments[place + 1 :]
    return rest[0] if len(rest) == 1 else replace(tree, arguments=rest)


def without_minus(tree: Expression) -> Iterator[Expression]:
    """The expression with the minus sign before it taken away, where it has one."""
    if isinstance(tree, Apply) and tree.operator == "negate":
        yield tree.arguments[0]
    elif isinstance(tree, Number) and tree.text.startswith("-"):
        yield Number(tree.text[1:])


def negated(tree: Expression) -> Expression:
    """The tree with a minus in front; a number takes the sign itself."""
    if isinstance(tree, Number) and not tree.text.startswith("-"):
        return Number("-" + tree.text)
    return Apply("negate", (tree,))


def times(tree: Expression, factor: Expression, operator: str = "multiply") -> Expression:
    """The tree with one more factor."""
    if isinstance(tree, Apply) and tree.operator == operator:
        return replace(tree, arguments=(*tree.arguments, factor))
    if isinstance(tree, Apply) and tree.operator in ("add", "negate"):
        tree = Apply("group", (tree,))
    return Apply(operator, (tree, factor))


def is_open_fraction(tree: Expression) -> bool:
    """A fraction with a ∂ on one side of its line only."""
    return isinstance(tree, Apply) and tree.operator == "divide" and sum(map(_is_differential, tree.arguments)) == 1


def joined_fraction(tree: Expression) -> Expression:
    """The derivative that such a fraction was meant to be."""
    assert isinstance(tree, Apply)
    inner = tuple(
        part.arguments[0] if isinstance(part, Apply) and _is_differential(part) else part for part in tree.arguments
    )
    return Apply("partial", inner, tree.span)


def _is_differential(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator == "differential"
