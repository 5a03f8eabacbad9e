"""LaTeX files, notebooks and reStructuredText."""

from __future__ import annotations

import json

import pytest
from support.scanning import lost, quoted, read, statements, values

from symbackprop.check.scan.source import read_text
from symbackprop.check.scan.statements import extract_of
from symbackprop.errors import UserError

LATEX = r"""\documentclass{article} % $a$
\title{A network} \newcommand{\x}{$b$}
\begin{document}
\section{The weight $w_1$}
Text $c = d$ % and $e$
costs \$5, 50\% of \verb|$f$|.
\[ g = h % a remark: $i$
 + j \]
\begin{align}
k &= l \label{one} \\
m &= n
\end{align}
\begin{verbatim}
$o$
\end{verbatim}
\begin{tikzpicture} \node {$p$}; \end{tikzpicture}
\begin{tabular}{cc}
\toprule Parameter & Value \\ \midrule
$w_1$ & {$0.15$} \\
$w_2$ & 0.20 \\ \bottomrule
\end{tabular}

\begin{equation*} q = r

s = t \end{equation*}
\end{document}
$u$
"""


def test_latex() -> None:
    found = read(LATEX, "latex")
    assert found[:4] == ["w_1", "c = d", "g = h + j", "\\begin{align}\nk &= l \\label{one} \\\\\nm &= n\n\\end{align}"]
    assert found[4:] == ["w_1", "0.15", "w_2", "\\begin{equation*} q = r\n\ns = t \\end{equation*}"]
    assert values(LATEX, "latex") == ["w_1=0.15", "w_2=0.20"]


def test_latex_places_are_those_of_the_file() -> None:
    chain = next(statement for statement in statements(LATEX, "latex") if statement.tex.startswith("g"))
    assert quoted(chain, LATEX) == "g = h % a remark: $i$\n + j"


def test_latex_dollar_without_partner() -> None:
    text = "first $a = b and words.\n\nsecond $c$"
    assert (read(text, "latex"), lost(text, "latex")) == (["c"], ["$a = b and words."])


def test_latex_options_and_files_not_followed() -> None:
    source = read_text(
        "% symbackprop: mazur\n% symbackprop: layout=row\n\\input{a}\n% \\input{b}\n x \\include{c}", "latex"
    )
    extract = extract_of(source)
    assert dict(extract.options) == {"spec": "mazur", "layout": "row"}
    assert [(remark.place.line, remark.message[:3]) for remark in extract.remarks] == [(3, "'a'"), (5, "'c'")]


def test_macros_are_replaced() -> None:
    text = r"""\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
\newcommand\loss[1][total]{E_{#1}} \def\dl{\delta} \DeclareMathOperator{\act}{act}
\begin{document}
$\pd{\loss}{w_5} = \dl x$, $\loss[o1] = \act(z)$
\end{document}"""
    first, second = statements(text, "latex")
    assert first.tex == r"\frac{\partial {E_{total}}}{\partial {w_5}} = \delta x"
    assert quoted(first, text) == r"\pd{\loss}{w_5} = \dl x"
    assert (first.problem, second.problem) == (None, None)
    assert second.tex == r"E_{o1} = \operatorname{act}(z)"


def test_macros_in_markdown() -> None:
    found = statements(r"$\newcommand{\out}{\text{out}}$ then $\out_{h1} = 3$")
    assert [statement.tex for statement in found] == [r"\text{out}_{h1} = 3"]


@pytest.mark.parametrize("body", [r"\x\x", r"\x", r"\x{\x}", "#1#1#1"])
def test_macros_that_never_end(body: str) -> None:
    found = statements(rf"\newcommand{{\x}}[1]{{{body}}} $\x{{\x{{\x{{\x{{a}}}}}}}}$", "latex")
    assert all(len(statement.tex) < 50_000 for statement in found)


def notebook(*cells: object, **metadata: object) -> str:
    return json.dumps({"metadata": metadata, "nbformat": 4, "cells": list(cells)}, indent=1, ensure_ascii=True)


def markdown_cell(*lines: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {"source": ["$no$"]}, "source": list(lines)}


