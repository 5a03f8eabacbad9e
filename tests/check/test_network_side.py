"""A document judged with the network it is about: stated conventions, special networks, and real slips among them."""

from __future__ import annotations

from functools import cache

import pytest

from symbackprop.api import derive, load, with_options
from symbackprop.check.check import check
from symbackprop.check.verdict import Status, Verdict
from symbackprop.spec.reading import parse_spec

FAILED = frozenset({Status.WRONG, Status.INHERITED, Status.ROUNDING, Status.CONVENTION})


def judged(text: str, network: str, notation: str | None = None) -> list[Verdict]:
    return list(check(text, load(network), notation=notation).verdicts)


def statuses(text: str, network: str, notation: str | None = None) -> set[str]:
    return {verdict.status.value for verdict in judged(text, network, notation)}


@cache
def document(network: str, language: str = "en") -> str:
    return derive(load(network)).document(language).text("md")


# ---- what the words beside a formula state --------------------------------------------------------

ROW = (
    "$$\\epsilon^m = y^{m-1} \\omega^m + b^m$$\n\n"
    "$$\\frac{\\partial L}{\\partial y^{m-1}} = \\frac{\\partial L}{\\partial \\epsilon^m} (\\omega^m)^T$$\n\n"
)
"""What makes the layout of the document plain."""
COLUMN = r"$$\frac{\partial L}{\partial \omega^m} = \frac{\partial L}{\partial \epsilon^m} (y^{m-1})^T$$"
SEQUENTIAL = (
    r"$\frac{\partial L}{\partial \epsilon^{m-1}} \leftarrow "
    r"\left(\frac{\partial L}{\partial \epsilon^m} (\omega^{m,+})^T\right) \odot \mathrm{Act}'_{m-1}(\epsilon^{m-1})$"
)
ONE_BIAS = (
    r"$$\frac{\partial L}{\partial b^m}"
    r" = \sum_{j=1}^{\mathrm{size}(m)} \frac{\partial L}{\partial \epsilon_j^m}$$"
)
SHARES = r"$$\mathbf{E}_Y = \mathbf{M}_Y^T \mathbf{E}_O$$"
LINEAR = (
    r"$$\frac{\partial E_O}{\partial Y_1} = \frac{\partial E_O}{\partial O_1} W_{Y_{11}}"
    r" + \frac{\partial E_O}{\partial O_2} W_{Y_{12}}$$"
)
TIED = r"$$\frac{\partial J}{\partial W_{11}^{(1)}} = \delta_1^{(2)} x_1 + \delta_1^{(3)} a_1^{(2)}$$"


@pytest.mark.parametrize(
    ("network", "words", "formula"),
    [
        ("row-vector", "## The same with column vectors\n\nThe formulas are the mirror image.", COLUMN),
        ("row-vector", "Then the error goes back through weights that are already new:", SEQUENTIAL),
        ("row-vector", "If all neurons of a layer share one bias, the derivatives are added up:", ONE_BIAS),
        ("weight-share", "The denominators are dropped:", SHARES),
        ("weight-share", "If all neurons are linear, every slope is 1:", LINEAR),
        ("autoencoder", "## With tied weights\n\nEach use is a path to the error:", TIED),
        ("autoencoder", "## 共享权重的情形\n\n偏导数是各条路径之和：", TIED),
    ],
)
def test_what_is_stated_holds_and_is_not_taken_for_granted(network: str, words: str, formula: str) -> None:
    first = ROW if network == "row-vector" else ""
    assert statuses(f"{first}{words}\n\n{formula}\n", network) == {"right"}
    assert statuses(f"{first}We find\n\n{formula}\n", network) & {"wrong", "convention"}


def test_a_slip_is_found_in_spite_of_the_words() -> None:
    lost = COLUMN.replace("(y^{m-1})^T", "y^{m-1}")
    assert "wrong" in statuses(f"{ROW}## The same with column vectors\n\nMirrored:\n\n{lost}\n", "row-vector")
    other = TIED.replace("x_1", "x_2")
    assert "wrong" in statuses(f"## With tied weights\n\nEach use is a path:\n\n{other}\n", "autoencoder")


