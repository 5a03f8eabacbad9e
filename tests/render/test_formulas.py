"""Displayed formulas: broken where they are too long, and meaning the same afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from support.sample import TEX, forward, long_sum, quantity

from symbackprop.expression import Apply, Chain, Expression, Number, add, chain, divide, multiply, negate
from symbackprop.render import breaking, tex_tokens
from symbackprop.render.formulas import Display, display
from symbackprop.render.tex_tokens import tokens, width

A, B, C = (quantity("weight", number) for number in (1, 2, 3))
MARKS = re.compile(r"\\begin\{aligned\}|\\end\{aligned\}|\\\\\n|\\quad|\{\}|&|\s+")


def without_marks(tex: str) -> str:
    """The formula without what lays it out."""
    return MARKS.sub("", tex)


def test_what_fits_stays_in_one_row() -> None:
    assert display((chain(A, B, C),), TEX, 80) == Display(("w_{1} = w_{2} = w_{3}",))


def test_a_long_chain_is_broken_at_its_relations() -> None:
    rows = display((forward(),), TEX, 40).rows
    assert len(rows) > 1
    assert rows[0].startswith(r"\mathrm{net}_{1} &= ")
    assert all(row.startswith("&= ") for row in rows[1:])


@pytest.mark.parametrize("long_line", [10, 20, 30, 40, 60, 80, 200])
@pytest.mark.parametrize("mathematics", [forward(), long_sum()], ids=["forward", "sum"])
def test_breaking_loses_nothing(mathematics: Chain, long_line: float) -> None:
    shown = display((mathematics,), TEX, long_line).tex
    # a product that continues in the next row shows its sign there
    assert without_marks(shown).replace(r"\cdot", "") == without_marks(TEX(mathematics)).replace(r"\cdot", "")


@pytest.mark.parametrize("long_line", [30, 40, 60, 80])
def test_rows_are_no_wider_than_asked(long_line: float) -> None:
    for row in display((forward(),), TEX, long_line).rows:
        assert width(row) <= long_line + 1
    for row in display((long_sum(),), TEX, 2 * long_line).rows:
        assert width(row) <= 2 * long_line + 1


def test_several_chains_are_aligned() -> None:
    shown = display((chain(A, B), chain(B, C, relation="≈")), TEX, 80)
    assert shown.rows == ("w_{1} &= w_{2}", r"w_{2} &\approx w_{3}")
    assert shown.tex == "\\begin{aligned}\nw_{1} &= w_{2} \\\\\nw_{2} &\\approx w_{3}\n\\end{aligned}"


def test_an_expression_alone_among_others() -> None:
    assert display((Chain((A,), ()), chain(A, B)), TEX, 80).rows == ("w_{1} &", "w_{1} &= w_{2}")


def test_a_wide_left_side_stands_in_a_row_of_its_own() -> None:
    left = add(*[multiply(A, B)] * 9)
    rows = display((chain(left, A, B),), TEX, 60).rows
    assert rows == (f"& {TEX(left)}", r"&\quad = w_{1} = w_{2}")


def numbers(*texts: str) -> list[Number]:
    return [Number(text) for text in texts]


SUM, PRODUCT = add(A, negate(B), negate(add(B, C)), C), multiply(A, add(B, C), divide(A, B))


@pytest.mark.parametrize(
    ("member", "room", "rows"),
    [
        (SUM, 22, ["w_{3} &= w_{1} - w_{2}", r"&\quad {} - (w_{2} + w_{3})", r"&\quad {} + w_{3}"]),
        (PRODUCT, 20, ["w_{3} &= w_{1}", r"&\quad {} \cdot (w_{2} + w_{3})", r"&\quad {} \cdot \frac{w_{1}}{w_{2}}"]),
    ],
)
def test_a_member_too_long_is_broken_before_its_parts(member: Expression, room: float, rows: list[str]) -> None:
    assert list(display((chain(C, member),), TEX, room).rows) == rows


@pytest.mark.parametrize(
    ("member", "rows"),
    [
        (
            SUM,
            [
                "w_{3} &= w_{1}",
                r"&\quad {} - w_{2}",
                r"&\quad {} - (w_{2}",
                r"&\quad {} + w_{3})",
                r"&\quad {} + w_{3}",
            ],
        ),
        (
            PRODUCT,
            [
                "w_{3} &= w_{1}",
                r"&\quad {} \cdot (w_{2}",
                r"&\quad {} + w_{3})",
                r"&\quad {} \cdot \frac{w_{1}}{w_{2}}",
            ],
        ),
        (
            multiply(add(divide(A, B), divide(B, C)), C),
            [r"w_{3} &= \Bigl(\frac{w_{1}}{w_{2}}", r"&\quad {} + \frac{w_{2}}{w_{3}}\Bigr)", r"&\quad {} \cdot w_{3}"],
        ),
        (
            add(A, multiply(add(A, B), C)),
            ["w_{3} &= w_{1}", r"&\quad {} + (w_{1}", r"&\quad {} + w_{2})", r"&\quad {} \cdot w_{3}"],
        ),
    ],
)
def test_a_bracket_too_long_is_broken_inside(member: Expression, rows: list[str]) -> None:
    assert list(display((chain(C, member),), TEX, 6).rows) == rows


def test_a_factor_behind_a_broken_bracket_stays_in_its_row() -> None:
    rows = display((chain(C, multiply(add(A, B, C, A), B)),), TEX, 25).rows
    assert rows == ("w_{3} &= (w_{1} + w_{2}", r"&\quad {} + w_{3} + w_{1}) \cdot w_{2}")


def test_rows_are_about_equally_full() -> None:
    """No short value is left alone in the last row."""
    rows = display((chain(A, multiply(A, B), multiply(*numbers("0.25", "0.75")), Number("0.1875")),), TEX, 30).rows
    assert rows == (r"w_{1} &= w_{1} \cdot w_{2}", r"&= 0.25 \cdot 0.75 = 0.1875")


def test_a_product_written_without_sign_gets_one_where_a_row_begins() -> None:
    def juxtaposed(mathematics: Expression | Chain) -> str:
        if isinstance(mathematics, Apply):
            return " ".join(map(juxtaposed, mathematics.arguments))
        return TEX(mathematics)

    assert display((chain(C, multiply(A, B)),), juxtaposed, 8).rows[1] == r"&\quad {} \cdot w_{2}"


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (r"\frac{a + b}{c}", "a + b + c"),
        ("w_{11}^{2}", "w + 11 + 2"),
        (r"\mathrm{net}", r"\mathrm{network}"),
        (r"\text{net}", r"\text{总误差}"),
        (r"\begin{bmatrix} a \\ b \\ c \end{bmatrix}", r"\begin{bmatrix} a & b & c & d \end{bmatrix}"),
        (r"\left(a\right)", "(a + b)"),
        (r"\exp a", r"\exp a + b"),
    ],
)
def test_widths_are_about_right(narrow: str, wide: str) -> None:
    assert 0 < width(narrow) < width(wide)


def test_broken_tex_is_measured_all_the_same() -> None:
    for tex in ("{", "}", r"\frac", r"\frac{a", "^", r"\begin{matrix} a", r"\text", "\\", "a^b_c^"):
        assert width(tex) >= 0


def test_tokens_lose_nothing() -> None:
    tex = "\\frac{\\partial E}{\\partial w_{5}} \\\\\n &= 0.5'\\,x\\%"
    assert "".join(tokens(tex)) == tex


def test_terms_that_differ_in_indices_are_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[object] = []
    original = tex_tokens._measure

    def counted(pieces: Sequence[str], at: int, stop: str) -> tuple[float, int]:
        if not stop:
            measured.append(pieces)
        return original(pieces, at, stop)

    monkeypatch.setattr(tex_tokens, "_measure", counted)
    tex_tokens._width.cache_clear()
    products = [multiply(quantity("weight", 100 + number), quantity("weight", 200 + number)) for number in range(99)]
    rows = display((chain(A, add(*products)),), TEX, 60).rows
    assert len(rows) > 10
    assert len(measured) < 12


def test_of_a_formula_that_is_much_too_long_only_the_beginning_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    original = breaking.width

    def counted(tex: str) -> float:
        lengths.append(len(tex))
        return original(tex)

    monkeypatch.setattr(breaking, "width", counted)
    whole = TEX(add(*(quantity("weight", number) for number in range(1000))))
    assert not breaking.fits(whole, 70)
    assert sum(lengths) < len(whole) / 10
    assert breaking.fits("a" * 100, 110)
    assert not breaking.fits("a" * 100, 109)
