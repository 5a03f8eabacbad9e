"""Penalties on weights (regularisation): what one is, and the table of them (``functions/penalties``)."""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.ops.scalar_function import Formula, ScalarFunction
from symbackprop.registry import Registry


@dataclass(frozen=True, slots=True)
class Penalty:
    """A term of E: coefficient · sum of part(weight) over all weights; biases are left out.

    ``derivative``, where people have a preferred form, gives part' from the weight and the part's
    value; it is proved against SymPy's derivative.
    """

    name: str
    part: Formula
    derivative: Formula | None = None

    @property
    def function(self) -> ScalarFunction:
        return ScalarFunction(self.name, 1, self.part, (self.derivative,))


PENALTIES = Registry("symbackprop.functions.penalties", Penalty, "penalty")
