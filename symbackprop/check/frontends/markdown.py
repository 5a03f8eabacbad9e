"""Markdown as people write it, for any of the engines that publish it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.frontends.html_tables import cells_of
from symbackprop.check.frontends.markdown_blocks import BlockReader
from symbackprop.check.scan import front_matter
from symbackprop.check.scan.assembly import Block, Pieces
from symbackprop.check.scan.delimiters import MARKDOWN
from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Piece
from symbackprop.check.scan.source import Extract, SourceText

_CELL = re.compile(r"\\[\s\S]|`[^`]*`|\$[^$]*\$|(\|)")
_PLAIN_CELL = re.compile(r"\\[\s\S]|(\|)")
_ESCAPED_BAR = re.compile(r"\\\|")


def extract(source: SourceText) -> Extract:
    """The options in the front matter."""
    options, _ = front_matter.split(source.text)
    return Extract(options)


def pieces(source: SourceText) -> Iterator[Piece]:
    """The pieces of a whole file."""
    _, start = front_matter.split(source.text)
    return pieces_of(MappedText.of(source.text), start)


def pieces_of(view: MappedText, start: int = 0) -> Iterator[Piece]:
    """The pieces of a text from ``start`` on; ``view`` may be taken out of another file."""
    blocks = list(BlockReader(view.text, start).blocks())
    return Pieces(view, blocks, MARKDOWN, lambda block: _rows(view, block)).run()


def _rows(view: MappedText, block: Block) -> Iterator[list[MappedText]]:
    columns = 0
    for start, end in block.ranges:
        row = view.slice(start, end).stripped()
        tagged = cells_of(row)
        if tagged is not None:
            yield tagged
            continue
        cells = _cells(row, columns)
        columns = columns or len(cells)
        yield [cell.substitute(_ESCAPED_BAR, lambda match: "|") for cell in cells]


def _cells(row: MappedText, columns: int) -> list[MappedText]:
    """The cells of a row. A bar inside a formula divides cells only if the columns come out right that way."""
    plain = _split(row, _PLAIN_CELL)
    if "$" not in row.text and "`" not in row.text:
        return plain
    whole = _split(row, _CELL)
    return plain if len(plain) == columns else whole


def _split(row: MappedText, separator: re.Pattern[str]) -> list[MappedText]:
    cells: list[MappedText] = []
    position = 0
    for match in separator.finditer(row.text):
        if match[1]:
            cells.append(row.slice(position, match.start()).stripped())
            position = match.end()
    cells.append(row.slice(position, len(row)).stripped())
    if cells and not cells[0].text:
        del cells[0]
    if cells and row.text.endswith("|"):
        del cells[-1]
    return cells
