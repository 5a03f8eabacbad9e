"""Equality of expressions, decided by evaluation at random points in high precision."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sympy

POINTS = 8
DIGITS = 40
TOLERANCE = 10.0**-25
"""Relative; far above the rounding of 40 digits, far below any difference of meaning."""


def differ_at(
    left: sympy.Expr, right: sympy.Expr, variables: Sequence[sympy.Symbol], points: int = POINTS
) -> dict[str, str] | None:
    """A point at which two expressions differ, or None if they agree at every point tried.

    The points are spread over both signs and over magnitudes from 0.01 to 10, so that each branch
    of a piecewise function of a network is met. The draw is fixed: the answer is reproducible.
    """
    import sympy

    if left == right:
        return None
    for draw in _draws(len(variables), points):
        point = {variable: sympy.Rational(value, 1000) for variable, value in zip(variables, draw, strict=True)}
        first, second = (_evaluate(expression, point) for expression in (left, right))
        scale = max(1, abs(first), abs(second))
        if not abs(first - second) <= TOLERANCE * scale:
            return {str(variable): str(value) for variable, value in point.items()}
    return None


def _evaluate(expression: sympy.Expr, point: dict[sympy.Symbol, sympy.Rational]) -> sympy.Expr:
    import sympy

    return sympy.sympify(expression, strict=True).xreplace(point).evalf(DIGITS)


def _draws(count: int, points: int) -> Iterator[tuple[int, ...]]:
    generator = random.Random(20160912)
    for number in range(points):
        sign = -1 if number % 2 else 1
        size = 10 ** generator.uniform(1, 4)
        yield tuple(
            round((sign if position == 0 else generator.choice((-1, 1))) * size * generator.uniform(0.5, 1))
            for position in range(count)
        )
