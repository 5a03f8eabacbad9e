"""The training loop: the derived updates, repeated, as generated code in doubles or in many digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from msgspec.structs import replace

from symbackprop.errors import UserError
from symbackprop.expression import Number, Symbol
from symbackprop.graph import Graph, Node
from symbackprop.numeric.arithmetic import DOUBLES, SATURATING, Arithmetic
from symbackprop.numeric.loop import Loop, loop_of, of_sample
from symbackprop.numeric.rounding import Rounding

MOST_DIGITS = 15
"""Significant digits that a double holds."""
NOISE = 1e-12
"""Quantities of a network are of the order of 1; doubles do not know anything so far below."""


@dataclass(frozen=True)
class Training:
    """A finished run.

    ``errors[n]`` is E after n rounds through the samples; ``parameters`` and ``outputs`` are the
    last ones. Where training takes one sample at a time, an output's first index is the sample's.
    ``again`` runs it once more with every result off by about one unit in the last place: digits on
    which both runs agree are taken as confirmed.
    """

    errors: tuple[Any, ...]
    parameters: Mapping[Symbol, Any]
    outputs: Mapping[Symbol, Any]
    again: Callable[[], Training] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def shadow(self) -> Training:
        """The second run; this one itself where there is none."""
        return self.again() if self.again else self

    def error(self, count: int, rounding: Rounding) -> Number:
        """E after ``count`` rounds, as it is shown: confirmed digits only."""
        return confirmed(self.errors[count], self.shadow.errors[count], rounding)

    def output(self, entry: Symbol, rounding: Rounding) -> Number:
        """An output after the last update, as it is shown: confirmed digits only."""
        return confirmed(self.outputs[entry], self.shadow.outputs[entry], rounding)

    def parameter(self, entry: Symbol, rounding: Rounding) -> Number:
        """A parameter after the last update, as it is shown: confirmed digits only."""
        return confirmed(self.parameters[entry], self.shadow.parameters[entry], rounding)

    @cached_property
    def error_digits(self) -> tuple[int, ...]:
        """How many significant digits of each error are confirmed."""
        return tuple(map(agreement, self.errors, self.shadow.errors))

    @cached_property
    def output_digits(self) -> Mapping[Symbol, int]:
        """How many significant digits of each output are confirmed."""
        return {entry: agreement(value, self.shadow.outputs[entry]) for entry, value in self.outputs.items()}


def agreement(first: Any, second: Any) -> int:
    """The number of significant digits on which two runs agree, less one for safety."""
    size = max(abs(first), abs(second))
    if first == second:
        return MOST_DIGITS - 1
    return max(0, min(MOST_DIGITS - 1, math.floor(-math.log10(abs(first - second) / size)) - 1))


def confirmed(first: Any, second: Any, rounding: Rounding) -> Number:
    """The number with as many digits, of those asked for, as both runs agree on; at least one is shown.

    What is below ``NOISE``, and different in the second run, is nothing but rounding: 0.
    """
    known = agreement(first, second)
    spread = 4 * abs(first - second) + 4 * math.ulp(first) if isinstance(first, float) else 0
    for digits in range(known, 1, -1):
        shown = rounding.number(first, digits)
        if rounding.number(first - spread, digits) == shown == rounding.number(first + spread, digits):
            return shown
    if known == 0 and max(abs(first), abs(second)) < NOISE:
        return Number("0", exact=False)
    return replace(rounding.number(first, 1), exact=False)


def train(
    graph: Graph,
    updates: Mapping[str, Node],
    outputs: Node,
    values: Mapping[Symbol, Any],
    iterations: int,
    arithmetic: Arithmetic = DOUBLES,
    samples: Sequence[Mapping[Symbol, Any]] = (),
    reduction: Literal["mean", "sum"] = "mean",
) -> Training:
    """Repeat the updates (a leaf's id -> the node of its new value) from the given values of the leaves.

    With ``samples`` (values of some leaves for each) one round is an update after each sample, and
    E is the mean or sum of the samples' errors. UserError where E grows beyond all numbers.
    """
    loop = loop_of(graph, updates, outputs, values, samples, reduction)
    chosen = arithmetic
    try:
        run = loop.run(iterations, chosen)
    except (OverflowError, ZeroDivisionError, ValueError):
        if arithmetic is not DOUBLES:
            raise
        chosen = SATURATING
        run = _saturated(loop, iterations)
    _check(run[0])
    if arithmetic is not DOUBLES:
        return _training(loop, run)
    return _training(loop, run, lambda: _training(loop, loop.run(iterations, chosen, perturbed=True)))


def _saturated(loop: Loop, iterations: int) -> Any:
    try:
        return loop.run(iterations, SATURATING)
    except (OverflowError, ZeroDivisionError, ValueError) as error:
        raise UserError("training", f"a quantity leaves the range in which it can be computed ({error})") from None


def _check(errors: Sequence[Any]) -> None:
    """E must stay a number."""
    for count, error in enumerate(errors):
        if isinstance(error, float) and not math.isfinite(error):
            raise UserError(
                "training.learning_rate",
                f"the error grows beyond all numbers (after {count:,} iterations); try a smaller learning rate",
            )


def _training(loop: Loop, run: Any, again: Callable[[], Training] | None = None) -> Training:
    errors, parameters, results = run
    outputs: dict[Symbol, Any] = {}
    for number, row in enumerate(results):
        for entry, value in zip(loop.outputs, row, strict=True):
            outputs[entry if not loop.samples else of_sample(entry, number)] = value
    return Training(tuple(errors), dict(zip(loop.parameters, parameters, strict=True)), outputs, again)
