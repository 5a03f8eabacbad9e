"""A network at one point for several samples at once: the parameters are shared, the loss is the sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from symbackprop.check.bind.scripts import WHOLE
from symbackprop.check.evaluate.array import Array
from symbackprop.check.evaluate.drawing import Places
from symbackprop.check.evaluate.network import NetworkDrawing
from symbackprop.check.evaluate.traced import Traced, Undecided, derivatives, number, total
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Symbol

SAMPLED = frozenset({"activation", "preactivation", "target", "loss_part"})
"""Kinds that every sample has for itself."""


@dataclass(eq=False)
class BatchDrawing:
    """``samples`` are drawings of one derivation that share the values of the parameters."""

    samples: tuple[NetworkDrawing, ...]
    _slopes: dict[int, Mapping[int, Any]] = field(default_factory=dict)
    _loss: list[Traced] = field(default_factory=list)

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        first = self.samples[0]
        if symbol.kind == "sample_count":
            return Traced(number(len(self.samples)))
        if symbol.kind == "loss" and not symbol.variant:
            return self._total()
        if symbol.variant == ADJOINT:
            base = self.quantity(replace(symbol, variant=""), places)
            return base.map(self._adjoint) if isinstance(base, Array) else self._adjoint(base)
        if symbol.variant:
            raise Undecided("an update with several samples")
        if symbol.kind not in SAMPLED:
            return first.quantity(symbol, places)
        indices = symbol.indices
        if indices is None:
            return self._stacked([drawing.quantity(symbol, places) for drawing in self.samples])
        sample, rest = indices[0], indices[1:]
        if len(indices) == 1:
            raise Undecided("it does not say which sample is meant")
        one = replace(symbol, indices=None if rest == (WHOLE,) else rest)
        if sample == WHOLE:
            return self._stacked([drawing.quantity(one, places) for drawing in self.samples])
        place = first.resolved(sample, places)
        if place is None or not 0 <= place < len(self.samples):
            raise Undecided("there is no such sample")
        return self.samples[place].quantity(one, places)

    def _total(self) -> Traced:
        if not self._loss:
            losses = [drawing.quantity(Symbol("loss", None, ()), {}) for drawing in self.samples]
            self._loss.append(total(losses))
        return self._loss[0]

    def _adjoint(self, entry: Any) -> Traced:
        return Traced(number(self.slopes(self._total()).get(entry.order, 0)), None)

    def _stacked(self, values: list[Any]) -> Any:
        """One column (or row) a sample."""
        if not all(isinstance(value, Array) for value in values):
            return Array(1, len(values), tuple(values))
        columns = [value.transposed if value.rows == 1 else value for value in values]
        entries = tuple(value.entries[row] for row in range(columns[0].rows) for value in columns)
        matrix = Array(columns[0].rows, len(values), entries)
        return matrix.transposed if self.samples[0].layout.row else matrix

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        return self.samples[0].function(symbol, order, arguments, places)

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        if symbol.kind not in SAMPLED:
            return self.samples[0].extent(symbol, position, places)
        return len(self.samples) if position == 0 else self.samples[0].extent(symbol, position - 1, places)

    def layers(self, symbol: Symbol) -> range:
        return self.samples[0].layers(symbol)

    def slopes(self, of: Traced) -> Mapping[int, Any]:
        if of.order not in self._slopes:
            self._slopes[of.order] = derivatives(of)
        return self._slopes[of.order]
