"""Repeat: its rounds, and its adjoint, which is the reversed body run the other way."""

from __future__ import annotations

from typing import Any

import autograd.numpy as np
import pytest
from autograd import grad

from symbackprop.derive.reverse import adjoint_symbol, reverse_sweep
from symbackprop.expression import Index, Symbol
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.graph import Axis, Builder, Graph, Node
from symbackprop.numeric.arithmetic import precise
from symbackprop.numeric.program import program_of
from symbackprop.ops import Body, Contract, Gather, Map, Repeat, along
from symbackprop.ops.arithmetic import PRODUCT, total
from symbackprop.ops.unroll import unroll

UNITS, EARLIER, INPUTS = Axis("units", 2), Axis("earlier", 2), Axis("inputs", 3)
TANH = ACTIVATIONS.get("tanh").function


def body() -> tuple[Body, Node, Node]:
    """h_t = tanh(U h_{t-1} + W x_t), o_t = h_t · x_t's sum; the body, h_t and o_t."""
    build = Builder()
    held = build.leaf(Symbol("h", None, (Index("t", -1),)), UNITS)
    given = build.leaf(Symbol("x", None, (Index("t"),)), INPUTS)
    recurrent, weight = build.leaf(Symbol("U"), UNITS, EARLIER), build.leaf(Symbol("W"), UNITS, INPUTS)
    renamed = build.apply(Gather((("units", along("earlier")),), (EARLIER,)), held)
    terms = [
        build.apply(Contract(frozenset({"earlier"})), recurrent, renamed),
        build.apply(Contract(frozenset({"inputs"})), weight, given),
    ]
    score = build.apply(Map(total(2)), *terms, symbol=Symbol("z", None, (Index("t"),)))
    state = build.apply(Map(TANH), score, symbol=Symbol("h", None, (Index("t"),)))
    size = build.apply(Contract(frozenset({"inputs"})), given)
    output = build.apply(Map(PRODUCT), state, size, symbol=Symbol("o", None, (Index("t"),)), order=(UNITS,))
    return Body(((held, state),), (given,), (recurrent, weight)), state, output


def network(steps: int, which: str, backwards: bool = False) -> Graph:
    """A loss over all o_t, over all h_t, or over the last h alone."""
    made, state, output = body()
    build = Builder()
    time = Axis("time", steps)
    start, inputs = build.leaf(Symbol("start"), UNITS), build.leaf(Symbol("inputs"), time, INPUTS)
    recurrent, weight = build.leaf(Symbol("U"), UNITS, EARLIER), build.leaf(Symbol("W"), UNITS, INPUTS)
    result = {"outputs": output, "states": state, "last": state}[which]
    operation = Repeat(made, time, result, last=which == "last", backwards=backwards)
    rounds = build.apply(operation, start, inputs, recurrent, weight)
    probe = build.leaf(Symbol("probe"), *rounds.axes)
    over = frozenset(axis.name for axis in rounds.axes)
    loss = build.apply(Contract(over), rounds, probe, probe, symbol=Symbol("loss"))
    return build.graph(loss, (start, inputs, recurrent, weight))


def reference(which: str, backwards: bool, probe: Any) -> Any:
    def loss(start: Any, inputs: Any, recurrent: Any, weight: Any) -> Any:
        state, rounds = start, {}
        for number in range(len(inputs))[::-1] if backwards else range(len(inputs)):
            state = np.tanh(np.dot(recurrent, state) + np.dot(weight, inputs[number]))
            rounds[number] = state * np.sum(inputs[number]) if which == "outputs" else state
        every = state if which == "last" else np.array([rounds[number] for number in range(len(inputs))])
        return np.sum(every * probe * probe)

    return loss


def values_of(graph: Graph) -> dict[Symbol, float]:
    leaves = [node for node in graph.nodes if node.operation is None]
    entries = [node.entry(*place) for node in leaves for place in node.places()]
    return {entry: 0.1 * ((7 * number) % 11) - 0.4 for number, entry in enumerate(entries)}


@pytest.mark.parametrize("steps", [1, 2, 4])
@pytest.mark.parametrize("which", ["outputs", "states", "last"])
@pytest.mark.parametrize("backwards", [False, True])
def test_adjoint_by_either_way_agrees_with_autograd(steps: int, which: str, backwards: bool) -> None:
    """Unrolled and then differentiated; differentiated by the reversed body and then unrolled."""
    graph = network(steps, which, backwards)
    values = values_of(graph)
    arrays = {
        node.id: np.array([values[node.entry(*place)] for place in node.places()]).reshape(
            [axis.size for axis in node.axes]
        )
        for node in graph.nodes
        if node.operation is None
    }
    loss = reference(which, backwards, arrays["probe"])
    given = [arrays[node.id] for node in graph.parameters]
    unrolled_first = program_of(reverse_sweep(unroll(graph)).graph).evaluate(values, precise())
    reversed_first = program_of(unroll(reverse_sweep(graph).graph)).evaluate(values, precise())
    for found in (unrolled_first, reversed_first):
        assert float(found[graph.loss.entry()]) == pytest.approx(loss(*given))
        for number, node in enumerate(graph.parameters):
            expected = grad(loss, number)(*given)
            for place in node.places():
                derived = float(found[adjoint_symbol(node.entry(*place))])
                assert derived == pytest.approx(expected[place], rel=1e-10, abs=1e-12), (node, place)


def test_the_length_may_be_a_symbol() -> None:
    made, state, _ = body()
    build = Builder()
    time = Axis("time", Symbol("T"))
    leaves = [
        build.leaf(Symbol("start"), UNITS),
        build.leaf(Symbol("inputs"), time, INPUTS),
        build.leaf(Symbol("U"), UNITS, EARLIER),
        build.leaf(Symbol("W"), UNITS, INPUTS),
    ]
    rounds = build.apply(Repeat(made, time, state), *leaves)
    loss = build.apply(Contract(frozenset({"time", "units"})), rounds, symbol=Symbol("loss"))
    sweep = reverse_sweep(build.graph(loss, leaves))
    assert set(sweep.gradients) == {leaf.id for leaf in leaves}
    assert sweep.gradients["U"].shape == (2, 2)
    assert sweep.gradients["inputs"].shape == (Symbol("T"), 3)
    with pytest.raises(ValueError, match="symbolic size"):
        unroll(sweep.graph)


def test_arguments_must_fit_the_body() -> None:
    made, state, _ = body()
    build = Builder()
    start, weight = build.leaf(Symbol("start"), UNITS), build.leaf(Symbol("W"), UNITS, INPUTS)
    with pytest.raises(ValueError, match="the body takes 4 arguments, not 2"):
        build.apply(Repeat(made, Axis("time", 2), state), start, weight)
    flat = build.leaf(Symbol("inputs"), INPUTS)
    recurrent = build.leaf(Symbol("U"), UNITS, EARLIER)
    with pytest.raises(ValueError, match="inputs has the axes"):
        build.apply(Repeat(made, Axis("time", 2), state), start, flat, recurrent, weight)
