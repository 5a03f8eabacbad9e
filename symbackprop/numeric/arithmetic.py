"""The arithmetics in which a network is evaluated: doubles, and mpmath with many digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from symbackprop.numeric.rounding import WORKING_DIGITS


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How source code calculates: how a constant is spelled, how values enter, and the functions.

    ``constant`` spells a number in source code; ``value`` makes a number from decimal digits.
    """

    name: str
    constant: Callable[[str], str]
    value: Callable[[str], Any]
    functions: dict[str, Any]


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


def _double_constant(text: str) -> str:
    return repr(float(text)) if any(letter in text for letter in ".e") else text


def _softplus(value: float) -> float:
    """log(1 + e^x); for large x the exponential is taken of -x, which cannot overflow."""
    return value + math.log1p(math.exp(-value)) if value > 0 else math.log1p(math.exp(value))


DOUBLES = Arithmetic(
    "doubles",
    _double_constant,
    float,
    {
        **{
            name: getattr(math, name)
            for name in ("exp", "log", "log1p", "tanh", "sinh", "cosh", "erf", "sqrt", "pi", "nan")
        },
        "softplus": _softplus,
        "sign": _sign,
    },
)


def _saturating(function: Callable[[float], float], limit: Callable[[float], float]) -> Callable[[float], float]:
    """A function that answers its limit where it would leave the range of doubles."""

    def saturating(value: float) -> float:
        try:
            return function(value)
        except (OverflowError, ValueError):
            return limit(value)

    return saturating


SATURATING = Arithmetic(
    "doubles that saturate",
    DOUBLES.constant,
    float,
    {
        **DOUBLES.functions,
        "exp": _saturating(math.exp, lambda value: math.inf),
        "cosh": _saturating(math.cosh, lambda value: math.inf),
        "sinh": _saturating(math.sinh, lambda value: math.copysign(math.inf, value)),
        "log": _saturating(math.log, lambda value: -math.inf if value == 0 else math.nan),
        "log1p": _saturating(math.log1p, lambda value: -math.inf if value == -1 else math.nan),
    },
)
"""For networks that overflow plain doubles: e^z beyond the range becomes infinite, so σ(z) becomes 0 or 1."""


@cache
def precise(digits: int = WORKING_DIGITS) -> Arithmetic:
    """mpmath with a number of digits of its own: its context is not shared."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.dps = digits
    names = ("exp", "log", "log1p", "tanh", "sinh", "cosh", "erf", "sqrt", "nan")
    functions = {name: getattr(context, name) for name in names}

    def softplus(value: Any) -> Any:
        return value + context.log1p(context.exp(-value)) if value > 0 else context.log1p(context.exp(value))

    return Arithmetic(
        f"{digits} digits",
        lambda text: f"mpf('{text}')",
        context.mpf,
        {**functions, "softplus": softplus, "pi": +context.pi, "sign": _sign, "mpf": cache(context.mpf)},
    )
