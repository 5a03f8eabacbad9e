"""Canonical spellings: what is typed in several ways is one, and no text makes them fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbackprop.notation.canonical import LONGEST, canonical, loosened
from symbackprop.notation.typed import of_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("w^l_{jk}", "w_{jk}^l"),
        ("w_5^+", r"w _ {5} ^ {+}"),
        (r"\mathrm{net}_{h1}", "net_{h1}"),
        (r"\operatorname{net}_{h1}", r"\text{net}_{h1}"),
        (r"\bm{W}^{(1)}", r"\mathbf W^{(1)}"),
        (r"\sigma'", r"\sigma^{\prime}"),
        ("δ_{o1}", r"\delta_{o1}"),
        ("a^{<t>}", r"a^{\langle t \rangle}"),
        (r"\widehat y_1", r"\hat{y}_1"),
        (r"E_{O_1}", r"E_{O_{1}}"),
        (r"\omega_{·j}", r"\omega_{\cdot j}"),
    ],
)
def test_the_same_name_has_one_spelling(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("w_{12}", "w_{1}^{2}"), ("W", r"\mathbf{W}"), ("W_{X_{11}}", "W_{X_1}"), ("w_5", "w_5^+"), (r"\hat y", "y")],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("W_{X_11}", "W_{X_{11}}"), ("w5", "w_5"), ("out_{O_1}", "out_{O1}"), (r"\varepsilon_i", r"\epsilon_i")],
)
def test_loosened_spellings_forgive_what_writers_do_not_mean(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)
    assert loosened(canonical(one)) == loosened(canonical(other))


@pytest.mark.parametrize(
    ("flat", "tex"),
    [
        ("w_jk^l", "w^l_{jk}"),
        ("w^2_11", "w^2_{11}"),
        ("delta_o1", r"\delta_{o1}"),
        ("W_X_11", "W_{X_{11}}"),
        ("hat(y)_2", r"\hat{y}_2"),
        ("w_jk^l+1", "w^{l+1}_{jk}"),
        ("a_3^[1],(5)", "a^{[1](5)}_3"),
        ("w_cdot,k^l", r"w^l_{\cdot,k}"),
        ("W_2^+[3,2]", "W_2^+[3,2]"),
        ("domega^m", r"d\omega^m"),
        ("f'", r"f^{\prime}"),
    ],
)
def test_flat_text_is_read_like_tex(flat: str, tex: str) -> None:
    assert of_text(flat) == canonical(tex)


def test_a_long_text_is_left_alone() -> None:
    text = "{" * (LONGEST + 1)
    assert canonical(text) == text


@given(st.text(alphabet="wabNx_^{}[]()<>\\'+-,. 019δ·", max_size=40))
def test_no_text_makes_it_fail_and_normal_forms_are_stable(text: str) -> None:
    normal = canonical(text)
    loosened(normal)
    of_text(text)
    # a prime beside another superscript is no TeX
    doubled = "^" in text and ("'" in text or "\\prime" in text)
    if not doubled and not any(part in normal for part in ("\\\\", "\\{", "\\}", "^^", "__")):
        assert canonical(canonical(normal)) == canonical(normal)
