"""A world of a few quantities with chosen values, for tests of what the judge makes of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symbackprop.check.evaluate.array import Array
from symbackprop.check.evaluate.drawing import USUAL, Places
from symbackprop.check.evaluate.traced import Undecided, number
from symbackprop.expression import Expression, Symbol


@dataclass(frozen=True)
class Point:
    """Values by the kind of a quantity: digits, or an array. What has none is not known."""

    values: Mapping[str, str | Array]

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        if symbol.kind not in self.values:
            raise Undecided(f"{symbol.kind} has no value")
        value = self.values[symbol.kind]
        return number(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class World:
    """``example`` is the point of the document's numbers; ``completions`` give values to what it leaves open."""

    example: Any = None
    completions: Sequence[Any] = ()
    drawings: Sequence[Any] = ()
    reading: Any = USUAL

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]:
        yield {}

    def same_range(self, trees: Sequence[Expression], first: str, second: str) -> bool:
        return True


def array(rows: int, columns: int, *entries: str) -> Array:
    return Array(rows, columns, tuple(map(number, entries)))
