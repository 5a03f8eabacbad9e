"""Every gradient of drawn networks, against SymPy, central differences and HIPS autograd."""

from __future__ import annotations

import random

import pytest
import sympy
from support.networks import autoencoder, drawn, recurrent
from support.peer import gradients

from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.derive.joint import joint_sweep
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.verification import verify
from symbackprop.examples.library import example_names, example_path
from symbackprop.expression import Symbol
from symbackprop.forms.scalar import closed_form
from symbackprop.forms.sympy_trees import to_sympy
from symbackprop.numeric.arithmetic import precise
from symbackprop.numeric.program import program_of
from symbackprop.spec.model import Network
from symbackprop.spec.reading import network_from, read_spec

DRAWN = range(60)


def values(derivation: Derivation, graph: object = None) -> dict[Symbol, float]:
    """The derived gradients as doubles."""
    program = program_of(graph or derivation.graph)  # type: ignore[arg-type]
    found = program.evaluate({**derivation.model.values, **derivation.sweep.initial}, precise())
    return {entry: float(found[adjoint_symbol(entry)]) for entry in derivation.parameters}


def assert_close(found: dict[Symbol, float], expected: dict[Symbol, float]) -> None:
    assert found.keys() == expected.keys()
    for entry, value in found.items():
        assert value == pytest.approx(expected[entry], rel=1e-10, abs=1e-10), entry


def tied_networks() -> list[Network]:
    return [autoencoder(1, (3, 2)), autoencoder(2, (4, 3, 2)), autoencoder(3, (2, 1), "layer")]


@pytest.mark.parametrize("seed", DRAWN)
def test_drawn_networks_agree_with_autograd(seed: int) -> None:
    derivation = derive_model(drawn(seed))
    expected = gradients(derivation.network, derivation.model.graph, dict(derivation.model.values))
    assert_close(values(derivation), expected)
    assert_close(values(derivation, joint_sweep(derivation.model).graph), expected)


@pytest.mark.parametrize("seed", DRAWN)
def test_drawn_networks_agree_with_central_differences(seed: int) -> None:
    verify(derive_model(drawn(seed)))


@pytest.mark.parametrize("name", example_names())
def test_built_in_networks_agree_with_autograd(name: str) -> None:
    """At the example's own values; what a spec leaves symbolic is drawn."""
    derivation, draw = derive_model(read_spec(example_path(name))), random.Random(name)
    graph = derivation.model.graph
    leaves = [node.entry(*place) for node in graph.nodes if node.operation is None for place in node.places()]
    at = {leaf: derivation.model.values.get(leaf, draw.uniform(0.1, 0.9)) for leaf in leaves}
    found = program_of(derivation.graph).evaluate({**at, **derivation.sweep.initial}, precise())
    expected = gradients(derivation.network, graph, at)
    assert_close({entry: float(found[adjoint_symbol(entry)]) for entry in derivation.parameters}, expected)


@pytest.mark.parametrize("network", tied_networks(), ids=lambda network: str(network.sizes))
def test_tied_weights_agree_with_autograd_and_differences(network: Network) -> None:
    derivation = derive_model(network)
    verify(derivation)
    expected = gradients(network, derivation.model.graph, dict(derivation.model.values))
    assert_close(values(derivation), expected)


@pytest.mark.parametrize("steps", [1, 2, 4])
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("loss", ["half_squared_error", "cross_entropy"])
def test_recurrent_networks_agree_with_autograd_and_differences(steps: int, deep: bool, loss: str) -> None:
    for seed in range(3):
        derivation = derive_model(recurrent(10 * steps + seed, steps, deep, loss))
        verify(derivation)
        expected = gradients(derivation.network, derivation.model.graph, dict(derivation.model.values))
        assert_close(values(derivation), expected)
        assert_close(values(derivation, joint_sweep(derivation.model).graph), expected)


def test_a_recurrent_layer_may_come_last() -> None:
    network = recurrent(5, 3)
    last = network_from(
        {
            "name": "last",
            "inputs": 2,
            "layers": [{"kind": "recurrent", "size": 2}],
            "data": {"inputs": [[1, 2], [0, 1]], "targets": [[0, 1], [1, 0]]},
        }
    )
    assert network.over_time
    assert last.over_time
    derivation = derive_model(last)
    verify(derivation)
    assert derivation.model.output.shape == (2, 2)


@pytest.mark.parametrize("seed", [seed for seed in DRAWN if sum(drawn(seed).sizes) <= 6][:12])
def test_small_networks_agree_with_sympy(seed: int) -> None:
    """E written out down to the leaves, differentiated by SymPy as a whole."""
    derivation = derive_model(drawn(seed))
    graph = derivation.model.graph
    names: dict[Symbol, sympy.Symbol] = {}

    def name(entry: Symbol) -> sympy.Symbol:
        return names.setdefault(entry, sympy.Symbol(f"q{len(names)}", real=True))

    written = to_sympy(closed_form(graph, graph.loss.entry()), name)
    point = {known: sympy.Rational(str(derivation.model.values[entry])) for entry, known in names.items()}
    expected = {entry: float(sympy.diff(written, name(entry)).subs(point).evalf(30)) for entry in derivation.parameters}
    assert_close(values(derivation), expected)


def test_every_activation_and_loss_was_drawn() -> None:
    from symbackprop.functions.activation import ACTIVATIONS
    from symbackprop.functions.loss import LOSSES

    networks = [drawn(seed) for seed in DRAWN]
    used = {getattr(layer, "activation", layer.kind) for network in networks for layer in network.layers}
    assert used >= {*ACTIVATIONS.names(), "softmax"}
    assert {network.loss for network in networks} == set(LOSSES.names())
    assert {bool(network.penalties) for network in networks} == {True, False}
