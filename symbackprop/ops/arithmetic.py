"""The arithmetic that joins the parts of a network."""

from __future__ import annotations

from functools import cache

from symbackprop.ops.scalar_function import ScalarFunction

ONE = ScalarFunction("one", 1, lambda x: 1)
ZERO = ScalarFunction("zero", 1, lambda x: 0)


@cache
def total(count: int) -> ScalarFunction:
    """x_0 + x_1 + ..."""
    return ScalarFunction("total", count, lambda *terms: _sum(terms))


def _sum(terms: tuple) -> object:  # type: ignore[type-arg]
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


@cache
def scaled(numerator: int, denominator: int = 1) -> ScalarFunction:
    """x · numerator / denominator, with whole numbers."""

    def formula(x: object) -> object:
        import sympy

        return sympy.Rational(numerator, denominator) * x

    return ScalarFunction(f"scaled {numerator}/{denominator}", 1, formula)


PRODUCT = ScalarFunction("product", 2, lambda left, right: left * right)
QUOTIENT = ScalarFunction("quotient", 2, lambda numerator, denominator: numerator / denominator)
DIFFERENCE = ScalarFunction("difference", 2, lambda left, right: left - right)
