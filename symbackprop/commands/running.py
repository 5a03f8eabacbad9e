"""How a command runs over many files: the options, the executor that they choose."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from symbackprop.errors import UserError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from symbackprop.workers.tasks import Limits

PATIENCE = 30
"""Seconds in which a scheduler must answer."""


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--jobs", type=at_least_one, metavar="N", help="files at a time (as many as there are cores)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="run on the Dask cluster with this scheduler")


def configure_limits(parser: ArgumentParser, limits: Limits, *, late: str, greedy: str) -> None:
    """The options for what one file may use: where there is none, ``limits``; what becomes of one that needs more."""
    parser.add_argument(
        "--time-limit", type=seconds, default=limits.seconds, metavar="SECONDS",
        help=f"for each file; {late} ({_or_none(limits.seconds)})",
    )  # fmt: skip
    parser.add_argument(
        "--memory-limit", type=megabytes, default=limits.megabytes, metavar="MB",
        help=f"for each file; {greedy} ({_or_none(limits.megabytes)})",
    )  # fmt: skip


def _or_none(limit: float | None) -> str:
    return "no limit" if limit is None else f"{limit:g}; 0: no limit"


@contextmanager
def chosen_executor(options: Namespace) -> Iterator[Executor | None]:
    """The cluster's executor where a scheduler is given; None means this machine."""
    if options.scheduler is None:
        yield None
        return
    try:
        dask = import_module("distributed")
    except ImportError:
        raise UserError("--scheduler", "needs Dask: pip install 'symbackprop[distributed]'") from None
    try:
        client = dask.Client(options.scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise UserError("--scheduler", f"no scheduler answers at {options.scheduler}: {error}") from error
    with client:
        # Not "pure": two files with the same text are two tasks.
        yield client.get_executor(pure=False)


def at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def seconds(text: str) -> float | None:
    """A number of seconds; 0 is no limit."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1e9:
        raise ArgumentTypeError(f"expected a number of seconds, 0 for no limit, got {text!r}")
    return number or None


def megabytes(text: str) -> int | None:
    """A whole number of megabytes; 0 is no limit."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"expected a whole number of megabytes, 0 for no limit, got {text!r}")
    return int(text) or None
