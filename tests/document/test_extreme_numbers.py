"""Numbers at the edge of what can be computed: the document says what happens there, or an error does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import symbackprop as sbp
from symbackprop.errors import UserError, VerificationError

SPEC = """
name = "edge"
inputs = {width}
{loss}
[[layers]]
size = {size}
activation = "{activation}"
bias = "none"
weights = {weights}
[data]
inputs = {inputs}
targets = {targets}
[training]
learning_rate = 0.5
iterations = 5
"""


def derived(
    tmp_path: Path, activation: str, weights: str, targets: str, *, inputs: str = "[1]", loss: str = "", width: int = 1
) -> Any:
    """A network of one layer, read as a user's file is."""
    path = tmp_path / "edge.toml"
    given = f'loss = "{loss}"' if loss else ""
    size = targets.count(",") + 1
    text = SPEC.format(
        width=width, loss=given, size=size, activation=activation, weights=weights, inputs=inputs, targets=targets
    )
    path.write_text(text, encoding="utf-8")
    return sbp.derive(sbp.load(path))


def texts(derivation: Any) -> tuple[str, str]:
    """The document in English and in Chinese, without anything that is no number."""
    found = (derivation.document("en").text("md"), derivation.document("zh").text("md"))
    for text in found:
        assert not re.search(r"\b(nan|inf|zoo|None)\b", text, re.IGNORECASE)
    return found


def test_a_saturated_sigmoid_is_said_to_learn_slowly(tmp_path: Path) -> None:
    english, chinese = texts(derived(tmp_path, "sigmoid", "[[1000]]", "[0]"))
    assert "the activation function is almost flat: these neurons are saturated" in english
    assert "饱和" in chinese


def test_a_loss_that_fits_the_activation_takes_the_saturation_back(tmp_path: Path) -> None:
    """δ is out - target = 1 there, so that nothing is slow."""
    derivation = derived(tmp_path, "sigmoid", "[[1000]]", "[0]", loss="binary_cross_entropy")
    english, chinese = texts(derivation)
    assert abs(derivation.gradient("w1").value - 1) < 1e-40
    assert "these neurons are saturated" not in english
    assert "1.970071114 \\times 10^{434}" in english
    assert "1.970071114 \\times 10^{434}" in chinese


@pytest.mark.parametrize("size", ["1000", "100000"])
def test_a_softmax_of_large_inputs_keeps_its_small_outputs(tmp_path: Path, size: str) -> None:
    weights = f"[[{size}], [-{size}], [0]]"
    derivation = derived(tmp_path, "softmax", weights, "[0, 1, 0]", loss="cross_entropy")
    texts(derivation)
    assert derivation.derivation.values[derivation.story.loss] == 2 * int(size)
    assert derivation.verification.at_example


def test_a_unit_on_its_kink_is_said_to_be_there(tmp_path: Path) -> None:
    derivation = derived(tmp_path, "relu", "[[1, -1]]", "[1]", inputs="[2, 2]", width=2)
    english, chinese = texts(derivation)
    assert "has a kink and no derivative; the derivative of its left branch is used there" in english
    assert "左" in next(line for line in chinese.splitlines() if "没有导数" in line or "不可导" in line)
    assert derivation.gradient("w1").value == 0


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "elu", "gelu", "softplus", "relu", "leaky_relu", "identity"])
@pytest.mark.parametrize("weight", ["-100000", "100000"])
def test_every_activation_far_out(tmp_path: Path, activation: str, weight: str) -> None:
    derivation = derived(tmp_path, activation, f"[[{weight}]]", "[0]")
    texts(derivation)
    assert derivation.verification.at_example


@pytest.mark.parametrize(
    ("activation", "loss", "choices"),
    [("relu", "binary_cross_entropy", "sigmoid"), ("identity", "binary_cross_entropy", "sigmoid"),
     ("relu", "cross_entropy", "softmax"), ("tanh", "cross_entropy", "softmax")],
)  # fmt: skip
def test_a_logarithm_of_0_cannot_come_up(tmp_path: Path, activation: str, loss: str, choices: str) -> None:
    with pytest.raises(UserError, match=rf"loss: {loss} needs outputs .*{choices}"):
        derived(tmp_path, activation, "[[-1]]", "[1]", loss=loss)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("place", ["weights", "inputs", "targets"])
def test_what_is_no_number_is_refused(tmp_path: Path, number: str, place: str) -> None:
    given = {"weights": "[[1]]", "inputs": "[1]", "targets": "[0]"}
    given[place] = given[place].replace("1", number).replace("0", number)
    with pytest.raises(UserError, match=r"edge\.toml: .*is not a finite number"):
        derived(tmp_path, "sigmoid", **given)


@pytest.mark.parametrize("number", ["1e200", "-1e200", "1e-200"])
def test_what_is_out_of_range_is_refused(tmp_path: Path, number: str) -> None:
    with pytest.raises(UserError, match=r"is out of range: magnitudes go from 1e-100 to 1e100"):
        derived(tmp_path, "sigmoid", f"[[{number}]]", "[0]")


@pytest.mark.parametrize("activation", ["sigmoid", "softplus", "gelu"])
def test_a_value_that_no_digits_can_write_is_a_clear_error(tmp_path: Path, activation: str) -> None:
    derivation = derived(tmp_path, activation, "[[-1e30]]", "[0]")
    with pytest.raises(UserError, match=r"a value of the order of 10\^-\d+ comes out, too far from 1 to be written"):
        texts(derivation)


def test_a_loss_that_is_not_defined_for_its_digits_is_a_clear_error(tmp_path: Path) -> None:
    derivation = derived(tmp_path, "sigmoid", "[[1e30]]", "[0]", loss="binary_cross_entropy")
    with pytest.raises(VerificationError, match="something is still divided by 0: the gradient is not defined there"):
        texts(derivation)


def test_training_that_diverges_is_a_clear_error_or_a_finite_table(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(
        SPEC.format(width=1, loss="", size=1, activation="identity", weights="[[3]]", inputs="[100]", targets="[0]")
        .replace("iterations = 5", "iterations = 400"),
        encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(UserError, match=r"learning_rate: the error grows beyond all numbers .* try a smaller"):
        texts(sbp.derive(sbp.load(path)))
