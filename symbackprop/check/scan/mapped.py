"""Text that remembers where each of its characters stands in the source file.

A formula as it is typed is not yet the formula: quote marks stand at the head of its lines, HTML
entities and percent signs encode characters of it. Whatever is cut out or decoded here, every
character still knows its place. The map is kept as runs, because nearly all of a text is untouched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Replacement: TypeAlias = "str | None"
"""What takes the place of a match: a single character, nothing (""), or the match itself (None)."""


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text in runs: run ``k`` begins at ``starts[k]`` in the text and ``origins[k]`` in the source.

    A run stands for ``widths[k]`` source characters: as many as it has characters itself, or it is
    one character that was written with several.
    """

    text: str
    starts: Sequence[int]
    origins: Sequence[int]
    widths: Sequence[int]

    @staticmethod
    def of(text: str, origin: int = 0) -> MappedText:
        """A text that stands in the source just like this."""
        return MappedText(text, (0,), (origin,), (len(text),)) if text else EMPTY

    @staticmethod
    def of_characters(characters: Iterable[tuple[str, int, int]]) -> MappedText:
        """Stretches of text with the start and the width of what they stand for in the source."""
        pieces: list[str] = []
        starts: list[int] = []
        origins: list[int] = []
        widths: list[int] = []
        length = 0
        for piece, origin, width in characters:
            pieces.append(piece)
            starts.append(length)
            origins.append(origin)
            widths.append(width)
            length += len(piece)
        return MappedText("".join(pieces), starts, origins, widths)

    def __len__(self) -> int:
        return len(self.text)

    def origin(self, position: int) -> int:
        """The source offset of the character at ``position`` (of the text's end, where that is asked for)."""
        if position >= len(self.text):
            return self.origin_end(len(self.text))
        run = bisect_right(self.starts, position) - 1
        return self.origins[run] + position - self.starts[run]

    def origin_end(self, position: int) -> int:
        """The source offset just behind the character before ``position``."""
        if not self.starts:
            return 0
        if position <= 0:
            return self.origins[0]
        run = bisect_right(self.starts, position - 1) - 1
        length = self._run_end(run) - self.starts[run]
        if length != self.widths[run]:
            return self.origins[run] + self.widths[run]
        return self.origins[run] + position - self.starts[run]

    def _run_end(self, run: int) -> int:
        return self.starts[run + 1] if run + 1 < len(self.starts) else len(self.text)

    def slice(self, start: int, end: int) -> MappedText:
        """The part between two positions."""
        return self.gather(((start, end),))

    def gather(self, ranges: Iterable[tuple[int, int]]) -> MappedText:
        """Several parts, one after the other."""
        pieces: list[str] = []
        starts: list[int] = []
        origins: list[int] = []
        widths: list[int] = []
        length = 0
        for start, end in ranges:
            end = min(end, len(self.text))
            if start >= end:
                continue
            pieces.append(self.text[start:end])
            run = bisect_right(self.starts, start) - 1
            while run < len(self.starts) and self.starts[run] < end:
                begin, stop = self.starts[run], self._run_end(run)
                low, high = max(begin, start), min(stop, end)
                if high > low:
                    plain = self.widths[run] == stop - begin
                    starts.append(length)
                    origins.append(self.origins[run] + (low - begin if plain else 0))
                    widths.append(high - low if plain else self.widths[run])
                    length += high - low
                run += 1
        return MappedText("".join(pieces), starts, origins, widths)

    def substitute(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], Replacement]) -> MappedText:
        """Every match replaced by one character or by nothing."""
        parts: list[MappedText] = []
        position = 0
        for match in pattern.finditer(self.text):
            replacement = replace(match)
            if replacement is None:
                continue
            start, end = match.span()
            parts.append(self.slice(position, start))
            if replacement:
                source = self.origin(start)
                parts.append(MappedText(replacement, (0,), (source,), (self.origin_end(end) - source,)))
            position = end
        if not position:
            return self
        parts.append(self.slice(position, len(self.text)))
        return join(parts)

    def stripped(self) -> MappedText:
        """Without white space at the ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.slice(start, len(self.text.rstrip()))


EMPTY = MappedText("", (), (), ())


def join(parts: Iterable[MappedText]) -> MappedText:
    """Texts in a row as one."""
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    widths: list[int] = []
    length = 0
    for part in parts:
        pieces.append(part.text)
        starts.extend(start + length for start in part.starts)
        origins.extend(part.origins)
        widths.extend(part.widths)
        length += len(part.text)
    return MappedText("".join(pieces), starts, origins, widths)
