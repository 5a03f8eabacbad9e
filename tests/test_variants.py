"""Variants of a document: kept apart, and told of where one would overwrite the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symbackprop.cli import main
from symbackprop.render.writing import MANIFEST

MATRIX = ["--notation", "ng", "--form", "matrix"]


def derived(folder: Path, *options: str) -> int:
    return main(["derive", "mazur", "-o", str(folder), *options])


@pytest.mark.parametrize(
    ("first", "second", "facts"),
    [
        (
            [],
            ["--flavour", "plain"],
            ["mazur.en.md", "full), this is", "Markdown for engines that know no mathematics"],
        ),
        (
            ["--flavour", "plain"],
            ["--flavour", "github"],
            ["mazur.en.md", "Markdown for engines that know no mathematics", "GitHub"],
        ),
        (["--to", "tex"], ["--to", "tex", "--fragment"], ["mazur.en.tex", "full), this is", "fragment"]),
        ([], ["--notation", "nielsen"], ["mazur.en.md", "(mazur, ", "(nielsen, "]),
        ([], ["--digits", "4"], ["mazur.en.md", "9 digits", "4 digits"]),
        ([], ["--detail", "brief"], ["mazur.en.md", "full", "brief"]),
        (MATRIX[:2], MATRIX, ["mazur.en.md", "full)", "full, matrix)"]),
        ([*MATRIX, "--layout", "row"], [*MATRIX, "--layout", "column"], ["row layout", "column layout"]),
    ],
)
def test_a_variant_does_not_overwrite_another(
    first: list[str], second: list[str], facts: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert derived(tmp_path, *first) == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    capsys.readouterr()
    assert derived(tmp_path, *second) == 2
    message = capsys.readouterr().err
    assert "--name or -o keeps them apart, --force overwrites" in message
    assert [fact for fact in facts if fact not in message] == []
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert derived(tmp_path, *second, "--name", "other") == 0
    assert derived(tmp_path, *second, "--force") == 0


def test_flavours_with_names_of_their_own_share_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jekyll's file begins with the date: nothing stands in its way, and the figures are the same."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767312000")
    assert derived(tmp_path) == 0
    assert derived(tmp_path, "--flavour", "jekyll") == 0
    made = {path: entry["made_by"] for path, entry in json.loads((tmp_path / MANIFEST).read_bytes())["files"].items()}
    assert made["2026-01-02-mazur.en.md"].endswith(", Jekyll with kramdown")
    assert made["mazur.figures/network.en.svg"] == made["mazur.en.md"]


def test_languages_and_formats_stand_side_by_side(tmp_path: Path) -> None:
    for options in (["--lang", "en"], ["--lang", "zh"], ["--to", "tex"], ["--to", "tex", "--lang", "zh"]):
        assert derived(tmp_path, *options) == 0
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert names == {"mazur.en.md", "mazur.zh.md", "mazur.en.tex", "mazur.zh.tex", MANIFEST}


def test_a_flavour_that_no_format_takes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert derived(tmp_path, "--to", "tex", "--flavour", "hugo") == 2
    assert "--flavour: tex has no flavours; --to md has" in capsys.readouterr().err
    assert derived(tmp_path, "--to", "tex", "--to", "md", "--flavour", "hugo") == 0
