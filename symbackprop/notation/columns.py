"""The names of entries along one index, all at once: what they share is written once."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from symbackprop.expression import Symbol
from symbackprop.notation.pattern import Prepared, Script, Slot, Writing, scripted, side_by_side
from symbackprop.notation.placeholders import PLACEHOLDERS

Column: TypeAlias = "str | list[str]"
"""What stands at one place of the names: the same text in each of them, or a text for each."""


class Along(NamedTuple):
    """Which index runs from 0 on, and how far."""

    place: int
    size: int


def column(prepared: Prepared, symbol: Symbol, along: Along) -> list[str] | None:
    """The TeX of the entries from ``symbol`` on, whose index there is 0; None where numbers alone do not tell it."""
    writing = Writing(prepared.network, prepared.pattern.role, symbol)
    found = _joined([_column(piece, writing, along) for piece in prepared.pieces])
    return [found] * along.size if isinstance(found, str) else found


def _column(piece: str | Slot | Script, writing: Writing, along: Along) -> Column | None:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Slot):
        return _slot(piece, writing, along)
    content = _joined([_column(inner, writing, along) for inner in piece.content])
    if content is None:
        return None
    if isinstance(content, str):
        return scripted(piece.sign, content)
    return [scripted(piece.sign, text) for text in content]


def _slot(slot: Slot, writing: Writing, along: Along) -> Column | None:
    if not slot.is_of_entry:
        return slot.write(writing)
    parts: list[Column] = []
    for name in slot.names:
        numbered = PLACEHOLDERS[name].number if name in PLACEHOLDERS else None
        if numbered is None:
            return None
        first = numbered(writing.network, writing.role, writing.symbol)
        indices = writing.symbol.indices or ()
        second = replace(writing.symbol, indices=(*indices[: along.place], 1, *indices[along.place + 1 :]))
        step = numbered(writing.network, writing.role, second) - first
        numbers = range(first, first + step * along.size, step) if step else ()
        parts.append(list(map(str, numbers)) if step else str(first))
    text = parts[0] if len(parts) == 1 else _side_by_side(parts, along.size)
    if not slot.prefix and not slot.suffix:
        return text
    return _joined([slot.prefix, text, slot.suffix])


def _side_by_side(parts: list[Column], size: int) -> Column:
    if all(isinstance(part, str) for part in parts):
        return side_by_side([str(part) for part in parts])
    columns = [[part] * size if isinstance(part, str) else part for part in parts]
    if len(columns) == 2:
        return [a + b if len(a) == len(b) == 1 else f"{a},{b}" for a, b in zip(*columns, strict=True)]
    return [side_by_side(list(texts)) for texts in zip(*columns, strict=True)]


def _joined(parts: list[Column | None]) -> Column | None:
    """Texts that stand one behind the other."""
    result: Column = ""
    for part in parts:
        if part is None:
            return None
        if isinstance(result, str):
            result = result + part if isinstance(part, str) else [result + text for text in part]
        elif isinstance(part, str):
            result = [text + part for text in result]
        else:
            result = [first + second for first, second in zip(result, part, strict=True)]
    return result
