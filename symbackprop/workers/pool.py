"""A process for every task, so many at a time."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, cast

from symbackprop.errors import UserError
from symbackprop.workers.bounds import bounded
from symbackprop.workers.tasks import Limits, Outcome, attempt

MEGABYTE = 2**20


def start_method() -> str:
    """Copies of this process where they are safe: not where other threads may hold a lock."""
    copied = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if copied else "spawn"


@dataclass
class _Worker:
    number: int
    process: BaseProcess
    deadline: float | None


@dataclass
class Pool:
    """Tasks still to do (the next one last), and the processes under way by what they answer through."""

    function: Callable[[Any], Any]
    waiting: list[tuple[int, Any]]
    limits: Limits
    context: BaseContext = field(default_factory=lambda: multiprocessing.get_context(start_method()))
    running: dict[Connection, _Worker] = field(default_factory=dict)
    interrupted: bool = False

    def run(self, jobs: int) -> Iterator[Outcome[Any]]:
        while self.waiting or self.running:
            while self.waiting and len(self.running) < jobs:
                self._start(*self.waiting.pop())
            for ready in wait(list(self.running), self._patience()):
                yield self._answer(cast(Connection, ready))
            for late in [each for each, worker in self.running.items() if _is_over(worker.deadline)]:
                yield self._stopped(late)

    def interrupt(self) -> None:
        """Let what is under way die, and what is being started: for another thread than the one that waits."""
        self.interrupted = True
        for worker in list(self.running.values()):
            worker.process.kill()

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
        if self.interrupted:  # meanwhile
            process.kill()

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
    try:
        with bounded(memory=None if megabytes is None else megabytes * MEGABYTE):
            answer = pickle.dumps(attempt(function, number, task))
    except Exception as error:  # too deep, too large, or nothing that can be handed over at all
        reason = f"its result cannot be handed over: {type(error).__name__}"
        answer = pickle.dumps(Outcome(number, error=UserError("", reason)))
    sending.send_bytes(answer)
    sending.close()
