"""What a user is told: the place, the fact, the choices.

``net.toml: layers[2].kind: unknown 'dens'; did you mean 'dense'? known: conv, dense, softmax``
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence

LONGEST_QUOTE = 60
MOST_CHOICES = 40


def quote(given: object) -> str:
    """What the user gave, in quotes: shortened, and no character that could act on a terminal."""
    text = given if isinstance(given, str) else str(given)
    if len(text) > LONGEST_QUOTE:
        text = text[: LONGEST_QUOTE - 1] + "…"
    visible = "".join(
        # Cc: control, Cf: marks that turn the writing direction, Cs: halves of surrogate pairs
        repr(character)[1:-1] if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
        for character in text
    )
    return f"'{visible}'"


class UserError(Exception):
    """Something the user can mend: ``place`` where, ``fact`` what, ``choices`` what could stand there.

    ``nearest`` is the choice that was probably meant.
    """

    exit_code = 2

    def __init__(self, place: str, fact: str, choices: Iterable[str] = (), nearest: str | None = None) -> None:
        self.place = place
        self.fact = fact
        self.choices = tuple(choices)
        self.nearest = nearest
        super().__init__(place, fact, self.choices, nearest)

    def __str__(self) -> str:
        message = f"{self.place}: {self.fact}" if self.place else self.fact
        if self.nearest is not None:
            message += f"; did you mean {quote(self.nearest)}?"
        if self.choices:
            known = ", ".join(self.choices[:MOST_CHOICES])
            more = len(self.choices) - MOST_CHOICES
            message += f"{' ' if self.nearest is not None else '; '}known: {known}"
            message += f" and {more} more" if more > 0 else ""
        return message

    def within(self, place: str) -> UserError:
        """The same error seen from outside: ``place`` goes before its own place."""
        return UserError(f"{place}: {self.place}" if self.place else place, self.fact, self.choices, self.nearest)


class UserErrors(UserError):
    """Several errors at once, one a line."""

    def __init__(self, errors: Sequence[UserError]) -> None:
        self.errors = tuple(errors)
        super().__init__("", "\n".join(map(str, self.errors)))
        self.args = (self.errors,)  # what pickling hands to __init__ on the other side

    def within(self, place: str) -> UserErrors:
        return UserErrors([error.within(place) for error in self.errors])


class VerificationError(Exception):
    """A derivation that failed its own verification: no document is written from it."""

    exit_code = 1


def nearest(given: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant, if any is close; letter case does not count."""
    by_folded = {choice.casefold(): choice for choice in choices}
    close = difflib.get_close_matches(given[:LONGEST_QUOTE].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def unknown(place: str, given: object, choices: Iterable[str], fact: str = "unknown") -> UserError:
    """The error for a name that is none of the choices."""
    known = tuple(choices)
    return UserError(place, f"{fact} {quote(given)}", known, nearest(str(given), known))


def raise_all(errors: Sequence[UserError]) -> None:
    """Raise what was gathered, if anything: all of it at once."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise UserErrors(errors)
