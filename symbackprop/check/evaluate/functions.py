"""Functions that formulas call by name: activations from the table, softmax, reductions, abstract functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symbackprop.check.evaluate.array import Array, ShapeError, entries_of, scalar_if_single
from symbackprop.check.evaluate.traced import (
    FUNCTION_NAMES,
    Traced,
    Undecided,
    applied,
    derivatives,
    divided,
    number,
    plain,
    total,
)
from symbackprop.expression import Expression, Symbol
from symbackprop.functions.activation import ACTIVATIONS

if TYPE_CHECKING:
    from symbackprop.check.evaluate.drawing import Places

NAMES = {
    "logistic": "sigmoid",
    "sigm": "sigmoid",
    "sgm": "sigmoid",
    "leakyrelu": "leaky_relu",
    "lrelu": "leaky_relu",
    "linear": "identity",
    "th": "tanh",
}
"""Other names of functions, in small letters without underscores."""


def known_name(written: str) -> str | None:
    """The table's name of a function as a text writes it; None where no function is called so."""
    lowered = written.lower().replace("_", "")
    name = NAMES.get(lowered, lowered)
    tables = (*ACTIVATIONS.names(), *_WHOLE, *FUNCTION_NAMES)
    return name if name in tables else None


def applied_function(name: str, order: int, arguments: list[Any]) -> Any:
    """A function by the table's name (or its derivative), entry by entry or of a whole array."""
    if name in _WHOLE:
        if order:
            raise Undecided(f"the derivative of {name} as a function")
        return scalar_if_single(_WHOLE[name](*arguments))
    if len(arguments) != 1:
        raise Undecided(f"{name} of {len(arguments)} arguments")
    return entrywise(lambda value: _scalar(name, value), order, arguments[0])


def entrywise(function: Callable[[Any], Any], order: int, argument: Any) -> Any:
    """A function of numbers, or its derivative, on a number or on each entry of an array."""

    def call(value: Any) -> Any:
        if not order:
            return function(value)
        if order > 1:
            raise Undecided("a second derivative of a function")
        variable = Traced(plain(value))
        result = function(variable)
        slope = derivatives(result).get(variable.order, 0) if isinstance(result, Traced) else 0
        return Traced(number(slope), None) if isinstance(value, Traced) else number(slope)

    return argument.map(call) if isinstance(argument, Array) else call(argument)


def _scalar(name: str, value: Any) -> Any:
    if name in FUNCTION_NAMES:
        return applied(name, value)
    from symbackprop.check.evaluate.evaluation import Evaluator

    result = Evaluator(_Argument(value), tracing=True).value(activation_tree(name))
    return result if isinstance(value, Traced) else plain(result)


def activation_tree(name: str) -> Expression:
    """The formula of an activation, over the hole for its argument."""
    from symbackprop.forms.algebra import function_tree

    return function_tree(ACTIVATIONS.get(name).function)


class _Argument:
    """A drawing that knows one quantity: the argument of a function."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        return self.value

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        raise Undecided("a function inside a function")

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        return None

    def layers(self, symbol: Symbol) -> range:
        return range(0)

    def slopes(self, of: Traced) -> dict[int, Any]:
        return {}


def _softmax(argument: Any) -> Any:
    if not isinstance(argument, Array):
        raise Undecided("softmax of a number")
    powers = argument.map(lambda entry: applied("exp", entry))
    if not argument.is_vector:
        raise Undecided("softmax of a matrix")
    whole = total(powers.entries)
    return powers.map(lambda entry: divided(entry, whole))


def _sum(argument: Any) -> Any:
    return total(entries_of(argument))


def _mean(argument: Any) -> Any:
    return divided(total(entries_of(argument)), number(len(entries_of(argument))))


def _diagonal(argument: Any) -> Any:
    if not isinstance(argument, Array):
        raise ShapeError("diag of a number")
    size = max(argument.shape)
    if not argument.is_vector:
        raise Undecided("diag of a matrix")
    zero = number(0)
    return Array(size, size, tuple(argument.entries[i] if i == j else zero for i in range(size) for j in range(size)))


_WHOLE: dict[str, Callable[..., Any]] = {
    "softmax": _softmax,
    "sum": _sum,
    "mean": _mean,
    "avg": _mean,
    "diag": _diagonal,
}
