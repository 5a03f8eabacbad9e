"""Whatever a file holds, scanning it ends, with work that grows with its length, and loses no place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.scanning import statements
from support.steps import steps

from symbackprop.check.scan.source import KINDS, read_text
from symbackprop.check.scan.statements import extract_of
from symbackprop.errors import UserError

FRAGMENTS = [
    "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\\\(", "\\\\)", "\\\\[", "\\\\]", "`", "```", "```math\n", "~~~", "$`",
    "`$", "\\", "\\begin{align}", "\\end{align}", "\\begin{cases}", "\\begin{document}", "\\begin{verbatim}",
    "\\begin{tabular}{c}", "&", "\n", "\n\n", "\r\n", "> ", "- ", "1. ", "    ", "\t", "# ", "---\n", "+++\n",
    "===\n", "|", "|--|--|\n", "<!--", "-->", "<pre>", "</pre>", "<a b='", ">",
    "<img src=\"https://www.zhihu.com/equation?tex=", "%E6%80", "%BB", "\"", "](", ")", "![", "{% raw %}",
    "{% endraw %}", "{{", "}}", "{", "}", "w1", " = ", "0.15", "5", ",", "，", "和", "误差", "输出", "为",
    "after ", "10 ", "steps ", "the error is ", "学习率", "a", "b_1", "^2", "\\frac", "\\text{", "=", "\x00", "\ud800",
    "𝛿", "é", "&lt;", "\\newcommand{\\x}[1]{", "\\x", "#1", "\\def\\x{", ".. math::\n", ":math:`", "::\n", "%",
    "\\section{", "symbackprop: a\n",
]  # fmt: skip

TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
READ = sorted(set(KINDS.values()) - {"notebook"})


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(READ))
def test_any_text_is_scanned(text: str, kind: str) -> None:
    source = read_text(text, kind)
    lines = source.text.split("\n")
    extract_of(source)
    for statement in statements(text, kind):
        place = statement.place
        assert 0 <= place.start <= place.end <= len(source.text)
        assert 1 <= place.line <= place.end_line <= len(lines)
        assert place.start == sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1
        assert 1 <= place.end_column <= len(lines[place.end_line - 1]) + 1
        assert statement.step >= 1
        assert (statement.problem is None) or statement.right is None
        assert statement.formula >= 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_characters_are_scanned(text: str) -> None:
    for kind in READ:
        statements(text, kind)


KEYS = st.sampled_from(["cells", "source", "cell_type", "metadata", "worksheets", "symbackprop"])
JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["cells", "source", "markdown", "$a$", "$$"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_any_json_is_a_notebook_or_an_error(value: object) -> None:
    source = read_text(json.dumps(value), "notebook")
    if isinstance(value, dict) and {"cells", "worksheets"} & value.keys():
        statements(source.text, "notebook")
        extract_of(source)
    else:
        with pytest.raises(UserError, match="is no notebook"):
            statements(source.text, "notebook")


UNITS = [
    "$", "$$", "$ a ", "$$a=b\n\n", "\\( a ", "\\( the of ", "\\\\[ the of ", "\\[\n", "\\begin{align}\n\n", "`",
    "``a` ", "<a ", "<a b=", "<!--", "<!---->", "> ", "- $$\n", "|", "|a|b|\n|-|-|\n", "{", "\\frac{", "$x^{",
    "$9^{9^{9}}$", "\t", " ", "\n", "w1, ", "w1=0.1,", "w1 = w1 = ", "0.5, ", "误差", "误差为0.5，", "the error ",
    "after 10 steps ", "outputs are 0.1, ", "\\verb|", "https://www.zhihu.com/equation?tex=%E6",
    "\\newcommand{\\a}{", "\\def\\a", "[0.1, ", "学习率 啊", "-- ", "a_{", "</script>", "<script type=\"math/tex\">",
    "{% ", "{{ ", "](", "\\item \\[", "\\begin{tabular}{c} & ", ":math:`", ".. math::\n",
]  # fmt: skip


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("unit", UNITS)
def test_work_grows_with_the_length(unit: str, kind: str) -> None:
    """Four times the text takes four times the steps, and a few to begin with."""

    def work(length: int) -> int:
        text = unit * (length // len(unit))
        return steps(lambda: statements(text, kind))

    work(1_000)  # what is done once, whatever the text, is done now
    assert work(16_000) <= 4.1 * work(4_000) + 100


def test_large_files() -> None:
    text = "Some words of text, with a formula $a_1 = b_2$ in it and another $$c = d$$ here.\n\n"
    assert len(statements(text * 12_000)) == 24_000
    few = steps(lambda: statements(text * 250))
    assert steps(lambda: statements(text * 1_000)) <= 4.1 * few
