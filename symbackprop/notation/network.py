"""What a notation must know of a network to write its names: how many layers there are, and how large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.notation.canonical import canonical
from symbackprop.notation.roles import Place, Role
from symbackprop.notation.table import Notation

Size = int | Symbol


WHOLE_AXIS = "·"
"""The index of a whole row or column, as in W_{·j}."""


class CannotWriteError(Exception):
    """A notation has no way to write a quantity; the message says why, with the notation as subject."""


@dataclass(frozen=True)
class Network:
    """A network as a notation sees it. ``sizes`` are those of all layers, the input first; none: any depth."""

    notation: Notation
    sizes: Sequence[Size]

    @cached_property
    def last(self) -> IndexValue:
        """The position of the last layer."""
        return len(self.sizes) - 1 if self.sizes else Index(self.notation.indices.last)

    @cached_property
    def hides_layers(self) -> bool:
        """Whether the number of the layer is left out, because there is only one."""
        return self.notation.single_layer == "plain" and self.last == 1

    def layer(self, symbol: Symbol) -> IndexValue:
        """The layer of a symbol; what has no position (a target) belongs to the last one."""
        return self.last if symbol.position is None else symbol.position

    def is_last(self, position: IndexValue) -> bool:
        if isinstance(position, Index):
            return not position.offset and self.letter(position.symbol) == self.notation.indices.last
        return position == self.last

    def is_at(self, place: Place, position: IndexValue) -> bool:
        """Whether a layer is the one where a role of this place has its symbols."""
        return position == 0 if place == "first" else self.is_last(position)

    def departure(self, role: Role) -> int:
        """1 for what is counted with the layer that it leaves."""
        return int(role.is_parameter and self.notation.weight_layer == "departure")

    def shift(self, role: Role) -> int:
        """What is added to a layer's position to get the number that readers see."""
        return self.notation.first_layer - self.departure(role)

    def shifted(self, position: Index, role: Role) -> Index:
        """A symbolic layer as readers see it: its letter counts as the notation counts."""
        return Index(position.symbol, position.offset - self.departure(role))

    # letters of indices

    def letter(self, symbol: str) -> str:
        return self.notation.whole_axis if symbol == WHOLE_AXIS else self.notation.indices.letter(symbol)

    def symbol_of(self, spelling: str) -> str:
        """The index that a canonical spelling means."""
        return self._index_spellings.get(spelling, spelling)

    @cached_property
    def _index_spellings(self) -> dict[str, str]:
        indices = self.notation.indices
        letters: list[str] = [getattr(indices, name) for name in indices.__struct_fields__]
        return {canonical(letter): letter for letter in letters} | {canonical(self.notation.whole_axis): WHOLE_AXIS}

    @property
    def index_spellings(self) -> tuple[str, ...]:
        """The spellings of this notation's index letters, the longest first."""
        return tuple(sorted(self._index_spellings, key=len, reverse=True))

    # letters of layers

    def layer_letter(self, position: int, prefix: str = "") -> str:
        """The letter of a layer: one for the input, one for each hidden layer, one for the output."""
        last = self.last
        if not isinstance(last, int):
            raise CannotWriteError("it has a letter for each layer, so the number of layers must be known")
        kind = "input" if position == 0 else "output" if position == last else "hidden"
        letters = next((letters for name, letters in self.notation.letters.items() if name == prefix + kind), [])
        place = position - 1 if kind == "hidden" else 0
        if place < len(letters):
            return letters[place]
        if kind == "hidden":
            raise CannotWriteError(f"it has letters for {_layers(len(letters))}, and this network has {last - 1}")
        raise CannotWriteError(f"it has no letter for the {kind} layer here")

    def positions_of(self, letter: str, prefix: str = "") -> Iterator[int]:
        """The layers with this letter, whether capital or not."""
        if not isinstance(self.last, int):
            return
        for position in range(self.last + 1):
            try:
                if self.layer_letter(position, prefix).casefold() == letter.casefold():
                    yield position
            except CannotWriteError:
                continue

    def letters(self, prefix: str = "") -> tuple[str, ...]:
        kinds = {f"{prefix}{kind}" for kind in ("input", "hidden", "output")}
        return tuple(letter for kind, letters in self.notation.letters.items() if kind in kinds for letter in letters)

    # numberings

    def layers(self, behind: int = 0) -> Iterator[IndexValue]:
        """The layers of which a symbolic unit may be."""
        if isinstance(self.last, int):
            yield from range(self.last + 1 - behind)
        else:
            yield Index(self.notation.indices.layer, -behind)

    @cached_property
    def _units_before(self) -> tuple[int, ...]:
        """For each layer, the number of units in the layers before it."""
        return (0, *accumulate(self._whole_sizes))

    @cached_property
    def _weights_before(self) -> tuple[int, ...]:
        """For each layer from the first on, the number of weights before it."""
        return (0, *accumulate(before * after for before, after in pairwise(self._whole_sizes)))

    @cached_property
    def _whole_sizes(self) -> tuple[int, ...]:
        if not self.sizes or not all(isinstance(size, int) for size in self.sizes):
            raise CannotWriteError("it numbers through all layers, so their sizes must be numbers")
        return tuple(size for size in self.sizes if isinstance(size, int))

    def count(self, layer: IndexValue, behind: int = 0) -> int:
        """The number of units before those of a layer (or of the one ``behind`` it)."""
        if not isinstance(layer, int):
            raise CannotWriteError("it numbers through all layers, so the layer must be a number")
        return self._units_before[layer - behind]

    def counted(self, number: int) -> Iterator[tuple[IndexValue, IndexValue]]:
        """(layer, unit) of a unit by its number among all of them, counted from 0."""
        try:
            starts = self._units_before
        except CannotWriteError:
            return
        for layer, (start, end) in enumerate(pairwise(starts)):
            if start <= number < end:
                yield layer, number - start

    def number(self, role: Role, symbol: Symbol) -> int:
        """The number of a weight or a bias, from 1, layer after layer."""
        layer, indices = symbol.position, symbol.indices or ()
        places = [index for index in indices if isinstance(index, int)]
        if not isinstance(layer, int) or len(places) < len(indices):
            raise CannotWriteError(f"it numbers every {role.kind} through and cannot write symbolic indices")
        if not places:
            return layer
        if len(places) == 1:
            return self._units_before[layer] - self._units_before[1] + places[0] + 1
        to, source = places
        return self._weights_before[layer - 1] + to * self._whole_sizes[layer - 1] + source + 1

    def numbered(self, role: Role, number: int) -> tuple[int, tuple[int, ...]] | None:
        """(position, indices) of a weight or a bias by its number; None where there is no such one."""
        try:
            if not role.indices:
                return (number, ()) if isinstance(self.last, int) and 1 <= number <= self.last else None
            starts = self._weights_before
            if len(role.indices) == 1:
                starts = tuple(start - self._units_before[1] for start in self._units_before[1:])
        except CannotWriteError:
            return None
        for position, (start, end) in enumerate(pairwise(starts), start=1):
            if start < number <= end:
                rest = number - start - 1
                width = self._whole_sizes[position - 1]
                return position, (rest,) if len(role.indices) == 1 else divmod(rest, width)
        return None


def _layers(count: int) -> str:
    return f"{count} hidden layer{'' if count == 1 else 's'}"
