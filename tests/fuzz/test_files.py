"""Whatever a file holds, of whatever kind: a report, in bounded time."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop.check.check import check
from symbackprop.check.report.json_format import render_json
from symbackprop.check.report.sarif import render_sarif
from symbackprop.check.report.text import render_text
from symbackprop.errors import UserError

PIECES = [
    "$$a = b + c$$", "$w_1 = 0.15$", "$", "$$", "\\(", "\\)", "\\[x = 1\\]", "\\begin{align}a &= b \\\\ c &= d\\end{align}",
    "\\begin{align}", "\\end{align}", "\\begin{verbatim}", "\\end{verbatim}", "\\newcommand{\\a}{\\a}", "\\a", "\\def\\b#1{#1}",
    "\\b{x}", "%", "\\input{/etc/passwd}", ".. math::\n\n   y = x\n", ":math:`x = 1`", "```math\na = 1\n```", "```", "~~~", "---\n",
    "symbackprop: mazur\n", "symbackprop:\n  spec: mazur\n", "<!--", "-->", "{% raw %}", "{% endraw %}", "<script>", "|a|b|\n|-|-|\n",
    "|$x$|0.5|\n", "> ", "- ", "1. ", "\t", "\n\n", "\r\n", " ", "学习率为 0.5，", "权重 w1=0.15、w2=0.2", "E = 0.3, ", "\x00", "\u202e",
    "\ud800", "\\\\", "&", "![](https://x/?tex=a%3Db)", "$$\\frac{\\partial a}{\\partial b} = 1$$", "{", "}", "[^1]: $x$", "\\$5",
]  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.text(max_size=120))
SLOW = [HealthCheck.too_slow]


def is_reported(text: str, kind: str) -> None:
    report = check(text, kind=kind, seconds=30)
    for file in report.files:
        assert "a mistake" not in (file.error or "")
        for verdict in file.verdicts:
            place = verdict.statement.place
            assert 0 <= place.start <= place.end <= len(file.text)
    assert render_text(report)
    json.loads(render_json(report))
    json.loads(render_sarif(report))


@pytest.mark.parametrize("kind", ["markdown", "latex", "restructuredtext"])
def test_any_text_is_reported_on(kind: str) -> None:
    @settings(max_examples=120, suppress_health_check=SLOW)
    @given(TEXTS)
    def holds(text: str) -> None:
        is_reported(text, kind)

    holds()


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["markdown", "code", "raw", 1, None]),
        "source": st.one_of(TEXTS, st.lists(TEXTS, max_size=3), st.none(), st.integers(), st.lists(st.integers(), max_size=2)),
        "metadata": st.dictionaries(st.text(max_size=5), st.none(), max_size=1),
    },
)  # fmt: skip
NOTEBOOKS = st.fixed_dictionaries(
    {}, optional={"cells": st.one_of(st.lists(CELLS, max_size=4), st.none(), st.text(max_size=3)), "nbformat": st.integers(-1, 5)}
)  # fmt: skip


@settings(max_examples=120, suppress_health_check=SLOW)
@given(st.one_of(NOTEBOOKS.map(json.dumps), TEXTS))
def test_any_notebook_is_reported_on(text: str) -> None:
    try:
        is_reported(text, "notebook")
    except UserError as error:
        told = str(error)
        assert told
