"""Whole processes in turn: each command several times, A B C A B C, so that a machine that drifts harms none."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of processor time and peak memory (MiB) of the whole process, and what it printed."""

    seconds: float
    memory: float
    printed: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The median of several runs; ``own`` is the median of the seconds that the process itself reported."""

    seconds: float
    memory: float
    own: float | None
    result: str


def in_turn(
    commands: Mapping[str, Command], runs: int = 3, first_ever: Collection[str] = ()
) -> dict[str, Measured | str]:
    """Every command ``runs`` times after a warm-up; for one that fails, why (the last line it printed).

    A single run has no warm-up: such a command is so slow that it would not show. Those of
    ``first_ever`` find nothing that symbackprop kept from an earlier run.
    """
    done: dict[str, list[Run]] = {name: [] for name in commands}
    failed: dict[str, str] = {}
    for turn in range(runs + 1) if runs > 1 else (1,):
        for name, command in commands.items():
            if name in failed:
                continue
            run = _run(command, keeps=name not in first_ever)
            if isinstance(run, str):
                failed[name] = run
            elif turn:  # the first is the warm-up: files read, bytecode written
                done[name].append(run)
    return {name: failed[name] if name in failed else _median(done[name]) for name in commands}


def _run(command: Command, keeps: bool) -> Run | str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "benchmarks-bytecode"))
    environment["PYTHONPATH"] = str(ROOT)
    environment["SYMBACKPROP_CACHE"] = str(Path(tempfile.gettempdir()) / "benchmarks-kept") if keeps else ""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        printed = output.read().decode()
        complaint = errors.read().decode().strip().splitlines()
    if process.returncode not in (0, 1):  # 1: check found mistakes, as it should
        return complaint[-1] if complaint else f"exit code {process.returncode}"
    if process.returncode == 1 and complaint and "Error" in complaint[-1]:
        return complaint[-1]
    memory = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(usage.ru_utime + usage.ru_stime, memory, printed)


def _median(runs: Sequence[Run]) -> Measured:
    reported = [run.printed.split(maxsplit=1) for run in runs if run.printed.startswith("seconds=")]
    own = [float(first.removeprefix("seconds=")) for first, *_ in reported]
    result = reported[-1][1].strip() if reported and len(reported[-1]) > 1 else ""
    return Measured(
        median(run.seconds for run in runs), median(run.memory for run in runs), median(own) if own else None, result
    )


def python(*arguments: str) -> Command:
    return (sys.executable, *arguments)


def task(function: str, *arguments: object) -> Command:
    """A process that prepares ``module:function`` of this package and times what it answers (see ``child``)."""
    return python("-m", "benchmarks.child", function, *map(str, arguments))


def timed(run: object) -> tuple[float, object]:
    """Processor seconds that a call takes, and its result."""
    start = time.process_time()
    result = run() if callable(run) else None
    return time.process_time() - start, result
