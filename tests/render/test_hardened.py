"""The TeX that Markdown cannot break: same meaning, other spelling."""

from __future__ import annotations

import pytest

from symbackprop.render.hardened import harden, rename_macros, without_bars


@pytest.mark.parametrize(
    ("tex", "hardened"),
    [
        ("w_{1} * i_1", r"w _ {1} \ast i _ 1"),
        (r"\{a, b\}", r"\lbrace a, b\rbrace "),
        ("a < b > c", r"a \lt b \gt c"),
        ("a<b", r"a\lt b"),
        ("|x|", r"\vert x\vert "),
        (r"\|x\|", r"\Vert x\Vert "),
        ("f'(x)", r"f^{\prime}(x)"),
        ("f''", r"f^{\prime \prime}"),
        ("f'^2", r"f^{\prime 2}"),
        ("f'^{n+1}", r"f^{\prime n+1}"),
        (r"\frac{{a}}{{{b}}}", r"\frac{ {a}}{ { {b}}}"),
        ("{%a%}", "{ %a%}"),
        (r"a\,b\;c\!d", r"a\thinspace b\mskip 5mu c\negthinspace d"),
        ("a~b", r"a\nobreakspace b"),
        ("[a](b)", "[a] (b)"),
        ("a--b...c (c)", "a- -b. . .c ( c)"),
        (r"\text{it's a_b}'", r"\text{it's a_b}^{\prime}"),
        (r"a \\ b", r"a \cr b"),
        (r"\left\{a\right\}", r"\left\lbrace a\right\rbrace "),
        (r"\frac{1}{1 + e^{-x}}", r"\frac{1}{1 + e^{-x}}"),
    ],
)
def test_each_trap_has_its_spelling(tex: str, hardened: str) -> None:
    assert harden(tex) == hardened.strip()


@pytest.mark.parametrize("start", ["-", "+", "=", "#", ">", "1.", "12)"])
def test_a_line_begins_with_nothing_that_makes_a_block(start: str) -> None:
    assert harden(f"a\n{start} b").splitlines()[1] == (r"\displaystyle " + start if start != ">" else r"\gt") + " b"


def test_rows_keep_their_lines_unless_one_is_asked_for() -> None:
    tex = "\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}"
    assert harden(tex) == "\\begin{aligned}\na &= b \\cr\n&= c\n\\end{aligned}"
    assert harden(tex, one_line=True) == r"\begin{aligned} a &= b \cr &= c \end{aligned}"


def test_hardening_twice_changes_nothing() -> None:
    tex = "\\frac{\\partial E}{\\partial w_{5}} = -(t - {o})'^2 * |x|_2 \\\\\n- {{a}}"
    assert harden(harden(tex)) == harden(tex)


def test_macros_are_renamed_as_words() -> None:
    macros = {"operatorname": "mathrm"}
    assert rename_macros(r"\operatorname{rot} \operatornamewithlimits{a}", macros) == (
        r"\mathrm{rot} \operatornamewithlimits{a}"
    )
    assert rename_macros("a", macros) == "a"


def test_bars_leave_the_cells_of_a_table() -> None:
    assert without_bars(r"|x| + \|y\|") == r"\vert x\vert  + \Vert y\Vert"
    assert without_bars(r"\lvert x \rvert") == r"\lvert x \rvert"
