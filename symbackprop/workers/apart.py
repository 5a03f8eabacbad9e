"""One task at a time, each in a process of its own, beside the threads of this one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from typing import Generic

from symbackprop.errors import UserError
from symbackprop.workers.pool import Pool
from symbackprop.workers.tasks import Limits, Outcome, Result, Task


@dataclass
class Apart(Generic[Task, Result]):
    """Does a function within limits, again and again.

    ``modules`` are what it imports: where the system can, they are imported once, by a process that has no
    threads and that is copied for every task.
    """

    function: Callable[[Task], Result]
    limits: Limits
    modules: Sequence[str] = ()
    _under_way: Pool | None = field(default=None, init=False)

    def do(self, task: Task, wanted: Callable[[], bool] = lambda: True) -> Outcome[Result]:
        """What becomes of a task; it blocks, so a thread is the place for it.

        One that is not ``wanted`` any more, because of what led to an ``interrupt``, is not begun.
        """
        self._under_way = pool = Pool(self.function, [(0, task)], self.limits, _context(self.modules))
        if not wanted():
            return Outcome(0, error=UserError("", "is not wanted any more"))
        try:
            (outcome,) = pool.run(1)
        except OSError as error:
            return Outcome(0, error=UserError("", f"no process can be started for it: {error}"))
        finally:
            pool.end()
        return outcome

    def interrupt(self) -> None:
        """Let what is under way die; from any thread."""
        pool = self._under_way
        if pool is not None:
            pool.interrupt()


def _context(modules: Sequence[str]) -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return context
