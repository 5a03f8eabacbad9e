"""Runs one function over many tasks: on all cores, or on any ``concurrent.futures`` executor.

On this machine every task has a process of its own, so that one that takes too long, too much
memory or its interpreter down with it costs nothing but itself. Where a process is a copy of this
one (Linux), that costs milliseconds; elsewhere a task that comes alone is run right here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from symbackprop.errors import UserError
from symbackprop.workers.tasks import Limits, Outcome, Result, Task, attempt

if TYPE_CHECKING:
    from concurrent.futures import Executor

NO_LIMITS = Limits()


def outcomes(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    limits: Limits = NO_LIMITS,
    strictly: bool = False,
) -> Iterator[Outcome[Result]]:
    """The outcome of every task, by its number, as they come in; each task once.

    ``jobs`` is how many run at a time (all cores). An ``executor`` runs them in its own processes or
    threads, and on its own terms: ``jobs`` and ``limits`` do not reach it. The function must be one
    that another process can import. Where a process of its own costs a task that comes alone a while,
    its limits are left to the function, unless they are to hold ``strictly``.
    """
    if executor is not None:
        yield from _submitted(function, tasks, executor)
        return
    if len(tasks) == 1 and limits == NO_LIMITS:
        yield attempt(function, 0, tasks[0])
        return
    from symbackprop.workers.pool import Pool, start_method  # what starts processes costs every command a while

    if len(tasks) == 1 and start_method() != "fork" and not strictly:
        yield attempt(function, 0, tasks[0])
        return
    pool = Pool(function, list(enumerate(tasks))[::-1], limits)
    try:
        yield from pool.run(jobs or cores())
    finally:
        pool.end()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _submitted(
    function: Callable[[Task], Result], tasks: Sequence[Task], executor: Executor
) -> Iterator[Outcome[Result]]:
    from concurrent.futures import as_completed

    futures = {executor.submit(attempt, function, number, task): number for number, task in enumerate(tasks)}
    try:
        for future in as_completed(futures):
            try:
                yield future.result()
            except Exception as error:  # the executor lost it: its process died, or the cluster gave up
                reason = f"was lost by the executor: {type(error).__name__}: {error}"
                yield Outcome(futures[future], error=UserError("", reason))
    finally:
        for future in futures:
            future.cancel()
