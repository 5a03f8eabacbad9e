"""softmax: y_i = e^{x_i} / sum_k e^{x_k} (Bridle 1990)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symbackprop.expression import Apply, Expression, Symbol, add, divide, subtract
from symbackprop.functions.vector_activation import VectorActivation
from symbackprop.graph import Builder, Node
from symbackprop.ops import Contract, Map
from symbackprop.ops.arithmetic import DIFFERENCE, QUOTIENT
from symbackprop.ops.composite import NumericForm
from symbackprop.ops.scalar_function import ScalarFunction

if TYPE_CHECKING:
    import sympy


def _exponential(x: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.exp(x)


EXPONENTIAL = ScalarFunction("exp", 1, _exponential)


def _body(build: Builder, arguments: tuple[Node, ...], axis: str) -> Node:
    """Exponentials, divided by their sum along the axis."""
    (score,) = arguments
    exponential = build.apply(Map(EXPONENTIAL), score)
    total = build.apply(Contract(frozenset({axis})), exponential)
    return build.apply(Map(QUOTIENT), exponential, total)


def _form(build: Builder, arguments: tuple[Node, ...], result: Node, adjoint: Node, axis: str) -> Node:
    """y_j (g_j - sum_i g_i y_i), that is, the adjoint g times the Jacobian y_i (δ_ij - y_j)."""
    mean = build.apply(Contract(frozenset({axis})), adjoint, result)
    difference = build.apply(Map(DIFFERENCE), adjoint, mean, order=result.axes)
    return build.apply(Contract(), result, difference, order=result.axes)


def _numeric(scores: tuple[Expression, ...], temporary: Callable[[str], Symbol]) -> NumericForm:
    """With the largest score subtracted from all, which changes nothing, no exponential can overflow."""
    largest, total = temporary("largest"), temporary("total")
    shifted = [subtract(score, largest) for score in scores]
    exponentials = [temporary(f"exponential {place}") for place in range(len(scores))]
    temporaries = (
        (largest, Apply("maximum", scores)),
        *((name, Apply("exp", (score,))) for name, score in zip(exponentials, shifted, strict=True)),
        (total, add(*exponentials)),
    )
    results = tuple(divide(exponential, total) for exponential in exponentials)
    logarithms = tuple(subtract(score, Apply("log", (total,))) for score in shifted)
    return NumericForm(temporaries, results, logarithms)


ENTRY = VectorActivation("softmax", _body, _form, outputs="distribution", numeric=_numeric)
