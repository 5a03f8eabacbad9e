"""The training loop looked at from time to time: parameters, outputs and error after chosen numbers of iterations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.joint import joint_sweep
from symbackprop.expression import Symbol
from symbackprop.numeric.training import train
from symbackprop.spec.model import Order


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where training stands after ``count`` iterations."""

    iterations: int
    error: Any
    parameters: Mapping[Symbol, Any]
    outputs: Mapping[Symbol, Any]


def course(derivation: Derivation, order: Order, counts: Sequence[int]) -> Iterator[Snapshot]:
    """A snapshot after each of the ``counts`` (ascending), in doubles; each run goes on where the last one stopped."""
    sweep = joint_sweep(derivation.model, order)
    values = {**derivation.model.values, **sweep.initial}
    done = 0
    for count in counts:
        run = train(
            sweep.graph,
            {**sweep.updates, **sweep.states},
            derivation.output,
            values,
            count - done,
            samples=derivation.model.samples,
            reduction=derivation.network.training.reduction,
        )
        values = {**values, **run.parameters}
        done = count
        yield Snapshot(count, run.errors[-1], run.parameters, run.outputs)


def checkpoints(iterations: int, most: int = 60) -> tuple[int, ...]:
    """At most so many counts from 0 to ``iterations``, close together at first, where the most happens."""
    if iterations < most:
        return tuple(range(iterations + 1))
    found = {0, iterations}
    ratio = iterations ** (1 / (most - 2))
    found.update(round(ratio**step) for step in range(most - 2))
    return tuple(sorted(found))
