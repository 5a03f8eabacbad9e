"""What is said in Python and shown in a notebook's output."""

from __future__ import annotations

import re

import pytest

import symbackprop as sbp
from symbackprop.api import NetworkDerivation
from symbackprop.errors import UserError


@pytest.fixture(scope="module")
def mazur() -> NetworkDerivation:
    return sbp.derive(sbp.load("mazur"))


def test_a_gradient_is_shown_as_its_chain_of_factors(mazur: NetworkDerivation) -> None:
    shown = mazur.gradient("w5")._repr_latex_()
    factors = re.findall(r"\\frac\{\\partial (\w+)[^}]*\}", shown)
    assert shown.startswith(r"$\displaystyle \frac{\partial E_{total}}{\partial w_5} = ")
    assert factors == ["E_", "E_", "out_", "net_"]


def test_a_derivation_is_shown_as_all_its_gradients(mazur: NetworkDerivation) -> None:
    shown = mazur._repr_latex_()
    assert shown.startswith(r"$\displaystyle \begin{aligned} ")
    assert shown.count(" &= ") == len(mazur.gradients) == 10
    assert r"\frac{\partial E_{total}}{\partial w_5} &= \delta_{o1} \cdot out_{h1}" in shown


def test_a_document_is_shown_as_its_markdown(mazur: NetworkDerivation) -> None:
    document = mazur.document("zh")
    assert document._repr_markdown_() == document.text("md")


def test_a_gradient_by_what_is_no_parameter_is_refused(mazur: NetworkDerivation) -> None:
    with pytest.raises(UserError, match=r"^gradient: 'out_h1' is not a parameter; known: w_1, w_2, "):
        mazur.gradient("out_h1")


def test_a_text_is_checked(mazur: NetworkDerivation) -> None:
    text = r"$$\frac{\partial E_{total}}{\partial w_5} = \delta_{o1} out_{h2}$$"
    (verdict,) = sbp.check(text, mazur.network).verdicts
    assert (verdict.status.value, verdict.statement.place.line) == ("wrong", 1)


def test_without_values_there_are_none() -> None:
    derivation = sbp.derive(sbp.load("mazur-symbolic"))
    assert derivation.gradient("w5").value is None
    assert derivation.value("out_h1") is None
    assert "value" not in derivation.gradient("w5").forms()
