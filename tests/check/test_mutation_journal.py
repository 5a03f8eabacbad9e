"""A long run of slips that is cut goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.mutation import Source
from support.mutation_journal import Journal
from support.mutation_outcome import Outcome

FIRST, SECOND = Source("mazur", "mazur"), Source("softmax", "ng", "zh", "tex")
OPTIONS = {"slips": 2, "version": "0.0"}


def outcome(source: Source, rule: str) -> Outcome:
    return Outcome(source, rule, "a = -b", "a = b", 3, True, True, False, "wrong sign-added: …", 0)


def test_what_is_done_is_there_again(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    journal = Journal(file, OPTIONS)
    journal.add(FIRST, [outcome(FIRST, "sign-added"), outcome(FIRST, "shape")])
    journal.add(SECOND, [])
    assert Journal(file, OPTIONS).done == {
        FIRST: [outcome(FIRST, "sign-added"), outcome(FIRST, "shape")],
        SECOND: [],
    }


def test_a_document_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    journal = Journal(file, OPTIONS)
    journal.add(FIRST, [outcome(FIRST, "sign-added")])
    journal.add(SECOND, [outcome(SECOND, "sign-lost")])
    file.write_text(file.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    again = Journal(file, OPTIONS)
    assert list(again.done) == [FIRST]
    again.add(SECOND, [outcome(SECOND, "sign-lost")])
    assert list(Journal(file, OPTIONS).done) == [FIRST, SECOND]


def test_a_run_with_other_options_is_another_run(tmp_path: Path) -> None:
    Journal(tmp_path / "journal", OPTIONS)
    with pytest.raises(ValueError, match="other options"):
        Journal(tmp_path / "journal", {**OPTIONS, "slips": 3})
