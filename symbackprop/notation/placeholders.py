"""What may stand in a pattern between ``<`` and ``>``: how each is written, and what its text means.

Every placeholder works both ways. Writing asks the symbol; reading gathers what the text says in a
``Draft``, from which the symbol is made. A text may mean several things, so reading answers several drafts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.notation.network import CannotWriteError, Network
from symbackprop.notation.roles import Role


@dataclass(frozen=True, slots=True)
class Draft:
    """A symbol that is being read: its role, and what is known of its place so far."""

    role: Role
    position: IndexValue | None = None
    indices: Mapping[str, IndexValue] = field(default_factory=lambda: MappingProxyType({}))
    kind: str = ""
    """Where the text tells it and not the role."""

    def with_index(self, name: str, value: IndexValue) -> Draft:
        return replace(self, indices={**self.indices, name: value})


Write = Callable[[Network, Role, Symbol], str]
Read = Callable[[Network, Draft, str], Iterator[Draft]]
Count = Callable[[Network, Role, Symbol], int]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``text`` is what it may look like: "index", "number", "word", "zero", or the name of a set of letters.

    ``of_entry``: what is written depends on the indices, and not only on the layer. ``number`` is the
    number that is written where all indices are numbers: a linear function of them.
    """

    write: Write
    read: Read
    text: str = "index"
    of_entry: bool = True
    number: Count | None = None


def index_text(index: IndexValue, base: int, letter: Callable[[str], str] = str) -> str:
    """An index as readers see it: numbers counted from ``base``, symbols by their letter."""
    if isinstance(index, Index):
        return letter(index.symbol) + (f"{index.offset:+d}" if index.offset else "")
    return str(index + base)


_INDEX = re.compile(r"(\d+)|(.+?)([+-]\d+)?", re.DOTALL)


def index_value(text: str, base: int, network: Network) -> IndexValue | None:
    """The index that a text means; None for a number below the first one."""
    found = _INDEX.fullmatch(text)
    if found is None:
        return None
    number, symbol, offset = found.groups()
    if number is None:
        return Index(network.symbol_of(symbol), int(offset or 0))
    value = int(number) - base
    return value if value >= 0 else None


def _place_of(role: Role, symbol: Symbol, name: str) -> IndexValue:
    """One index of an entry, by its name."""
    indices = symbol.indices or ()
    names = role.indices if len(indices) == len(role.indices) else ("sample", *role.indices)
    return indices[names.index(name)]


def _number_of(role: Role, symbol: Symbol, name: str) -> int:
    index = _place_of(role, symbol, name)
    assert isinstance(index, int)
    return index


def _index(name: str) -> Placeholder:
    def write(network: Network, role: Role, symbol: Symbol) -> str:
        index = _place_of(role, symbol, name)
        return index_text(index, 1, network.letter) if isinstance(index, Index) else str(index + 1)

    def number(network: Network, role: Role, symbol: Symbol) -> int:
        return _number_of(role, symbol, name) + 1

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        value = index_value(text, 1, network)
        if value is not None:
            yield draft.with_index(name, value)

    return Placeholder(write, read, number=number)


def _layer() -> Placeholder:
    def write(network: Network, role: Role, symbol: Symbol) -> str:
        position = network.layer(symbol)
        if isinstance(position, Index):
            return index_text(network.shifted(position, role), 0, network.letter)
        return str(position + network.shift(role))

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        value = index_value(text, 0, network)
        if isinstance(value, Index):
            yield replace(draft, position=Index(value.symbol, value.offset + network.departure(draft.role)))
        elif value is not None and value >= network.shift(draft.role):
            yield replace(draft, position=value - network.shift(draft.role))

    return Placeholder(write, read, of_entry=False)


def _time() -> Placeholder:
    def write(network: Network, role: Role, symbol: Symbol) -> str:
        assert symbol.position is not None
        return index_text(symbol.position, 0, network.letter)

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        value = index_value(text, 0, network)
        if value is not None:
            yield replace(draft, position=value)

    return Placeholder(write, read, of_entry=False)


