"""From blocks of lines to pieces with formulas, the same for all formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from symbackprop.check.scan.cleaning import cleaned
from symbackprop.check.scan.delimiters import Ends, Opening
from symbackprop.check.scan.inline import AFTER_DISPLAY, Scanner, scan
from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Formula, Heading, Paragraph, Piece, Table
from symbackprop.check.scan.words import has_mathematics, is_prose

Range: TypeAlias = tuple[int, int]
Rows: TypeAlias = "Iterable[list[MappedText]]"
"""The cells of a table, row by row."""

_FARTHEST = 40
"""A display may go on over so many blank lines at most."""
_LONGEST = 20_000
_OPENERS = {"$$": "$$", "\\]": "\\[", "\\\\]": "\\\\["}


@dataclass(slots=True)
class Block:
    """Lines that belong together, without quote marks. ``gap`` holds the blank lines above.

    Kinds: "text", "heading" (``level``), "table" (a range a row), "mathematics" (a formula as a block).
    """

    kind: str
    ranges: list[Range] = field(default_factory=list)
    gap: list[Range] = field(default_factory=list)
    depth: int = 0
    level: int = 0


class Pieces:
    """Turns the blocks of ``view`` into pieces; ``rows`` takes a table apart.

    A display that runs over blank lines is put together from several blocks.
    """

    def __init__(
        self, view: MappedText, blocks: list[Block], tokens: re.Pattern[str], rows: Callable[[Block], Rows]
    ) -> None:
        self.view = view
        self.blocks = blocks
        self.tokens = tokens
        self.rows = rows
        self.index = 0
        self.hopeless: set[tuple[int, str]] = set()
        """Blocks, with the delimiter that no later block closes."""

    def run(self) -> Iterator[Piece]:
        while self.index < len(self.blocks):
            block = self.blocks[self.index]
            if block.kind == "text":
                yield self._paragraph(block)
            elif block.kind == "heading":
                yield Heading(scan(self.view.gather(block.ranges), self.tokens), block.level)
            elif block.kind == "table":
                yield Table(tuple(tuple(self._cell(cell) for cell in row) for row in self.rows(block)))
            else:
                text = self.view.gather(block.ranges)
                tex = cleaned(text).stripped()
                yield Paragraph(text, (Formula(tex, 0, len(text), True),) if tex.text else ())
            self.index += 1

    def _cell(self, text: MappedText) -> Paragraph:
        """What stands in a cell is never a display, whatever its delimiters."""
        cell = scan(text, self.tokens)
        return replace(cell, formulas=tuple(replace(formula, display=False) for formula in cell.formulas))

    def _paragraph(self, block: Block) -> Paragraph:
        ranges = list(block.ranges)
        scanner = Scanner(self.view.gather(ranges), self.tokens)
        while (opening := scanner.run()) is not None:
            end = self._closed_later(opening, scanner.text.text)
            if end is None:
                scanner.give_up()
                continue
            last, position = end
            for between in range(self.index + 1, last + 1):
                ranges += self.blocks[between].gap
                ranges += self.blocks[between].ranges if between < last else []
            taken, rest = _divided(self.blocks[last], position)
            ranges += taken
            scanner.extend(self.view.gather(ranges))
            # What follows the display in its last block is a paragraph of its own.
            self.blocks[last] = Block("text", rest, [], block.depth)
            self.index = last - bool(rest)
            if rest:
                break
        while scanner.run() is not None:
            scanner.give_up()
        return scanner.paragraph

    def _closed_later(self, opening: Opening, text: str) -> tuple[int, int] | None:
        """In which later block, and how far into it, the display ends that this block opens."""
        key = (self.index, opening.closing)
        if key in self.hopeless:
            return None
        found = None if is_prose(text[opening.end : opening.end + _LONGEST]) else self._search(opening.closing)
        if found is None:
            self.hopeless.add(key)
        return found

    def _search(self, closing: str) -> tuple[int, int] | None:
        depth = self.blocks[self.index].depth
        opener = _OPENERS.get(closing, closing.replace("\\end", "\\begin"))
        seen = 0
        for index in range(self.index + 1, min(self.index + _FARTHEST, len(self.blocks))):
            block = self.blocks[index]
            seen += sum(end - start for start, end in block.ranges)
            if block.kind != "text" or block.depth != depth or seen > _LONGEST:
                return None
            text = self.view.gather(block.ranges).text
            end = _first_end(text, closing)
            if end is not None:
                leading = text[: end[0]]
                return None if is_prose(leading) or opener in leading else (index, end[1])
            if opener in text or is_prose(text):
                return None
        return None


def _first_end(text: str, closing: str) -> tuple[int, int] | None:
    """Where a display may end that an earlier block opened."""
    if closing.startswith("\\end"):
        place = text.find(closing)
        return (place, place + len(closing)) if place >= 0 else None
    ends = Ends(text).all(closing)
    if not ends:
        return None
    first = ends[0]
    # A block in which these delimiters pair off has displays of its own and ends none from above.
    paired = closing == "$$" and len(ends) % 2 == 0 and not has_mathematics(text[: first[0]])
    return None if paired or not AFTER_DISPLAY.match(text, first[1]) else first


def _divided(block: Block, position: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The ranges of a block up to a position of its text, and those after it."""
    taken: list[tuple[int, int]] = []
    rest: list[tuple[int, int]] = []
    for start, end in block.ranges:
        middle = min(max(start, start + position), end)
        if middle > start:
            taken.append((start, middle))
        if middle < end:
            rest.append((middle, end))
        position -= end - start
    return taken, rest
