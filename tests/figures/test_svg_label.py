"""Labels: what characters come out of TeX, where they stand, and that nothing breaks them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbackprop.figures.label import Label, math_label, spans, words_label


def shown(label: Label) -> list[str]:
    return ["".join(span.text for span in spans(line, 10)) for line in label.setting.lines]


def heights(label: Label) -> list[tuple[str, float]]:
    """The characters of a one-line label with how far they stand above the baseline, at 10 units."""
    found, height = [], 0.0
    for span in spans(label.setting.lines[0], 10):
        height -= span.dy
        found.append((span.text, round(height, 2)))
    return found


@pytest.mark.parametrize(
    ("tex", "lines"),
    [
        ("w_{5}", ["w5"]),
        ("net_{h1}", ["neth1"]),
        ("W_{X_{11}}", ["WX11"]),
        ("w^{2}_{12}", ["w122"]),
        (r"\delta_{o1}", ["δo1"]),
        (r"\mathbf{W}^{[1]}", ["W[1]"]),
        (r"\epsilon^m", ["ϵm"]),
        (r"\hat{y}", ["ŷ"]),
        (r"\frac{\partial E_{total}}{\partial w_5}", ["∂Etotal", "∂w5"]),
        (r"x_{\frac{1}{2}}", ["x1/2"]),
        (r"\frac{a}{\frac{b + 1}{c}}", ["a", "(b+1)/c"]),
        (r"E_{\text{总 误差}}", ["E总 误差"]),
        (r"\left(1 - out_{h1}\right)", ["(1−outh1)"]),
        (r"3.5\cdot 10^{-7}", ["3.5·10−7"]),
        (r"\unheard_1", ["unheard1"]),
        ("w_5^+", ["w5+"]),
        ("f'", ["f′"]),
        (r"\sqrt{ab}", ["√(ab)"]),
        (r"\sqrt{a}", ["√a"]),
        (r"\infty \approx n \times 2", ["∞≈n×2"]),
        (r"\hat{}", [""]),
        (r"\hat{\frac{a}{b}}", ["a", "b"]),
        (r"\text x", ["x"]),
        (r"E_{\text", ["E"]),
        (r"E_{\text{in", ["Ein"]),
    ],
)
def test_characters(tex: str, lines: list[str]) -> None:
    assert shown(math_label(tex)) == lines


def test_scripts_return_to_the_baseline() -> None:
    assert heights(math_label("a_1b")) == [("a", 0.0), ("1", -2.0), ("b", 0.0)]
    (_, zero), (_, once), (_, twice), (_, back) = heights(math_label("W_{X_{11}}="))[:4]
    assert zero == back == 0.0
    assert twice < once < 0.0


def test_scripts_get_smaller() -> None:
    sizes = [span.size for span in spans(math_label("W_{X_{11}}").setting.lines[0], 10)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


def test_both_scripts_begin_at_the_same_place() -> None:
    _, lower, upper, after = spans(math_label("w^{2}_{12}z").setting.lines[0], 10)
    assert lower.dx == 0.0
    assert upper.dx == pytest.approx(-2 * (after.dx - 0.3), abs=0.01)  # back by two digits, on by the missing one
    assert math_label("w^{2}_{12}").extent(10)[0] == pytest.approx(math_label("w_{12}").extent(10)[0])


def test_letters_are_italic_and_digits_are_not() -> None:
    italic = {span.text: span.italic for span in spans(math_label(r"w_5\sigma\text{in}").setting.lines[0], 10)}
    assert italic == {"w": True, "5": False, "σ": True, "in": False}


def test_a_sign_is_set_tight_and_an_operator_is_not() -> None:
    assert [span.dx for span in spans(math_label("-1").setting.lines[0], 10)] == [0.0]
    minus, *_ = [span for span in spans(math_label("a-1").setting.lines[0], 10) if span.text == "−"]
    assert minus.dx > 0.0


def test_only_the_value_is_marked_as_one() -> None:
    label = math_label("w_5", "-0.40")
    assert label.tex == r"$\displaystyle w_5 = -0.40$"
    assert [(span.text, span.is_value) for span in spans(label.setting.lines[0], 10)] == [
        ("w", False),
        ("5", False),
        ("=", False),
        ("−0.40", True),
    ]


@pytest.mark.parametrize("value", [r"3.5\cdot 10^{-7}", r"\frac{1}{3}"])
def test_all_of_a_value_is_marked_as_one(value: str) -> None:
    name, *marked = [span for line in math_label("w", value).setting.lines for span in spans(line, 10)]
    assert (name.text, name.is_value) == ("w", False)
    assert [span.text for span in marked if not span.is_value] == ["="]


def test_a_fraction_is_centred_over_its_denominator() -> None:
    label = math_label(r"\frac{a}{bbbb}", "1")
    numerator, denominator, value = label.setting.lines
    assert numerator.centre == denominator.centre == label.setting.rules[0].centre < value.centre
    assert numerator.rise > label.setting.rules[0].rise > denominator.rise


def test_words_are_escaped_for_tex_and_formulas_are_not() -> None:
    assert words_label("50 % of $E_{1}$ & {more}").tex == r"\strut 50 \% of $E_{1}$ \& \{more\}"
    assert shown(words_label("error $E_{1}$ 误差")) == ["error E1 误差"]


def test_a_lone_dollar_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="partner"):
        words_label("5 $")


def test_chinese_is_as_wide_as_high() -> None:
    assert words_label("误差").extent(10)[0] == pytest.approx(20)


@given(st.text(alphabet="\\{}_^ab1$&#%'~ \n总frac", max_size=80))
def test_any_text_gives_a_label(tex: str) -> None:
    label = math_label(tex)
    assert label.extent(10)[0] < 40 * (len(tex) + 1)


@pytest.mark.parametrize("tex", ["{" * 5000, "x_" * 5000, r"\frac" * 2000, r"\hat{" * 3000 + "x"])
def test_depth_is_bounded(tex: str) -> None:
    assert math_label(tex).extent(10)[1] < 100
