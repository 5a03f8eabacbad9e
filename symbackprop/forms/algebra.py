"""Trees of scalar functions, and arguments put into them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from symbackprop.expression import Apply, Expression, Symbol, add, multiply, negate, transform
from symbackprop.kept import kept
from symbackprop.ops.scalar_function import ScalarFunction, placeholders


@cache
@kept
def function_tree(function: ScalarFunction) -> Expression:
    """The tree of a scalar function over the placeholders ``hole(0)``, ``hole(1)``, ..."""
    from symbackprop.forms.sympy_trees import to_tree

    names = {
        symbol: hole(position) for position, symbol in enumerate(placeholders(function.arity + function.uses_result))
    }
    return to_tree(function.expression, names)


def hole(position: int) -> Symbol:
    return Symbol("argument", None, (position,))


def fill(tree: Expression, arguments: tuple[Expression, ...]) -> Expression:
    """Put the arguments into the holes of a function's tree; sums and products are flattened again."""

    def replace(node: Expression) -> Expression | None:
        if isinstance(node, Symbol) and node.kind == "argument" and node.indices is not None:
            place = node.indices[0]
            assert isinstance(place, int)
            return arguments[place]
        return None

    return flatten(transform(tree, replace))


def flatten(expression: Expression) -> Expression:
    """Nested sums and products made flat, zeros and ones dropped; nothing else is changed."""
    if not isinstance(expression, Apply):
        return expression
    arguments = tuple(flatten(argument) for argument in expression.arguments)
    rebuild = _REBUILD.get(expression.operator)
    return rebuild(*arguments) if rebuild else Apply(expression.operator, arguments, expression.span)


_REBUILD: dict[str, Callable[..., Expression]] = {"add": add, "multiply": multiply, "negate": negate}
