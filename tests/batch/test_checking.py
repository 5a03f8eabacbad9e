"""Checking many files: in order, bounded, and one that is broken does not stop the rest."""

from __future__ import annotations

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.tasks import greedy

import symbackprop as sbp
from symbackprop.check.check import check
from symbackprop.check.report.json_format import render_json
from symbackprop.check.verdict import Status

RIGHT = "$$z = w x + b$$\n\n$$\\frac{\\partial z}{\\partial w} = x$$\n"
WRONG = RIGHT.replace("= x$$", "= -x$$")
ENDLESS = "$$E = " + "".join(f"\\sum_{{{c}=1}}^{{n}} " for c in "abcdefghijkl") + "v_{abcdefghijkl}$$\n"


@pytest.fixture
def posts(tmp_path: Path) -> list[Path]:
    """Twelve posts, every third one wrong, and one that is no text."""
    paths = []
    for number in range(12):
        paths.append(tmp_path / f"post{number:02}.md")
        paths[-1].write_text(RIGHT if number % 3 else WRONG, encoding="utf-8")
    paths[5].write_bytes(b"\xff\xfe\xff")
    return paths


def test_the_order_is_the_given_one_however_they_are_run(posts: list[Path]) -> None:
    expected = render_json(sbp.check_files(posts, jobs=1))
    assert render_json(sbp.check_files(posts, jobs=5)) == expected
    with ThreadPoolExecutor(3) as executor:
        assert render_json(sbp.check_files(posts, executor=executor)) == expected
    report = sbp.check_files(reversed(posts))
    assert [file.file for file in report.files] == [str(path) for path in reversed(posts)]


def test_a_file_that_is_no_text_does_not_stop_the_rest(posts: list[Path]) -> None:
    report = sbp.check_files([*posts, "missing.md"])
    errors = {file.file: file.error for file in report.files if file.error}
    assert set(errors) == {str(posts[5]), "missing.md"}
    assert sum(verdict.status is Status.WRONG for verdict in report.verdicts) == 4
    assert report.exit_code() == 2


def test_progress_counts_every_file(posts: list[Path]) -> None:
    seen: list[tuple[int, int]] = []
    sbp.check_files(posts, done=lambda finished, of: seen.append((finished, of)))
    assert seen == [(number, 12) for number in range(1, 13)]


def test_standard_input_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode()), encoding="utf-8"))
    report = sbp.check_files(["-"])
    assert [verdict.status for verdict in report.verdicts] == [Status.DEFINITION, Status.WRONG]


def test_what_is_not_judged_in_time_is_undecided(tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_text(RIGHT + "\n" + ENDLESS, encoding="utf-8")
    report = sbp.check_files([path], time_limit=2)
    assert "the time limit of 2 s was reached before this was judged" in {each.message for each in report.verdicts}
    assert report.exit_code() == 0
    assert report.exit_code(strict=True) == 1


def test_what_is_not_even_read_in_time_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(WRONG + "w1 = 0.15, " * 100_000, encoding="utf-8")
    report = sbp.check_files([tmp_path / "post.md"], time_limit=0.2)
    assert [file.error for file in report.files] == ["the time limit of 0.2 s was reached before all of it was read"]
    assert report.exit_code() == 2


def test_the_limit_holds_for_each_file(posts: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "endless.md"
    path.write_text(ENDLESS, encoding="utf-8")
    report = sbp.check_files([path, *posts[:3]], time_limit=5)
    assert [file.error for file in report.files] == [None] * 4
    assert report.files[0].summary["undecided"] == 1
    assert report.files[1].summary["wrong"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_a_file_that_needs_too_much_memory_is_an_error(posts: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symbackprop.batch.checking.checked", greedy)
    report = sbp.check_files([posts[0], posts[5], posts[2]])
    assert report.files[0].error == report.files[2].error == "needs more memory than it may have"


def test_the_library_has_no_limit_unless_one_is_given() -> None:
    assert check(RIGHT).summary["undecided"] == 0
    assert check(RIGHT, seconds=0).files[0].error == "the time limit of 0 s was reached before all of it was read"


def test_the_front_matter_names_network_and_notation(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("---\nsymbackprop:\n  spec: mazzur\n---\n" + RIGHT, encoding="utf-8")
    (file,) = sbp.check_files([tmp_path / "post.md"]).files
    assert file.error is not None
    assert "did you mean 'mazur'" in file.error or "mazur" in file.error
