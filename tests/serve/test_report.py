"""A post beside its verdicts, as a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symbackprop.api import load
from symbackprop.check.check import check_source
from symbackprop.check.scan.source import read_text
from symbackprop.live.report import report_page
from symbackprop.live.source import Wanted, show

POSTS = sorted((Path(__file__).parent.parent / "posts").glob("*.md"))


def page_of(text: str, kind: str = "markdown", file: str = "post.md") -> str:
    return report_page(check_source(read_text(text, kind, file), None))


def lines_of(page: str) -> list[str]:
    """The text of each line, without the marks."""
    found = re.findall(r'<div class="text">(.*?)</div>\n<div class="notes">', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", line) for line in found]


def unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


def test_words_of_a_post_and_its_name_are_escaped() -> None:
    page = page_of("</div><script>alert(1)</script> $a = a$\n", file="a/<b>&.md")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<title>&lt;b&gt;&amp;.md</title>" in page


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.stem)
def test_every_line_of_every_post_is_there(post: Path) -> None:
    shown = show(Wanted(str(post)))
    assert not shown.error
    assert [unescaped(line) for line in lines_of(shown.page)] == post.read_text(encoding="utf-8").split("\n")


def test_findings_stand_at_their_lines_and_the_right_ones_are_counted() -> None:
    text = "---\nsymbackprop: mazur\n---\n$w_1 = 0.15$ and $w_2 = 0.2$\n\n$w_3 = 0.26$\n"
    page = report_page(check_source(read_text(text), load("mazur")))
    parts = page.split('<div class="line')[1:]
    right, wrong = parts[3], parts[5]
    assert 'class="note right"><b>right</b> <span>×2</span>' in right
    assert 'class="note wrong"' in wrong
    assert '<mark class="wrong">' in wrong
    assert '<a href="#line-6">wrong</a>' in page


def test_what_should_stand_there_is_typeset_and_can_be_copied() -> None:
    shown = show(Wanted(str(next(post for post in POSTS if post.stem == "en_mazur_slips"))))
    expected = re.findall(r'<span class="expected">(.*?)</code></span>', shown.page, re.DOTALL)
    assert len(expected) > 5
    assert all('class="katex"' in each and "<code>" in each for each in expected)
    assert "font/woff2;base64" in shown.page
    assert "url(fonts/" not in shown.page


def test_without_formulas_there_are_no_fonts() -> None:
    assert "@font-face" not in page_of("$3 = 3$\n")


def test_a_post_that_is_no_text_is_told(tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_bytes(b"\x80\xc3\x28" * 20)
    assert "post.md" in show(Wanted(str(post))).error
