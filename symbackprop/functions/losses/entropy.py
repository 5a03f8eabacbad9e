"""Cross entropies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop.functions.loss import Loss

if TYPE_CHECKING:
    import sympy


def _cross_entropy(target: sympy.Expr, output: sympy.Expr) -> sympy.Expr:
    import sympy

    return -target * sympy.log(output)


def _binary_cross_entropy(target: sympy.Expr, output: sympy.Expr) -> sympy.Expr:
    import sympy

    return -(target * sympy.log(output) + (1 - target) * sympy.log(1 - output))


def _binary_cross_entropy_derivative(target: sympy.Expr, output: sympy.Expr, part: sympy.Expr) -> sympy.Expr:
    return (output - target) / (output * (1 - output))


ENTRIES = (
    Loss(
        "cross_entropy",
        _cross_entropy,
        needs="distribution",
        joint={"softmax": lambda target, output, total: output * total - target},
    ),
    Loss(
        "binary_cross_entropy",
        _binary_cross_entropy,
        _binary_cross_entropy_derivative,
        needs="probability",
        joint={"sigmoid": lambda target, output, total: output - target},
    ),
)
