"""What a command is doing, on the terminal of a person who waits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WIDTH = 30
"""Of a bar, in characters."""


@contextmanager
def progress(start: str) -> Iterator[Callable[[str], None]]:
    """A line on standard error that names the step under way; nothing where that is no terminal."""
    shown = sys.stderr.isatty()

    def step(text: str) -> None:
        if shown:
            print(f"\r\x1b[K{text} …", end="", file=sys.stderr, flush=True)

    step(start)
    try:
        yield step
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def progress_bar(verb: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for many files, told how many of how many are done; one file alone has none."""
    with progress(verb) as step:

        def done(finished: int, of: int) -> None:
            if of > 1:
                filled = WIDTH * finished // of
                step(f"{verb} [{'█' * filled}{' ' * (WIDTH - filled)}] {finished}/{of}")

        yield done
