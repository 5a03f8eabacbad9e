"""All statements of a source text, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from symbackprop.check.deadline import check_time
from symbackprop.check.frontends.choice import front_end
from symbackprop.check.scan.pieces import Formula, Heading, Paragraph, Piece, Table
from symbackprop.check.scan.placing import Placer
from symbackprop.check.scan.source import Extract, SourceText
from symbackprop.check.scan.telling import told_words, without_tags
from symbackprop.check.statement import Context, Statement
from symbackprop.check.values.phrases import phrase_statements
from symbackprop.check.values.tables import table_statements
from symbackprop.check.values.text import value_statements
from symbackprop.expression import Number

_BEFORE = 300
_AFTER = 200


def extract_of(source: SourceText) -> Extract:
    """What the file says to the checker itself, and what of it was not followed."""
    return front_end(source.kind).extract(source)


def statements_of(source: SourceText) -> list[Statement]:
    """Every formula, every value and every phrase with numbers, step by step."""
    placer = Placer(source)
    if source.kind == "latex":
        placer.macros.learn(source.text)  # the preamble, which is not among the pieces
    collector = Collector(placer)
    for piece in front_end(source.kind).pieces(source):
        collector.take(piece)
    return collector.found


@dataclass(slots=True)
class Collector:
    """Takes the pieces one after the other and remembers the words that lead to the next."""

    placer: Placer
    found: list[Statement] = field(default_factory=list)
    heading: str = ""
    before: str = ""
    """The paragraph above."""

    def take(self, piece: Piece) -> None:
        check_time()
        if isinstance(piece, Heading):
            self._heading(piece)
        elif isinstance(piece, Table):
            self._table(piece)
        else:
            self._paragraph(piece)

    def _heading(self, heading: Heading) -> None:
        self.heading = heading.paragraph.text.text.strip()[:_AFTER]
        self._paragraph(heading.paragraph)
        self.before = ""

    def _table(self, table: Table) -> None:
        header = table.rows[0] if table.header and table.rows else ()
        for row in table.rows:
            first = row[0].text.text if row else ""
            for column, cell in enumerate(row):
                title = header[column].text.text if column < len(header) else ""
                self._formulas(cell, f"{title} | {first}" if row is not header else "")
        self.found.extend(table_statements(table, self.placer, Context(self.heading, self.before)))
        self.placer.open = None

    def _paragraph(self, paragraph: Paragraph) -> None:
        first = len(self.found)
        self._formulas(paragraph, self.before)
        values = list(value_statements(paragraph, self.placer, self.heading))
        given = frozenset(
            value.right.span.start for value in values if isinstance(value.right, Number) and value.right.span
        )
        self.found.extend(values)
        self.found.extend(phrase_statements(paragraph, self.placer, self.heading, given))
        self.found[first:] = sorted(self.found[first:], key=lambda statement: statement.place.start)
        if not self._is_only_formulas(paragraph):
            self.before = told_words(paragraph)[0][-_BEFORE:].strip()

    def _formulas(self, paragraph: Paragraph, above: str) -> None:
        text = paragraph.text.text
        told, places = told_words(paragraph)
        last = 0
        for formula, (start, end) in zip(paragraph.formulas, places, strict=True):
            follows = not text[last : formula.start].strip() and formula.display
            before = told[max(0, start - _BEFORE) : start].strip()
            context = Context(self.heading, before or above, told[end : end + _AFTER].strip())
            self.found.extend(self._read(formula, context, follows))
            last = formula.end
        if text[last:].strip():
            self.placer.open = None

    def _read(self, formula: Formula, context: Context, follows: bool) -> Iterable[Statement]:
        if formula.problem is not None:
            self.placer.open = None
            return (self.placer.unread(formula, context),)
        return self.placer.statements(formula, context, follows)

    def _is_only_formulas(self, paragraph: Paragraph) -> bool:
        return bool(paragraph.formulas) and not without_tags("".join(_words(paragraph))).strip()


def _words(paragraph: Paragraph) -> Iterator[str]:
    last = 0
    for formula in paragraph.formulas:
        yield paragraph.text.text[last : formula.start]
        last = formula.end
    yield paragraph.text.text[last:]
