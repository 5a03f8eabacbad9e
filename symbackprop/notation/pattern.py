"""A pattern of a notation table, taken apart once and filled in for every name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from symbackprop.expression import Symbol
from symbackprop.notation.network import Network
from symbackprop.notation.numbered import WriteEntry, entry_writer, linear, numbers_writer
from symbackprop.notation.placeholders import PLACEHOLDERS, Write
from symbackprop.notation.roles import MARKS, SHAPES, Role

OF = "of"
_MARKUP = re.compile(r"<[^<>]+>|[_^]?\{|\}")
_PARTS = re.compile(r"([^a-z]*)([a-z_]+(?:,[a-z_]+)*)([^a-z]*)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder where it stands: ``names`` side by side, ``prefix`` and ``suffix`` only around something."""

    prefix: str
    names: tuple[str, ...]
    suffix: str
    writers: tuple[Write, ...] = ()

    @staticmethod
    def parse(text: str) -> Slot:
        found = _PARTS.fullmatch(text)
        if found is None:
            raise ValueError(f"<{text}> is no placeholder")
        names = tuple(found[2].split(","))
        unknown = [name for name in names if name not in PLACEHOLDERS and (len(names) > 1 or name not in (OF, *MARKS))]
        if unknown:
            raise ValueError(f"<{text}>: there is no placeholder {unknown[0]}")
        writers = tuple(PLACEHOLDERS[name].write for name in names if name in PLACEHOLDERS)
        return Slot(found[1], names, found[3], writers)

    @property
    def is_optional(self) -> bool:
        return bool(self.prefix or self.suffix) or self.names[0] in MARKS

    @property
    def is_of_entry(self) -> bool:
        """Whether what stands here depends on the indices of the symbol, or on the name that is wrapped."""
        return self.names[0] == OF or any(PLACEHOLDERS[name].of_entry for name in self.names if name not in MARKS)

    def write(self, writing: Writing) -> str:
        if self.is_optional and self.names == ("layer",) and writing.network.hides_layers:
            return ""
        if self.writers:
            parts = [write(writing.network, writing.role, writing.symbol) for write in self.writers]
            text = parts[0] if len(parts) == 1 else side_by_side(parts)
        elif self.names[0] == OF:
            text = writing.inner
        else:
            text = writing.network.notation.marks[self.names[0]] if self.names[0] in writing.words else ""
        return f"{self.prefix}{text}{self.suffix}" if text else ""

    def entry_writer(self, network: Network, role: Role, symbol: Symbol) -> WriteEntry | None:
        """Writes it for the entries that ``symbol`` is one of; None where not all its names are numbers."""
        lines = [linear(name, network, role, symbol) for name in self.names]
        write = numbers_writer([line for line in lines if line is not None])
        if None in lines or not (self.prefix or self.suffix):
            return None if None in lines else write
        return lambda places: f"{self.prefix}{write(places)}{self.suffix}"


@dataclass(frozen=True, slots=True)
class Script:
    """A subscript or a superscript; it is left out where nothing stands in it."""

    sign: str
    content: tuple[Piece, ...]

    def write(self, writing: Writing) -> str:
        return scripted(
            self.sign, "".join([piece if isinstance(piece, str) else piece.write(writing) for piece in self.content])
        )

    def entry_writer(self, network: Network, role: Role, symbol: Symbol) -> WriteEntry | None:
        content, sign = entry_writer(self.content, network, role, symbol), self.sign
        return None if content is None else lambda places: scripted(sign, content(places))


Piece: TypeAlias = "str | Slot | Script"


@dataclass(frozen=True, slots=True)
class Writing:
    """What is being written: a symbol in a role, the words of its variant, the name that a wrapper stands around."""

    network: Network
    role: Role
    symbol: Symbol
    words: frozenset[str] = frozenset()
    inner: str = ""


