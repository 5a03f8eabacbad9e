"""Optimisers: what one is, and the table of them (``functions/optimisers``)."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature

from symbackprop.ops.scalar_function import Formula, ScalarFunction
from symbackprop.registry import Registry

VALUE = "value"
GRADIENT = "gradient"


@dataclass(frozen=True, slots=True)
class Optimiser:
    """How a parameter is updated from its gradient, entry by entry.

    ``steps`` are carried out in order: each gives the new content of ``value`` (the parameter) or
    of one of ``states`` (kept for every entry of every parameter, 0 at first). The names of a
    formula's arguments say what it is given: ``value``, ``gradient``, a state, or else a
    hyperparameter. A state that an earlier step renewed enters with its new content.
    """

    name: str
    steps: tuple[tuple[str, Formula], ...]
    states: tuple[str, ...] = ()

    @property
    def hyperparameters(self) -> tuple[str, ...]:
        """The scalars it needs, in order of appearance."""
        own = {VALUE, GRADIENT, *self.states}
        names = (name for _, formula in self.steps for name in arguments_of(formula))
        return tuple(dict.fromkeys(name for name in names if name not in own))

    def function(self, step: int) -> ScalarFunction:
        """One step as a scalar function of ``arguments_of`` its formula."""
        renewed, formula = self.steps[step]
        return ScalarFunction(f"{self.name}: {renewed}", len(arguments_of(formula)), formula)


def arguments_of(formula: Formula) -> tuple[str, ...]:
    """The names of a formula's arguments."""
    return tuple(signature(formula).parameters)


OPTIMISERS = Registry("symbackprop.functions.optimisers", Optimiser, "optimiser")
