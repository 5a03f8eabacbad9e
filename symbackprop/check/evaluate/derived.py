"""Quantities that follow from a network but are no nodes of its graph: sizes, vectors of ones, shares of the error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symbackprop.check.evaluate.absent import Absent
from symbackprop.check.evaluate.array import ONES, Ones, column
from symbackprop.check.evaluate.time import steps_of
from symbackprop.check.evaluate.traced import Traced, divided, number, total
from symbackprop.expression import Symbol

if TYPE_CHECKING:
    from symbackprop.check.evaluate.network import NetworkDrawing

COUNTS = frozenset({"size", "depth", "samples", "sample_count"})
"""Kinds that stand for whole numbers of the network."""


@dataclass(frozen=True)
class Derived:
    """``value`` computes a quantity at a layer; ``indices`` is how many an entry has."""

    value: Callable[[NetworkDrawing, Symbol, int | None], Any]
    indices: int = 0


def _size(drawing: NetworkDrawing, symbol: Symbol, position: int | None) -> Any:
    sizes = drawing.derivation.network.sizes
    if position is None or not 0 <= position < len(sizes):
        raise Absent("there is no such layer")
    return Traced(number(sizes[position]))


def _depth(drawing: NetworkDrawing, symbol: Symbol, position: int | None) -> Any:
    return Traced(number(len(drawing.derivation.network.layers)))


def _one(drawing: NetworkDrawing, symbol: Symbol, position: int | None) -> Any:
    return Traced(number(1))


def _steps(drawing: NetworkDrawing, symbol: Symbol, position: int | None) -> Any:
    """Samples are judged one at a time; a network over time has its steps in their place."""
    return Traced(number(steps_of(drawing.derivation.model.graph) or 1))


def _ones(drawing: NetworkDrawing, symbol: Symbol, position: int | None) -> Any:
    return Ones()


def _share(drawing: NetworkDrawing, symbol: Symbol, position: int | None) -> Any:
    """The error handed back in proportion to the weights; at the outputs it is their part of the loss."""
    last = len(drawing.derivation.network.layers)
    if position is None or not 0 <= position <= last:
        raise Absent("there is no such layer")
    known = drawing.shares
    if last not in known:
        known[last] = drawing.vector(Symbol("loss_part", None))
    for layer in range(last - 1, position - 1, -1):
        if layer not in known:
            known[layer] = _handed_back(drawing, layer, known[layer + 1])
    values = tuple(known[position])
    if symbol.indices:
        (index,) = symbol.indices
        assert isinstance(index, int)
        if not 0 <= index < len(values):
            raise Absent("there is no such neuron")
        return values[index]
    vector = column(values)
    return vector.transposed if drawing.layout.row else vector


def _handed_back(drawing: NetworkDrawing, layer: int, errors: tuple[Any, ...]) -> tuple[Any, ...]:
    sizes = drawing.derivation.network.sizes
    weights = [
        [drawing.quantity(Symbol("weight", layer + 1, (to, source)), {}) for source in range(sizes[layer])]
        for to in range(sizes[layer + 1])
    ]

    def share(to: int, source: int) -> Any:
        weight = weights[to][source]
        return weight if drawing.layout.plain_shares else divided(weight, total(weights[to]))

    return tuple(
        total(share(to, source) * errors[to] for to in range(sizes[layer + 1])) for source in range(sizes[layer])
    )


DERIVED = {
    "size": Derived(_size),
    "depth": Derived(_depth),
    "samples": Derived(_one),
    "sample_count": Derived(_steps),
    ONES: Derived(_ones),
    "share": Derived(_share, 1),
}
