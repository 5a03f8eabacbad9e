"""Rows of a table for the entries of arrays: made one by one for whoever asks for one, printed all at once.

What differs between such rows is mostly the indices of the quantities in them. Then the row of any entry is held
as well, with letters for its indices: printing fills it in, and no row is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, overload

from symbackprop.document.blocks import Inline
from symbackprop.expression import Index, Symbol
from symbackprop.forms.scalar import general_definition
from symbackprop.graph import Graph, whole

Row: TypeAlias = "tuple[Inline, ...]"


class Rows(Sequence[Row]):
    """Rows that are made when they are asked for; equal where they hold the same."""

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


@dataclass(frozen=True, eq=False)
class EntryRows(Rows):
    """A row for each entry of an array, from the one at ``first`` on.

    ``general`` is the row of any entry, with letters for its indices: ``sizes`` tells how far each runs, the last
    fastest. It is None where rows differ in more than indices.
    """

    entries: tuple[Symbol, ...]
    row: Callable[[Symbol], Row]
    first: int = 0
    general: Row | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def ends(self) -> tuple[Row, Row]:
        """The first row and the last."""
        return self.row(self.entries[self.first]), self.row(self.entries[-1])

    def __len__(self) -> int:
        return len(self.entries) - self.first

    def __iter__(self) -> Iterator[Row]:
        return map(self.row, self.entries[self.first :])


@dataclass(frozen=True, eq=False)
class JoinedRows(Rows):
    """The rows of several arrays, one array after the other."""

    parts: tuple[EntryRows, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[Row]:
        return (row for part in self.parts for row in part)


def rows_of(
    graph: Graph,
    entries: tuple[Symbol, ...],
    row: Callable[[Symbol], Row],
    shown: Sequence[Symbol],
    known: Collection[Symbol],
) -> EntryRows:
    """The rows of an array's entries, of all from some place on.

    ``shown`` are the quantities whose definitions stand in the first row; ``known`` those that have values, which
    rows show as numbers.
    """
    node, *defined = (graph.node(symbol) for symbol in (entries[0], *shown))
    letters = {axis.name: f"\x00{axis.name}" for axis in node.axes}
    place = {name: Index(letter) for name, letter in letters.items()}
    every = tuple(node.entry(*indices) for indices in node.places())
    first = len(every) - len(entries)
    alike = (
        every[first:] == entries
        and all(used.axes == node.axes and general_definition(used, place) is not None for used in defined)
        and not any(used.entry(*indices) in known for used in (node, *defined) for indices in node.places())
    )
    if not alike:
        return EntryRows(entries, row)
    sizes = {letters[axis.name]: whole(axis) for axis in node.axes}
    return EntryRows(every, row, first, row(node.entry(*place.values())), sizes)
