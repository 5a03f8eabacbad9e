"""What is said of statements that are not plainly right: the reason, in words, and where one helps the right value."""

from __future__ import annotations

import pytest

from symbackprop.api import load
from symbackprop.check.check import check


def told(text: str, network: str = "", notation: str | None = None) -> list[tuple[str, str]]:
    """Status and message of every statement."""
    report = check(text, load(network) if network else None, notation=notation)
    return [(verdict.status.value, verdict.message) for verdict in report.verdicts]


SIMULTANEOUS = "if all updates use the original weights (simultaneous order), and the biases are updated too"
SEQUENTIAL = "if the error goes back through weights that are already updated (sequential order)"


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("After 1 iteration $E_{total} = 0.291027774$.", "right", ""),
        ("After 1 iteration we have $w_5 = 0.35891648$.", "right", ""),
        ("After 1 iteration we have $w_5 = 0.3599$.", "wrong", "after 1 step it is 0.3589"),
        ("After 100 iterations $w_5 = -0.5$.", "wrong", "after 100 steps it is -1.8"),
        ("After 1 iteration $b_1 = 0.35$.", "right", ""),
        ("After 1 iteration $b_1 = 0.34$.", "convention", f"after 1 step this is what comes out {SIMULTANEOUS}; else it is 0.35"),
        ("After 2 iterations $out_{o1} = 0.732$.", "right", ""),
        ("After 10000 iterations $out_{o1} = 0.015912196$.", "convention", f"after 10000 steps this is what comes out {SEQUENTIAL}; else it is 0.015913620"),
        ("After 10000 iterations $out_{o1} = 0.0161$.", "wrong", "after 10000 steps it is 0.0159"),
        ("After 1 iteration $out_{h1} = 0.7$.", "undecided", "its value after 1 step is not computed here"),
        ("After 1 step the error is 0.291027773.", "rounding", "the last digit is off: 0.291027774"),
        ("After 10000 iterations the error is 0.0000451.", "wrong", "after 10000 steps it is 0.0000351"),
        ("The error goes down to 0.291027774.", "right", ""),
        ("The error goes down to 0.77.", "undecided", "it does not say after how many steps"),
        ("The inputs are 0.05 and 0.1.", "right", ""),
        ("The inputs are 0.05.", "right", ""),
        ("The inputs are 0.7.", "undecided", "it does not say which values these are"),
        ("The inputs are 0.05 and 0.2.", "undecided", "these are other values than the network's"),
    ],
)  # fmt: skip
def test_values_told_in_a_sentence(text: str, status: str, message: str) -> None:
    assert told(text, "mazur") == [(status, message)]


def test_without_values_nothing_is_trained() -> None:
    expected = [("undecided", "the network has no values to train with")]
    assert told("After 1 step the error is 0.3.", "mazur-symbolic") == expected


@pytest.mark.parametrize(
    ("formula", "status", "message"),
    [
        (r"out_{h1} = \text{softmax}(net_{h1})", "undecided", "softmax of a number"),
        (r"out_{h1} = \text{diag}(net_{h1})", "wrong", "diag of a number"),
        (r"out_{h1} = \tanh(1, 2)", "undecided", "tanh of 2 arguments"),
        (r"out_{h1} = \sigma''(net_{h1})", "undecided", "a second derivative of a function"),
        (r"out_{h1} = (-2)^{net_{h1}}", "undecided", "a root of a negative number"),
        (r"out_{h1} = \pi", "wrong", "this is 3.141592654, and it should be 0.593269992"),
        (r"net_{h1} = \nabla E_{total}", "undecided", "a gradient that does not say by what"),
        (r"net_{h1} = \begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}", "wrong", "the rows of the matrix have different lengths"),
        (r"net_{h1} = \begin{bmatrix} 0.3 & 0.2 \end{bmatrix}", "undecided", "a matrix of numbers for what is none"),
        (r"E_{total} = \sum_k 1", "undecided", "nothing says how far the index k runs"),
        (r"E_{total} = \max(0, net_{h1})", "wrong", r"the two sides are not equal: E_{total} is 0.298371109, \max(0, net_{h1}) is 0.3775"),
        (r"\frac{\partial E_{total}}{\partial net_{h9}} = 1", "undecided", "not defined here: net_{h9}"),
        (r"w_{hO} = 1", "wrong", "1 should be 0.550000000"),
        (r"w_5[1] = 1", "undecided", "an index on a number"),
        (r"\Delta w_5 = -\eta \frac{\partial E_{total}}{\partial w_5}", "right", ""),
        (r"out_{h1}(1 - out_{h1}) = 0.241300709", "right", ""),
        (r"w_5 \ne w_6", "right", ""),
        (r"w_5 \ne w_5", "wrong", "the two sides are equal"),
        (r"w_5 \ne q", "undecided", "not defined here: q"),
        ("= 0.3775", "undecided", "its left side is missing"),
    ],
)  # fmt: skip
def test_formulas_of_a_network(formula: str, status: str, message: str) -> None:
    assert told(f"$${formula}$$", "mazur") == [(status, message)]


def test_numbers_are_judged_by_those_before_them_where_the_left_side_is_unknown() -> None:
    statuses = [status for status, _ in told(r"$$foo = 0.15 \cdot 0.05 = 0.0075 = 0.008$$", "mazur")]
    assert statuses == ["undecided", "right", "right"]
    assert told("$$foo = 0.3 + 0.2 = 0.6$$", "mazur")[1] == ("wrong", "the digit 6 should be 5: 0.5")


@pytest.mark.parametrize(
    ("formula", "notation", "message"),
    [
        (r"W_{1} = 1", "index-brackets", "an array, and its numbers are not printed"),
        (r"W^{[1]} = 1", "ng", "an array, and its numbers are not printed"),
        (r"E_{total} = \sum_k \frac12 (t_k - o_k)^2", "mitchell", "it holds if o_k is that of another layer"),
    ],
)
def test_formulas_that_are_left_open_in_another_notation(formula: str, notation: str, message: str) -> None:
    assert told(f"$${formula}$$", "mazur", notation) == [("undecided", message)]


def test_an_update_written_as_an_equation_is_noted_as_one() -> None:
    found = told("$$w_5 = 0.4 - 0.5 * 0.082167041 = 0.35891648$$", "mazur")
    assert found == [("note", "this is an assignment, not an equation")] * 2


ARRAYS = r"""
$$z = W x$$ where $x \in \mathbb{R}^2$.

$$a = \text{softmax}(z)$$

$$E = \frac12 \|a - t\|^2$$

"""


@pytest.mark.parametrize(
    ("formula", "status", "message"),
    [
        (r"\frac{\partial E}{\partial z} = \frac{\partial a}{\partial z} (a - t)", "right", ""),
        (r"\frac{\partial E}{\partial W} = \frac{\partial E}{\partial z} x^T", "right", ""),
        (r"\frac{\partial a}{\partial x} = \frac{\partial a}{\partial z} \frac{\partial z}{\partial x}", "right", ""),
        (r"(W x)_1 = z_1", "right", ""),
        (r"\nabla E = x", "undecided", "a gradient that does not say by what"),
    ],
)  # fmt: skip
def test_formulas_of_a_document_with_arrays(formula: str, status: str, message: str) -> None:
    assert told(f"{ARRAYS}$${formula}$$")[-1] == (status, message)


def test_a_gradient_by_nothing_can_be_given_a_name() -> None:
    assert told("$$E = w x$$\n\n$$g = \\nabla E$$") == [("definition", "")] * 2
