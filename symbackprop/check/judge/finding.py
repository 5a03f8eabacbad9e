"""What the judge finds on one step, before it is tied to its statement."""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.check.verdict import Status
from symbackprop.expression import Expression, Number

FAILED = frozenset({Status.WRONG, Status.INHERITED, Status.CONVENTION})


@dataclass(frozen=True, slots=True)
class Finding:
    """A status with the rule that explains it; see ``Verdict`` for the fields."""

    status: Status
    rule: str | None = None
    message: str = ""
    expected: str | None = None
    from_line: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the step may be built on."""
        return self.status in (Status.RIGHT, Status.NOTE, Status.ROUNDING, Status.DEFINITION)


RIGHT = Finding(Status.RIGHT)


UNDEFINED = "not defined here: "
"""How the reason begins where a symbol has no meaning."""


def undecided(reason: str) -> Finding:
    return Finding(Status.UNDECIDED, "undefined-symbol" if reason.startswith(UNDEFINED) else None, reason)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number that the document printed for a quantity, and what became of it."""

    tree: Expression
    number: Number
    status: Status
    line: int


@dataclass(slots=True)
class Ledger:
    """All numbers printed so far, in reading order."""

    entries: list[Printed]

    def add(self, printed: Printed) -> None:
        self.entries.append(printed)

    def quoted(self, number: Number) -> Printed | None:
        """The latest earlier print of these digits, with either sign, that was not simply right."""
        for entry in reversed(self.entries):
            if abs(entry.number.value) == abs(number.value) and entry.status is not Status.RIGHT:
                return entry
        return None

    @property
    def faulty(self) -> list[Printed]:
        """The numbers that were wrong, the latest first."""
        return [entry for entry in reversed(self.entries) if entry.status in (Status.WRONG, Status.INHERITED)]
