"""A source file as it was read: its text, its lines, its kind."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import MappingProxyType

from symbackprop.check.statement import Place
from symbackprop.check.verdict import Remark
from symbackprop.errors import UserError, unknown

KINDS: Mapping[str, str] = MappingProxyType(
    {
        ".md": "markdown",
        ".markdown": "markdown",
        ".mdown": "markdown",
        ".mkd": "markdown",
        ".qmd": "markdown",
        ".rmd": "markdown",
        ".mdx": "markdown",
        ".txt": "markdown",
        ".tex": "latex",
        ".latex": "latex",
        ".ltx": "latex",
        ".ipynb": "notebook",
        ".rst": "restructuredtext",
        ".rest": "restructuredtext",
    }
)
"""What a file is read as, by its suffix; every other file is read as Markdown."""

STANDARD_INPUT = "-"
LARGEST = 64 * 1024 * 1024
"""In bytes; anything larger is no article."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text to be checked. Line ends are single line feeds, whatever they were in the file."""

    file: str
    text: str
    kind: str = "markdown"
    line_starts: tuple[int, ...] = field(default=(0,), repr=False)

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the text, in lines and columns."""
        line = bisect_right(self.line_starts, start)
        end_line = bisect_right(self.line_starts, end)
        column = start - self.line_starts[line - 1] + 1
        return Place(self.file, start, end, line, column, end_line, end - self.line_starts[end_line - 1] + 1)


@dataclass(frozen=True, slots=True)
class Extract:
    """What a front end says of a whole file besides its pieces: options of the checker, parts not followed."""

    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    remarks: tuple[Remark, ...] = ()


def read_text(text: str, kind: str = "markdown", file: str = "<text>") -> SourceText:
    """A text that is already there. ``kind`` is one of the values of ``KINDS``."""
    kinds = sorted(set(KINDS.values()))
    if kind not in kinds:
        raise unknown("kind", kind, kinds)
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [0]
    position = unified.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = unified.find("\n", position + 1)
    return SourceText(file, unified, kind, tuple(starts))


def read_source(path: str) -> SourceText:
    """The text of a file, or of standard input (``-``). UserError where it cannot be read as text."""
    if path == STANDARD_INPUT:
        return read_text(_decoded(sys.stdin.buffer.read(LARGEST + 1), "standard input"), file=path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(path, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise UserError(path, "is no path: it holds a NUL character") from error
    return read_text(_decoded(data, path), KINDS.get(PurePath(path).suffix.lower(), "markdown"), path)


def _decoded(data: bytes, place: str) -> str:
    if len(data) > LARGEST:
        raise UserError(place, f"is larger than {LARGEST // 2**20} MB")
    # Only these two marks are looked for: text without one is UTF-8 or an error, never a guess.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UserError(place, f"is not UTF-8: byte {error.start + 1} cannot be decoded") from error
