"""Training looked at from time to time."""

from __future__ import annotations

from itertools import pairwise

import pytest

from symbackprop.api import derive, load
from symbackprop.derive.course import checkpoints, course
from symbackprop.derive.derivation import derive_model
from symbackprop.expression import Symbol
from symbackprop.spec.model import Order
from symbackprop.spec.reading import network_from


@pytest.mark.parametrize("iterations", [0, 1, 5, 59, 60, 61, 100, 10_000, 1_000_000])
def test_checkpoints_ascend_from_the_start_to_the_end(iterations: int) -> None:
    counts = checkpoints(iterations)
    assert counts[0] == 0
    assert counts[-1] == iterations
    assert list(counts) == sorted(set(counts))
    assert len(counts) <= 60


@pytest.mark.parametrize("name", ["mazur", "softmax-mlp", "autoencoder"])
def test_going_on_from_checkpoint_to_checkpoint_ends_where_one_run_ends(name: str) -> None:
    derivation = derive(load(name)).derivation
    assert derivation.can_train
    snapshots = list(course(derivation, "simultaneous", (0, 3, 50)))
    whole = derivation.train("simultaneous", 50)
    assert snapshots[0].error == whole.errors[0]
    assert snapshots[1].error == pytest.approx(whole.errors[3], rel=1e-12)
    assert snapshots[2].error == pytest.approx(whole.errors[50], rel=1e-10)
    for entry, value in whole.outputs.items():
        assert snapshots[2].outputs[entry] == pytest.approx(value, rel=1e-10)


def test_checkpoints_lie_close_together_at_first_and_then_in_proportion() -> None:
    counts = checkpoints(10_000)
    assert counts[:8] == (0, 1, 2, 3, 4, 5, 6, 7)
    growing = [after / before for before, after in pairwise(counts[20:])]
    assert max(growing) / min(growing) < 1.1
    assert checkpoints(59) == tuple(range(60))
    assert len(checkpoints(1_000_000)) > 45


@pytest.mark.parametrize("order", ["simultaneous", "sequential"])
def test_one_iteration_ends_at_the_updated_parameters_of_its_order(order: Order) -> None:
    """The loop, in doubles, beside the derivation's exact values; the orders differ."""
    derivation = derive(load("mazur")).derivation
    exact = derivation.values_after(order)
    other = derivation.values_after("sequential" if order == "simultaneous" else "simultaneous")
    (snapshot,) = course(derivation, order, (1,))
    trained = derivation.train(order, 1)
    for entry, value in snapshot.parameters.items():
        assert value == pytest.approx(float(exact[derivation.updated(entry)]), rel=1e-14)
        assert value == trained.parameters[entry]
    differing = [
        entry for entry in snapshot.parameters if exact[derivation.updated(entry)] != other[derivation.updated(entry)]
    ]
    assert {entry.position for entry in differing} == {1}


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_sample_by_sample_the_errors_of_all_samples_are_reduced(reduction: str) -> None:
    layers = [{"size": 1, "weights": [[1, -1]], "biases": [0]}]
    data = {"inputs": [[1, 2], [3, 1], [0, 1]], "targets": [[0], [1], [1]]}
    training = {"learning_rate": 1, "batch": "sample", "reduction": reduction}
    derivation = derive_model(
        network_from({"name": "n", "inputs": 2, "layers": layers, "data": data, "training": training})
    )
    trained = derivation.train("simultaneous", 2)
    snapshots = list(course(derivation, "simultaneous", (0, 2)))
    assert [snapshot.error for snapshot in snapshots] == [trained.errors[0], trained.errors[2]]
    singles = []
    for row, target in zip(data["inputs"], data["targets"], strict=True):
        alone = {"name": "n", "inputs": 2, "layers": layers, "data": {"inputs": row, "targets": target}}
        one = derive_model(network_from(alone))
        singles.append(float(one.values[one.model.graph.loss.entry()]))
    expected = sum(singles) / (3 if reduction == "mean" else 1)
    assert trained.errors[0] == pytest.approx(expected, rel=1e-14)


def test_what_is_trained_and_how_its_new_value_is_called() -> None:
    training = {"learning_rate": 1, "update_biases": False}
    derivation = derive_model(network_from({"name": "n", "inputs": 1, "layers": [{"size": 1}], "training": training}))
    weight, bias = Symbol("weight", 1, (0, 0)), Symbol("bias", 1, (0,))
    assert derivation.is_trained(weight)
    assert not derivation.is_trained(bias)
    assert derivation.updated(weight) == Symbol("weight", 1, (0, 0), "updated")
    assert derivation.gradient_symbol(bias) == Symbol("bias", 1, (0,), "adjoint")
    assert derivation.values_after("sequential") is derivation.values_after("sequential")
