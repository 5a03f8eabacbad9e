"""What a spec's parts must satisfy together. Each check runs as soon as the parts it needs were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import pairwise
from typing import Any

from symbackprop.errors import UserError
from symbackprop.functions.loss import LOSSES
from symbackprop.functions.optimiser import OPTIMISERS
from symbackprop.layers.layer import Layer, Surroundings, Value, shape_problems
from symbackprop.spec.model import Data, Training

MOST_WEIGHTS = 200_000
MOST_PRODUCTS = 50_000
"""Rows times weights: what is written out for one update from several rows."""
MOST_WORK = 2_000_000_000
"""Iterations times rows times weights: minutes, not hours."""


@dataclass(frozen=True, slots=True)
class LayerRead:
    """A layer, or None where it could not be read; ``units`` is then its size, if at least that was."""

    layer: Layer | None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of a spec as far as they could be read; None for the others."""

    layers: Sequence[LayerRead]
    inputs: int | None = None
    loss: str | None = None
    penalties: Mapping[str, Value | bool] | None = None
    data: Data | None = None
    training: Training | None = None

    @classmethod
    def parts(cls) -> frozenset[str]:
        return frozenset(field.name for field in fields(cls))

    @property
    def sizes(self) -> tuple[int | None, ...]:
        """The number of units of every layer, the input first."""
        sizes = [self.inputs]
        for read in self.layers:
            sizes.append(read.units if read.layer is None else read.layer.units or sizes[-1])
        return tuple(sizes)

    @property
    def complete(self) -> bool:
        """Whether all layers were read."""
        return bool(self.layers) and all(read.layer is not None for read in self.layers)

    @property
    def over_time(self) -> bool:
        return any(read.layer is not None and read.layer.over_time for read in self.layers)

    @property
    def weights(self) -> int:
        """The number of weights between layers, as far as their sizes are known."""
        return sum(before * after for before, after in pairwise(self.sizes) if before and after)


def draft_problems(draft: Draft) -> Iterator[UserError]:
    """Everything that is wrong with the parts that were read."""
    layers = [read.layer for read in draft.layers]
    for position, layer in enumerate(layers, start=1):
        if layer is not None:
            yield from layer.problems(f"layers[{position - 1}]", Surroundings(position, draft.sizes, layers))
    if draft.weights > MOST_WEIGHTS:
        yield UserError("layers", f"{draft.weights:,} weights are more than {MOST_WEIGHTS:,}")
    if draft.data is not None:
        yield from _data_problems(draft, draft.data)
    yield from _loss_problems(draft)
    for name, coefficient in (draft.penalties or {}).items():
        if isinstance(coefficient, Decimal):
            yield from _scalar_problems(f"penalties.{name}", coefficient, minimum=0)
    if draft.training is not None:
        yield from _training_problems(draft, draft.training)


def has_rows(values: Any) -> bool:
    """Whether values are a list of lists: several samples, or steps in time."""
    return isinstance(values, list) and any(isinstance(item, list) for item in values)


def row_count(data: Data) -> int | None:
    """The number of samples or steps; None for one sample that is no list of lists."""
    for values in (data.inputs, data.targets):
        if isinstance(values, list):
            return len(values) if has_rows(values) else None
    return data.rows


def _data_problems(draft: Draft, data: Data) -> Iterator[UserError]:
    rows = draft.over_time or any(has_rows(values) for values in (data.inputs, data.targets))
    what = "steps in time" if draft.over_time else "samples"
    count = row_count(data)
    if data.rows is not None and data.rows != count:
        yield UserError("data.rows", f"says {data.rows}, but there are {count or 1} {what}")
    elif rows and count is None and draft.complete and not isinstance(data.inputs, list):
        yield UserError("data.rows", "the number of steps in time is missing", ())
    for name, size, unit in (("inputs", draft.inputs, "input"), ("targets", (draft.sizes or (None,))[-1], "output")):
        values = getattr(data, name)
        if isinstance(values, list):
            numbers = f"numbers, one for each {unit}"
            shape, meaning = (
                ((count, size), (f"lists, one for each of the {what}", numbers)) if rows else ((size,), (numbers,))
            )
            yield from shape_problems(f"data.{name}", values, shape, meaning)
    if data.targets == "inputs" and None not in draft.sizes and draft.sizes[0] != draft.sizes[-1]:
        yield UserError(
            "data.targets", f"the {draft.sizes[-1]} outputs cannot be compared with {draft.sizes[0]} inputs"
        )


