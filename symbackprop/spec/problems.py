"""The mistakes found in a spec: gathered, and bounded in number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symbackprop.errors import UserError, raise_all, unknown

MOST_PROBLEMS = 100
"""More than anyone reads; a file of nothing but mistakes must not take minutes to answer."""


class Problems:
    """Mistakes in the order in which they were found; beyond ``MOST_PROBLEMS`` they are only counted."""

    def __init__(self) -> None:
        self.found: list[UserError] = []
        self.hidden = 0

    @property
    def count(self) -> int:
        return len(self.found) + self.hidden

    @property
    def full(self) -> bool:
        return len(self.found) >= MOST_PROBLEMS

    def add(self, place: str, fact: str, choices: Iterable[str] = ()) -> None:
        """One mistake, with what could stand there instead."""
        if self.full:
            self.hidden += 1
        else:
            self.found.append(UserError(place, fact, choices))

    def unknown(self, place: str, given: object, choices: Iterable[str], fact: str = "unknown") -> None:
        """A name that is none of the choices; the nearest one is proposed."""
        if self.full:
            self.hidden += 1
        else:
            self.found.append(unknown(place, given, choices, fact))

    def extend(self, errors: Iterator[UserError]) -> None:
        """Take over what a check yields; the check is left as soon as there is no room."""
        for error in errors:
            if self.full:
                self.hidden += 1
                return
            self.found.append(error)

    def report(self, place: str) -> None:
        """Raise all of it at once, if there is any, with ``place`` (the file) before each."""
        errors = [error.within(place) for error in self.found]
        if self.hidden:
            errors.append(UserError(place, f"and at least {self.hidden:,} more mistakes"))
        raise_all(errors)
