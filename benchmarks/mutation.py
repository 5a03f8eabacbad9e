"""Puts thousands of slips into generated documents and counts what the checker finds: ``docs/mutation.md``.

``python benchmarks/mutation.py`` makes the table anew; see ``--help`` for smaller runs.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.mutation import Source  # noqa: E402  # found in the folder of the tests
from support.mutation_journal import Journal  # noqa: E402
from support.mutation_outcome import Outcome, outcomes  # noqa: E402
from support.mutation_table import Evidence, page  # noqa: E402
from support.written import covering  # noqa: E402

import symbackprop  # noqa: E402


def main() -> None:
    arguments = _arguments()
    everything = [Source(*case) for case in covering()]
    chosen = everything[:: arguments.every]
    random.Random(arguments.seed).shuffle(chosen)  # so that a run that ends early is a fair draw
    drawn = {name: getattr(arguments, name) for name in ("slips", "controls", "every", "seed")}
    with TemporaryDirectory() as folder:
        file = arguments.resume or Path(folder) / "journal"
        journal = Journal(file, {**drawn, "version": symbackprop.__version__})
        found = _everything(chosen, journal, arguments)
    evidence = Evidence(sorted(found, key=str))
    options = " ".join(f"--{name} {value}" for name, value in drawn.items())
    today = datetime.now(UTC).date().isoformat()
    text = page(evidence, len(everything), symbackprop.__version__, options, today)
    arguments.output.write_text(text, encoding="utf-8", newline="\n")
    print(f"{evidence.total}; {len(evidence.alarms)} alarms in {len(evidence.controls)} controls")


def _everything(chosen: Sequence[Source], journal: Journal, arguments: argparse.Namespace) -> list[Outcome]:
    """What became of every change, those of the journal included."""
    began = time.monotonic()
    with ProcessPoolExecutor(arguments.processes) as pool:
        waiting = {
            pool.submit(_outcomes, source, arguments.slips, arguments.controls, arguments.seed): source
            for source in chosen
            if source not in journal.done and arguments.minutes > 0
        }
        for finished in as_completed(waiting):
            if finished.cancelled():
                continue
            journal.add(waiting[finished], finished.result())
            found = [outcome for outcomes in journal.done.values() for outcome in outcomes]
            if arguments.misses is not None:
                arguments.misses.write_text("\n".join(_misses(Evidence(found))) + "\n", encoding="utf-8")
            minutes = (time.monotonic() - began) / 60
            done = f"{len(journal.done)} of {len(chosen)} documents, {len(found)} changes"
            print(f"{done}, {minutes:.1f} min", file=sys.stderr, flush=True)
            if minutes > arguments.minutes:
                for future in waiting:
                    future.cancel()  # those under way are still counted: the quick ones must not be the only ones
    return [outcome for outcomes in journal.done.values() for outcome in outcomes]


def _outcomes(source: Source, slips: int, controls: int, seed: int) -> list[Outcome]:
    return list(outcomes(source, slips, controls, seed))


def _misses(evidence: Evidence) -> Iterator[str]:
    for kind, chosen in (
        ("ALARM", evidence.alarms),
        ("MISSED", [one for one in evidence.slips if not one.found]),
        ("MISNAMED", [one for one in evidence.slips if one.found and not one.named]),
        ("ELSEWHERE", [one for one in evidence.slips if one.elsewhere]),
    ):
        for one in chosen:
            source = " ".join((one.source.example, one.source.notation, one.source.language, one.source.to))
            yield f"{kind} {one.rule} | {source} line {one.line}"
            yield f"  was  {one.original!r}\n  is   {one.written!r}\n  said {one.said}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slips", type=int, default=26, help="slips for each document")
    parser.add_argument("--controls", type=int, default=5, help="harmless changes for each document")
    parser.add_argument("--every", type=int, default=1, help="take only each n-th document")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no more documents after so long")
    parser.add_argument("--resume", type=Path, help="a file that keeps what is done, so that a run can be gone on with")
    parser.add_argument("--misses", type=Path, help="write down what was missed, one slip after the other")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "mutation.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
