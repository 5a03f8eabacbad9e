"""Documents of networks that no built-in example is like: what they say, and what they leave out."""

from __future__ import annotations

import pytest

import symbackprop as sbp
from symbackprop.spec.reading import parse_spec

HEAD = 'name = "net"\ninputs = 2\n'
PENALTY = "penalties = {l2 = 0.1}\n"
BARE = "[[layers]]\nsize = 2\n"
NUMBERS = "weights = [[0.1, 0.2], [0.3, 0.4]]\nbiases = [0.1, 0.2]\n"
LAYER = BARE + NUMBERS
ONE = "[data]\ninputs = [0.5, -1]\ntargets = [1, 0]\n"
TWO = "[data]\ninputs = [[0.5, -1], [1, 0.5]]\ntargets = [[1, 0], [0, 1]]\n"
STATES = (
    'name = "net"\ninputs = 1\nnotation = "recurrent"\n[[layers]]\nkind = "recurrent"\nsize = 1\n[data]\nrows = 2\n'
)
SOFTMAX_ALONE = '[[layers]]\nkind = "softmax"\n'
SOFTMAX = BARE + 'activation = "softmax"\n' + NUMBERS


def document(spec: str) -> str:
    """The English text; the Chinese one has to be there as well."""
    derivation = sbp.derive(parse_spec(spec))
    assert derivation.document("zh").text("md")
    return derivation.document("en").text("md")


def outlined(name: str) -> str:
    return f'[about]\noutline = "{name}"\n'


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (
            HEAD + PENALTY + LAYER + LAYER + ONE,
            [
                "Without penalties the error would be\n\n$$\nE_{data} = E_{o1} + E_{o2} = 0.096249256 + 0.199777465",
                "A penalty on large weights is added, a term of the error like any other:",
                "Together:",
            ],
        ),
        (
            HEAD + PENALTY + 'notation = "ng"\n' + LAYER + LAYER + TWO + '[training]\nreduction = "sum"\n',
            ["Each sample has an error of its own:", "Without penalties the error would be"],
        ),
        (
            HEAD + BARE + "[training]\niterations = 7\n",
            ["are repeated 7 times. The loop can be run once every value is given."],
        ),
        (
            HEAD + LAYER + LAYER + TWO + '[training]\nlearning_rate = 0.5\niterations = 10\nbatch = "sample"\n',
            [
                "The 2 samples are taken one after another, each with a forward pass, a backward pass and an update",
                "Going through all of them 10 times",
                "| Rounds | $E_{total}$ |",
                "| Sample | $out_{o1}$ | $out_{o2}$ | $target_{o1}$ | $target_{o2}$ |",
                "| ---: | ---: | ---: | ---: | ---: |\n| $1$ | $0.",
            ],
        ),
        (
            HEAD + SOFTMAX + ONE + outlined("softmax_network"),
            ["With this loss the factors of softmax do not cancel: the whole Jacobian stays in the formula."],
        ),
        (
            HEAD + 'loss = "cross_entropy"\n' + LAYER + SOFTMAX_ALONE + ONE + outlined("softmax_network"),
            [
                "| softmax | cross entropy | $out_{o1} - target_{o1}$ |",
                "| sigmoid | binary cross entropy | $out_{o1} - target_{o1}$ |",
            ],
        ),
        (
            STATES,
            ["## One step, for any number of them", "## Backwards in time", "### Step 2"],
        ),
        (
            HEAD + PENALTY + 'notation = "ufldl"\n' + BARE + BARE + "tied = 1\n"
            '[data]\ninputs = [0.5, -1]\ntargets = "inputs"\n' + outlined("autoencoder"),
            ["it uses those of the hidden layer, transposed", "A penalty on large weights is added"],
        ),
    ],
    ids=[
        "penalty",
        "penalty and samples",
        "loop without values",
        "one sample after another",
        "softmax and squares",
        "softmax alone",
        "states alone",
        "tied and penalty",
    ],
)
def test_what_is_said(spec: str, said: list[str]) -> None:
    text = document(spec)
    assert [phrase for phrase in said if phrase not in text] == []


@pytest.mark.parametrize(
    ("spec", "headings", "left_out"),
    [
        # without values, shares of errors are not set beside the gradient in a table
        (
            HEAD + 'notation = "ufldl"\n' + (BARE + 'bias = "none"\n') * 2 + outlined("weight_share"),
            ["## Handing back the error in shares", "## Shares beside the gradient"],
            ["What is handed back to the hidden neurons", "The error, handed back layer by layer"],
        ),
        # a single layer hands nothing back through weights that could be new ones already
        (HEAD + LAYER + ONE, ["## All updates at a glance"], ["## Which weights carry the error back?"]),
        # where a recurrent layer has nothing behind it, there is nothing to say of what is behind
        (
            STATES,
            ["## One step, for any number of them"],
            ["The output of this step is computed from the state:"],
        ),
        (
            HEAD + 'notation = "ufldl"\n' + BARE * 2 + outlined("any_depth"),
            ["## Tried in numbers", "## Why the transpose?"],
            ["= \\begin{bmatrix} 0."],
        ),
    ],
    ids=["shares without values", "one layer", "states alone", "any depth without values"],
)
def test_what_is_left_out(spec: str, headings: list[str], left_out: list[str]) -> None:
    text = document(spec)
    assert [heading for heading in headings if f"\n{heading}\n" not in text] == []
    assert [phrase for phrase in left_out if phrase in text] == []