def _letter(prefix: str, behind: int) -> Placeholder:
    """The letter of a layer's kind; ``behind`` = 1 means the layer before the symbol's own."""

    def write(network: Network, role: Role, symbol: Symbol) -> str:
        position = network.layer(symbol)
        if isinstance(position, Index):
            raise CannotWriteError(f"it has a letter for each layer and none for layer {index_text(position, 0)}")
        return network.layer_letter(position - behind, prefix)

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        for position in network.positions_of(text, prefix):
            yield from _at(network, draft, position, behind)

    return Placeholder(write, read, f"{prefix}letter", of_entry=False)


def _number() -> Placeholder:
    def write(network: Network, role: Role, symbol: Symbol) -> str:
        return str(network.number(role, symbol))

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        found = network.numbered(draft.role, int(text))
        if found is not None:
            position, indices = found
            yield replace(draft, position=position, indices=dict(zip(draft.role.indices, indices, strict=True)))

    return Placeholder(write, read, "number", number=lambda network, role, symbol: network.number(role, symbol))


def _counted(name: str, behind: int) -> Placeholder:
    """A unit of the symbol's layer, or of the one before, by its number among all units."""

    def write(network: Network, role: Role, symbol: Symbol) -> str:
        index = _place_of(role, symbol, name)
        if isinstance(index, Index):
            return index_text(index, 1, network.letter)
        return str(network.count(network.layer(symbol), behind) + index + 1)

    def number(network: Network, role: Role, symbol: Symbol) -> int:
        return network.count(network.layer(symbol), behind) + _number_of(role, symbol, name) + 1

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        value = index_value(text, 1, network)
        if isinstance(value, Index):
            places: Iterator[tuple[IndexValue, IndexValue]] = ((layer, value) for layer in network.layers(behind))
        elif value is not None:
            places = network.counted(value)
        else:
            return
        for layer, unit in places:
            yield from _at(network, draft.with_index(name, unit), layer, behind)

    return Placeholder(write, read, number=number)


def _at(network: Network, draft: Draft, layer: IndexValue, behind: int) -> Iterator[Draft]:
    """The draft, if what it says of its layer agrees with this."""
    position = Index(layer.symbol, layer.offset + behind) if isinstance(layer, Index) else layer + behind
    if draft.role.place in ("none", "first", "last"):
        if network.is_at(draft.role.place, position):
            yield draft
    elif draft.position is None or draft.position == position:
        yield replace(draft, position=position)


def _generic(name: str, behind: int) -> Placeholder:
    """The letter of a layer where it stands for any of its units."""

    def write(network: Network, role: Role, symbol: Symbol) -> str:
        raise CannotWriteError("it reads such a letter and does not write it")

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        for position in network.positions_of(text):
            yield from _at(network, draft.with_index(name, Index(text)), position, behind)

    return Placeholder(write, read, "letter")


def _which() -> Placeholder:
    """The name of a penalty: 2 for l2, else the whole name."""

    def write(network: Network, role: Role, symbol: Symbol) -> str:
        name = symbol.kind.removesuffix(f"_{role.kind}")
        return name[1:] if re.fullmatch(r"l\d", name) else name

    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        yield replace(draft, kind=f"{'l' if text.isdigit() else ''}{text}_{draft.role.kind}")

    return Placeholder(write, read, "word", of_entry=False)


def _zero() -> Placeholder:
    def read(network: Network, draft: Draft, text: str) -> Iterator[Draft]:
        yield draft

    return Placeholder(lambda network, role, symbol: "0", read, "zero", number=lambda network, role, symbol: 0)


PLACEHOLDERS: Mapping[str, Placeholder] = {
    **{name: _index(name) for name in ("unit", "to", "from", "sample")},
    "layer": _layer(),
    "time": _time(),
    "letter": _letter("", 0),
    "linear": _letter("linear_", 0),
    "source": _letter("", 1),
    "number": _number(),
    "counted": _counted("unit", 0),
    "counted_to": _counted("to", 0),
    "counted_from": _counted("from", 1),
    "zero": _zero(),
    "which": _which(),
    "generic": _generic("unit", 0),
    "generic_to": _generic("to", 0),
    "generic_from": _generic("from", 1),
}