def test_notebook() -> None:
    text = notebook(
        {"cell_type": "code", "source": ["'$a$'"], "outputs": [{"data": {"text/markdown": ["$b$"]}}]},
        markdown_cell('误差 $E = \\frac{1}{2}$ "q"\n', "$$\n", "c &= \\delta \\\\\n", " &= \U0001d6ff", "$$"),
        {"source": "in one string\n\n$d = e$\n", "cell_type": "markdown"},
        markdown_cell("$f = g"),
        markdown_cell("$h$"),
    )
    found = statements(text, "notebook")
    assert [statement.tex for statement in found] == [
        "E = \\frac{1}{2}", "c &= \\delta", "= \U0001d6ff", "d = e", "$f = g", "h",
    ]  # fmt: skip
    lines = text.split("\n")
    assert lines[found[1].place.line - 1].strip().startswith('"c &=')
    assert quoted(found[0], text) == json.dumps("E = \\frac{1}{2}")[1:-1]
    assert quoted(found[2], text) == "= \\ud835\\udeff"
    assert quoted(found[3], text) == "d = e"


def test_notebook_options() -> None:
    cases = [
        (notebook(symbackprop="mazur"), {"spec": "mazur"}),
        (notebook(symbackprop={"spec": "mazur", "layout": "row"}), {"spec": "mazur", "layout": "row"}),
        (notebook(markdown_cell("---\n", "symbackprop: mazur\n", "---\n", "text")), {"spec": "mazur"}),
        (notebook(), {}),
    ]
    for text, expected in cases:
        assert dict(extract_of(read_text(text, "notebook")).options) == expected


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", "[" * 100_000, '{"cells": [{"source": "$a$"}', "\x00"])
def test_what_is_no_notebook(text: str) -> None:
    with pytest.raises(UserError, match="is no notebook"):
        statements(text, "notebook")


@pytest.mark.parametrize(
    "text",
    ['{"cells": 3}', '{"cells": [3, [], {}, {"cell_type": 3}]}', '{"cells": [{"cell_type": "markdown", "source": 5}]}'],
)
def test_odd_notebooks(text: str) -> None:
    assert statements(text, "notebook") == []


RESTRUCTURED = """Title :math:`a`
===============

.. symbackprop: mazur

Text :math:`b = c` and ``:math:`no` `` here::

    literal :math:`no`

.. math::
	d = e
	:label: one

.. math::
   :label: two

   f &= g \\\\
     &= h

   i = j

.. code-block:: python

   x = ":math:`no`"

.. a comment with :math:`no`

.. note:: an :math:`k = l`

   more :math:`m`

w1 = 0.15
"""


def test_restructuredtext() -> None:
    assert read(RESTRUCTURED, "restructuredtext") == [
        "a", "b = c", "d = e", "f &= g \\\\\n     &= h\n\n   i = j", "k = l", "m",
    ]  # fmt: skip
    assert values(RESTRUCTURED, "restructuredtext") == ["w1=0.15"]
    assert dict(extract_of(read_text(RESTRUCTURED, "restructuredtext")).options) == {"spec": "mazur"}
    for statement in statements(RESTRUCTURED, "restructuredtext"):
        assert quoted(statement, RESTRUCTURED).replace(" ", "") == statement.tex.replace(" ", "")


def test_a_role_without_end() -> None:
    assert lost("text :math:`a = b\n\nmore :math:`c`", "restructuredtext") == [":math:`a = b"]


RESTRUCTURED_TABLES = """Values
======

=========  =====
parameter  value
=========  =====
w          0.15
:math:`b`  0.35
=========  =====

+-----------+-------+
| parameter | value |
+===========+=======+
| x         | 2.5   |
+-----------+-------+

Then :math:`z = w x`.
"""


def test_tables_of_restructuredtext() -> None:
    assert values(RESTRUCTURED_TABLES, "restructuredtext") == ["w=0.15", "b=0.35", "x=2.5"]
    assert read(RESTRUCTURED_TABLES, "restructuredtext")[-1] == "z = w x"


HTML_TABLE = """Before

<table class="values">
<tr><th>parameter</th><th>value</th></tr>

<tr><td>$w$</td><td><b>0.15</b></td></tr>
<tr><td>b</td><td>0.35</td></tr>
</table>

$z = w$
"""


def test_a_table_in_html() -> None:
    assert values(HTML_TABLE, "markdown") == ["w=0.15", "b=0.35"]
    assert read(HTML_TABLE, "markdown")[-1] == "z = w"


def test_a_table_in_html_that_is_never_closed_hides_nothing() -> None:
    assert read("<table><tr><td>$a = b$\n\n$c = d$\n", "markdown") == ["a = b", "c = d"]
