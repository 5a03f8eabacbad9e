"""Activations that mix the units of a layer, and the table of them (``functions/vector_activations``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symbackprop.ops.composite import Body, Composite, Form, Numeric
from symbackprop.registry import Registry


@dataclass(frozen=True, slots=True)
class VectorActivation:
    """y = f(x), where each y_i may depend on every x_j of the same sample.

    ``body`` composes it of primitives. ``form``, where people have a preferred form of what the
    adjoint of y hands back to x, composes that; it is proved against the derivative of ``body``,
    never trusted. ``outputs`` states what the outputs satisfy, as a loss may need it. ``numeric``
    computes the same without running out of the range of doubles.
    """

    name: str
    body: Body
    form: Form | None = None
    outputs: Literal["", "probability", "distribution"] = ""
    numeric: Numeric | None = None

    def over(self, axis: str) -> Composite:
        """The operation along an axis."""
        return Composite(self.name, axis, self.body, (self.form,), self.numeric)


VECTOR_ACTIVATIONS = Registry("symbackprop.functions.vector_activations", VectorActivation, "activation")
