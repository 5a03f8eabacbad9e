"""What reading a formula gives: rows with their chains, or the problem that stopped the reading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symbackprop.expression import Chain, Span


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was not read.

    ``kind`` is one word for programs ("unbalanced", "words", "command", "missing", "empty", "depth", "length", ...),
    ``fact`` says it to a reader, ``offset`` is the place in the text.
    """

    kind: str
    fact: str
    offset: int


@dataclass(frozen=True, slots=True)
class Row:
    """One formula of a display: a line of it, or a part of a line that stands for itself.

    ``span`` is all of it; ``spans`` are those of the chain's members. ``continues`` says that the row begins with a
    relation: its first member is then the last member of the row before (the empty name where there is none).
    ``condition`` says that it follows a word such as "if" or "for", or gives the range of an index: it claims nothing.
    ``remarks`` are words beside the formula that were looked through. A row has a chain or a problem, never neither.
    """

    span: Span
    chain: Chain | None
    spans: tuple[Span, ...] = ()
    problem: Problem | None = None
    continues: bool = False
    condition: bool = False
    remarks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows of one formula, and the words in it that belong to no row."""

    tex: str
    rows: tuple[Row, ...]
    remarks: tuple[Span, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether every row was read."""
        return all(row.problem is None for row in self.rows)

    @property
    def statements(self) -> tuple[Row, ...]:
        """The rows with every continued chain joined to the row it continues."""
        joined: list[Row] = []
        for row in self.rows:
            before = joined[-1] if joined else None
            if row.continues and row.chain is not None and before is not None and before.chain is not None:
                chain = Chain(
                    before.chain.expressions + row.chain.expressions[1:], before.chain.relations + row.chain.relations
                )
                joined[-1] = replace(
                    before,
                    span=Span(before.span.start, row.span.end),
                    chain=chain,
                    spans=before.spans + row.spans[1:],
                    remarks=before.remarks + row.remarks,
                )
            else:
                joined.append(row)
        return tuple(joined)

    def text(self, row: Row) -> str:
        """The TeX of a row."""
        return self.tex[row.span.start : row.span.end]
