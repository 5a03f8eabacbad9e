"""How an applied function appears: written out (1/(1 + e^{-z})), or by its name (σ(z), σ'(z))."""

from __future__ import annotations

from functools import cache

from symbackprop.expression import Apply, Expression, Name
from symbackprop.forms.algebra import fill, function_tree
from symbackprop.functions.abstract import derivative_name
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.ops.scalar_function import ScalarFunction


def apply_function(function: ScalarFunction, arguments: tuple[Expression, ...], named: bool) -> Expression:
    """The application of a function; ``named`` asks for σ(z) where the function is known by a name."""
    head = name_of(function) if named else None
    if head is None:
        return fill(function_tree(function), arguments)
    return Apply("call", (head, *arguments[: function.arity]))


@cache
def name_of(function: ScalarFunction) -> Expression | None:
    """The name under which an activation, or its derivative, is called; None where a formula says it better.

    A derivative has a prime behind the name of its function (``ScalarFunction.derivative``).
    """
    base = function.name.rstrip("'")
    if function.arity != 1 or base not in ACTIVATIONS or base == _IDENTITY:
        return None
    head: Expression = Name(base)
    for _ in range(len(function.name) - len(base)):
        head = derivative_name(head)
    return head


_IDENTITY = "identity"
