"""Squared errors in their three scalings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop.functions.loss import Loss

if TYPE_CHECKING:
    import sympy


def _half_square(target: sympy.Expr, output: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Rational(1, 2) * (target - output) ** 2


def _square(target: sympy.Expr, output: sympy.Expr) -> sympy.Expr:
    return (target - output) ** 2


def _square_derivative(target: sympy.Expr, output: sympy.Expr, part: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Mul(2, output - target, evaluate=False)


ENTRIES = (
    Loss("half_squared_error", _half_square, lambda target, output, part: output - target),
    Loss("sum_of_squared_errors", _square, _square_derivative),
    Loss("mean_squared_error", _square, _square_derivative, mean=True),
)
