"""Documents of a few lines, each about one decision: whose definition counts, what a name stands for, which layout holds."""

from __future__ import annotations

import pytest

from symbackprop.api import load
from symbackprop.check.check import check
from symbackprop.check.verdict import Status, Verdict


def verdicts(*formulas: str, network: str | None = None) -> list[Verdict]:
    """The verdicts on displays, or on lines of text; the first one stands in line 1, the others two lines apart."""
    text = "\n\n".join(one if one.endswith(".") else f"$${one}$$" for one in formulas)
    return list(check(text, load(network) if network else None).verdicts)


def statuses(found: list[Verdict]) -> list[str]:
    return [verdict.status.value for verdict in found]


USES = (
    "\\frac{\\partial z}{\\partial w} = x",
    "\\frac{\\partial z}{\\partial x} = w",
    "\\frac{\\partial (z^2)}{\\partial x} = 2 z w",
)
"""They hold for z = w x."""


def test_the_definition_that_the_uses_fit_counts() -> None:
    right_first = verdicts("z = w x", "z = w + x", *USES)
    assert statuses(right_first) == ["definition", "undecided", "right", "right", "right"]
    assert right_first[1].message == "z is defined otherwise in line 1"
    exchanged = verdicts("z = w + x", "z = w x", *USES)
    assert statuses(exchanged) == ["undecided", "definition", "right", "right", "right"]
    assert exchanged[0].message == "z is defined otherwise in line 3"


def test_without_a_clear_gain_the_first_definition_counts() -> None:
    """The line that loses fails itself, so that one use alone decides nothing."""
    assert statuses(verdicts("z = w + x", "z = w x"))[0] == "definition"
    even = verdicts("z = w + x", "z = w x", USES[0], "\\frac{\\partial z}{\\partial x} = 1")
    assert statuses(even)[:2] == ["definition", "undecided"]
    assert statuses(even)[3] == "right"


def test_a_definition_by_itself_wins_no_vote() -> None:
    """z = z + x says something of a new z; it is not what the uses could have meant."""
    found = verdicts("z = w + x", "z = z x", *USES)
    assert found[0].status is Status.DEFINITION
    assert statuses(found)[2:] != ["right", "right", "right"]


def test_names_that_the_network_lacks_are_what_the_document_says_they_are() -> None:
    found = verdicts("q = w_1 i_1 + w_2 i_2", "net_{h1} = q + b_1", "net_{h1} = q", network="mazur")
    assert statuses(found) == ["definition", "right", "wrong"]
    unknown = verdicts("r = s + 1", "net_{h1} = r", network="mazur")
    assert statuses(unknown)[-1] == "undecided"
    assert unknown[-1].rule == "undefined-symbol"


def test_a_neuron_s_name_is_its_target_among_the_given_values_and_else_its_output() -> None:
    targets = verdicts("The targets are o1 = 0.01 and o2 = 0.99, the weights w1 = 0.15 and w5 = 0.4.", network="mazur")
    by_tex = {verdict.statement.tex: verdict.status for verdict in targets}
    assert by_tex == {
        "o1=0.01": Status.RIGHT, "o2=0.99": Status.RIGHT, "w1=0.15": Status.RIGHT, "w5=0.4": Status.RIGHT,
    }  # fmt: skip
    wrong = verdicts("The targets are o1 = 0.42 and o2 = 0.99, the weights w1 = 0.15 and w5 = 0.4.", network="mazur")
    found = {verdict.statement.tex: verdict for verdict in wrong}["o1=0.42"]
    assert (found.status, found.expected) == (Status.WRONG, "0.01")


@pytest.mark.parametrize("number", ["0.3", "0.9"])
def test_what_training_comes_to_is_open_without_a_network(number: str) -> None:
    (found,) = verdicts(f"After 100 steps the error is {number}.")
    assert (found.status, found.message) == (Status.UNDECIDED, "without a network nothing says what it comes to")


def test_neurons_may_share_a_bias_where_the_words_say_so() -> None:
    forward = ("z_1 = w_1 x_1 + b", "z_2 = w_2 x_2 + b", "a_1 = \\sigma(z_1)", "a_2 = \\sigma(z_2)", "L = a_1 a_2")
    total = "\\frac{\\partial L}{\\partial b} = \\frac{\\partial L}{\\partial z_1} + \\frac{\\partial L}{\\partial z_2}"
    half = "\\frac{\\partial L}{\\partial b} = \\frac{\\partial L}{\\partial z_1}"
    assert statuses(verdicts(*forward, total))[-1] == "right"
    assert statuses(verdicts(*forward, half))[-1] == "wrong"