# ---- networks in which a parameter is used more than once -----------------------------------------


def test_each_use_of_a_tied_weight_is_a_path_of_its_own() -> None:
    uses = (
        r"$$\frac{\partial C}{\partial w^3_{11}}"
        r" = \frac{\partial C}{\partial z^3_1} \frac{\partial z^3_1}{\partial w^3_{11}}"
        r" + \frac{\partial C}{\partial z^4_1} \frac{\partial z^4_1}{\partial w^3_{11}}$$"
    )
    assert statuses(uses, "deep-autoencoder") == {"right"}
    one = uses.partition(" + ")[0] + "$$"
    assert statuses(one, "deep-autoencoder") == {"wrong"}


@pytest.mark.parametrize(
    "right",
    [
        r"a_{t,1} = w_{xh,11} x_{t,1} + w_{hh,11} h_{t-1,1} + w_{hh,12} h_{t-1,2} + b_{h,1}",
        r"a_t = W_{xh} x_t + W_{hh} h_{t-1} + b_h",
        r"\frac{\partial E}{\partial w_{hh,12}} = \sum_{t=1}^T \delta^a_{t,1} h_{t-1,2}",
        r"\delta^a_{3,1} = \delta^o_{3,1} w_{hy,11} (1 - h_{3,1}^2)",
        r"E = \sum_{t=1}^T E_t",
        r"h_{1,1} = \tanh(a_{1,1}) = \tanh(0.4) = 0.379949",
    ],
)
def test_steps_in_time_are_read(right: str) -> None:
    assert statuses(f"$${right}$$", "recurrent") == {"right"}


@pytest.mark.parametrize(
    "wrong",
    [
        r"a_{t,1} = w_{xh,11} x_{t,1} + w_{hh,11} h_{t,1} + w_{hh,12} h_{t-1,2} + b_{h,1}",
        r"a_t = W_{xh} x_t + W_{hh}^T h_{t-1} + b_h",
        r"\frac{\partial E}{\partial w_{hh,12}} = \sum_{t=1}^T \delta^a_{t,1} h_{t-1,1}",
        r"\delta^a_{2,1} = \delta^o_{2,1} w_{hy,11} (1 - h_{2,1}^2)",
        r"h_{1,1} = \tanh(a_{1,1}) = 0.379946",
    ],
)
def test_slips_over_time_are_found(wrong: str) -> None:
    assert "wrong" in statuses(f"$${wrong}$$", "recurrent")


# ---- names ----------------------------------------------------------------------------------------


def test_a_delta_with_two_units_is_kroneckers() -> None:
    assert statuses(r"$$\frac{\partial y_i}{\partial a_j} = y_i(\delta_{ij} - y_j)$$", "softmax") == {"right"}
    assert statuses(r"$$\frac{\partial y_i}{\partial a_j} = y_i(\delta_{ij} + y_j)$$", "softmax") == {"wrong"}


# ---- slips put into what the generator writes -----------------------------------------------------


