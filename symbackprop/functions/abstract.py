"""Abstract functions: "any smooth f". Nothing is known of them but their name and that they can be differentiated.

In SymPy such a function is a class of its own, whose derivative is another such class; in the
expression tree it is ``Apply("call", (name, argument))`` with the name f, or f' = ``Apply("derivative", (f,))``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from symbackprop.expression import Apply, Expression, Name, Symbol
from symbackprop.graph import canonical_id
from symbackprop.ops.scalar_function import ScalarFunction

if TYPE_CHECKING:
    import sympy


@cache
def abstract(head: Symbol | Name, arity: int = 1) -> ScalarFunction:
    """The function that ``head`` names: ``Symbol("activation_function", Index("l"))`` is f_l.

    It is differentiated by its last argument; the others (a target, say) are given quantities.
    """
    return ScalarFunction(label(head), arity, lambda *arguments: sympy_function(head)(*arguments))


def derivative_name(head: Expression) -> Expression:
    """The name of the derivative of a named function."""
    return Apply("derivative", (head,))


def label(head: Expression) -> str:
    """A function's name as plain text, different for different functions."""
    if isinstance(head, Apply):
        return label(head.arguments[0]) + "'"
    if isinstance(head, Symbol):
        return canonical_id(head)
    return head.head if isinstance(head, Name) else str(head)


@cache
def sympy_function(head: Expression) -> type[sympy.Function]:
    """The SymPy class of a named function; ``head`` is kept on it, so that the tree can be had back."""
    import sympy

    def fdiff(self: Any, argindex: int = 1) -> Any:
        if argindex != len(self.args):
            raise sympy.core.function.ArgumentIndexError(self, argindex)
        return sympy_function(derivative_name(head))(*self.args)

    attributes = {"head": head, "fdiff": fdiff, "is_real": True}
    made: type[sympy.Function] = type(label(head), (sympy.Function,), attributes)
    return made
