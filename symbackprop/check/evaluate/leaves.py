"""Values for what nothing defines: random ones, and the arguments of functions."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symbackprop.check.evaluate.drawing import Drawing, Places
from symbackprop.check.evaluate.sizes import Sizes
from symbackprop.check.evaluate.traced import Traced, derivatives, divided, number, total
from symbackprop.expression import Symbol


@dataclass(eq=False)
class Parameters:
    """A drawing in which the parameters of a function have values."""

    around: Drawing
    given: Mapping[str, Any]

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        return self.given[symbol.kind] if symbol.kind in self.given else self.around.quantity(symbol, places)

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        return self.around.function(symbol, order, arguments, places)

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        return self.around.extent(symbol, position, places)

    def layers(self, symbol: Symbol) -> range:
        return self.around.layers(symbol)

    def slopes(self, of: Traced) -> Mapping[int, Any]:
        return derivatives(of)


class RandomLeaves:
    """Values for leaves: moderate, of both signs, or as a constraint asks for."""

    def __init__(self, seed: int, positive: frozenset[str], normalised: Mapping[str, int], sizes: Sizes) -> None:
        self.seed = seed
        self.positive = positive
        self.normalised = normalised
        self.sizes = sizes

    def __call__(self, symbol: Symbol) -> Any:
        value = self._raw(symbol)
        if symbol.kind not in self.normalised or not symbol.indices:
            return value
        along = self.normalised[symbol.kind]
        if along >= len(symbol.indices):
            return value
        size = self.sizes.extent(symbol.kind, _layer(symbol), along)
        before, after = symbol.indices[:along], symbol.indices[along + 1 :]
        whole = total(
            number(self._raw(Symbol(symbol.kind, symbol.position, (*before, place, *after), symbol.variant)))
            for place in range(size)
        )
        return divided(number(value), whole)

    def _raw(self, symbol: Symbol) -> str:
        generator = random.Random(f"{self.seed} {symbol.kind} {symbol.position} {symbol.indices} {symbol.variant}")
        if symbol.kind in self.positive or symbol.kind in self.normalised:
            return f"{generator.uniform(0.15, 0.85):.9f}"
        return f"{generator.choice((-1, 1)) * generator.uniform(0.2, 1.3):.9f}"


def _layer(symbol: Symbol) -> int | None:
    return symbol.position if isinstance(symbol.position, int) else None
