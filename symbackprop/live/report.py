"""A post beside what was found in it: each line with its verdicts in the margin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from symbackprop.check.verdict import FINDINGS, FileReport, Status, Verdict
from symbackprop.live.templates import live_template
from symbackprop.render import katex
from symbackprop.render.escaping import ESCAPES
from symbackprop.render.page import with_katex_style

SHOWN = FINDINGS | {Status.RIGHT}
"""What the margin tells; definitions and mentions claim nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; ``status`` is empty where nothing is said about it."""

    text: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A verdict, or what the same verdict says of several statements of a line."""

    status: str
    count: int
    rule: str
    message: str
    expected: str
    formula: str
    """``expected`` as it prints, where it is a formula that can be typeset"""
    from_line: int | None


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


def report_page(report: FileReport) -> str:
    """The page; words in it are escaped here, whatever a post holds."""
    escape = ESCAPES["html"]
    by_line: Mapping[int, list[Verdict]] = defaultdict(list)
    for verdict in report.verdicts:
        if verdict.status in SHOWN:
            by_line[verdict.statement.place.line].append(verdict)
    lines = tuple(
        Line(number, tuple(_pieces(text, number, report.verdicts)), tuple(_notes(by_line.get(number, ()))))
        for number, text in enumerate(report.text.split("\n"), 1)
    )
    page = live_template("report.html.j2").render(
        file=escape(PurePath(report.file).name),
        lines=lines,
        first={note.status: line.number for line in reversed(lines) for note in line.notes},
        counts={status: count for status, count in report.summary.items() if count},
        conventions={escape(key): escape(value) for key, value in report.conventions.items()},
        remarks=[(remark.place.line, escape(remark.message)) for remark in report.remarks],
    )
    return with_katex_style(page)


def _pieces(text: str, number: int, verdicts: Sequence[Verdict]) -> Iterator[Piece]:
    """The line cut where judged statements begin and end; what is found wrong covers what is right."""
    statuses = [""] * len(text)
    for verdict in sorted(verdicts, key=lambda verdict: verdict.status in FINDINGS):
        place = verdict.statement.problem_place or verdict.statement.place
        if verdict.status in SHOWN and place.line <= number <= place.end_line:
            start = place.column - 1 if number == place.line else 0
            end = place.end_column - 1 if number == place.end_line else len(text)
            statuses[start:end] = [verdict.status.value] * len(statuses[start:end])
    escape = ESCAPES["html"]
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or statuses[at] != statuses[start]:
            yield Piece(escape(text[start:at]), statuses[start])
            start = at


def _notes(verdicts: Sequence[Verdict]) -> Iterator[Note]:
    """One note for each finding; the right statements of a line are counted."""
    escape = ESCAPES["html"]
    for verdict in verdicts:
        if verdict.status is not Status.RIGHT:
            yield Note(
                verdict.status.value,
                1,
                escape(verdict.rule or ""),
                escape(verdict.message),
                escape(verdict.expected or ""),
                katex.formula(verdict.expected) or "" if verdict.expected else "",
                verdict.from_line,
            )
    right = sum(verdict.status is Status.RIGHT for verdict in verdicts)
    if right:
        yield Note(Status.RIGHT.value, right, "", "", "", "", None)
