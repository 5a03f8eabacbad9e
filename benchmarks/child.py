"""``python -m benchmarks.child module:function ARGUMENTS``: prepare a task, then time it once.

The function imports and prepares what it needs and answers a callable; only that is timed. A fresh process
for each run keeps caches of one run out of the next.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

from benchmarks.clock import timed


def main(name: str, *arguments: str) -> int:
    module, function = name.split(":")
    try:
        run = getattr(import_module(f"benchmarks.{module}"), function)(*arguments)
    except ModuleNotFoundError as error:
        print(f"not installed: {error.name}", file=sys.stderr)
        return 3
    gc.collect()  # what was left of the preparation is none of the task's
    seconds, result = timed(run)
    print(f"seconds={seconds:.6f}", result)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
