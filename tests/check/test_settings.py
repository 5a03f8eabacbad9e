"""What a text says to the checker about itself, in its front matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbackprop.check.check import check
from symbackprop.cli import main
from symbackprop.errors import UserError

TEXT = "---\ntitle: a\nsymbackprop:\n  layout: row\n  notation: row-matrix\n---\n\nWith $a = 2$, $b = 2 a = 4$.\n"


def test_conventions_in_a_text_are_taken_and_those_that_are_given_count_first() -> None:
    (file,) = check(TEXT).files
    assert file.conventions["layout"] == "row"
    (file,) = check(TEXT, conventions={"layout": "column"}).files
    assert file.conventions["layout"] == "column"


def test_what_does_not_exist_is_told() -> None:
    with pytest.raises(UserError, match=r"unknown convention 'layuot'; did you mean 'layout'"):
        check(TEXT.replace("layout", "layuot"))
    with pytest.raises(UserError, match="row-matrx"):
        check(TEXT.replace("row-matrix", "row-matrx"), _network())


def test_the_command_line_reports_it_for_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "post.md"
    path.write_text(TEXT.replace("layout: row", "layout: diagonal"), encoding="utf-8")
    assert main(["check", str(path)]) == 2
    assert "diagonal" in capsys.readouterr().out


def _network() -> object:
    from symbackprop.api import load

    return load("row-vector")
