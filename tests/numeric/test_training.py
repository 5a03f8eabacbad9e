"""The training loop: its orders, its samples, its optimisers, and the digits it vouches for."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from support.networks import drawn, drawn_spec
from support.peer import gradients

from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.derive.joint import joint_sweep
from symbackprop.errors import UserError
from symbackprop.expression import Number, Symbol
from symbackprop.numeric.arithmetic import Arithmetic, precise
from symbackprop.numeric.rounding import Rounding
from symbackprop.numeric.training import Training, agreement, confirmed, train
from symbackprop.spec.model import Order
from symbackprop.spec.reading import network_from, parse_spec

MAZUR = """
name = "mazur"
inputs = 2
[[layers]]
size = 2
bias = "layer"
weights = [[0.15, 0.20], [0.25, 0.30]]
biases = 0.35
[[layers]]
size = 2
bias = "layer"
weights = [[0.40, 0.45], [0.50, 0.55]]
biases = 0.60
[data]
inputs = [0.05, 0.10]
targets = [0.01, 0.99]
[training]
learning_rate = 0.5
update_biases = false
"""


def run(derivation: Derivation, iterations: int, arithmetic: Arithmetic, order: Order = "simultaneous") -> Training:
    sweep, model = joint_sweep(derivation.model, order), derivation.model
    return train(
        sweep.graph,
        {**sweep.updates, **sweep.states},
        model.output,
        {**model.values, **sweep.initial},
        iterations,
        arithmetic,
        model.samples,
        derivation.network.training.reduction,
    )


@pytest.mark.parametrize(
    ("biases", "order", "after_one", "after_all"),
    [
        ("false", "simultaneous", 0.2910277737, 0.0000351019),
        ("false", "sequential", 0.2910279239, 0.0000350848),
        ("true", "simultaneous", 0.2857508867, 0.0000043553),
        ("true", "sequential", 0.2857744701, 0.0000043673),
    ],
)
def test_worked_example_in_both_orders(biases: str, order: Order, after_one: float, after_all: float) -> None:
    network = parse_spec(MAZUR.replace("update_biases = false", f"update_biases = {biases}"))
    training = derive_model(network).train(order, 10_000)
    assert training.errors[1] == pytest.approx(after_one, abs=5e-11)
    assert training.errors[10_000] == pytest.approx(after_all, abs=5e-11)
    assert len(training.errors) == 10_001


@pytest.mark.parametrize("seed", [0, 1, 2, 5, 6, 8, 13, 21])
def test_shown_digits_are_those_of_a_run_with_fifty_digits(seed: int) -> None:
    derivation = derive_model(drawn(seed))
    count, rounding = 60, Rounding(digits=14, scheme="significant")
    doubles = derivation.train("simultaneous", count)
    exact = run(derivation, count, precise())
    for step in range(count + 1):
        shown = doubles.error(step, rounding)
        digits = len(shown.text.split("e")[0].replace("-", "").replace(".", "").lstrip("0"))
        assert shown.value == Rounding(max(digits, 1), "significant").number(exact.errors[step]).value
    for entry, value in exact.outputs.items():
        assert float(value) == pytest.approx(doubles.outputs[entry], rel=10.0 ** -doubles.output_digits[entry])
        assert abs(float(doubles.output(entry, Rounding()).value) - value) < 1e-9


def test_digits_lost_to_cancellation_are_not_shown() -> None:
    """An output of 1 - 1e-13 leaves three digits of its distance from 1: the error can have no more."""
    network = parse_spec(
        'name = "n"\ninputs = 1\n[[layers]]\nsize = 1\nweights = [[30]]\nbias = "none"\n'
        "[data]\ninputs = [1]\ntargets = [1]\n[training]\nlearning_rate = 0.5"
    )
    derivation = derive_model(network)
    training = derivation.train("simultaneous", 2)
    exact = run(derivation, 2, precise())
    assert training.error_digits[0] <= 4
    shown = training.error(0, Rounding(scheme="significant"))
    assert len(shown.text.split("e")[0].replace(".", "")) <= 4
    assert float(shown.value) == pytest.approx(float(exact.errors[0]), rel=0.1)


def test_agreement() -> None:
    assert agreement(1.0, 1.0) == 14
    assert agreement(1.0, 1.0 + 1e-9) in (7, 8)
    assert agreement(1.0, 2.0) == 0
    assert agreement(0.0, 1e-300) == 0
    assert confirmed(0.123456789, 0.123456799, Rounding(digits=9)).text in ("0.123457", "0.12346")
    assert confirmed(1.0, 2.0, Rounding()).text == "1"
    assert confirmed(0.5, 0.5, Rounding()).text == "0.5"
    assert confirmed(0.0, 3e-32, Rounding()) == Number("0", exact=False)
    assert confirmed(2e-32, 3e-31, Rounding()) == Number("0", exact=False)
    assert confirmed(2e-31, 2e-31, Rounding()).text == "2e-31"


@pytest.mark.parametrize("seed", [3, 4, 7])
@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "nesterov"])
def test_optimisers_against_a_loop_of_its_own(seed: int, optimiser: str) -> None:
    """Gradients from autograd, updates written out here."""
    spec = drawn_spec(seed)
    spec["training"] |= {"optimiser": optimiser}
    if optimiser != "sgd":
        spec["training"] |= {"momentum": Decimal("0.9")}
    derivation = derive_model(network_from(spec))
    values: dict[Symbol, Any] = {entry: float(value) for entry, value in derivation.model.values.items()}
    velocity = dict.fromkeys(derivation.parameters, 0.0)
    for _ in range(5):
        found = gradients(derivation.network, derivation.model.graph, values)
        for entry, gradient in found.items():
            if optimiser == "sgd":
                values[entry] -= 0.3 * gradient
                continue
            velocity[entry] = 0.9 * velocity[entry] - 0.3 * gradient
            ahead = 0.9 * velocity[entry] - 0.3 * gradient
            values[entry] += velocity[entry] if optimiser == "momentum" else ahead
    training = derivation.train("simultaneous", 5)
    for entry in derivation.parameters:
        assert training.parameters[entry] == pytest.approx(values[entry], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_one_sample_at_a_time(reduction: str) -> None:
    """An iteration is an update after each sample, in their order; E is that of all samples before it."""
    spec = drawn_spec(2)
    spec["training"] |= {"batch": "sample", "reduction": reduction}
    spec["data"] = {
        "inputs": [[Decimal(i + k) / 10 for i in range(spec["inputs"])] for k in range(3)],
        "targets": [[Decimal(k) / 4 + Decimal("0.1")] * drawn(2).sizes[-1] for k in range(3)],
    }
    network = network_from(spec)
    derivation = derive_model(network)
    model = derivation.model
    assert not any(axis.name == "samples" for node in model.graph.nodes for axis in node.axes)
    assert len(model.samples) == 3

    def loss(values: dict[Symbol, Any]) -> float:
        program = derivation.model.graph
        from symbackprop.numeric.program import program_of

        each = [
            float(program_of(program).evaluate({**values, **sample}, precise())[program.loss.entry()])
            for sample in model.samples
        ]
        return sum(each) / (3 if reduction == "mean" else 1)

    values: dict[Symbol, Any] = {entry: float(value) for entry, value in model.values.items()}
    errors = [loss(values)]
    for _ in range(2):
        for sample in model.samples:
            found = gradients(network, model.graph, {**values, **sample})
            for entry, gradient in found.items():
                values[entry] -= 0.3 * gradient
        errors.append(loss(values))
    training = derivation.train("simultaneous", 2)
    assert training.errors == pytest.approx(errors, rel=1e-9)
    for entry in derivation.parameters:
        assert training.parameters[entry] == pytest.approx(values[entry], rel=1e-9)
    assert [entry.indices[0] for entry in training.outputs if entry.indices] == [
        number for number in range(3) for _ in range(network.sizes[-1])
    ]
    assert min(training.error_digits) > 8


def saturated(activation: str, loss: str, weight: str, size: int = 2, target: str = "[0, 1]") -> Derivation:
    return derive_model(
        parse_spec(
            f'name = "n"\ninputs = 1\nloss = "{loss}"\n[[layers]]\nsize = {size}\nactivation = "{activation}"\n'
            f'bias = "none"\nweights = [[{weight}], [-{weight}]]\n[data]\ninputs = [1]\ntargets = {target}\n'
            "[training]\nlearning_rate = 0.5"
        )
    )


def test_saturated_outputs_with_cross_entropies() -> None:
    """Outputs that doubles round to 0 and 1: E and its gradient stay what they are."""
    for activation, loss in (("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy")):
        training = saturated(activation, loss, "900").train("simultaneous", 3)
        assert training.errors[0] == 1800
        # both pre-activations move by 0.5 towards each other, and E with them
        assert training.errors[1] == 1799


def test_saturated_sigmoid_with_squared_error_stands_still() -> None:
    training = saturated("sigmoid", "half_squared_error", "900").train("simultaneous", 3)
    assert training.errors == (1.0, 1.0, 1.0, 1.0)


def test_relu_at_its_kink_takes_the_left_branch() -> None:
    training = saturated("relu", "half_squared_error", "0", target="[1, 1]").train("simultaneous", 2)
    assert training.errors == (1.0, 1.0, 1.0)
    assert set(training.parameters.values()) == {0.0}


def test_divergence_is_said() -> None:
    derivation = saturated("identity", "half_squared_error", "900")
    fast = network_from(
        {
            "name": "n",
            "inputs": 1,
            "layers": [{"size": 2, "activation": "identity", "weights": [[1], [1]], "bias": "none"}],
            "data": {"inputs": [1], "targets": [0, 1]},
            "training": {"learning_rate": 100},
        }
    )
    assert derivation.train("simultaneous", 5).errors[-1] < derivation.train("simultaneous", 5).errors[0]
    with pytest.raises(UserError, match=r"grows beyond all numbers \(after \d+ iterations\)"):
        derive_model(fast).train("simultaneous", 1000)


def test_no_iterations() -> None:
    training = derive_model(parse_spec(MAZUR)).train("simultaneous", 0)
    assert len(training.errors) == 1
    assert math.isclose(training.errors[0], 0.298371109, abs_tol=1e-9)
