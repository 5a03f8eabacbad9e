"""Numbers that remember how they were computed, so that each can be differentiated by any of its origins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import count
from typing import Any

from symbackprop.numeric.arithmetic import Arithmetic, precise

DIGITS = 40
"""Digits in which claims are compared; twice as many as any difference of meaning needs."""

_order = count()


def arithmetic() -> Arithmetic:
    """The arithmetic in which everything here is calculated."""
    return precise(DIGITS)


def number(value: Any) -> Any:
    """A plain number from decimal text, from an integer or from a number."""
    return arithmetic().functions["mpf"](value)


class Undecided(Exception):
    """Something that was read but cannot be evaluated; the message says why."""


class Traced:
    """A number with the numbers it was computed from and its derivative by each of them.

    ``parents`` is None where how it was computed is not known: it has a value but no derivative.
    """

    __slots__ = ("order", "parents", "value")

    def __init__(self, value: Any, parents: tuple[tuple[Traced, Any], ...] | None = ()) -> None:
        self.value = value
        self.parents = parents
        self.order = next(_order)

    def __add__(self, other: Any) -> Traced:
        if isinstance(other, Traced):
            return Traced(self.value + other.value, ((self, 1), (other, 1)))
        return Traced(self.value + other, ((self, 1),))

    __radd__ = __add__

    def __neg__(self) -> Traced:
        return Traced(-self.value, ((self, -1),))

    def __sub__(self, other: Any) -> Traced:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Traced:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> Traced:
        if isinstance(other, Traced):
            return Traced(self.value * other.value, ((self, other.value), (other, self.value)))
        return Traced(self.value * other, ((self, other),))

    __rmul__ = __mul__


def plain(value: Any) -> Any:
    """The number alone."""
    return value.value if isinstance(value, Traced) else value


def derivatives(of: Traced, held: frozenset[int] = frozenset()) -> dict[int, Any]:
    """The derivative of one number by everything it was computed from, by ``order``.

    Numbers that are ``held`` do not hand the change on: what they depend on is taken as it is.
    """
    slopes: dict[int, Any] = {of.order: 1}
    pending = [(-of.order, of)]
    while pending:
        _, node = heappop(pending)
        if node.parents is None:
            raise Undecided("a derivative of a derivative")
        if node.order in held and node is not of:
            continue
        slope = slopes[node.order]
        for parent, local in node.parents:
            share = slope * local
            if parent.order in slopes:
                slopes[parent.order] += share
            else:
                slopes[parent.order] = share
                heappush(pending, (-parent.order, parent))
    return slopes


def divided(left: Any, right: Any) -> Any:
    """left / right"""
    below = plain(right)
    if below == 0:
        raise Undecided("a division by zero")
    if not isinstance(right, Traced):
        return left * (1 / number(below))
    result = plain(left) / number(below)
    parents = ((right, -result / below), *(((left, 1 / below),) if isinstance(left, Traced) else ()))
    return Traced(result, parents)


LARGEST_EXPONENT = 10_000
LARGEST_RESULT = 100_000
"""Powers whose result would have more digits than this before the point are not evaluated."""


def raised(base: Any, exponent: Any) -> Any:
    """base ** exponent, for exponents that keep the result within bounds."""
    below, above = number(plain(base)), number(plain(exponent))
    if abs(above) > LARGEST_EXPONENT or abs(above) * _magnitude(below) > LARGEST_RESULT:
        raise Undecided("a power too large to evaluate")
    if below == 0 and above < 0:
        raise Undecided("a division by zero")
    whole = above == int(above)
    if below < 0 and not whole:
        raise Undecided("a root of a negative number")
    result = below ** (int(above) if whole else above)
    if not isinstance(base, Traced) and not isinstance(exponent, Traced):
        return result
    parents = []
    if isinstance(base, Traced):
        power = above - 1
        local = above * below ** (int(power) if whole else power) if below != 0 or power >= 0 else number(0)
        parents.append((base, local))
    if isinstance(exponent, Traced):
        if below <= 0:
            raise Undecided("a power of a negative number that varies")
        parents.append((exponent, result * arithmetic().functions["log"](below)))
    return Traced(result, tuple(parents))


def _magnitude(value: Any) -> int:
    """About how many decimal digits a number has before its point, or zeros behind it."""
    return 0 if value == 0 else abs(int(value.man.bit_length() + value.exp)) // 3 + 1


def _guarded(name: str, allowed: Callable[[Any], bool], fault: str) -> Callable[[Any], Any]:
    def call(value: Any) -> Any:
        if not allowed(value):
            raise Undecided(fault)
        return arithmetic().functions[name](value)

    return call


def _limited(value: Any) -> bool:
    return bool(abs(value) < LARGEST_RESULT)


def _erf_slope(value: Any) -> Any:
    functions = arithmetic().functions
    return 2 / functions["sqrt"](functions["pi"]) * functions["exp"](-value * value)


_EXP = _guarded("exp", _limited, "an exponential too large to evaluate")
_SINH = _guarded("sinh", _limited, "an exponential too large to evaluate")
_COSH = _guarded("cosh", _limited, "an exponential too large to evaluate")
_LOG = _guarded("log", lambda value: value > 0, "a logarithm of zero or of a negative number")
_SQRT = _guarded("sqrt", lambda value: value >= 0, "a root of a negative number")


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


# name -> (function, derivative from argument and result)
_FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]] = {
    "exp": (_EXP, lambda x, y: y),
    "log": (_LOG, lambda x, y: 1 / x),
    "sqrt": (_SQRT, lambda x, y: divided(number("0.5"), y)),
    "tanh": (_guarded("tanh", _limited, "too large"), lambda x, y: 1 - y * y),
    "sinh": (_SINH, lambda x, y: _COSH(x)),
    "cosh": (_COSH, lambda x, y: _SINH(x)),
    "erf": (_guarded("erf", _limited, "too large"), lambda x, y: _erf_slope(x)),
    "sign": (_sign, lambda x, y: 0),
    "absolute": (abs, lambda x, y: _sign(x)),
}

FUNCTION_NAMES = frozenset(_FUNCTIONS)


def applied(name: str, argument: Any) -> Any:
    """One of the elementary functions of a number."""
    function, slope = _FUNCTIONS[name]
    if not isinstance(argument, Traced):
        return number(function(number(argument)))
    value = number(argument.value)
    result = number(function(value))
    return Traced(result, ((argument, slope(value, result)),))


def renamed(value: Any) -> Traced:
    """The same number as a node of its own: a quantity that equals another one is still another one."""
    return Traced(value.value, ((value, 1),)) if isinstance(value, Traced) else Traced(number(value))


def total(terms: Iterable[Any]) -> Any:
    """The sum of numbers; zero where there are none."""
    result: Any = None
    for term in terms:
        result = term if result is None else result + term
    return number(0) if result is None else result
