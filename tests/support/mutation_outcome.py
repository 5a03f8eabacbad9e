"""What the checker says of a document with one slip in it, or with one harmless change."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from traceback import format_tb
from typing import TypeVar

from support.mutation import SOUND, Added, Placed, Source, Subject
from support.mutation_controls import is_single, rewrites
from support.mutation_slips import TextSlip

from symbackprop.check.statement import Origin, Place
from symbackprop.check.verdict import NO_CLAIM, FileReport, Status, Verdict
from symbackprop.expression import Number, walk

SILENT = NO_CLAIM | {Status.RIGHT, Status.INHERITED}
UNJUDGED = frozenset({Status.UNDECIDED})
NEAR = 12
"""Characters between a change and the statement that it belongs to: what was taken out leaves a gap."""
SECONDS = 120
"""A check that takes longer counts as a miss."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one change.

    ``rule`` is that of the slip, or the name of a harmless change. ``changes``: it changes what is said.
    ``found``: something is said about the right statement; ``named``: with a right rule. ``elsewhere``: findings
    on other chains. ``said``: the verdicts on the statement; for what changes nothing, all findings.
    """

    source: Source
    rule: str
    written: str
    original: str
    line: int
    changes: bool
    found: bool
    named: bool
    said: str
    elsewhere: int
    unjudged: bool = False


def outcomes(source: Source, count: int, harmless: int, seed: int) -> Iterator[Outcome]:
    """``count`` slips, each in a document of its own, then ``harmless`` changes; rules take turns."""
    subject, draw = Subject(source), random.Random(f"{source} {seed}")
    yield _control(subject, "as it was written", subject.text, subject.report)
    made = _turns(subject.slips(draw), draw, lambda change: _slipped(subject, change), count)
    yield from made
    yield from _turns(rewrites(subject, draw), draw, lambda change: _harmless(subject, *change), harmless)


def _turns(
    pool: dict[str, list[T]], draw: random.Random, make: Callable[[T], Outcome | None], count: int
) -> Iterator[Outcome]:
    """One change of each name after the other, until there are enough."""
    names = sorted(pool)
    draw.shuffle(names)
    while count > 0 and any(pool.values()):
        for name in names:
            while pool[name] and count > 0:
                outcome = make(pool[name].pop())
                if outcome is not None:
                    count -= 1
                    yield outcome
                    break


# ---- slips ----------------------------------------------------------------------------------------


def _slipped(subject: Subject, change: Placed | Added | TextSlip) -> Outcome | None:
    if isinstance(change, TextSlip):
        text = subject.text[: change.start] + change.text + subject.text[change.end :]
        return _judged(subject, text, None, change.rule, change.rules, True)
    if isinstance(change, Added):
        whole = subject.with_added(change)
        if whole is None:
            return None
        differs = subject.meaning.differ(*change.chain.expressions) is not False
        return _judged(subject, whole, None, change.slip.rule, change.slip.rules, differs)
    site, slip = change.site, change.slip
    if isinstance(slip.tree, Number) and not slip.number:
        return None  # what is left of a line of numbers may be the right number, rounded
    text = subject.with_member(site, slip.tree)
    if text is None:
        return None
    before = _at(subject.report, _difference(text, subject.text), site.member)
    if not before or any(verdict.status not in SOUND for verdict in before):
        return None
    members = subject.chain(site).expressions
    # Another number is a change whatever it is multiplied by; another sign of it may be lost in a square.
    printed = slip.number and not slip.rule.startswith("sign-")
    changes = printed or subject.meaning.differ(members[site.member], slip.tree) is not False
    if slip.rule == "product-kind" and all(map(is_single, walk(members[site.member]))):
        changes = False  # numbers may be multiplied in any order, also where an index keeps them from being evaluated
    return _judged(subject, text, site.member, slip.rule, slip.rules, changes)


def _judged(
    subject: Subject, text: str, member: int | None, rule: str, rules: frozenset[str], changes: bool
) -> Outcome:
    report = _in_time(subject, text)
    if not changes:
        return _control(subject, f"{rule}, without effect", text, report)
    start, end = _difference(subject.text, text)
    here = _at(report, (start, end), member)
    spoken = [verdict for verdict in here if verdict.status not in SILENT]
    if rule != "undefined-symbol":
        spoken = [verdict for verdict in spoken if verdict.status not in UNJUDGED]
    lines = {verdict.statement.chain for verdict in here}
    elsewhere = [
        verdict
        for verdict in report.verdicts
        if verdict.status is Status.WRONG and verdict not in here and verdict.statement.chain not in lines
    ]
    shown = here[0].statement.tex if here else text[max(0, start - 40) : end + 40]
    return Outcome(
        subject.source, rule, shown, subject.text[max(0, start - 30) : end + 60], text.count("\n", 0, start) + 1,
        True, bool(spoken), any(verdict.rule in rules for verdict in spoken),
        report.error or "; ".join(f"{one.status} {one.rule}: {one.message}" for one in here), len(elsewhere),
    )  # fmt: skip


# ---- changes that change nothing ------------------------------------------------------------------


def _harmless(subject: Subject, name: str, text: str) -> Outcome | None:
    return _control(subject, name, text, _in_time(subject, text)) if text != subject.text else None


def _control(subject: Subject, name: str, text: str, report: FileReport) -> Outcome:
    """Any finding at all is an alarm."""
    alarms = [verdict for verdict in report.verdicts if verdict.status not in SILENT | UNJUDGED]
    unjudged = any(verdict.status in UNJUDGED for verdict in report.verdicts)
    said = report.error or "; ".join(
        f"{one.status} {one.rule}: {one.statement.tex}: {one.message}" for one in alarms[:3]
    )
    start, end = _difference(subject.text, text)
    line = text.count("\n", 0, start) + 1
    return Outcome(
        subject.source, name, text[max(0, start - 40) : end + 40], subject.text[max(0, start - 40) : end + 40], line,
        False, bool(alarms or report.error), False, said, len(alarms), unjudged,
    )  # fmt: skip


# ---- where ----------------------------------------------------------------------------------------


def _in_time(subject: Subject, text: str) -> FileReport:
    def late(signal_number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        return subject.checked(text)
    except TimeoutError:
        return FileReport(subject.source.example, error="too slow", text=text)
    except Exception as crash:  # one crash must not end thousands of checks; it counts as a miss and is told
        return FileReport(
            subject.source.example, error=f"{''.join(format_tb(crash.__traceback__)[-2:])}{crash!r}", text=text
        )
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _difference(old: str, new: str) -> tuple[int, int]:
    """The stretch of the new text that is not in the old one."""
    shortest = min(len(old), len(new))
    start = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    tail = next((place for place in range(shortest - start) if old[-1 - place] != new[-1 - place]), shortest - start)
    return start, len(new) - tail


def _at(report: FileReport, stretch: tuple[int, int], member: int | None) -> Sequence[Verdict]:
    """The displayed statements that a stretch of the text touches, or that are nearest to it.

    ``member`` picks the step of the chain: of a change of the left side, every step.
    """
    found = [
        (_distance(verdict.statement.place, *stretch), verdict)
        for verdict in report.verdicts
        if verdict.statement.origin is Origin.DISPLAY
        if not member or verdict.statement.step == member
    ]
    nearest = min((distance for distance, _ in found), default=0)
    return [verdict for distance, verdict in found if distance == nearest and distance < NEAR]


def _distance(place: Place, start: int, end: int) -> int:
    return max(0, place.start - end, start - place.end)
