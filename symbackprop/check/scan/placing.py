"""A formula read becomes statements with places in the source file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from symbackprop.check.scan.macros import Macros
from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Formula
from symbackprop.check.scan.source import SourceText
from symbackprop.check.statement import Context, Origin, Place, Role, Statement
from symbackprop.expression import Apply, Chain, Expression, Name, Number, Span, Symbol
from symbackprop.latex.reader import Reading, Row, read

_BEFORE_RELATION = re.compile(r"(?:\s|&|\\\\(?:\[[^\]]{0,20}\])?|\{\}|\\(?:quad|qquad|,|;|:|!)|%[^\n]*\n)*")


_WRAPPER = re.compile(r"\\[A-Za-z]+\s*\{([^{}]*)\}")
_DEEPEST = 150
"""No part of a formula may lie deeper than this: whatever walks over a tree has to come back."""


class TooDeep(Exception):
    """A tree deeper than anything that people write."""


@dataclass(slots=True)
class Growing:
    """A chain while its rows are read: its members, and the statements that wait for the whole chain."""

    members: list[Expression]
    relations: list[str]
    number: int
    steps: int = 0
    waiting: list[Statement] = field(default_factory=list)

    def finished(self) -> Iterator[Statement]:
        chain = Chain(tuple(self.members), tuple(self.relations))
        for statement in self.waiting:
            yield replace(statement, chain=chain)
        # Only the end is kept for a display that goes on with it: chains over many displays must stay short.
        self.members, self.relations, self.waiting = self.members[-1:], [], []


class Placer:
    """Makes the statements of one formula after the other; knows the chain that a display may continue."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.formulas = 0
        self.macros = Macros()
        self.open: Growing | None = None

    def place(self, tex: MappedText, start: int, end: int) -> Place:
        """The place in the file of a part of a formula's TeX."""
        first = tex.origin(start)
        return self.source.place(first, max(first, tex.origin_end(end)))

    def unread(self, formula: Formula, context: Context) -> Statement:
        """A formula that its delimiters already spoil."""
        tex = formula.tex
        number = self.next_number()
        place = self.place(tex, 0, len(tex))
        return Statement(
            place, tex.text, _origin(formula), formula=number, context=context, problem=formula.problem,
            problem_place=place,
        )  # fmt: skip

    def statements(self, formula: Formula, context: Context, follows: bool) -> list[Statement]:
        """The statements of a formula; ``follows`` says that only white space parts it from the one before."""
        if not follows:
            self.open = None
        return list(self._statements(formula.tex, _origin(formula), context))

    def value(self, tex: MappedText, place: Place, context: Context, role: Role | None) -> list[Statement]:
        """The statements of a value given in words; none where it cannot be read."""
        self.open = None
        found = list(self._statements(tex, Origin.VALUE, context))
        if any(statement.problem is not None or statement.relation is None for statement in found):
            return []
        return [replace(statement, place=place, role=role) for statement in found]

    def next_number(self) -> int:
        """Formulas and phrases are numbered through."""
        self.formulas += 1
        return self.formulas - 1

    def _statements(self, tex: MappedText, origin: Origin, context: Context) -> Iterator[Statement]:
        tex = self.macros.expanded(tex)
        reading = read(tex.text)
        number = self.next_number()
        chains = -1
        remarks = tuple(_text(tex, span) for span in reading.remarks)
        if remarks and not reading.rows:
            yield self._only_words(tex, remarks, origin, context, number)
        for row_number, row in enumerate(reading.rows):
            if not row.continues or self.open is None:
                yield from self._close()
                chains += 1
            base = Statement(
                self.place(tex, row.span.start, row.span.end), reading.text(row), origin, formula=number,
                row=row_number, chain_number=max(chains, 0), context=context, condition=row.condition,
                remarks=remarks + tuple(_text(tex, span) for span in row.remarks),
            )  # fmt: skip
            remarks = ()
            problem = self._add_row(base, tex, reading, row)
            if problem is not None:
                yield from self._close()
                yield problem
        if self.open is not None:
            yield from self.open.finished()

    def _close(self) -> Iterator[Statement]:
        if self.open is not None:
            yield from self.open.finished()
        self.open = None

    def _only_words(
        self, tex: MappedText, remarks: tuple[str, ...], origin: Origin, context: Context, number: int
    ) -> Statement:
        """A formula without mathematics: it names something at most."""
        named = _WRAPPER.fullmatch(remarks[0])
        words = Name(
            named[1].strip() if named else remarks[0], style="text", span=Span(tex.origin(0), tex.origin_end(len(tex)))
        )
        place = self.place(tex, 0, len(tex))
        return Statement(
            place, tex.text, origin, right=words, chain=Chain((words,), ()), formula=number, context=context,
            remarks=remarks,
        )  # fmt: skip

    def _add_row(self, base: Statement, tex: MappedText, reading: Reading, row: Row) -> Statement | None:
        """Add a row to the chain that is open, or begin one; what cannot be read comes back as a statement."""
        if row.chain is None:
            assert row.problem is not None
            at = min(row.problem.offset, max(len(tex) - 1, 0))
            return replace(base, problem=row.problem.fact, problem_place=self.place(tex, at, at + 1))
        try:
            members = [moved(member, tex) for member in row.chain.expressions]
        except TooDeep:
            return replace(base, problem="this is nested too deeply to be read", problem_place=base.place)
        before = self.open if row.continues else None
        if before is None:
            growing = self.open = Growing(members, list(row.chain.relations), base.chain_number)
        else:
            growing = before
            members[0] = growing.members[-1]
            if not growing.relations:
                growing.waiting.clear()  # what stood alone in its row is the left side of this one
            growing.members += members[1:]
            growing.relations += row.chain.relations
        if not row.chain.relations:
            growing.waiting.append(replace(base, right=members[0]))
        for index, relation in enumerate(row.chain.relations):
            start = self._step_start(reading, row, index)
            end = row.spans[index + 1].end
            growing.steps += 1
            step = replace(
                base, place=self.place(tex, start, end), tex=reading.tex[start:end], step=growing.steps,
                left=members[index], relation=relation, right=members[index + 1],
            )  # fmt: skip
            growing.waiting.append(step)
        return None

    def _step_start(self, reading: Reading, row: Row, index: int) -> int:
        """A chain's first step begins with its left side, every other one with its relation."""
        if index == 0:
            return row.span.start if row.continues else row.spans[0].start
        gap = _BEFORE_RELATION.match(reading.tex, row.spans[index].end, row.spans[index + 1].start)
        return gap.end() if gap else row.spans[index].end


def _origin(formula: Formula) -> Origin:
    return Origin.DISPLAY if formula.display else Origin.INLINE


def _text(tex: MappedText, span: Span) -> str:
    return tex.text[span.start : span.end]


def moved(tree: Expression, tex: MappedText, depth: int = 0) -> Expression:
    """A tree whose spans are offsets in the formula, with spans in the source file; TooDeep where it is that."""
    if isinstance(tree, Symbol):
        return tree
    if depth > _DEEPEST:
        raise TooDeep
    span = tree.span and Span(tex.origin(tree.span.start), tex.origin_end(tree.span.end))
    if isinstance(tree, Apply):
        return Apply(tree.operator, tuple(moved(argument, tex, depth + 1) for argument in tree.arguments), span)
    if isinstance(tree, Number):
        return Number(tree.text, tree.exact, span)
    subscript = tree.subscript and moved(tree.subscript, tex, depth + 1)
    superscript = tree.superscript and moved(tree.superscript, tex, depth + 1)
    return Name(tree.head, subscript, superscript, tree.primes, tree.style, span)
