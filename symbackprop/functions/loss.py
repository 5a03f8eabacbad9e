"""Losses: what one is, and the table of them (``functions/losses``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from symbackprop.ops.scalar_function import Formula, ScalarFunction
from symbackprop.registry import Registry


@dataclass(frozen=True, slots=True)
class Loss:
    """E = sum over the outputs of part(target, output), divided by their number if ``mean``.

    ``derivative``, where people have a preferred form, gives ∂part/∂output from target, output and
    the part's value; it is proved against SymPy's derivative. ``needs`` states what targets and
    outputs have to satisfy: "" (any real numbers), "probability" (outputs in (0, 1)) or
    "distribution" (outputs in (0, 1) that sum to 1).

    ``joint`` holds, by the name of an activation, what the derivatives of loss and activation
    together come down to: ∂(sum of parts)/∂x from target, output and the sum of all targets. It is
    proved against the two derivatives, never trusted.
    """

    name: str
    part: Formula
    derivative: Formula | None = None
    mean: bool = False
    needs: Literal["", "probability", "distribution"] = ""
    joint: Mapping[str, Formula] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def function(self) -> ScalarFunction:
        """part(target, output)"""
        return ScalarFunction(self.name, 2, self.part, (None, self.derivative))


LOSSES = Registry("symbackprop.functions.losses", Loss, "loss")
