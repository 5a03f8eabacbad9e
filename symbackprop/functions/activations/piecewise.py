"""Activations with branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop.functions.activation import Activation

if TYPE_CHECKING:
    import sympy


def _relu(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Piecewise((x, x > 0), (0, True))


def _relu_derivative(x: sympy.Expr, y: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Piecewise((1, x > 0), (0, True))


def _leaky_relu(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Piecewise((x, x > 0), (sympy.Rational(1, 100) * x, True))


def _elu(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Piecewise((x, x > 0), (sympy.exp(x) - 1, True))


ENTRIES = (
    Activation("relu", _relu, _relu_derivative, kinks=(0,)),
    Activation("leaky_relu", _leaky_relu, kinks=(0,)),
    Activation("elu", _elu),
)
