"""Texts that end too early, hold nothing, or run on: what stands beside that is found all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.scanning import read, statements

from symbackprop.check.scan.source import LARGEST, read_source
from symbackprop.errors import UserError

RST = "restructuredtext"


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (RST, ".. math::\n\nwords", []),
        (RST, ".. note::\n\n   :math:`a = 1`\n", ["a = 1"]),
        (RST, ".. note:: where :math:`a = 1`\n", ["a = 1"]),
        (RST, "+---+\n", []),
        (RST, "+---+\n| a |\n+---+\nwords, :math:`b = 1`", ["b = 1"]),
        (RST, "=====  =====\nname   value\n=====  =====\n:math:`w`   0.5", ["w"]),
        ("latex", r"\begin{tabular}{c} $a = 1$ \\ \end{tabular}", ["a = 1"]),
        ("latex", r"\begin{tabular}{c} $a = 1$ \\ $b = 2$ \end{tabular}", ["a = 1", "b = 2"]),
        ("latex", "\\newcommand{\\a}{" * 60 + "\n\n$a = 1$", ["a = 1"]),
        ("latex", "\\verb|abc\n\n$a = 1$", ["a = 1"]),
        ("latex", r"\verb|$a = 1$| $b = 2$", ["b = 2"]),
        ("markdown", r"a \( \) b $x = 1$", ["x = 1"]),
        ("markdown", "words $$ and then some words follow here, which are prose $$a = 1$$", ["a = 1"]),
        ("markdown", "---\ntitle: x\n\n$a = 1$", ["a = 1"]),
        ("markdown", "<table></table>\n\n$a = 1$", ["a = 1"]),
        ("markdown", "> > $a = 1$\n> $b = 2$", ["a = 1", "b = 2"]),
        ("markdown", "     > $a = 1$", []),
        ("markdown", "`$a = 1$ <!-- ` $b = 2$", ["b = 2"]),
        ("markdown", '<img src="https://www.zhihu.com/equation?tex=%E6x+%3D+1">', ["\ufffdx = 1"]),
        ("markdown", '<img src="https://www.zhihu.com/equation?tex=%E6%80%BB+%3D+1">', ["总 = 1"]),
    ],
)
def test_what_is_read(kind: str, text: str, found: list[str]) -> None:
    assert read(text, kind) == found


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("| name | value |\n|---|---|\n| $w_1$ |\n| $w_2$ | 0.5 |", ["w_1", "w_2", "w_2=0.5"]),
        ("| $w_1$ | $w_2$ |\n|---|---|\n| 0.1 |", ["w_1", "w_2", "w_1=0.1"]),
        ("| $w_1$ | word |\n|---|---|\n| 0.1 | 0.2 |", ["w_1"]),
        ("| step | error |\n|---|---|\n| 10 |\n| many | 0.5 |\n| 100 | 0.2 |", ["0.2"]),
    ],
)
def test_tables_with_cells_that_are_missing_or_no_values(table: str, found: list[str]) -> None:
    assert [statement.tex for statement in statements(table)] == found


def test_a_count_of_steps_that_nobody_trains_is_none() -> None:
    def steps(text: str) -> int | None:
        (statement,) = statements(text)
        assert statement.claim is not None
        return statement.claim.steps

    assert steps("After 1,000 steps the error is 0.1.") == 1000
    assert steps(f"After {'9' * 30} steps the error is 0.1.") is None


def test_a_file_too_large_to_be_a_post_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(b"\n" * (LARGEST + 1))
    with pytest.raises(UserError, match=rf"large\.md: is larger than {LARGEST // 2**20} MB$"):
        read_source(str(path))


def test_what_is_no_path_is_told() -> None:
    with pytest.raises(UserError, match=r"is no path: it holds a NUL character$"):
        read_source("post\0.md")
