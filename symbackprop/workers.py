"""Runs one function over many tasks: on all cores, or on any ``concurrent.futures`` executor.

On this machine every task has a process of its own, so that one that takes too long, too much
memory or its interpreter down with it costs nothing but itself. Where a process is a copy of this
one (Linux), that costs milliseconds; elsewhere a task that comes alone is run right here.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar, cast

from symbackprop.errors import UserError, VerificationError

Task = TypeVar("Task")
Result = TypeVar("Result")

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process of one task may use; None: as much as it likes.

    ``seconds`` is when it is ended from outside. ``megabytes`` bounds its address space, where the
    system knows such a bound.
    """

    seconds: float | None = None
    megabytes: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What became of one task: its ``value``, or the ``error`` that ended it."""

    number: int
    value: Result | None = None
    error: Exception | None = None


def outcomes(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    limits: Limits = NO_LIMITS,
) -> Iterator[Outcome[Result]]:
    """The outcome of every task, by its number, as they come in; each task once.

    ``jobs`` is how many run at a time (all cores). An ``executor`` runs them in its own processes or
    threads, and on its own terms: ``jobs`` and ``limits`` do not reach it. The function must be one
    that another process can import.
    """
    if executor is not None:
        yield from _submitted(function, tasks, executor)
        return
    context = _context()
    if len(tasks) == 1 and (limits == NO_LIMITS or context.get_start_method() != "fork"):
        yield _run(function, 0, tasks[0])
        return
    pool = _Pool(function, list(enumerate(tasks))[::-1], limits, context)
    try:
        yield from pool.run(jobs or cores())
    finally:
        pool.end()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> BaseContext:
    """Copies of this process where they are safe: not where other threads may hold a lock."""
    copied = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if copied else "spawn")


def _run(function: Callable[[Task], Result], number: int, task: Task) -> Outcome[Result]:
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


def _submitted(
    function: Callable[[Task], Result], tasks: Sequence[Task], executor: Executor
) -> Iterator[Outcome[Result]]:
    futures = {executor.submit(_run, function, number, task): number for number, task in enumerate(tasks)}
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


@dataclass
class _Worker:
    number: int
    process: BaseProcess
    deadline: float | None


@dataclass
class _Pool:
    """Tasks still to do (the next one last), and the processes under way by what they answer through."""

    function: Callable[[Any], Any]
    waiting: list[tuple[int, Any]]
    limits: Limits
    context: BaseContext
    running: dict[Connection, _Worker] = field(default_factory=dict)

    def run(self, jobs: int) -> Iterator[Outcome[Any]]:
        while self.waiting or self.running:
            while self.waiting and len(self.running) < jobs:
                self._start(*self.waiting.pop())
            for ready in wait(list(self.running), self._patience()):
                yield self._answer(cast(Connection, ready))
            for late in [each for each, worker in self.running.items() if _is_over(worker.deadline)]:
                yield self._stopped(late)

    def end(self) -> None:
        """End what is still under way."""
        for connection in list(self.running):
            self._removed(connection, kill=True)

    def _start(self, number: int, task: Any) -> None:
        receiving, sending = self.context.Pipe(duplex=False)
        arguments = (sending, self.function, number, task, self.limits.megabytes)
        process = self.context.Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
        process.start()
        sending.close()
        deadline = None if self.limits.seconds is None else time.monotonic() + self.limits.seconds
        self.running[receiving] = _Worker(number, process, deadline)

    def _patience(self) -> float | None:
        ends = [worker.deadline for worker in self.running.values() if worker.deadline is not None]
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _answer(self, connection: Connection) -> Outcome[Any]:
        try:
            outcome: Outcome[Any] = pickle.loads(connection.recv_bytes())
        except EOFError:
            worker = self._removed(connection)
            reason = f"its process died ({_how(worker.process.exitcode)})"
            return Outcome(worker.number, error=UserError("", reason))
        self._removed(connection)
        return outcome

    def _stopped(self, connection: Connection) -> Outcome[Any]:
        worker = self._removed(connection, kill=True)
        return Outcome(worker.number, error=UserError("", f"was stopped after {self.limits.seconds:g} s"))

    def _removed(self, connection: Connection, kill: bool = False) -> _Worker:
        worker = self.running.pop(connection)
        connection.close()
        if kill:
            worker.process.kill()
        worker.process.join()
        return worker


def _is_over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline


def _how(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _serve(sending: Connection, function: Callable[[Any], Any], number: int, task: Any, megabytes: int | None) -> None:
    """What a process does: its task, and then its answer."""
    import signal

    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C goes to the whole group; the parent ends this process
    before = _bounded(megabytes)
    outcome = _run(function, number, task)
    try:
        answer = pickle.dumps(outcome)
    except (MemoryError, RecursionError) as error:
        _unbounded(before)
        reason = f"its result cannot be handed over: {type(error).__name__}"
        answer = pickle.dumps(Outcome[Any](number, error=UserError("", reason)))
    _unbounded(before)
    sending.send_bytes(answer)
    sending.close()


def _bounded(megabytes: int | None) -> tuple[int, int] | None:
    """Bound the memory of this process; the bounds that were there before."""
    if megabytes is None or sys.platform == "win32":
        return None
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * MEGABYTE
    hard = before[1]
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    return before


def _unbounded(before: tuple[int, int] | None) -> None:
    if before is not None and sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, before)
