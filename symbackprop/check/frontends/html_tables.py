"""Tables that a Markdown text holds as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.scan.assembly import Range
from symbackprop.check.scan.mapped import MappedText

OPENING = re.compile(r"[ \t]*<table\b[^<>]{0,400}>", re.IGNORECASE)
_CLOSING = re.compile(r"</table\s{0,10}>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]{0,400}>", re.IGNORECASE)
_ROW_END = re.compile(r"</tr\s{0,10}>|<tr\b|</table\s{0,10}>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]{0,400}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>")


def end_of_table(text: str, position: int) -> int | None:
    """Where the table ends that begins here; None where it is never closed."""
    match = _CLOSING.search(text, position)
    return match.end() if match else None


def row_ranges(text: str, start: int, end: int) -> Iterator[Range]:
    """The stretches of its rows."""
    for match in _ROW.finditer(text, start, end):
        close = _ROW_END.search(text, match.end(), end)
        yield match.end(), close.start() if close else end


def cells_of(row: MappedText) -> list[MappedText] | None:
    """The cells of a row without their tags; None for what is no row of HTML."""
    starts = list(_CELL.finditer(row.text))
    if not starts:
        return None
    stops = [match.start() for match in starts[1:]] + [len(row)]
    return [
        row.slice(match.end(), stop).substitute(_TAG, lambda tag: "").stripped()
        for match, stop in zip(starts, stops, strict=True)
    ]
