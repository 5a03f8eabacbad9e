"""Activations: what one is, and the table of them (``functions/activations``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symbackprop.kept import kept
from symbackprop.ops.scalar_function import Formula, ScalarFunction
from symbackprop.registry import Registry


@dataclass(frozen=True, slots=True)
class Activation:
    """An elementwise activation y = f(x).

    ``formula`` gives f as a SymPy expression of x. ``derivative``, where people have a preferred
    form of f', gives it from x and y = f(x); it is proved against SymPy's derivative, never trusted.
    ``kinks`` are the points where f has no derivative; there the derivative is that of the branch
    which ``formula`` takes at the point. ``outputs`` says "probability" where every output lies
    between 0 and 1, as some losses need it; ``logarithms`` then gives log y and log(1 - y) from x,
    for losses that take logarithms of outputs which a computer may round to 0 or 1.
    """

    name: str
    formula: Formula
    derivative: Formula | None = None
    kinks: tuple[int, ...] = ()
    outputs: Literal["", "probability"] = ""
    logarithms: tuple[Formula, Formula] | None = None

    @property
    def function(self) -> ScalarFunction:
        return ScalarFunction(self.name, 1, self.formula, (self.derivative,), logarithms=self.logarithms)

    @property
    def has_flat_branch(self) -> bool:
        """Whether there are inputs around which f is constant, so that its slope is exactly 0."""
        return _is_flat_somewhere(self.function)


@kept
def _is_flat_somewhere(function: ScalarFunction) -> bool:
    import sympy

    slope = function.plain_derivative(0)
    return isinstance(slope, sympy.Piecewise) and any(piece == 0 for piece, _ in slope.args)


ACTIVATIONS = Registry("symbackprop.functions.activations", Activation, "activation")
