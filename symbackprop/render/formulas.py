"""Displayed formulas: chains laid out in rows that fit on the page, aligned at their relations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symbackprop.expression import Chain
from symbackprop.latex.printer import RELATIONS
from symbackprop.render.breaking import TeX, fits, pieces
from symbackprop.render.tex_tokens import QUAD, RELATION, width

__all__ = ["Display", "TeX", "display"]


@dataclass(frozen=True, slots=True)
class Display:
    """The rows of one displayed formula; ``&`` marks where several rows are aligned."""

    rows: tuple[str, ...]

    @property
    def tex(self) -> str:
        """The whole as one formula, for formats that have no rows of their own."""
        return self.spaced("")

    def spaced(self, space: str) -> str:
        """The same with so much room, a length of TeX's, below each row that is tall."""
        if len(self.rows) == 1:
            return self.rows[0]
        *others, last = self.rows
        ended = [f"{row} \\\\[{space}]\n" if space and _is_tall(row) else f"{row} \\\\\n" for row in others]
        return "\\begin{aligned}\n" + "".join(ended) + f"{last}\n\\end{{aligned}}"


def _is_tall(row: str) -> bool:
    return any(command in row for command in (r"\frac", r"\sum", r"\begin"))


def display(chains: Sequence[Chain], tex: TeX, long_line: float) -> Display:
    """The chains, each in one row where it fits into ``long_line`` digits, else broken at its relations.

    A member that is too long by itself is broken before a term or a factor.
    """
    if len(chains) == 1:
        whole = tex(chains[0])
        if fits(whole, long_line):
            return Display((whole,))
    return Display(tuple(row for chain in chains for row in _rows(chain, tex, long_line)))


def _rows(chain: Chain, tex: TeX, long_line: float) -> Iterator[str]:
    """The rows of a chain: as few as hold its members, and about equally full."""
    left = tex(chain.expressions[0])
    margin = width(left)
    prefix, indent = f"{left} &", "&"
    if margin > long_line / 2:  # too little room would be left beside it
        yield f"& {left}"
        prefix = indent = r"&\quad "
        margin = QUAD
    room = long_line - margin
    lines: list[str] = []
    whole: list[Member] = []
    for relation, member in zip(chain.relations, chain.expressions[1:], strict=True):
        first, *others = pieces(member, tex, room - RELATION)
        whole.append(Member(f"{RELATIONS[relation]} {first}", RELATION + width(first)))
        if others:
            lines += _shared_out(whole[:-1], room)
            lines += [whole[-1].tex, *(rf"\quad {{}} {piece}" for piece in others)]
            whole = []
    lines += _shared_out(whole, room)
    for number, line in enumerate(lines or [""]):
        yield (indent if number else prefix) + line


class Member(NamedTuple):
    """A member of a chain with the relation before it, and how wide it prints."""

    tex: str
    width: float


def _shared_out(members: Sequence[Member], room: float) -> list[str]:
    """The members in as few rows as hold them, the room left in each as even as can be."""
    # of the first members: rows, squared room that is left, and where the last row begins
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(members) + 1):
        found: list[tuple[int, float, int]] = []
        used = 0.0
        for start in range(end - 1, -1, -1):
            used += members[start].width
            if used > room and start < end - 1:
                break
            count, uneven, _ = best[start]
            found.append((count + 1, uneven + (room - used) ** 2, start))
        best.append(min(found))
    rows: list[str] = []
    end = len(members)
    while end:
        start = best[end][2]
        rows.append(" ".join(member.tex for member in members[start:end]))
        end = start
    return rows[::-1]
