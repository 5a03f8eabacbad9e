"""What is said about a statement, and about whole files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from symbackprop.check.statement import Origin, Place, Statement


class Status(StrEnum):
    """How a statement was found to be, from nothing said to nothing understood."""

    MENTION = "mention"
    """No claim: a lone symbol or expression."""
    DEFINITION = "definition"
    """Gives its left side a meaning."""
    RIGHT = "right"
    NOTE = "note"
    """Right, but written in a way to be mended: run together, spelled in two ways."""
    ROUNDING = "rounding"
    """Right from rounded or truncated intermediates, or off by one in the last digit."""
    CONVENTION = "convention"
    """Right only under another convention than the document's."""
    WRONG = "wrong"
    INHERITED = "inherited"
    """Follows correctly from an earlier wrong statement."""
    UNDECIDED = "undecided"
    """Read, but it cannot be judged."""
    UNREAD = "unread"
    """Not understood as mathematics."""


NO_CLAIM = frozenset({Status.MENTION, Status.DEFINITION})
FAILING = frozenset({Status.WRONG, Status.INHERITED})
"""What makes a check fail."""
FAILING_STRICTLY = FAILING | {Status.ROUNDING, Status.CONVENTION, Status.UNDECIDED, Status.UNREAD}
"""What makes it fail with ``--strict``."""
FINDINGS = FAILING_STRICTLY | {Status.NOTE}
"""What a report shows one by one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A statement judged.

    ``rule`` names the slip (the name that ``explain`` knows) or is None; ``message`` is one sentence
    that states the fact, without a full stop; ``expected`` is what should stand there, as TeX or as
    digits; ``from_line`` is the line of the wrong statement from which an inherited one follows.
    """

    statement: Statement
    status: Status
    rule: str | None = None
    message: str = ""
    expected: str | None = None
    from_line: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a file that is no statement: a part that was not followed, say."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """All verdicts on one file, in reading order.

    ``error`` says why the file could not be checked at all. ``conventions`` are those that the
    document was read under, by their keys. ``text`` is the source, to quote lines from.
    """

    file: str
    verdicts: tuple[Verdict, ...] = ()
    conventions: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    text: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """How many statements have each status; every status is there, in the enumeration's order."""
        counts = Counter(verdict.status for verdict in self.verdicts)
        return {status.value: counts[status] for status in Status}

    @property
    def formulas(self) -> int:
        """How many formulas the file holds, displayed and inline."""
        return len(set(self._formulas()))

    @property
    def formulas_read(self) -> int:
        """How many of them were read without a gap."""
        return self.formulas - len(set(self._formulas(unread=True)))

    def _formulas(self, unread: bool = False) -> Iterator[int]:
        for verdict in self.verdicts:
            statement = verdict.statement
            if statement.origin in (Origin.DISPLAY, Origin.INLINE) and (not unread or verdict.status is Status.UNREAD):
                yield statement.formula


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check over any number of files."""

    files: tuple[FileReport, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All verdicts of all files, in order."""
        return tuple(verdict for file in self.files for verdict in file.verdicts)

    @property
    def summary(self) -> dict[str, int]:
        """The counts of all files together."""
        counts = Counter(verdict.status for verdict in self.verdicts)
        return {status.value: counts[status] for status in Status}

    def exit_code(self, strict: bool = False) -> int:
        """0: nothing wrong; 1: wrong or inherited (``strict`` counts more); 2: a file could not be checked."""
        if any(file.error is not None for file in self.files):
            return 2
        failing = FAILING_STRICTLY if strict else FAILING
        return int(any(verdict.status in failing for verdict in self.verdicts))
