"""What a run has found so far, on disk: a run that was cut goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from support.mutation import Source
from support.mutation_outcome import Outcome


class Journal:
    """A line of JSON for the options of the run, then one for each document that is done.

    Raises ValueError where the file is of a run with other options.
    """

    def __init__(self, file: Path, options: Mapping[str, int | str]) -> None:
        self.file = file
        self.done: dict[Source, list[Outcome]] = {}
        lines = [_record(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
        whole = [line for line in lines if line is not None]
        if whole and whole[0] != dict(options):
            raise ValueError(f"{file} is of a run with other options: {whole[0]}")
        for record in whole[1:]:
            self.done[Source(**record["source"])] = [_outcome(one) for one in record["outcomes"]]
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in whole or [dict(options)])
        file.write_text(text, encoding="utf-8")  # without a line that was cut off in the middle

    def add(self, source: Source, outcomes: Sequence[Outcome]) -> None:
        self.done[source] = list(outcomes)
        record = {"source": asdict(source), "outcomes": [asdict(one) for one in outcomes]}
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _record(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _outcome(record: Mapping[str, Any]) -> Outcome:
    return Outcome(**{**record, "source": Source(**record["source"])})
