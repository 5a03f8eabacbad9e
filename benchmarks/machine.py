"""What the table was measured on: the machine, the versions, the date."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PEERS = (
    *("sympy", "symengine", "casadi", "numpy", "torch", "Jinja2", "math-verify", "latex2sympy2-extended"),
    *("antlr4-python3-runtime", "lark", "markdown-it-py"),
)

_TEXT = """# Benchmarks

Speed and memory beside peers and floors. Everything was measured in one run, so that the ratios hold even where the
machine is slower or faster than another; `python -m benchmarks` makes this page again (about five minutes; the peers
are in the extra `symbackprop[bench]`).

- Machine: {machine}
- Versions: {versions}
- Date: {date}

How it is measured: every figure is the median of several fresh processes, taken in turn (A B C A B C ...) after a
warm-up. Times are processor seconds. Those of commands are of the whole process, the others of the work alone, after
the imports. The work includes everything that happens for the first time in a process. Between runs Python keeps its
bytecode, and symbackprop what SymPy said of its formulas (see [what is kept](reference/python.md)); rows that say so
show a run that finds nothing kept.
"""


def introduction() -> str:
    versions = [f"Python {platform.python_version()}", f"symbackprop {_version('symbackprop')}"]
    versions += [f"{name} {_version(name)}" for name in PEERS]
    return _TEXT.format(
        machine=f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        versions=", ".join(versions),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