@dataclass(frozen=True)
class Pattern:
    """One pattern, and the role that it writes."""

    source: str
    role: Role
    key: str

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Literal text, placeholders and scripts, in turn."""
        return pieces_of(self.source)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(slots_in(self.pieces))

    @cached_property
    def marks(self) -> frozenset[str]:
        """The marks that can be written with it."""
        return frozenset(slot.names[0] for slot in self.slots if slot.names[0] in MARKS)

    @property
    def shape(self) -> str:
        """What it writes: "" an entry, or one of ``SHAPES``."""
        ending = self.key.rpartition("_")[2]
        return ending if ending in SHAPES else ""

    def prepared(self, network: Network, symbol: Symbol, words: frozenset[str]) -> Prepared:
        """The pattern with everything written that symbols of the same layer, kind and variant share."""
        writing = Writing(network, self.role, symbol, words)
        return Prepared(self, network, symbol, tuple(_merged(_written(self.pieces, writing))))


@dataclass(frozen=True)
class Prepared:
    """A pattern in which only the indices of an entry are missing (or the name that it stands around).

    ``example`` is one of the symbols that it writes.
    """

    pattern: Pattern
    network: Network
    example: Symbol
    pieces: tuple[Piece, ...]

    @cached_property
    def _write_entry(self) -> WriteEntry | None:
        return entry_writer(self.pieces, self.network, self.pattern.role, self.example)

    def write(self, symbol: Symbol, inner: str = "") -> str:
        """The TeX; raises CannotWriteError where an index cannot be written."""
        if symbol.indices and self._write_entry is not None and set(map(type, symbol.indices)) == _NUMBERS:
            return self._write_entry(symbol.indices)  # type: ignore[arg-type]
        writing = Writing(self.network, self.pattern.role, symbol, inner=inner)
        return "".join([piece if isinstance(piece, str) else piece.write(writing) for piece in self.pieces])


def scripted(sign: str, text: str) -> str:
    """A script, in braces where it needs them; nothing where there is nothing in it."""
    if len(text) == 1 or (text[:1] == "\\" and text[1:].isalpha()):
        return sign + text
    return f"{sign}{{{text}}}" if text else ""


_NUMBERS = {int}


def side_by_side(parts: list[str]) -> str:
    """Indices without a sign between them, or with commas where one is longer than a character."""
    if all(len(part) == 1 for part in parts):
        return "".join(parts)
    if any(len(part) > 1 and not re.fullmatch(r"\\[A-Za-z]+", part) for part in parts):
        return ",".join(parts)
    return "".join(f"{part} " if len(part) > 1 else part for part in parts).rstrip()


def pieces_of(source: str) -> tuple[Piece, ...]:
    """A pattern taken apart; ValueError says what is wrong with it."""
    open_scripts: list[tuple[str, list[Piece]]] = [("", [])]
    end = 0
    for place in _MARKUP.finditer(source):
        if literal := source[end : place.start()]:
            open_scripts[-1][1].append(literal)
        end = place.end()
        if place[0] == "}":
            sign, content = open_scripts.pop()
            if not open_scripts:
                raise ValueError("a brace is closed that was not opened")
            open_scripts[-1][1].extend(_closed(sign, tuple(content)))
        elif place[0][0] == "<":
            open_scripts[-1][1].append(Slot.parse(place[0][1:-1]))
        else:
            open_scripts.append((place[0][:-1], []))
    if len(open_scripts) > 1:
        raise ValueError("a brace is not closed")
    rest = source[end:]
    return (*open_scripts[0][1], *((rest,) if rest else ()))


def _closed(sign: str, content: tuple[Piece, ...]) -> Iterator[Piece]:
    """A group that ends here: a script, or braces that belong to a command."""
    if sign:
        yield Script(sign, content)
    else:
        yield from ("{", *content, "}")


def _written(pieces: tuple[Piece, ...], writing: Writing) -> Iterator[Piece]:
    """The pieces, with those replaced by text that do not depend on indices."""
    for piece in pieces:
        if isinstance(piece, str) or (isinstance(piece, Slot) and piece.is_of_entry):
            yield piece
        elif isinstance(piece, Slot) or not any(slot.is_of_entry for slot in slots_in(piece.content)):
            yield piece.write(writing)
        else:
            yield Script(piece.sign, tuple(_merged(_written(piece.content, writing))))


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, with texts that stand side by side as one."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
            text = ""
        yield piece
    if text:
        yield text


def slots_in(pieces: tuple[Piece, ...]) -> Iterator[Slot]:
    for piece in pieces:
        if isinstance(piece, Slot):
            yield piece
        elif isinstance(piece, Script):
            yield from slots_in(piece.content)
