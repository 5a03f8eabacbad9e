"""The report for programs. The structures here are the format; its JSON Schema is made from them.

A change that would break a reader of the format gets a new ``version``.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from symbackprop.check.verdict import FileReport, Report, Status, Verdict

Counting = Annotated[int, msgspec.Meta(ge=1)]


class Step(msgspec.Struct, frozen=True):
    """The verdict on one step of one chain.

    Lines and columns count from 1 in characters of the source file; ``end_column`` is exclusive.
    ``step`` counts from 1 in its chain.
    """

    line: Counting
    column: Counting
    end_line: Counting
    end_column: Counting
    tex: str
    step: Counting
    status: Status
    rule: str | None
    message: str
    expected: str | None
    from_line: Counting | None


class File(msgspec.Struct, frozen=True):
    """One file. ``error`` says why it could not be checked; ``summary`` counts the steps of each status."""

    file: str
    error: str | None
    conventions: dict[str, str]
    summary: dict[Status, int]
    steps: list[Step]


class Output(msgspec.Struct, frozen=True):
    """What ``symbackprop check --format json`` prints."""

    version: Literal[1]
    files: list[File]


def render_json(report: Report) -> str:
    """The report as JSON, indented, ending with a line feed."""
    output = Output(1, [_file(file) for file in report.files])
    return msgspec.json.format(msgspec.json.encode(output), indent=2).decode() + "\n"


def schema() -> str:
    """The JSON Schema of the format, as published beside this module."""
    described = msgspec.json.schema(Output)
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "symbackprop check", **described}
    return msgspec.json.format(msgspec.json.encode(described, order="sorted"), indent=2).decode() + "\n"


def _file(file: FileReport) -> File:
    counts = {Status(status): count for status, count in file.summary.items()}
    return File(_text(file.file), file.error, dict(file.conventions), counts, [_step(item) for item in file.verdicts])


def _step(verdict: Verdict) -> Step:
    statement = verdict.statement
    place = statement.place
    return Step(
        place.line, place.column, place.end_line, place.end_column, _text(statement.tex), statement.step,
        verdict.status, verdict.rule, _text(verdict.message), verdict.expected, verdict.from_line,
    )  # fmt: skip


def _text(text: str) -> str:
    """Halves of surrogate pairs cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
