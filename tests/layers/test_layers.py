"""Layers: the nodes they put into a graph, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from symbackprop.errors import UserError
from symbackprop.expression import Apply, Symbol, add, multiply
from symbackprop.forms.scalar import definition
from symbackprop.layers.layer import LAYERS
from symbackprop.spec.build import Model, build_model
from symbackprop.spec.model import Network
from symbackprop.spec.reading import network_from


def network(*layers: dict[str, Any], inputs: int = 2, **changes: Any) -> Network:
    return network_from({"name": "n", "inputs": inputs, "layers": list(layers), **changes})


def model(*layers: dict[str, Any], **changes: Any) -> Model:
    return build_model(network(*layers, **changes))


def problem(*layers: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(UserError) as caught:
        network(*layers, **changes)
    return str(caught.value)


def w(layer: int, to: int, source: int, kind: str = "weight") -> Symbol:
    return Symbol(kind, layer, (to, source))


def a(layer: int, *indices: int) -> Symbol:
    return Symbol("activation", layer, indices)


def test_every_kind_has_a_network_here() -> None:
    assert set(LAYERS.names()) == {"dense", "recurrent", "softmax"}


@pytest.mark.parametrize(
    ("bias", "last"), [("none", ()), ("layer", (Symbol("bias", 1, ()),)), ("unit", (Symbol("bias", 1, (1,)),))]
)
def test_dense(bias: str, last: tuple[Symbol, ...]) -> None:
    made = model({"size": 2, "bias": bias})
    terms = (multiply(w(1, 1, 0), a(0, 0)), multiply(w(1, 1, 1), a(0, 1)), *last)
    assert definition(made.graph, Symbol("preactivation", 1, (1,))) == add(*terms)
    assert [node.id for node in made.graph.parameters] == ["weight[1]", *(["bias[1]"] if last else [])]


def test_rows_come_before_units() -> None:
    made = model({"size": 1, "bias": "none"}, data={"rows": 3})
    assert made.graph.by_id["preactivation[1]"].shape == (3, 1)
    expected = add(multiply(w(1, 0, 0), a(0, 2, 0)), multiply(w(1, 0, 1), a(0, 2, 1)))
    assert definition(made.graph, Symbol("preactivation", 1, (2, 0))) == expected
    assert definition(made.graph, Symbol("sample_loss", None, (2,))) == Symbol("loss_part", None, (2, 0))


@pytest.mark.parametrize(
    "layers", [({"size": 3, "activation": "softmax"},), ({"size": 3, "activation": "identity"}, {"kind": "softmax"})]
)
def test_softmax_in_either_way(layers: tuple[dict[str, Any], ...]) -> None:
    made = model(*layers)
    score = Symbol("preactivation", 1) if len(layers) == 1 else Symbol("activation", 1)
    exponentials = [Apply("exp", (Symbol(score.kind, 1, (place,)),)) for place in range(3)]
    assert made.output.symbol == Symbol("activation", len(layers))
    found = definition(made.graph, made.output.entry(1))
    assert found == Apply("divide", (exponentials[1], add(*exponentials)))
    assert made.output.axes[-1].name == f"units[{len(layers)}]"


def test_tied_weights_are_the_transposed_ones() -> None:
    made = model({"size": 3, "bias": "none"}, {"size": 2, "tied": 1, "bias": "none"})
    terms = (multiply(w(1, place, 1), a(1, place)) for place in range(3))
    assert definition(made.graph, Symbol("preactivation", 2, (1,))) == add(*terms)
    assert [node.id for node in made.graph.parameters] == ["weight[1]"]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (({"size": 3}, {"size": 2, "tied": 2}), "layers[1].tied: there is no earlier layer 2"),
        (({"size": 3}, {"size": 2, "tied": 0}), "layers[1].tied: there is no earlier layer 0"),
        (({"kind": "softmax"}, {"size": 2, "tied": 1}), "layer 1 has no weights of its own in a dense layer"),
        (
            ({"size": 2}, {"size": 2, "tied": 1}, {"size": 2, "tied": 2}),
            "layers[2].tied: layer 2 has no weights of its own",
        ),
        (
            ({"size": 3}, {"size": 4, "tied": 1}),
            "weights of layer 1 are 3 × 2; transposed they lead from 3 units to 2, but this layer has 3 inputs and 4",
        ),
        (({"size": 3}, {"size": 2, "tied": 1, "weights": [[1]]}), "layers[1].weights: values are given, but the layer"),
    ],
)
def test_ties_that_cannot_be(layers: tuple[dict[str, Any], ...], message: str) -> None:
    assert message in problem(*layers)


def test_recurrent() -> None:
    made = model({"kind": "recurrent", "size": 2, "bias": "layer"}, {"size": 1}, inputs=1, data={"rows": 2})

    def score(step: int, before: Any) -> Any:
        own = (multiply(w(1, 1, place, "recurrent_weight"), before(place)) for place in range(2))
        return add(multiply(w(1, 1, 0), a(0, step, 0)), *own, Symbol("bias", 1, ()))

    assert definition(made.graph, Symbol("preactivation", 1, (0, 1))) == score(
        0, lambda place: Symbol("initial", 1, (place,))
    )
    assert definition(made.graph, Symbol("preactivation", 1, (1, 1))) == score(1, lambda place: a(1, 0, place))
    assert definition(made.graph, a(1, 1, 1)) == Apply("tanh", (Symbol("preactivation", 1, (1, 1)),))
    assert definition(made.graph, Symbol("loss", None, ())) == add(
        *(Symbol("step_loss", None, (step,)) for step in range(2))
    )
    assert made.values[Symbol("initial", 1, (0,))] == 0
    ids = [node.id for node in made.graph.parameters]
    assert ids == ["weight[1]", "recurrent_weight[1]", "bias[1]", "weight[2]", "bias[2]"]


@pytest.mark.parametrize(
    ("layer", "changes", "message"),
    [
        ({"recurrent_weights": [[1]]}, {}, "layers[0].recurrent_weights: expected 2 rows, one for each unit"),
        ({"recurrent_weights": [[1, 2], [3]]}, {}, "recurrent_weights[1]: expected 2 numbers, one for each unit of"),
        ({"initial": [1]}, {}, "layers[0].initial: expected 2 numbers, one for each unit, got 1"),
        ({"weights": [[1], [2]]}, {}, "layers[0].weights[0]: expected 2 numbers, one for each unit before, got 1"),
        ({}, {"data": {}}, "data.rows: the number of steps in time is missing"),
        ({}, {"data": {"inputs": [1, 2]}}, "data.inputs[0]: expected 2 numbers, one for each input, got one number"),
        ({}, {"data": {"rows": 2}, "training": {"batch": "sample"}}, "training.batch: the rows of a recurrent network"),
    ],
)
def test_recurrent_layers_that_cannot_be(layer: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    assert message in problem({"kind": "recurrent", "size": 2, **layer}, **{"data": {"rows": 3}, **changes})
