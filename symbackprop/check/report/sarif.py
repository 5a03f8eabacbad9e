"""The report for code review: SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from symbackprop import __version__
from symbackprop.check.statement import Place
from symbackprop.check.verdict import FINDINGS, FileReport, Report, Status, Verdict

_LEVELS: Mapping[Status, str] = {
    Status.WRONG: "error",
    Status.INHERITED: "error",
    Status.CONVENTION: "warning",
    Status.ROUNDING: "warning",
    Status.UNREAD: "warning",
    Status.NOTE: "note",
    Status.UNDECIDED: "note",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(report: Report, descriptions: Mapping[str, str] | None = None) -> str:
    """The findings as a SARIF log; ``descriptions`` says what each rule finds, by its name."""
    described = descriptions or {}
    findings = [verdict for verdict in report.verdicts if verdict.status in FINDINGS]
    names = sorted({_rule(verdict) for verdict in findings})
    driver = {
        "name": "symbackprop",
        "version": __version__,
        "rules": [{"id": name, "shortDescription": {"text": described.get(name, name)}} for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": all(file.error is None for file in report.files),
                "toolExecutionNotifications": list(_notifications(report)),
            }
        ],
        "artifacts": [{"location": {"uri": _uri(file.file)}} for file in report.files],
        "results": [_result(verdict, names) for verdict in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(verdict: Verdict) -> str:
    """Every result has a rule; a finding without one goes by its status."""
    return verdict.rule or verdict.status.value


def _result(verdict: Verdict, names: list[str]) -> dict[str, Any]:
    statement = verdict.statement
    name = _rule(verdict)
    message = verdict.message or name
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": names.index(name),
        "level": _LEVELS[verdict.status],
        "message": {"text": message + (f"; should be: {verdict.expected}" if verdict.expected is not None else "")},
        "locations": [{"physicalLocation": _location(statement.place)}],
        "properties": {"status": verdict.status.value, "step": statement.step, "tex": statement.tex},
    }
    if verdict.from_line is not None:
        source = {
            "physicalLocation": {
                "artifactLocation": {"uri": _uri(statement.place.file)},
                "region": {"startLine": verdict.from_line},
            },
            "message": {"text": "the mistake that this follows from"},
        }
        result["relatedLocations"] = [source]
    return result


def _location(place: Place) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {"artifactLocation": {"uri": _uri(place.file)}, "region": region}


def _notifications(report: Report) -> Iterator[dict[str, Any]]:
    for file in report.files:
        if file.error is not None:
            yield {
                "level": "error",
                "message": {"text": file.error},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(file.file)}}}],
            }
        yield from _remarks(file)


def _remarks(file: FileReport) -> Iterator[dict[str, Any]]:
    for remark in file.remarks:
        yield {
            "level": "note",
            "message": {"text": remark.message},
            "locations": [{"physicalLocation": _location(remark.place)}],
        }


def _uri(file: str) -> str:
    """A relative reference; the separators of Windows paths become slashes."""
    return quote(file.encode("utf-8", "replace").decode().replace("\\", "/"), safe="/:") if file != "-" else "stdin"
