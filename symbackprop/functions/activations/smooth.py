"""Activations that are smooth everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop.functions.activation import Activation

if TYPE_CHECKING:
    import sympy


def _sigmoid(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return 1 / (1 + sympy.exp(-x))


def _tanh(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.tanh(x)


def _softplus(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.log(1 + sympy.exp(x))


def _softplus_derivative(x: sympy.Expr, y: sympy.Expr) -> sympy.Expr:
    return _sigmoid(x)


def _gelu(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return x / 2 * (1 + sympy.erf(x / sympy.sqrt(2)))


def _gelu_derivative(x: sympy.Expr, y: sympy.Expr) -> sympy.Expr:
    import sympy

    half = sympy.Rational(1, 2)
    return half * sympy.Add(1, sympy.erf(x / sympy.sqrt(2))) + x * sympy.exp(-half * x**2) / sympy.sqrt(2 * sympy.pi)


ENTRIES = (
    Activation("identity", lambda x: x),
    Activation(
        "sigmoid",
        _sigmoid,
        lambda x, y: y * (1 - y),
        outputs="probability",
        logarithms=(lambda x: -_softplus(-x), lambda x: -_softplus(x)),
    ),
    Activation("tanh", _tanh, lambda x, y: 1 - y**2),
    Activation("softplus", _softplus, _softplus_derivative),
    Activation("gelu", _gelu, _gelu_derivative),
)
