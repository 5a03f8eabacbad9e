"""One task: what it may use, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from symbackprop.errors import UserError, VerificationError

Task = TypeVar("Task")
Result = TypeVar("Result")

SECONDS, MEGABYTES = 60.0, 2048
"""What a file from a stranger may use where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process of one task may use; None: as much as it likes.

    ``seconds`` is when it is ended from outside. ``megabytes`` bounds its address space, where the
    system knows such a bound.
    """

    seconds: float | None = None
    megabytes: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What became of one task: its ``value``, or the ``error`` that ended it."""

    number: int
    value: Result | None = None
    error: Exception | None = None


def attempt(function: Callable[[Task], Result], number: int, task: Task) -> Outcome[Result]:
    """Do a task; whatever it raises is its outcome."""
    try:
        return Outcome(number, function(task))
    except (UserError, VerificationError) as error:
        return Outcome(number, error=error)
    except MemoryError:
        return Outcome(number, error=UserError("", "needs more memory than it may have"))
    except Exception as error:  # a mistake of ours must not take the other files with it
        return Outcome(number, error=_internal(error))


def _internal(error: Exception) -> UserError:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" ({place.tb_frame.f_code.co_filename}:{place.tb_lineno})" if place is not None else ""
    return UserError("", f"a mistake in symbackprop: {type(error).__name__}: {error}{where}")
