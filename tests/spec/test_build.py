"""From spec to graph: rows, targets, losses and what they need, penalties, hyperparameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from symbackprop.errors import UserError
from symbackprop.expression import Apply, Number, Symbol, add, divide, multiply
from symbackprop.forms.scalar import definition
from symbackprop.spec.build import Model, build_model
from symbackprop.spec.reading import network_from

LOSS = Symbol("loss", None, ())


def spec(**changes: Any) -> dict[str, Any]:
    return {"name": "n", "inputs": 2, "layers": [{"size": 2}], **changes}


def model(**changes: Any) -> Model:
    return build_model(network_from(spec(**changes)))


def problem(**changes: Any) -> str:
    with pytest.raises(UserError) as caught:
        network_from(spec(**changes))
    return str(caught.value)


def part(*indices: int) -> Symbol:
    return Symbol("loss_part", None, indices)


def test_one_sample_needs_no_more_names_than_there_are_quantities() -> None:
    made = model()
    assert definition(made.graph, LOSS) == add(part(0), part(1))
    assert "data_loss" not in made.graph.by_id
    assert not made.complete
    assert Symbol("target", None, (1,)) in made.missing


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_samples_are_averaged_or_added(reduction: str) -> None:
    made = model(data={"inputs": [[1, 2], [3, 4]]}, training={"reduction": reduction})
    samples = add(*(Symbol("sample_loss", None, (row,)) for row in range(2)))
    expected = samples if reduction == "sum" else multiply(divide(Number("1"), Number("2")), samples)
    assert definition(made.graph, LOSS) == expected
    assert made.values[Symbol("activation", 0, (1, 0))] == 3


def test_mean_squared_error_is_a_mean_over_units() -> None:
    made = model(loss="mean_squared_error")
    assert definition(made.graph, LOSS) == multiply(divide(Number("1"), Number("2")), add(part(0), part(1)))


def test_penalties_are_terms_of_their_own() -> None:
    made = model(penalties={"l2": Decimal("0.1"), "l1": True})
    terms = (Symbol("data_loss", None, ()), Symbol("l2_penalty", None, ()), Symbol("l1_penalty", None, ()))
    assert definition(made.graph, LOSS) == add(*terms)
    weights = [Symbol("weight", 1, (to, source)) for to in range(2) for source in range(2)]
    l1 = add(*(Apply("absolute", (weight,)) for weight in weights))
    assert definition(made.graph, terms[2]) == multiply(Symbol("l1_coefficient", None, ()), l1)
    assert made.values[Symbol("l2_coefficient", None, ())] == Decimal("0.1")
    assert Symbol("l1_coefficient", None, ()) in made.missing
    assert "l1_penalty" not in model(penalties={"l1": False}).graph.by_id


def test_targets_may_be_the_inputs() -> None:
    made = model(data={"inputs": [1, 2], "targets": "inputs"})
    assert made.values[Symbol("target", None, (1,))] == 2
    assert "the 3 outputs cannot be compared with 2 inputs" in problem(
        layers=[{"size": 3}], data={"inputs": [1, 2], "targets": "inputs"}
    )


def test_samples_one_at_a_time() -> None:
    data = {"inputs": [[1, 2], [3, 4]], "targets": [[0, 1], [1, 0]]}
    made = model(data=data, training={"batch": "sample"})
    assert made.graph.by_id["activation[1]"].shape == (2,)
    assert [sample[Symbol("activation", 0, (0,))] for sample in made.samples] == [1, 3]
    assert [sample[Symbol("target", None, (0,))] for sample in made.samples] == [0, 1]
    assert made.values[Symbol("target", None, (1,))] == 1


def test_hyperparameters_are_leaves() -> None:
    made = model(training={"optimiser": "momentum", "learning_rate": 1, "momentum": Decimal("0.9")})
    assert made.values[Symbol("momentum", None, ())] == Decimal("0.9")
    assert "momentum" not in model().graph.by_id
    data = {"inputs": [1, 2], "targets": [0, 1]}
    layers = [{"size": 2, "weights": [[1, 2], [3, 4]], "bias": "none"}]
    given = {"optimiser": "momentum", "learning_rate": 1}
    assert not model(data=data, layers=layers, training=given).trainable
    assert model(data=data, layers=layers, training={**given, "momentum": 0}).trainable


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"loss": "cross_entropy"},
            "loss: cross_entropy needs outputs that sum to 1: the last layer's activation must",
        ),
        (
            {"loss": "binary_cross_entropy", "layers": [{"size": 2, "activation": "tanh"}]},
            "loss: binary_cross_entropy needs outputs between 0 and 1",
        ),
        (
            {"loss": "binary_cross_entropy", "data": {"targets": [0, Decimal("1.5")]}},
            "data.targets[1]: binary_cross_entropy needs targets from 0 to 1, got '1.5'",
        ),
        (
            {
                "loss": "cross_entropy",
                "layers": [{"size": 2, "activation": "softmax"}],
                "data": {"targets": [[0, 1], [-1, 2]]},
            },
            "data.targets[1][0]: cross_entropy needs targets from 0 to 1, got '-1'",
        ),
        (
            {"loss": "binary_cross_entropy", "data": {"inputs": [0, 3], "targets": "inputs"}},
            "data.inputs[1]: binary_cross_entropy needs targets from 0 to 1, got '3'",
        ),
        ({"data": {"inputs": [[1, 2], [3]]}}, "data.inputs[1]: expected 2 numbers, one for each input, got 1"),
        ({"data": {"inputs": [[1, 2], 3]}}, "data.inputs[1]: expected 2 numbers, one for each input, got one number"),
        (
            {"data": {"inputs": [[1, 2], [3, 4]], "targets": [[0, 1]]}},
            "data.targets: expected 2 lists, one for each of the samples, got 1",
        ),
        (
            {"data": {"inputs": [[1, 2], [3, 4]], "targets": [0, 1]}},
            "data.targets[0]: expected 2 numbers, one for each output, got one number",
        ),
        ({"data": {"inputs": [[1, 2]], "rows": 2}}, "data.rows: says 2, but there are 1 samples"),
        ({"data": {"rows": 0}}, "data.rows: expected a whole number from 1 to 100000, got '0'"),
        (
            {"inputs": 4096, "layers": [{"size": 4096}]},
            "layers: 16,777,216 weights are more than 200,000",
        ),
        (
            {"inputs": 1000, "layers": [{"size": 100}], "training": {"iterations": 100_000}},
            "training.iterations: too many for 100,000 weights and 1 rows: at most 20,000",
        ),
        (
            {"inputs": 200, "layers": [{"size": 100}], "data": {"rows": 1000}},
            "training.batch: one update from 1,000 rows and 20,000 weights is too much; known: sample",
        ),
    ],
)
def test_what_does_not_go_together(changes: dict[str, Any], message: str) -> None:
    assert message in problem(**changes)


def test_allowed_ends_of_the_range() -> None:
    model(loss="binary_cross_entropy", data={"targets": [0, 1]})
    model(loss="cross_entropy", layers=[{"size": 2, "activation": "softmax"}], data={"targets": [0, 1]})
    model(loss="binary_cross_entropy", layers=[{"size": 2, "activation": "softmax"}])
