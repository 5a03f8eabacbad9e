"""The time that a check may take: whatever can take long asks ``check_time`` as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class TimeIsUp(Exception):
    """The time limit was reached; its text says which one."""


_DEADLINE: ContextVar[tuple[float, float] | None] = ContextVar("deadline", default=None)
"""(when it is reached, the limit), both in seconds."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Within, ``check_time`` raises ``TimeIsUp`` once so many seconds are over; None: never."""
    token = _DEADLINE.set(None if seconds is None else (monotonic() + seconds, seconds))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def check_time() -> None:
    """TimeIsUp where the time limit is reached."""
    deadline = _DEADLINE.get()
    if deadline is not None and monotonic() >= deadline[0]:
        raise TimeIsUp(f"the time limit of {deadline[1]:g} s was reached")
