"""What the documentation tells readers to do can be done, and says what they are told it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.guide import Reader, agrees, blocks, commands
from support.tools import find_module, find_tool

from symbackprop.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
RUN = ("console", "pycon", "python", "sh")
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md"))
    if not {"_build", "generated"} & set(path.parts)
    and any(block.file or block.language in RUN for block in blocks(path.read_text(encoding="utf-8")))
)
TUTORIALS = ("docs/tutorial.md", "docs/zh/tutorial.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_followed(page: str, tmp_path: Path) -> None:
    find_tool("hugo")
    find_module("nbconvert", "nbconvert")
    assert Reader(tmp_path).follow((ROOT / page).read_text(encoding="utf-8"))


def test_both_tutorials_take_the_same_steps() -> None:
    english, chinese = ([block.language for block in blocks((ROOT / page).read_text("utf-8"))] for page in TUTORIALS)
    assert english == chinese
    assert set(TUTORIALS) <= set(PAGES)


def test_what_is_shown_is_compared() -> None:
    assert list(commands("$ a b\nsays\nmore\n$ c\n")) == [("a b", "says\nmore\n"), ("c", "")]
    assert agrees("one\n…\nlast …\n", "one\ntwo\nthree\nlast line\n")
    assert agrees("…\nlast\n", "last\n")
    assert not agrees("one\n", "one\ntwo\n")
    assert not agrees("a … c\n", "a\nc\n")


def test_a_wrong_answer_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="shown"):
        Reader(tmp_path / "a").follow("```console\n$ echo one\ntwo\n```\n")
    with pytest.raises(AssertionError, match="false"):
        Reader(tmp_path / "b").follow("```console\n$ false\n```\n")
    with pytest.raises(AssertionError, match="refuses"):
        Reader(tmp_path / "d").follow("```sh\nsymbackprop derive mazur --flavor hugo\n```\n")
    with pytest.raises(UserError, match="unknown"):
        Reader(tmp_path / "e").follow('```toml\nname = "a"\ninput = 2\n```\n')
    with pytest.raises(AssertionError, match="Expected"):
        Reader(tmp_path / "c").follow("```pycon\n>>> 1 + 1\n3\n```\n")
