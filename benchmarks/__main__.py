"""``python -m benchmarks [FAMILY ...]``: measure, print the table, and write it to docs/benchmarks.md.

With families named (gradients, growth, ...) only those are measured, and nothing is written.
"""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.clock import ROOT
from benchmarks.machine import introduction
from benchmarks.table import Row, markdown

FAMILIES = ("gradients", "growth", "rendering", "commands", "training", "reading", "deciding", "judging")
PAGE = ROOT / "docs" / "benchmarks.md"


def main(chosen: list[str]) -> int:
    unknown = sorted(set(chosen) - set(FAMILIES))
    if unknown:
        print(f"benchmarks: unknown {', '.join(unknown)}; known: {', '.join(FAMILIES)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for family in chosen or FAMILIES:
        print(f"measuring {family} ...", file=sys.stderr, flush=True)
        rows += import_module(f"benchmarks.{family}").rows()
    table = markdown(rows)
    print(table)
    if not chosen:
        PAGE.write_text(f"{introduction()}\n{table}", encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
