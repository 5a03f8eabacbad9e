"""The list of notations, and what ``derive`` is told about forms and layouts."""

from __future__ import annotations

import pytest

from symbackprop.cli import main
from symbackprop.notation.table import NOTATIONS


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_notation_is_listed_with_a_formula(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notations", "--lang", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines[::2]]
    assert names == list(NOTATIONS.names())
    for line, formula in zip(lines[::2], lines[1::2], strict=True):
        name, family, summary = line.split(maxsplit=2)
        assert (name, family) == (NOTATIONS.get(name).name, NOTATIONS.get(name).family)
        assert summary == NOTATIONS.get(name).summary[language]
        assert " = " in formula


def test_forms_and_layouts_are_options(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--notation", "nielsen", "--form", "indexed", "--form", "matrix", "--layout", "both", "--stdout"]
    assert main(["derive", "mazur", *options]) == 0
    text = capsys.readouterr().out
    for heading in ("with indices", "with matrices, as columns", "with matrices, as rows"):
        assert f"The same {heading}" in text


def test_a_family_that_cannot_write_a_form_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "mazur", "--form", "matrix", "--stdout"]) == 2
    told = capsys.readouterr().err
    assert "notation mazur: cannot write" in told
    assert "nielsen" in told
