"""Words stay words: whatever a title or an author holds, it is shown and does nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from symbackprop.render.escaping import ESCAPES, clean, guard_line_start, has_han, is_han, is_wide, plain_formula

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})
SPECIAL = st.text(alphabet=st.sampled_from("\\`*_{}[]()<>#+-.!|$~^&:=@\"' a1中；"), max_size=30)


def shown(markdown: str) -> str:
    """What a reader of the rendered paragraph sees."""
    (_, inline, _) = MARKDOWN.parse(markdown) or (None, None, None)
    assert inline is not None
    assert all(child.type in ("text", "text_special") for child in inline.children or ()), markdown
    return "".join(child.content for child in inline.children or ())


@given(st.text(max_size=40) | SPECIAL)
def test_markdown_shows_any_words_as_they_are(words: str) -> None:
    line = guard_line_start(ESCAPES["markdown"](words).strip())
    if line:
        assert shown(line) == clean(words).strip()


@given(st.text(max_size=40) | SPECIAL)
def test_no_template_engine_finds_its_braces(words: str) -> None:
    assert not re.search(r"\{[{%#]", ESCAPES["markdown"](words))


@given(st.text(max_size=60) | SPECIAL)
def test_latex_gets_no_command_that_was_not_meant(words: str) -> None:
    escaped = ESCAPES["latex"](words)
    commands = set(re.findall(r"\\([A-Za-z]+)", escaped))
    allowed = {"ensuremath", "textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater", "textbar"}
    allowed |= {"textquotedbl", "textasciigrave"}
    assert commands <= allowed or "ensuremath" in commands
    bare = re.sub(r"\\[A-Za-z]+|\\.", "", escaped)
    assert not set(bare) & set("\\$&#%_^")


@given(st.text(max_size=60))
def test_html_gets_no_tag_and_leaves_no_attribute(words: str) -> None:
    assert not set(ESCAPES["html"](words)) & set("<>\"'")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\nb\tc\r\nd", "a b c  d"),
        ("a\x00b\x1b[31m\x7f", "ab[31m"),
        ("gnp.\u202eexe\u2066", "gnp.exe"),
        ("\ud800x\ufeff\u200b", "x"),
        ("a\u2028b\x85c", "a b c"),
        ("中文 σ′ ½ — “é”", "中文 σ′ ½ — “é”"),
    ],
)
def test_one_line_of_visible_characters_is_left(given: str, kept: str) -> None:
    assert clean(given) == kept


@pytest.mark.parametrize(
    "line",
    ["# a", "- a", "+ a", "1. a", "12) a", "===", "---", "> a", ": a", "::: note", "    code", "* a", "```", "~~~"],
)
def test_a_paragraph_stays_one(line: str) -> None:
    assert shown(guard_line_start(ESCAPES["markdown"](line).strip())) == line.strip()


@pytest.mark.parametrize(
    ("words", "tex"),
    [
        ("σ ≈ 0.5", r"\ensuremath{\sigma} \ensuremath{\approx} 0.5"),
        ("100 %", r"100 \%"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("a -- b --- c", r"a -{}-{} b -{}-{}- c"),
        ("Figure\u00a01", "Figure~1"),
    ],
)
def test_signs_in_latex(words: str, tex: str) -> None:
    assert ESCAPES["latex"](words) == tex


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"\frac{\partial E}{\partial w_{5}}", "∂E/∂w_5"),
        (r"\mathrm{net}_{h_{1}}", "net_h_1"),
        (r"\left(\frac{a_{1}}{b^{2}}\right) \approx 0.5", "(a_1/b^2) ≈0.5"),
        (r"\delta_{o1}", "δ_o1"),
    ],
)
def test_a_formula_in_plain_characters(tex: str, plain: str) -> None:
    assert plain_formula(tex) == plain


def test_what_counts_as_chinese() -> None:
    assert is_han("中")
    assert not is_han("，")
    assert is_wide("，")
    assert not is_wide("a")
    assert has_han("a中")
    assert not has_han("a σ")