def _loss_problems(draft: Draft) -> Iterator[UserError]:
    """A loss may need outputs, and targets, that are probabilities."""
    if draft.loss is None or not draft.layers:
        return
    needs, last = LOSSES.get(draft.loss).needs, draft.layers[-1].layer
    if needs and last is not None and last.outputs not in _SATISFY[needs]:
        yield UserError("loss", f"{draft.loss} needs {_NEEDS[needs]}")
    if needs and draft.data is not None:
        name = "inputs" if draft.data.targets == "inputs" else "targets"
        for place, value in numbers_in(getattr(draft.data, name), f"data.{name}"):
            if value.is_finite() and not 0 <= value <= 1:
                yield UserError(place, f"{draft.loss} needs targets from 0 to 1, got '{value}'")


_SATISFY = {"probability": ("probability", "distribution"), "distribution": ("distribution",)}
_NEEDS = {
    "probability": 'outputs between 0 and 1: the last layer\'s activation must be "sigmoid" or "softmax"',
    "distribution": 'outputs that sum to 1: the last layer\'s activation must be "softmax" '
    "(for sigmoid outputs there is binary_cross_entropy)",
}


def numbers_in(values: Any, place: str) -> Iterator[tuple[str, Decimal]]:
    """All numbers of a nested list, with their places."""
    if isinstance(values, list):
        for position, item in enumerate(values):
            yield from numbers_in(item, f"{place}[{position}]")
    elif isinstance(values, Decimal):
        yield place, values


def _training_problems(draft: Draft, training: Training) -> Iterator[UserError]:
    rows = (row_count(draft.data) if draft.data is not None else None) or 1
    if training.batch == "all" and rows > 1 and rows * draft.weights > MOST_PRODUCTS:
        yield UserError(
            "training.batch", f"one update from {rows:,} rows and {draft.weights:,} weights is too much", ("sample",)
        )
    elif rows * draft.weights * training.iterations > MOST_WORK:
        most = MOST_WORK // (rows * draft.weights)
        yield UserError(
            "training.iterations", f"too many for {draft.weights:,} weights and {rows} rows: at most {most:,}"
        )
    if training.batch == "sample" and draft.over_time:
        yield UserError("training.batch", "the rows of a recurrent network are steps in time, not samples", ("all",))
    if training.learning_rate is not None:
        yield from _scalar_problems("training.learning_rate", training.learning_rate)
    if training.momentum is not None:
        yield from _scalar_problems("training.momentum", training.momentum, minimum=0, below=1)
        using = [entry.name for entry in OPTIMISERS if "momentum" in entry.hyperparameters]
        if training.optimiser not in using:
            yield UserError("training.momentum", f"the optimiser {training.optimiser} has none", using)


def _scalar_problems(
    place: str, value: Value, minimum: int | None = None, below: int | None = None
) -> Iterator[UserError]:
    """A number that must be positive; with ``minimum`` at least that, with ``below`` less than that."""
    problems = list(shape_problems(place, value, (), ()))
    yield from problems
    if not problems and minimum is None and value <= 0:
        yield UserError(place, f"must be positive, got '{value}'")
    if not problems and minimum is not None and (value < minimum or (below is not None and value >= below)):
        upper = f" and less than {below}" if below is not None else ""
        yield UserError(place, f"must be at least {minimum}{upper}, got '{value}'")
