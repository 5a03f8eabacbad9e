"""Values and results given in tables.

Three forms are known: a column of names beside a column of values; a row of names above a row of
values; a column of step counts beside a column of errors. What the titles do not say plainly is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Paragraph, Table
from symbackprop.check.scan.placing import Placer
from symbackprop.check.statement import Context, Origin, PhraseClaim, PhraseKind, Role, Statement
from symbackprop.check.values.language import LANGUAGES, NUMBER, Headers
from symbackprop.check.values.phrases import plain_number
from symbackprop.check.values.text import NAME_TEX, PLAIN_NAME, Roles, value_tex
from symbackprop.expression import Number, Span

_NUMBER = re.compile(NUMBER)
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,9}")
_NAME = re.compile(
    rf"(?=[A-Za-z]*[\d_^α-ωΑ-Ωϵ]|[A-Za-z]$|(?:alpha|beta|gamma|eta|lambda|epsilon|mu|theta|rho|lr)$){PLAIN_NAME}"
)
"""Words are no names, or every title would be one."""
_DECORATION = " \t*_`:："

Pair: TypeAlias = tuple[MappedText, MappedText, tuple[Paragraph, ...]]
"""A name, its number, and the row in which the name stands."""


@cache
def _titles(kind: str) -> re.Pattern[str]:
    words = [word for language in LANGUAGES for word in getattr(language.table, kind)]
    return re.compile("|".join(sorted(words, key=len, reverse=True)), re.IGNORECASE)


def _is_title(cell: Paragraph, kind: str) -> bool:
    """Whether a column's title (or a row's) is one of the words for ``kind``."""
    assert kind in Headers.__struct_fields__
    plain = re.sub(r"[\s$\\{}*`]|\(.*\)|（.*）|text|mathrm", "", _bare(cell).text).lower()
    spaced = _bare(cell).text.strip(_DECORATION).lower()
    return _titles(kind).fullmatch(plain) is not None or _titles(kind).fullmatch(spaced) is not None


def table_statements(table: Table, placer: Placer, context: Context) -> Iterator[Statement]:
    """The values and results of a table as statements."""
    if not table.rows:
        return
    for name, number, row in (*_down(table), *_across(table)):
        place = placer.place(number, 0, len(number))
        yield from placer.value(value_tex(name, number), place, context, _role(row))
    yield from _results(table, placer, context)


def _role(row: tuple[Paragraph, ...]) -> Role | None:
    """What the words in the row of a name call it."""
    words = " ".join(cell.text.text for cell in row)[:200]
    return Roles(words).before(len(words))


def _down(table: Table) -> Iterator[Pair]:
    """Columns in pairs: names, values."""
    header, body = (table.rows[0], table.rows[1:]) if table.header else ((), table.rows)
    columns = [
        column
        for column, title in enumerate(header)
        if _is_title(title, "value") or (not title.text.text.strip() and len(header) == 2)
    ]
    for column in columns:
        for row in body:
            if column >= len(row):
                continue
            number = _number(row[column])
            names = [name for cell in row[:column] if (name := _name(cell)) is not None]
            if number is not None and names:
                yield names[-1 if len(columns) > 1 else 0], number, row


def _across(table: Table) -> Iterator[Pair]:
    """A row of names with a row of values below it."""
    if not table.header or len(table.rows) < 2:
        return
    names = [_name(cell) for cell in table.rows[0]]
    first = 0 if names and names[0] is not None and not _is_title(table.rows[0][0], "name") else 1
    if len(names) - first < 1 or any(name is None for name in names[first:]):
        return
    rows = table.rows[1:]
    chosen = [row for row in rows if first and row and _is_title(row[0], "value")] or (rows if len(rows) == 1 else [])
    for row in chosen:
        if first and row and _name(row[0]) is not None:
            continue
        numbers = [_number(cell) for cell in row[first : len(names)]]
        for name, number in zip(names[first:], numbers, strict=False):
            if name is not None and number is not None:
                yield name, number, table.rows[0]


def _results(table: Table, placer: Placer, context: Context) -> Iterator[Statement]:
    """Errors by the number of steps."""
    header = table.rows[0]
    steps = [column for column, title in enumerate(header) if _is_title(title, "steps")]
    errors = [column for column, title in enumerate(header) if _is_title(title, "error")]
    if not table.header or len(steps) != 1 or len(errors) != 1:
        return
    for row in table.rows[1:]:
        if len(row) <= max(steps[0], errors[0]):
            continue
        count = _COUNT.fullmatch(_bare(row[steps[0]]).text)
        number = _number(row[errors[0]])
        if count is None or number is None:
            continue
        place = placer.place(number, 0, len(number))
        span = Span(place.start, place.end)
        claim = PhraseClaim(
            PhraseKind.ERROR, (Number(plain_number(number.text), span=span),), int(count[0].replace(",", "")), span
        )
        yield Statement(
            place, number.text, Origin.PROSE, formula=placer.next_number(), context=context, claim=claim
        )  # fmt: skip


def _bare(cell: Paragraph) -> MappedText:
    """What a cell holds without dollar signs or emphasis."""
    if len(cell.formulas) == 1:
        formula = cell.formulas[0]
        covered = sorted((*cell.skipped, (formula.start, formula.end)))
        starts = (0, *(end for _, end in covered))
        ends = (*(start for start, _ in covered), len(cell.text))
        rest = "".join(cell.text.text[start:end] for start, end in zip(starts, ends, strict=True))
        if not rest.strip(_DECORATION):
            return formula.tex
    text = cell.text.text
    start = len(text) - len(text.lstrip(_DECORATION))
    return cell.text.slice(start, max(start, len(text.rstrip(_DECORATION))))


def _name(cell: Paragraph) -> MappedText | None:
    bare = _bare(cell)
    pattern = NAME_TEX if cell.formulas else _NAME
    return bare if pattern.fullmatch(bare.text) and not _is_title(cell, "value") else None


def _number(cell: Paragraph) -> MappedText | None:
    bare = _bare(cell)
    return bare if _NUMBER.fullmatch(bare.text) else None
