"""How a line of source looks on a terminal: columns taken, nothing that could act on the screen."""

from __future__ import annotations

import unicodedata

_TAB = "    "
_HIDDEN = ("Cc", "Cf", "Cs")
_NO_WIDTH = ("Mn", "Me")


def shown(character: str) -> str:
    """A character as it may be printed: control characters and direction marks as a visible sign."""
    if character == "\t":
        return _TAB
    return "\ufffd" if unicodedata.category(character) in _HIDDEN else character


def width(text: str) -> int:
    """Columns on a terminal: East Asian wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(character) in _NO_WIDTH
        else 2 if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )  # fmt: skip


def visible(text: str) -> str:
    """A whole text made safe for a terminal; line feeds become spaces."""
    return "".join(" " if character == "\n" else shown(character) for character in text)


def excerpt(line: str, start: int, end: int, columns: int) -> tuple[str, int, int]:
    """A line cut to ``columns`` around a stretch: the text, and where the mark below it begins and how long it is."""
    first = 0 if width(line[: start + columns]) <= columns else max(0, start - columns // 3)
    last, used = first, 0
    cells: list[tuple[str, int]] = []
    while last < len(line) and used < columns:
        cell = shown(line[last])
        cells.append((cell, width(cell)))
        used += cells[-1][1]
        last += 1
    head, tail = "…" if first else "", "…" if last < len(line) else ""
    widths = [taken for _, taken in cells]
    offset = len(head) + sum(widths[: start - first])
    return head + "".join(cell for cell, _ in cells) + tail, offset, max(1, sum(widths[start - first : end - first]))
