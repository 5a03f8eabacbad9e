"""Rows of a table as texts: those of an array's entries column by column, as far as they differ in indices alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from symbackprop.document.blocks import Inline
from symbackprop.document.rows import EntryRows, JoinedRows, Row
from symbackprop.expression import Chain, Expression
from symbackprop.render.inline import MATHEMATICS, Words

EveryTeX: TypeAlias = Callable[["Expression | Chain", Mapping[str, int]], "list[str] | None"]
"""Spells a formula with numbers for its letters, all that there are; None where it cannot be done at once."""


def row_texts(words: Words, rows: Sequence[Row], every: EveryTeX | None) -> list[tuple[str, ...]]:
    """The cells of every row."""
    if isinstance(rows, JoinedRows):
        return [texts for part in rows.parts for texts in row_texts(words, part, every)]
    if isinstance(rows, EntryRows) and every is not None and rows.general is not None and rows:
        columns = [_column(words, rows, cell, every) for cell in rows.general]
        known = [column for column in columns if column is not None]
        ends = [tuple(map(words.cell, row)) for row in rows.ends]
        # brackets and spaces must not depend on the indices: the rows at both ends show it
        if len(known) == len(columns) and ends == [tuple(column[at] for column in known) for at in (0, -1)]:
            return list(zip(*known, strict=True))
    return [tuple(map(words.cell, row)) for row in rows]


def _column(words: Words, rows: EntryRows, cell: Inline, every: EveryTeX) -> list[str] | None:
    """The cells of a column by the one of any entry."""
    if not isinstance(cell, MATHEMATICS):
        return [words.cell(cell)] * len(rows)
    found = every(cell, rows.sizes)
    return None if found is None else words.formulas_in_cells(found[rows.first :])
