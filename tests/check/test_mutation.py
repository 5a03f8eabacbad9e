"""A slice of the evidence in ``docs/mutation.md``: slips in generated documents are found and named, the rest is silent.

``python benchmarks/mutation.py`` makes all of it.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.mutation import Source, Subject
from support.mutation_outcome import Outcome, outcomes
from support.mutation_table import Evidence, Figures, page

from symbackprop.check.rule import RULES
from symbackprop.check.verdict import FileReport

SOURCES = (
    Source("mazur", "mazur", "en", "md"),
    Source("softmax", "softmax", "zh", "tex"),
    Source("weight-share", "nielsen", "en", "tex"),
)
SLIPS, CONTROLS, SEED = 9, 3, 3
FOUND, NAMED = 0.96, 0.8
"""The aims are 0.99 and 0.85 of thousands; in a sample of two dozen, one slip more or less makes four per cent."""


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence([outcome for source in SOURCES for outcome in outcomes(source, SLIPS, CONTROLS, SEED)])


def told(outcomes: list[Outcome]) -> str:
    return "\n".join(f"{one.rule}: {one.source} line {one.line}: {one.written!r}: {one.said}" for one in outcomes)


def test_slips_are_found_where_they_stand(evidence: Evidence) -> None:
    assert evidence.total.made > 20
    assert evidence.total.found_share >= FOUND, told([one for one in evidence.slips if not one.found])


def test_slips_are_named(evidence: Evidence) -> None:
    assert evidence.total.named_share >= NAMED, told([one for one in evidence.slips if not one.named])


def test_what_changes_nothing_raises_no_alarm(evidence: Evidence) -> None:
    assert len(evidence.controls) > len(SOURCES) * CONTROLS
    assert not evidence.alarms, told(evidence.alarms)


def test_every_slip_is_one_that_the_checker_explains() -> None:
    subject = Subject(SOURCES[0])
    rules = set(subject.slips(random.Random(1)))
    assert rules <= set(RULES.names())
    assert {"free-index", "shape"} <= set(Subject(SOURCES[1]).slips(random.Random(1)))
    assert "delta-redefined" in rules
    assert len(rules) > 20


def test_a_checker_that_sees_nothing_gets_no_credit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures come from the report, so they can be bad."""
    report = Subject(SOURCES[1]).report
    monkeypatch.setattr(Subject, "checked", lambda self, text: FileReport("", report.verdicts, text=text))
    found = Evidence(list(outcomes(SOURCES[1], 4, 1, SEED)))
    assert found.total == Figures(4, 0, 0)


def test_the_page_shows_the_figures(evidence: Evidence) -> None:
    text = page(evidence, 110, "0.0", "--slips 16", "2026-01-01")
    assert evidence.total.row("**all**") in text
    assert "| **all** |" in text.partition("## Controls")[2]


def test_the_published_page_is_one_of_these(root: Path) -> None:
    text = (root / "docs" / "mutation.md").read_text(encoding="utf-8")
    assert all(line in text for line in ("| rule | made | found |", "## Controls", "python benchmarks/mutation.py"))
