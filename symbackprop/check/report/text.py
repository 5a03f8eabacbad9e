"""The report for people: each finding with its line and a mark below the place, then a summary."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO

from symbackprop.check.report.widths import excerpt, visible
from symbackprop.check.statement import Place
from symbackprop.check.verdict import FINDINGS, FileReport, Report, Status, Verdict

_COLUMNS = 100
_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_BLUE = "\x1b[34m"
_COLORS: dict[Status, str] = {
    Status.WRONG: "\x1b[1;31m",
    Status.INHERITED: "\x1b[31m",
    Status.CONVENTION: "\x1b[33m",
    Status.ROUNDING: "\x1b[33m",
    Status.NOTE: "\x1b[36m",
    Status.UNDECIDED: "\x1b[35m",
    Status.UNREAD: "\x1b[1;35m",
}
_BRIEF = frozenset({Status.UNDECIDED})
"""Shown in one line: nothing there needs to be mended."""


def wants_color(stream: IO[str]) -> bool:
    """Whether to colour: a terminal, and no one who asked for none (NO_COLOR, TERM=dumb)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def render_text(report: Report, color: bool = False) -> str:
    """All findings of all files, and what was read and found in each."""
    painter = Painter(color)
    parts: list[str] = []
    for file in report.files:
        parts += painter.file(file)
    if len(report.files) > 1:
        parts.append(painter.total(report))
    return "\n".join(parts) + "\n"


class Painter:
    """Lays out findings, with colours or without."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def file(self, file: FileReport) -> Iterator[str]:
        if file.error is not None:
            error = self._paint(_COLORS[Status.WRONG], "error")
            yield f"{self._bold(visible(file.file))}: {error}: {visible(file.error)}"
            return
        lines = file.text.split("\n")
        for verdict in file.verdicts:
            if verdict.status in FINDINGS:
                yield from self._finding(verdict, lines)
        for remark in file.remarks:
            yield f"{self._bold(_position(remark.place))}: remark: {visible(remark.message)}"
        yield self._summary(file)

    def total(self, report: Report) -> str:
        formulas = sum(file.formulas for file in report.files)
        read = sum(file.formulas_read for file in report.files)
        failed = sum(file.error is not None for file in report.files)
        unchecked = f", {failed} could not be checked" if failed else ""
        return f"{_counted(len(report.files), 'file')}{unchecked}: {_read(formulas, read)}; {_counts(report.summary)}"

    def _finding(self, verdict: Verdict, lines: list[str]) -> Iterator[str]:
        statement = verdict.statement
        place = statement.problem_place or statement.place
        status = self._paint(_COLORS[verdict.status], verdict.status.value)
        rule = f"[{verdict.rule}]" if verdict.rule else ""
        yield f"{self._bold(_position(place))}: {status}{rule}: {visible(verdict.message)}"
        if verdict.status in _BRIEF:
            return
        if place.line <= len(lines):
            yield from self._quoted(place, lines[place.line - 1], _COLORS[verdict.status])
        margin = self._paint(_BLUE, " " * len(str(place.line)) + "  =")
        if verdict.expected is not None:
            yield f"{margin} should be: {visible(verdict.expected)}"
        if verdict.from_line is not None:
            yield f"{margin} follows from line {verdict.from_line}"

    def _quoted(self, place: Place, line: str, color: str) -> Iterator[str]:
        start = min(place.column - 1, len(line))
        end = place.end_column - 1 if place.end_line == place.line else len(line)
        text, offset, length = excerpt(line, start, max(start, min(end, len(line))), _COLUMNS)
        number = str(place.line)
        bar = self._paint(_BLUE, " |")
        yield f" {self._paint(_BLUE, number)}{bar} {text}".rstrip()
        yield f" {' ' * len(number)}{bar} {' ' * offset}{self._paint(color, '^' * length)}"

    def _summary(self, file: FileReport) -> str:
        text = f"{self._bold(visible(file.file))}: {_read(file.formulas, file.formulas_read)}"
        counts = _counts(file.summary)
        text += f"; {counts}" if counts else ""
        if file.conventions:
            text += "\n  read with " + ", ".join(f"{key} = {visible(value)}" for key, value in file.conventions.items())
        return text

    def _paint(self, color: str, text: str) -> str:
        return f"{color}{text}{_RESET}" if self.color else text

    def _bold(self, text: str) -> str:
        return self._paint(_BOLD, text)


def _position(place: Place) -> str:
    return f"{visible(place.file)}:{place.line}:{place.column}"


def _read(formulas: int, read: int) -> str:
    if not formulas:
        return "no formulas"
    return f"{_counted(formulas, 'formula')}: {'all' if read == formulas else read} read"


def _counts(summary: dict[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in summary.items() if count)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
