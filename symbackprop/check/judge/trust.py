"""Whether the meaning that a document was given fits it: where most of it fails, that meaning is more likely wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbackprop.check.verdict import Status, Verdict
from symbackprop.expression import Name, walk

MISREAD = "so much here contradicts itself that something may be read otherwise than it is meant"
OTHER_NETWORK = "the formulas do not fit the network that is given; they are judged among themselves"
FEWEST = 2
"""So many formulas must fail without a slip that explains them before a network counts as another one."""


def trusted(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts on a document that is its own model.

    Where many formulas fail and no slip explains it, the model that was made of the document is more likely at fault
    than the document: then such formulas are left open.
    """
    unexplained = [verdict for verdict in verdicts if _is_unexplained(verdict)]
    if 2 * len(unexplained) <= _right(verdicts):
        return list(verdicts)
    lines = {verdict.statement.place.line for verdict in unexplained}
    return [
        replace(verdict, status=Status.UNDECIDED, rule=None, message=MISREAD, expected=None, from_line=None)
        if _is_unexplained(verdict) or (verdict.status is Status.INHERITED and verdict.from_line in lines)
        else verdict
        for verdict in verdicts
    ]


def is_doubtful(verdicts: Sequence[Verdict]) -> bool:
    """Whether a network that was given seems not to be the one that the document is about."""
    unexplained = sum(map(_is_unexplained, verdicts))
    return unexplained >= FEWEST and 2 * unexplained > _right(verdicts)


def fits_better(own: Sequence[Verdict], given: Sequence[Verdict]) -> bool:
    """Whether a document holds among itself, and not about the network."""
    return _right(own) > _right(given) and sum(map(_is_wrong, own)) < sum(map(_is_wrong, given))


def _right(verdicts: Sequence[Verdict]) -> int:
    return sum(verdict.status in (Status.RIGHT, Status.NOTE) for verdict in verdicts)


def _is_wrong(verdict: Verdict) -> bool:
    return verdict.status in (Status.WRONG, Status.INHERITED)


def _is_unexplained(verdict: Verdict) -> bool:
    """A formula, no printed number, that is wrong without a slip that would explain it."""
    right = verdict.statement.right
    numeric = right is not None and not any(isinstance(node, Name) for node in walk(right))
    return verdict.status is Status.WRONG and verdict.rule in (None, "shape") and not numeric
