"""What a front end finds in a file: headings, paragraphs with their formulas, tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from symbackprop.check.scan.mapped import MappedText


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a paragraph: its TeX, and its stretch of the paragraph, delimiters included.

    ``problem`` says why it is none that could be read: a delimiter without its partner.
    """

    tex: MappedText
    start: int
    end: int
    display: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text with formulas. ``skipped`` are stretches that are neither: code, addresses, tags."""

    text: MappedText
    formulas: tuple[Formula, ...] = ()
    skipped: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; formulas may stand in it."""

    paragraph: Paragraph
    level: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table, row by row; where it has a header, that is the first row."""

    rows: tuple[tuple[Paragraph, ...], ...]
    header: bool = True


Piece: TypeAlias = "Heading | Paragraph | Table"
