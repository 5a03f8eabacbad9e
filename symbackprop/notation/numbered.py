"""Names of entries whose indices are all numbers: what a placeholder then writes is a linear function of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec.structs import replace

from symbackprop.expression import Symbol
from symbackprop.notation.network import CannotWriteError, Network
from symbackprop.notation.placeholders import PLACEHOLDERS
from symbackprop.notation.roles import Role

if TYPE_CHECKING:
    from symbackprop.notation.pattern import Piece

Places: TypeAlias = "tuple[int, ...]"
WriteEntry: TypeAlias = "Callable[[Places], str]"
"""Writes the name of an entry by its indices."""


class Linear(NamedTuple):
    """``base`` plus each index times its factor; ``factors`` holds (place of the index, factor), zeros left out."""

    base: int
    factors: tuple[tuple[int, int], ...]

    def at(self, places: Places) -> int:
        return self.base + sum(factor * places[place] for place, factor in self.factors)


def linear(name: str, network: Network, role: Role, symbol: Symbol) -> Linear | None:
    """The number that a placeholder writes for the entries that ``symbol`` is one of; None where it writes none."""
    number = PLACEHOLDERS[name].number if name in PLACEHOLDERS else None
    if number is None:
        return None
    count = len(symbol.indices or ())
    origin = (0,) * count
    units = [tuple(int(other == place) for other in range(count)) for place in range(count)]
    try:
        base, *values = (number(network, role, replace(symbol, indices=indices)) for indices in (origin, *units))
    except CannotWriteError:
        return None
    return Linear(base, tuple((place, value - base) for place, value in enumerate(values) if value != base))


def entry_writer(pieces: tuple[Piece, ...], network: Network, role: Role, symbol: Symbol) -> WriteEntry | None:
    """Writes what the pieces are for the entries that ``symbol`` is one of; None where numbers alone do not tell it."""
    writers = [piece if isinstance(piece, str) else piece.entry_writer(network, role, symbol) for piece in pieces]
    if None in writers:
        return None
    places_of_writers = [at for at, writer in enumerate(writers) if not isinstance(writer, str)]
    if len(places_of_writers) == 1:  # the usual case: all indices in one script
        (at,) = places_of_writers
        write, before, after = writers[at], "".join(map(str, writers[:at])), "".join(map(str, writers[at + 1 :]))
        assert callable(write)
        return lambda places: f"{before}{write(places)}{after}"
    return lambda places: "".join([writer(places) if callable(writer) else str(writer) for writer in writers])


def numbers_writer(lines: Sequence[Linear]) -> WriteEntry:
    """Writes numbers side by side, with commas where one has several digits."""
    if len(lines) == 1:
        return _number_writer(lines[0])
    writers = [_number_writer(line) for line in lines]

    def write(places: Places) -> str:
        numbers = [writer(places) for writer in writers]
        text = "".join(numbers)
        return text if len(text) == len(numbers) else ",".join(numbers)

    return write


def _number_writer(line: Linear) -> WriteEntry:
    if len(line.factors) == 1 and line.factors[0][1] == 1:
        base, place = line.base, line.factors[0][0]
        return lambda places: str(places[place] + base)
    return lambda places: str(line.at(places))
