"""The reverse sweep: its steps, the two orders of updates, quantities used several times, optimisers' states."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.derive.reverse import adjoint_symbol, reverse_sweep, state_symbol, updated_symbol
from symbackprop.expression import Symbol, add, multiply, subtract
from symbackprop.forms.scalar import definition
from symbackprop.graph import Builder
from symbackprop.ops import Map
from symbackprop.ops.scalar_function import ScalarFunction
from symbackprop.spec.reading import network_from


def derivation(*layers: dict[str, Any], **changes: Any) -> Derivation:
    return derive_model(network_from({"name": "n", "inputs": 2, "layers": list(layers), **changes}))


def weight(layer: int, to: int, source: int, variant: str = "") -> Symbol:
    return Symbol("weight", layer, (to, source), variant)


def delta(layer: int, *indices: int) -> Symbol:
    return Symbol("preactivation", layer, indices, "adjoint")


def out(layer: int, *indices: int) -> Symbol:
    return Symbol("activation", layer, indices)


def test_steps_have_their_premises_before_them() -> None:
    made = derivation({"size": 2}, {"size": 1})
    done: set[str] = set()
    for step in made.sweep.steps:
        assert all(premise.id in done or premise.operation is not None for premise in step.premises)
        done.add(step.target.id)
    assert made.sweep.steps[0].rule == "seed"
    assert {step.rule for step in made.sweep.steps} == {"seed", "chain", "update"}


def test_the_error_goes_back_through_old_or_new_weights() -> None:
    made = derivation({"size": 2}, {"size": 2}, training={"learning_rate": 1})
    entry = adjoint_symbol(out(1, 0))
    for order, variant in (("simultaneous", ""), ("sequential", "updated")):
        graph = made.sweep_in(order).graph  # type: ignore[arg-type]
        expected = add(*(multiply(delta(2, unit), weight(2, unit, 0, variant)) for unit in range(2)))
        assert definition(graph, entry) == expected


def test_a_tied_weight_adds_up_both_of_its_uses() -> None:
    made = derivation({"size": 1, "bias": "none"}, {"size": 2, "tied": 1, "bias": "none"})
    entry = adjoint_symbol(weight(1, 0, 1))
    assert definition(made.graph, entry) == add(multiply(delta(1, 0), out(0, 1)), multiply(delta(2, 1), out(1, 0)))
    (step,) = [step for step in made.sweep.steps if step.result.id == "adjoint weight[1]"]
    assert step.rule == "sum"
    assert len(step.premises) == 2


def test_in_sequential_order_a_tied_weight_changes_after_its_last_use() -> None:
    made = derivation(
        {"size": 1, "bias": "none"}, {"size": 2, "tied": 1, "bias": "none"}, training={"learning_rate": 1}
    )
    graph = made.sweep_in("sequential").graph
    expected = add(*(multiply(delta(2, unit), weight(1, 0, unit)) for unit in range(2)))
    assert definition(graph, adjoint_symbol(out(1, 0))) == expected


def test_a_penalty_adds_a_term_to_the_gradient() -> None:
    made = derivation({"size": 1, "bias": "none"}, penalties={"l2": True})
    found = made.definition(adjoint_symbol(weight(1, 0, 0)))
    coefficient = Symbol("l2_coefficient", None, ())
    share = multiply(Symbol("l2_penalty", None, (), "adjoint"), coefficient, weight(1, 0, 0))
    assert found == add(multiply(delta(1, 0), out(0, 0)), share)


def test_samples_are_summed_in_the_gradients() -> None:
    made = derivation({"size": 1}, data={"rows": 3})
    terms = (multiply(delta(1, row, 0), out(0, row, 1)) for row in range(3))
    assert made.definition(adjoint_symbol(weight(1, 0, 1))) == add(*terms)
    assert made.definition(adjoint_symbol(Symbol("bias", 1, (0,)))) == add(*(delta(1, row, 0) for row in range(3)))


def test_momentum_keeps_a_velocity() -> None:
    training = {"optimiser": "momentum", "learning_rate": 1, "momentum": Decimal("0.5")}
    made = derivation({"size": 1, "bias": "none"}, training=training)
    entry = weight(1, 0, 0)
    velocity = state_symbol(entry, "velocity")
    renewed = Symbol("weight", 1, (0, 0), "updated velocity")
    rate, momentum = Symbol("learning_rate", None, ()), Symbol("momentum", None, ())
    step = subtract(multiply(momentum, velocity), multiply(rate, adjoint_symbol(entry)))
    assert made.definition(renewed) == step
    assert made.definition(updated_symbol(entry)) == add(entry, renewed)
    assert made.sweep.initial == {velocity: 0, state_symbol(weight(1, 0, 1), "velocity"): 0}
    assert set(made.sweep.states) == {"velocity weight[1]"}


def test_biases_may_stay_as_they_are() -> None:
    made = derivation({"size": 1}, training={"learning_rate": 1, "update_biases": False})
    assert set(made.sweep.updates) == {"weight[1]"}
    assert set(made.sweep.gradients) == {"weight[1]", "bias[1]"}


def test_momentum_works_in_the_sequential_order_too() -> None:
    """The error goes back through the weight that the momentum step made."""
    training = {"optimiser": "momentum", "learning_rate": 1, "momentum": Decimal("0.5"), "order": "sequential"}
    made = derivation({"size": 1, "bias": "none"}, {"size": 1, "bias": "none"}, training=training)
    graph = made.sweep_in("sequential").graph
    expected = multiply(delta(2, 0), weight(2, 0, 0, "updated"))
    assert definition(graph, adjoint_symbol(out(1, 0))) == expected
    assert definition(graph, weight(2, 0, 0, "updated")) == add(weight(2, 0, 0), weight(2, 0, 0, "updated velocity"))


def test_a_bias_hands_on_what_reaches_its_neuron() -> None:
    """The share is δ itself: ∂E/∂b gets a name of its own, and δ keeps its own."""
    made = derivation({"size": 2}, data={"rows": 1})
    bias = adjoint_symbol(Symbol("bias", 1, (1,)))
    assert made.definition(bias) == delta(1, 0, 1)
    assert made.graph.by_id["adjoint preactivation[1]"].symbol == Symbol("preactivation", 1, None, "adjoint")


def test_what_does_not_depend_on_a_parameter_has_no_gradient() -> None:
    """The loss is flat in it: an error names the quantity, and no 0 is made up."""
    build = Builder(())
    weight = build.leaf(Symbol("weight", 1))
    nothing = ScalarFunction("nothing", 1, lambda x: 0 * x)
    loss = build.apply(Map(nothing), weight, symbol=Symbol("loss"))
    with pytest.raises(ValueError, match=r"weight\[1\] does not reach the loss: every derivative on its way is zero"):
        reverse_sweep(build.graph(loss, [weight]))


def test_without_a_rate_nothing_is_updated_and_without_a_word_the_order_is_simultaneous() -> None:
    model = derivation({"size": 2}, {"size": 2}, training={"learning_rate": 1}).model
    assert reverse_sweep(model.graph, model.trained).updates == {}
    sweep = reverse_sweep(model.graph, model.trained, model.graph.by_id["learning_rate"])
    assert set(sweep.updates) == {"weight[1]", "bias[1]", "weight[2]", "bias[2]"}
    expected = add(*(multiply(delta(2, unit), weight(2, unit, 0)) for unit in range(2)))
    assert definition(sweep.graph, adjoint_symbol(out(1, 0))) == expected
    assert sweep.graph.parameters == model.graph.parameters


def test_a_use_that_does_not_reach_the_loss_does_not_hold_a_gradient_up() -> None:
    """The weight is also used by something that nothing else needs."""
    build = Builder(())
    parameter = build.leaf(Symbol("weight", 1))
    twice = ScalarFunction("twice", 1, lambda x: 2 * x)
    loss = build.apply(Map(twice), parameter, symbol=Symbol("loss"))
    build.apply(Map(twice), parameter, symbol=Symbol("aside"))
    sweep = reverse_sweep(build.graph(loss, [parameter]))
    assert set(sweep.gradients) == {"weight[1]"}
