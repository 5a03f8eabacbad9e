"""Posts as people write them: the verdict on each formula is the one that stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from symbackprop.api import load
from symbackprop.check.check import check
from symbackprop.check.rule import RULES
from symbackprop.check.verdict import Status, Verdict

POSTS = sorted(path for path in (Path(__file__).parent.parent / "posts").glob("*.md") if path.name != "README.md")
COMMENT = re.compile(r"<!-- expect: ([^>]*?) *-->")
SILENT = frozenset({"mention", "definition", "right"})
STATUSES = frozenset(status.value for status in Status)


@dataclass(frozen=True)
class Expected:
    """One step: the statuses that will do, and the rules, if any is asked for."""

    statuses: frozenset[str]
    rules: frozenset[str] = frozenset()

    def fits(self, verdict: Verdict) -> bool:
        return verdict.status.value in self.statuses and (not self.rules or verdict.rule in self.rules)

    def __str__(self) -> str:
        return " ".join("|".join(sorted(names)) for names in (self.statuses, self.rules) if names)


SILENCE = Expected(SILENT)


@dataclass(frozen=True)
class Judged:
    """A formula of a post with what is said about its steps and what should be."""

    verdicts: tuple[Verdict, ...]
    expected: tuple[Expected, ...] | None

    @property
    def failures(self) -> Iterator[str]:
        wanted = self.expected if self.expected is not None else (SILENCE,) * len(self.verdicts)
        if len(wanted) != len(self.verdicts):
            yield f"{_where(self.verdicts[0])}: {len(self.verdicts)} steps, {len(wanted)} expected: {self.verdicts[0].statement.tex}"
        for verdict, expected in zip(self.verdicts, wanted, strict=False):
            if not expected.fits(verdict):
                said = f"{verdict.status.value} {verdict.rule or ''} ({verdict.message})"
                yield f"{_where(verdict)}: {verdict.statement.tex}\n    expected {expected}, got {said}"


@cache
def judged(path: Path) -> tuple[Judged, ...]:
    """Every formula of a post, in reading order, with what stands beside it."""
    text = path.read_text(encoding="utf-8")
    verdicts = check(text, _network(text)).verdicts
    found: list[Judged] = []
    comments = [(match.start(), _expected(match[1])) for match in COMMENT.finditer(text)]
    groups = [tuple(group) for _, group in groupby(verdicts, key=lambda verdict: verdict.statement.formula)]
    ends = [max(verdict.statement.place.end for verdict in group) for group in groups]
    owners = {
        max((number for number, end in enumerate(ends) if end <= start), default=-1): expected
        for start, expected in comments
    }
    assert len(owners) == len(comments), f"{path.name}: two comments behind one formula"
    assert -1 not in owners, f"{path.name}: a comment before every formula"
    for number, group in enumerate(groups):
        found.append(Judged(group, owners.get(number)))
    return tuple(found)


def _network(text: str) -> object:
    match = re.match(r"---\n(?:.*\n)*?symbackprop: (.*)\n", text)
    return load(match[1].strip()) if match else None


def _expected(text: str) -> tuple[Expected, ...]:
    found: list[Expected] = []
    for word in text.split():
        names = frozenset(word.split("|"))
        if names <= STATUSES:
            found.append(Expected(names))
        else:
            unknown = names - set(RULES.names())
            assert found, f"no status before the rule: {word}"
            assert not unknown, f"no status and no rule: {word}"
            found[-1] = Expected(found[-1].statuses, names)
    return tuple(found)


def _where(verdict: Verdict) -> str:
    return f"line {verdict.statement.place.line}"


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_every_formula_has_the_verdict_that_stands_beside_it(path: Path) -> None:
    failures = [failure for formula in judged(path) for failure in formula.failures]
    assert not failures, "\n".join([path.name, *failures])


def test_nothing_right_is_called_wrong() -> None:
    """A false alarm is as bad as a miss: a step that may be right is never called wrong."""
    alarms = [
        f"{path.name} {_where(verdict)}: {verdict.statement.tex}: {verdict.message}"
        for path in POSTS
        for formula in judged(path)
        for verdict, expected in zip(
            formula.verdicts, formula.expected or (SILENCE,) * len(formula.verdicts), strict=False
        )
        if expected.statuses & SILENT and verdict.status in (Status.WRONG, Status.INHERITED)
    ]
    assert not alarms, "\n".join(alarms)


def test_the_posts_cover_languages_and_slips() -> None:
    """English and Chinese posts, most without a network, and at least half of the rules."""
    texts = [path.read_text(encoding="utf-8") for path in POSTS]
    chinese = sum(bool(re.search("[一-鿿]", text)) for text in texts)
    rules = {
        rule
        for path in POSTS
        for formula in judged(path)
        for expected in formula.expected or ()
        for rule in expected.rules
    }
    assert len(texts) >= 24
    assert chinese >= 8
    assert sum(_network(text) is None for text in texts) >= len(texts) / 2
    assert len(rules) >= len(RULES.names()) / 2


def test_an_update_before_the_weight_is_used_up_says_what_follows_from_it() -> None:
    path = next(path for path in POSTS if path.stem == "update_in_the_loop")
    notes = [verdict for formula in judged(path) for verdict in formula.verdicts if verdict.status is Status.NOTE]
    (user,) = (
        verdict.statement.place.line
        for formula in judged(path)
        for verdict in formula.verdicts
        if "m-1}(" in verdict.statement.tex
    )
    assert [f"line {user} then sends the error back" in verdict.message for verdict in notes] == [True]
