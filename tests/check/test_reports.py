"""The report as text, as JSON and as SARIF."""

from __future__ import annotations

import io
import json
import re
from importlib.resources import files

import jsonschema
import msgspec
import pytest
from support.scanning import statements

from symbackprop.check.report.json_format import Output, render_json, schema
from symbackprop.check.report.sarif import render_sarif
from symbackprop.check.report.text import render_text, wants_color
from symbackprop.check.report.widths import excerpt, visible, width
from symbackprop.check.statement import Place
from symbackprop.check.verdict import FileReport, Remark, Report, Status, Verdict

TEXT = "误差 $E = 1$ 与 $a = b = c$\n\n$$ d\n\nwords of the text\n\n$$e = f$$\n"


def report(text: str = TEXT, file: str = "post.md", **changed: object) -> Report:
    """Each statement judged by its letter: a wrong, b inherited, the rest by whether it was read."""
    verdicts = []
    for statement in statements(text, file=file):
        verdict = Verdict(statement, Status.RIGHT if statement.read else Status.UNREAD, message=statement.problem or "")
        if statement.tex.startswith("a"):
            verdict = Verdict(statement, Status.WRONG, "sign-lost", "a minus sign is lost", "-b")
        elif statement.tex.startswith("= c"):
            verdict = Verdict(statement, Status.INHERITED, None, "the step before is wrong", None, 1)
        verdicts.append(verdict)
    values = {"conventions": {"layout": "row"}, "text": text, **changed}
    return Report((FileReport(file, tuple(verdicts), **values),))  # type: ignore[arg-type]


def test_text() -> None:
    assert render_text(report()) == (
        "post.md:1:15: wrong[sign-lost]: a minus sign is lost\n"
        " 1 | 误差 $E = 1$ 与 $a = b = c$\n"
        "   |                  ^^^^^\n"
        "   = should be: -b\n"
        "post.md:1:21: inherited: the step before is wrong\n"
        " 1 | 误差 $E = 1$ 与 $a = b = c$\n"
        "   |                        ^^^\n"
        "   = follows from line 1\n"
        "post.md:3:1: unread: '$$' is not closed: its paragraph has no '$$' that belongs to it\n"
        " 3 | $$ d\n"
        "   | ^^^^\n"
        "post.md: 4 formulas: 3 read; 2 right, 1 wrong, 1 inherited, 1 unread\n"
        "  read with layout = row\n"
    )


def test_marks_stand_below_wide_characters() -> None:
    lines = render_text(report()).split("\n")
    quoted, mark = lines[1], lines[2]
    start = mark.index("^")
    assert width(quoted[: quoted.index("a = b")]) == width(mark[:start])


def test_colours() -> None:
    painted = render_text(report(), color=True)
    assert "\x1b[1;31mwrong\x1b[0m" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == render_text(report())


def test_colours_are_wanted_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_color(Terminal())
    assert not wants_color(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color(Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_color(Terminal())


def test_several_files_end_with_a_total() -> None:
    both = Report((*report().files, FileReport("b.md", error="is not UTF-8: byte 1 cannot be decoded")))
    lines = render_text(both).splitlines()
    assert lines[-2] == "b.md: error: is not UTF-8: byte 1 cannot be decoded"
    assert lines[-1].startswith("2 files, 1 could not be checked: 4 formulas: 3 read; 2 right, 1 wrong")


def test_remarks_and_files_without_formulas() -> None:
    remark = Remark(Place("a.tex", 0, 5, 2, 3, 2, 8), "'b' is not followed")
    text = render_text(Report((FileReport("a.tex", text="\n  \\input{b}", remarks=(remark,)),)))
    assert text == "a.tex:2:3: remark: 'b' is not followed\na.tex: no formulas\n"


def test_nothing_acts_on_the_terminal() -> None:
    found = report("$a\x1b[2J = b\u202e$\n", "p\x1b]0;x\x07.md")
    assert not set(render_text(found)) & {"\x1b", "\x07", "\u202e"}
    assert visible("a\tb\x00\ud800") == "a    b\ufffd\ufffd"


@pytest.mark.parametrize(("start", "end"), [(0, 3), (500, 504), (990, 1000), (0, 1000), (400, 900)])
def test_long_lines_are_cut_around_the_place(start: int, end: int) -> None:
    line = "".join(chr(0x4E00 + number % 50) if number % 3 else "ab"[number % 2] for number in range(1000))
    text, offset, length = excerpt(line, start, end, 100)
    assert width(text) <= 104
    shown = text.strip("…")
    assert line[start] == next(character for position, character in enumerate(text) if width(text[:position]) == offset)
    assert shown in line
    assert offset + length <= width(text) + 1


def test_exit_codes() -> None:
    def code(*statuses: Status, strict: bool = False) -> int:
        (statement,) = statements("$a$")
        return Report((FileReport("a", tuple(Verdict(statement, status) for status in statuses)),)).exit_code(strict)

    lenient = {Status.WRONG, Status.INHERITED}
    strict = lenient | {Status.ROUNDING, Status.CONVENTION, Status.UNDECIDED, Status.UNREAD}
    for status in Status:
        assert code(status) == (status in lenient)
        assert code(status, strict=True) == (status in strict)
    assert code() == 0
    assert Report((FileReport("a", error="x"), *report().files)).exit_code() == 2


def test_json_follows_its_schema() -> None:
    printed = json.loads(render_json(report()))
    jsonschema.validate(printed, json.loads(schema()))
    assert list(printed) == ["version", "files"]
    (file,) = printed["files"]
    assert list(file) == ["file", "error", "conventions", "summary", "steps"]
    assert file["summary"] == {status.value: 0 for status in Status} | {
        "right": 2,
        "wrong": 1,
        "inherited": 1,
        "unread": 1,
    }
    assert file["steps"][1] == {
        "line": 1, "column": 15, "end_line": 1, "end_column": 20, "tex": "a = b", "step": 1, "status": "wrong",
        "rule": "sign-lost", "message": "a minus sign is lost", "expected": "-b", "from_line": None,
    }  # fmt: skip
    assert msgspec.json.decode(render_json(report()), type=Output).files[0].steps[2].from_line == 1


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = files("symbackprop.check.report").joinpath("report.schema.json").read_text(encoding="utf-8")
    assert published == schema()


def test_json_of_what_is_no_unicode() -> None:
    printed = json.loads(render_json(report("$a = \ud800$", "p\udcff.md")))
    assert printed["files"][0]["file"] == "p?.md"


def test_sarif() -> None:
    both = Report((*report(file="posts/a b.md").files, FileReport("c.md", error="cannot be read")))
    log = json.loads(render_sarif(both, {"sign-lost": "A sign is lost."}))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"]: rule["shortDescription"]["text"] for rule in rules}["sign-lost"] == "A sign is lost."
    assert run["columnKind"] == "unicodeCodePoints"
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == ["posts/a%20b.md", "c.md"]
    wrong, inherited, unread = run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert set(result["locations"][0]["physicalLocation"]) == {"artifactLocation", "region"}
    assert wrong["message"]["text"] == "a minus sign is lost; should be: -b"
    region = {"startLine": 1, "startColumn": 15, "endLine": 1, "endColumn": 20}
    assert wrong["locations"][0]["physicalLocation"]["region"] == region
    assert inherited["relatedLocations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert (inherited["ruleId"], unread["level"]) == ("inherited", "warning")
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "cannot be read"
