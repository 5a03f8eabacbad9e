"""reStructuredText: the math directive, the math role, and what is literal, and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.scan.assembly import Block, Pieces
from symbackprop.check.scan.delimiters import RESTRUCTURED
from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Piece
from symbackprop.check.scan.source import Extract, SourceText

_OPTION = re.compile(r"^[ \t]*(?::|\.\.[ \t]+)symbackprop:[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_DIRECTIVE = re.compile(r"([ \t]*)\.\.(?:[ \t]+(?:\|[^|\n]*\|[ \t]+)?([\w:-]+?)::)?(?:[ \t]+(.*))?$")
_FORMULA_OPTION = re.compile(r"[ \t]*:(?:label|name|class|nowrap|number|no-wrap):")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*$")
_GRID = re.compile(r"[ \t]*\+(?:[-=]+\+)+[ \t]*$")
_SIMPLE = re.compile(r"[ \t]*={2,}(?:[ \t]+={2,})+[ \t]*$")
_BETWEEN_CELLS = re.compile(r"[ \t]*\|[ \t]*|[ \t]{2,}")
_LITERAL_END = "::"

_FORMULA = frozenset({"math"})
_HIDDEN = frozenset(
    "code code-block sourcecode literalinclude raw parsed-literal highlight doctest ipython plot graphviz image figure "
    "include toctree".split()
)
"""Directives whose content is no text; what has no name is a comment."""


def extract(source: SourceText) -> Extract:
    """The option in a field or a comment: ``:symbackprop: mazur``."""
    match = _OPTION.search(source.text, 0, 20_000)
    return Extract({"spec": match[1]} if match else {})


def pieces(source: SourceText) -> Iterator[Piece]:
    """The pieces of a whole file."""
    blocks = list(BlockReader(source.text).blocks())
    view = MappedText.of(source.text)
    return Pieces(view, blocks, RESTRUCTURED, lambda block: _rows(view, block)).run()


def _rows(view: MappedText, block: Block) -> Iterator[list[MappedText]]:
    """The cells of a grid table stand between bars, those of a simple one are two spaces apart or more."""
    for start, end in block.ranges:
        row = view.slice(start, end).stripped()
        if row.text.startswith("|") and row.text.endswith("|"):
            row = row.slice(1, len(row) - 1)
        cells: list[MappedText] = []
        position = 0
        for match in _BETWEEN_CELLS.finditer(row.text):
            cells.append(row.slice(position, match.start()).stripped())
            position = match.end()
        yield [*cells, row.slice(position, len(row)).stripped()]


class BlockReader:
    """Goes through the lines once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.block = Block("text")
        self.found: list[Block] = []

    def blocks(self) -> Iterator[Block]:
        while self.position < len(self.text):
            start, end = self._next()
            line = self.text[start:end].rstrip("\n")
            directive = _DIRECTIVE.match(line) if line.lstrip().startswith("..") else None
            if not line.strip():
                self._flush()
            elif directive is not None:
                self._directive(directive, start)
            elif _GRID.match(line):
                self._table(_GRID)
            elif _SIMPLE.match(line):
                self._table(_SIMPLE)
            elif self.block.ranges and _ADORNMENT.match(line):
                self._flush("heading")
            else:
                self.block.ranges.append((start, end))
                if line.rstrip().endswith(_LITERAL_END):
                    self._flush()
                    self._indented(len(line) - len(line.lstrip()))
            yield from self.found
            self.found.clear()
        self._flush()
        yield from self.found

    def _next(self) -> tuple[int, int]:
        start = self.position
        self.position = self.text.find("\n", start) + 1 or len(self.text)
        return start, self.position

    def _flush(self, kind: str = "text") -> None:
        if self.block.ranges:
            self.block.kind = kind
            self.found.append(self.block)
            self.block = Block("text")

    def _directive(self, directive: re.Match[str], start: int) -> None:
        """A formula's lines are kept, those of code and comments are not; other directives hold text."""
        self._flush()
        name = (directive[2] or "").lower()
        if name in _FORMULA:
            block = Block("mathematics")
            if directive[3]:
                block.ranges.append((start + directive.start(3), self.position))
            lines = self._indented(len(directive[1]))
            block.ranges += [line for line in lines if not _FORMULA_OPTION.match(self.text, *line)]
            if block.ranges:
                self.found.append(block)
        elif name in _HIDDEN or not name:
            self._indented(len(directive[1]))
        elif directive[3]:
            self.block.ranges.append((start + directive.start(3), self.position))

    def _table(self, border: re.Pattern[str]) -> None:
        """The rows of a table that begins with a border; a simple one ends at a blank line behind a border."""
        self._flush()
        table = Block("table")
        at_border = True
        while self.position < len(self.text):
            before = self.position
            start, end = self._next()
            line = self.text[start:end].rstrip()
            if not line and (at_border or border is _GRID):
                break
            if border is _GRID and not line.lstrip().startswith(("|", "+")):
                self.position = before
                break
            at_border = border.match(line) is not None
            if line and not at_border:
                table.ranges.append((start, end))
        if table.ranges:
            self.found.append(table)

    def _indented(self, indent: int) -> list[tuple[int, int]]:
        """The lines that follow and stand deeper than ``indent``."""
        lines: list[tuple[int, int]] = []
        while self.position < len(self.text):
            before = self.position
            start, end = self._next()
            line = self.text[start:end]
            if line.strip() and len(line) - len(line.lstrip()) <= indent:
                self.position = before
                break
            lines.append((start, end))
        while lines and not self.text[slice(*lines[-1])].strip():
            lines.pop()
        return lines
