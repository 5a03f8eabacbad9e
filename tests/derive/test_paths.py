"""The chain rule for one entry: which entries use it, the factors on its way, and where the ways part."""

from __future__ import annotations

from typing import Any

import pytest

from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.derive.paths import Paths
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.expression import ONE, Symbol, multiply, subtract, symbols
from symbackprop.numeric.evaluation import value_of
from symbackprop.spec.reading import network_from


def derivation(*layers: dict[str, Any], **changes: Any) -> Derivation:
    return derive_model(network_from({"name": "n", "inputs": 2, "layers": list(layers), **changes}))


def entry(kind: str, layer: int | None, *indices: int) -> Symbol:
    return Symbol(kind, layer, indices)


LOSS = Symbol("loss", None, ())


def test_entries_are_used_where_their_definitions_are_written() -> None:
    """The parts of the loss are written out: an output is used by the loss itself."""
    uses = Paths(derivation({"size": 2}, {"size": 2})).uses
    first, second = (entry("preactivation", 2, unit) for unit in range(2))
    assert uses[entry("activation", 1, 0)] == (first, second)
    assert uses[entry("weight", 2, 1, 0)] == (second,)
    assert uses[entry("preactivation", 2, 0)] == (entry("activation", 2, 0),)
    assert uses[entry("activation", 2, 0)] == uses[entry("target", None, 1)] == (LOSS,)


def test_what_is_not_transparent_is_a_step_of_its_own() -> None:
    paths = Paths(derivation({"size": 2}), transparent=())
    part = entry("loss_part", None, 0)
    assert paths.uses[entry("activation", 1, 0)] == (part,)
    assert paths.uses[part] == (LOSS,)
    assert [factor.of for factor in paths.run(entry("activation", 1, 0)).factors] == [LOSS, part]


def test_a_run_ends_at_the_loss_or_where_the_ways_part() -> None:
    paths = Paths(derivation({"size": 2}, {"size": 2}))
    out, net = entry("activation", 1, 0), entry("preactivation", 1, 0)
    run = paths.run(entry("weight", 1, 0, 1))
    assert (run.entry, run.top) == (entry("weight", 1, 0, 1), out)
    assert [(factor.of, factor.by) for factor in run.factors] == [(out, net), (net, run.entry)]
    assert [factor.preferred for factor in run.factors] == [
        multiply(out, subtract(ONE, out)),
        entry("activation", 0, 1),
    ]
    assert [path.through for path in run.paths] == [entry("preactivation", 2, unit) for unit in range(2)]
    assert [path.factor.preferred for path in run.paths] == [entry("weight", 2, unit, 0) for unit in range(2)]
    assert [path.part for path in run.paths] == [entry("loss_part", None, unit) for unit in range(2)]
    whole = paths.run(entry("weight", 2, 1, 0))
    assert (whole.top, whole.paths) == (LOSS, ())
    assert [factor.by.kind for factor in whole.factors] == ["activation", "preactivation", "weight"]


def test_the_loss_itself_has_no_way_to_go() -> None:
    run = Paths(derivation({"size": 1})).run(LOSS)
    assert (run.top, run.factors, run.paths) == (LOSS, (), ())


def test_ways_that_reach_several_parts_of_the_loss_have_none_of_their_own() -> None:
    paths = Paths(derivation({"size": 2}, {"size": 2}, {"size": 2}))
    assert [path.part for path in paths.run(entry("activation", 1, 0)).paths] == [None, None]
    assert paths.loss_part(entry("preactivation", 3, 1)) == entry("loss_part", None, 1)
    assert paths.loss_part(entry("activation", 2, 1)) is None
    assert paths.loss_part(entry("learning_rate", None)) is None


@pytest.mark.parametrize(
    ("loss", "activation"),
    [("half_squared_error", name) for name in ("sigmoid", "tanh", "relu", "identity", "gelu", "softplus")]
    + [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")],
)
def test_the_factors_on_all_paths_make_the_gradient(loss: str, activation: str) -> None:
    """Products along the ways, summed where they part; in SymPy's form and in the preferred one."""
    layers = [
        {"size": 2, "activation": activation if activation != "softmax" else "tanh", "weights": [[1, 2], [-1, 1]]},
        {"size": 2, "activation": activation, "weights": [[1, -1], [2, 1]], "biases": [1, 0]},
    ]
    layers[0]["biases"] = [0, 2]
    made = derivation(*layers, loss=loss, data={"inputs": [1, -3], "targets": [1, 0]})
    paths = Paths(made)

    def derivative(of: Symbol, form: str) -> Any:
        run = paths.run(of)
        factors = [value_of(getattr(factor, form), made.values) for factor in run.factors]
        top: Any = 1
        if run.paths:
            ways = [(value_of(getattr(path.factor, form), made.values), path.through) for path in run.paths]
            top = sum(factor * derivative(through, form) for factor, through in ways)
        for factor in factors:
            top *= factor
        return top

    for parameter in made.parameters:
        for form in ("derivative", "preferred"):
            assert abs(derivative(parameter, form) - made.values[adjoint_symbol(parameter)]) < 1e-30, (parameter, form)


def test_factors_are_written_as_people_write_them() -> None:
    """A proved form where there is one, by its output or by its input; else SymPy's."""
    made = derivation({"size": 1, "activation": "sigmoid"}, {"size": 1, "activation": "gelu"})
    paths = Paths(made)
    net, out = entry("preactivation", 2, 0), entry("activation", 2, 0)
    curved = paths.factor(out, net)
    assert curved.definition == made.definition(out)
    assert out not in set(symbols(curved.preferred))
    assert net in set(symbols(curved.preferred))
    weight = paths.factor(net, entry("weight", 2, 0, 0))
    assert weight.preferred == weight.derivative == entry("activation", 1, 0)
    error = paths.factor(LOSS, out)
    assert error.preferred == subtract(out, entry("target", None, 0))
