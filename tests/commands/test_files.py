"""Folders and patterns on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbackprop.cli import main
from symbackprop.commands.files import named_files
from symbackprop.errors import UserError


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("posts/b.md", "posts/a.TEX", "posts/more/c.ipynb", "posts/d.png", "posts/.git/e.md", "posts/.f.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


ENDINGS = (".md", ".tex", ".ipynb")


def names(*given: str) -> list[str]:
    return [name.replace("\\", "/") for name in named_files(given, ENDINGS)]


def test_a_folder_stands_for_what_can_be_read_in_it() -> None:
    assert names("posts") == ["posts/a.TEX", "posts/b.md", "posts/more/c.ipynb"]


def test_a_file_is_taken_once_and_where_it_was_named_first() -> None:
    assert names("posts/b.md", "posts") == ["posts/b.md", "posts/a.TEX", "posts/more/c.ipynb"]


def test_a_pattern_that_the_shell_left() -> None:
    assert names("posts/*.md") == ["posts/b.md"]
    assert names("**/*.ipynb") == ["posts/more/c.ipynb"]


def test_a_name_is_left_as_it_is() -> None:
    assert names("-", "posts/d.png", "missing.md") == ["-", "posts/d.png", "missing.md"]
    Path("odd[1].md").write_text("", encoding="utf-8")
    assert names("odd[1].md") == ["odd[1].md"]


def test_what_stands_for_nothing_is_refused() -> None:
    Path("empty").mkdir()
    with pytest.raises(UserError, match=r"empty: no file in it ends in \.md, \.tex, \.ipynb"):
        names("empty")
    with pytest.raises(UserError, match=r"x\*\.md: no file has such a name"):
        names("x*.md")


@pytest.mark.parametrize(
    "arguments", [["--jobs", "0"], ["--jobs", "x"], ["--time-limit", "-1"], ["--time-limit", "soon"],
                  ["--time-limit", "nan"], ["--memory-limit", "1.5"]],
)  # fmt: skip
def test_limits_are_numbers(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["check", "posts", *arguments])
    assert raised.value.code == 2
    assert "expected a" in capsys.readouterr().err


def test_no_limit_is_a_limit_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "posts/b.md", "--time-limit", "0", "--memory-limit", "0"]) == 0
    assert "no formulas" in capsys.readouterr().out


def test_a_bar_is_for_terminals(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    main(["check", "posts/b.md", "posts/a.TEX"])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    main(["check", "posts/b.md", "posts/a.TEX"])
    shown = capsys.readouterr().err
    assert "1/2" in shown
    assert shown.endswith("\r\x1b[K")
