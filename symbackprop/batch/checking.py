"""Checks many files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from typing import TYPE_CHECKING

from symbackprop.api import load
from symbackprop.check.check import NOTHING_GIVEN, SPEC, check_source
from symbackprop.check.conventions import Conventions
from symbackprop.check.scan.source import SourceText, read_source
from symbackprop.check.scan.statements import extract_of
from symbackprop.check.verdict import FileReport, Report
from symbackprop.errors import UserError
from symbackprop.spec.model import Network
from symbackprop.workers.running import outcomes
from symbackprop.workers.tasks import MEGABYTES, SECONDS, Limits

if TYPE_CHECKING:
    from concurrent.futures import Executor

GRACE = 5.0
"""A process that does not stop by itself at the time limit is ended so many seconds later."""


@dataclass(frozen=True, slots=True)
class CheckTask:
    """One file to check, already read: it may be checked on a machine that does not have it."""

    source: SourceText
    network: Network | None
    notation: str | None
    conventions: Mapping[str, str]
    seconds: float | None


def check_files(
    paths: Iterable[str | PathLike[str]],
    network: Network | None = None,
    *,
    notation: str | None = None,
    conventions: Mapping[str, str] = NOTHING_GIVEN,
    executor: Executor | None = None,
    jobs: int | None = None,
    time_limit: float | None = SECONDS,
    memory_limit: int | None = MEGABYTES,
    done: Callable[[int, int], None] = lambda finished, of: None,
) -> Report:
    """Check files, each by itself and each in a process of its own; ``-`` is standard input.

    The report has them in the order given, whichever was finished first; one that cannot be checked
    is there with its error. ``time_limit`` (seconds) and ``memory_limit`` (MB) hold for each file:
    what is not judged in time is undecided, a file that needs more memory is an error. ``executor``,
    any of ``concurrent.futures`` or a Dask client's, checks them in its own processes or threads; the
    memory limit is then that of the executor. ``jobs`` files are checked at a time, without it as
    many as there are cores; ``done`` is told how many of how many are finished.
    """
    Conventions().changed(conventions)
    names = [fspath(path) for path in paths]
    reports: dict[int, FileReport] = {}
    tasks: list[CheckTask] = []
    places: list[int] = []
    for place, name in enumerate(names):
        try:
            source = read_source(name)
        except UserError as error:
            reports[place] = FileReport(name, error=str(error))
        else:
            tasks.append(CheckTask(source, network, notation, dict(conventions), time_limit))
            places.append(place)
    done(len(reports), len(names))
    for outcome in outcomes(checked, tasks, executor=executor, jobs=jobs, limits=limits_of(time_limit, memory_limit)):
        place = places[outcome.number]
        reports[place] = outcome.value or FileReport(names[place], error=str(outcome.error))
        done(len(reports), len(names))
    return Report(tuple(reports[place] for place in range(len(names))))


def limits_of(time_limit: float | None, memory_limit: int | None) -> Limits:
    """Those of a process that checks a post and stops by itself in time."""
    return Limits(None if time_limit is None else time_limit + GRACE, memory_limit)


def checked(task: CheckTask) -> FileReport:
    """The report on one file; UserError for a network that its front matter names and that is none."""
    named = extract_of(task.source).options.get(SPEC)
    network = task.network or (load(named) if named else None)
    return check_source(
        task.source, network, notation=task.notation, conventions=task.conventions, seconds=task.seconds
    )