@pytest.mark.parametrize(
    ("network", "written", "slip"),
    [
        ("mazur", r"= w_1 \cdot i_1 + w_2 \cdot i_2", r"= w_1 \cdot i_1 + w_3 \cdot i_2"),
        ("row-vector", r"= y^{m-1} \cdot \omega^m + b^m", r"= y^m \cdot \omega^m + b^m"),
        ("row-vector", r"&= (y^{m-1})^T \cdot \frac{", r"&= y^{m-1} \cdot \frac{"),
        ("softmax-mlp", r"&= \delta^{(l)} (y^{(l-1)})^T", r"&= \delta^{(l)} (y^{(l)})^T"),
        ("weight-share", r"\boldsymbol{\delta}_H = (\mathbf{M}_Y^T", r"\boldsymbol{\delta}_H = (\mathbf{M}_Y"),
        ("recurrent", r"w_{hh,11} h_{0,1} + w_{hh,12} h_{0,2}", r"w_{hh,11} h_{1,1} + w_{hh,12} h_{0,2}"),
        ("autoencoder", r"= \delta_1^{(2)} x_1 + \delta_1", r"= \delta_1^{(2)} x_1 - \delta_1"),
        ("deep-autoencoder", r"+ \delta^4_3 w^3_{13})(1 - (a^3_1)^2)", r"+ \delta^4_3 w^3_{12})(1 - (a^3_1)^2)"),
    ],
)  # fmt: skip
def test_a_slip_put_into_a_generated_document_is_found(network: str, written: str, slip: str) -> None:
    text = document(network)
    assert written in text
    before = {verdict.statement.place.line for verdict in judged(text, network) if verdict.status in FAILED}
    changed = text.replace(written, slip, 1)
    line = changed[: changed.index(slip)].count("\n") + 1
    assert line not in before
    assert line in {verdict.statement.place.line for verdict in judged(changed, network) if verdict.status in FAILED}


@pytest.mark.parametrize("notation", ["mazur", "flat-za"])
def test_biases_numbered_through_are_those_of_the_units_where_each_has_its_own(notation: str) -> None:
    network = parse_spec(
        """
        name = "units"
        inputs = 2
        layers = [
            { size = 2, weights = [[0.3, -0.2], [0.1, 0.4]], biases = [0.1, -0.1] },
            { size = 1, weights = [[0.5, -0.6]], biases = [0.2] },
        ]
        data = { inputs = [0.5, -0.4], targets = [1] }
        training = { learning_rate = 0.5 }
        """
    )
    derivation = derive(with_options(network, notation=notation))
    (file,) = check(derivation.document("en").text("md"), network).files
    assert {verdict.status for verdict in file.verdicts} == {Status.MENTION, Status.RIGHT}


def test_what_cannot_be_told_says_why() -> None:
    (verdict,) = check("$$f(x) = E $$", load("mazur")).verdicts
    assert verdict.status.value == "undecided"
    assert verdict.message


def test_a_chain_that_tells_two_units_apart_speaks_of_both_cases() -> None:
    """The off-diagonal entry alone may be meant; beside a Kronecker delta it is a lost term."""
    alone, beside = (
        judged(rf"$$\frac{{\partial y_i}}{{\partial a_j^{{(2)}}}} = -y_i y_j{rest}$$", "softmax-mlp")
        for rest in ("", r" = y_i(\delta_{ij} - y_j)")
    )
    assert [(verdict.status, verdict.message) for verdict in alone] == [
        (Status.UNDECIDED, "it holds only for i ≠ j")
    ]  # fmt: skip
    assert [verdict.status for verdict in beside] == [Status.WRONG, Status.RIGHT]
    assert beside[0].message == "it holds only for i ≠ j, and another step of the chain speaks of both cases"


@pytest.mark.parametrize(
    "text",
    [
        "The network answers $o_1 = 0.75136507$ and $o_2 = 0.772928465$.\n\n$$o_1 = 0.75136507$$\n",
        "The targets are o1 = 0.01 and o2 = 0.99.\n\n$$E = \\frac{1}{2}(o_1 - out_{o1})^2 + \\frac{1}{2}(o_2 - out_{o2})^2$$\n",
    ],
)
def test_a_few_names_do_not_say_that_another_notation_is_meant(text: str) -> None:
    """In another notation o is a pre-activation, which has other values."""
    assert not FAILED & {verdict.status for verdict in judged(text, "mazur")}


def test_many_names_of_another_notation_do() -> None:
    text = derive(with_options(load("mazur"), notation="d2l")).document("en").text("md")
    report = check(text, load("mazur"))
    assert not FAILED & {verdict.status for verdict in report.verdicts}
    assert sum(verdict.status is Status.RIGHT for verdict in report.verdicts) > 50
