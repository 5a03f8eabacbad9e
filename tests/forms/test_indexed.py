"""Indexed form: definitions, local derivatives, and gradients by the chain rule."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from msgspec import structs
from support.dense import dense_network
from support.quantities import speller
from support.values import evaluation

from symbackprop.derive.reverse import reverse_sweep
from symbackprop.expression import Index, Symbol, chain, partial
from symbackprop.forms.any_depth import GenericNetwork
from symbackprop.forms.chain_rule import IndexedGradient, indexed_gradient, users
from symbackprop.forms.evaluation import Evaluation
from symbackprop.forms.indexed import IndexedForm, Letters, Place, entry_at
from symbackprop.forms.layout import NoFormError
from symbackprop.forms.local import local_derivative
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS
from symbackprop.graph import Axis, Builder, Graph, Node
from symbackprop.latex.printer import Printer
from symbackprop.ops import Contract, Gather, Map, along
from symbackprop.ops.arithmetic import scaled
from symbackprop.ops.gather import Affine

tex = Printer(speller()).tex
LETTERS = Letters(("i", "j", "k", "p", "q", "r"), ("s", "t"))
FORM = IndexedForm(LETTERS)
J, K = Index("j"), Index("k")


def hidden(**settings: object) -> Graph:
    return GenericNetwork(**settings).hidden()  # type: ignore[arg-type]


def test_definition_has_a_sum_over_the_layer_before() -> None:
    node = hidden().by_id["preactivation[l]"]
    assert tex(FORM.definition(node, {"units[l]": J})) == "\\sum_{i=1}^{n_{l-1}} w^{l}_{ji} a^{l-1}_{i} + b^{l}_{j}"


def test_letters_in_use_are_not_taken_again() -> None:
    assert FORM.letters.free(Axis("units[1]", 2), {"i", "j"}) == "k"
    assert FORM.letters.free(Axis("samples", 2), {"s"}) == "t"
    fixed = replace(LETTERS, fixed={"units[1]": "m"})
    assert fixed.free(Axis("units[1]", 2), set()) == "m"
    assert fixed.free(Axis("units[1]", 2), {"m"}) == "i"
    with pytest.raises(ValueError, match="all index letters are in use"):
        LETTERS.free(Axis("samples", 2), {"s", "t"})


def test_local_derivative_of_a_preactivation_by_a_weight() -> None:
    graph = hidden()
    local = local_derivative(
        FORM,
        graph.by_id["preactivation[l]"],
        {"units[l]": Index("i")},
        graph.by_id["weight[l]"],
        {"units[l]": J, "units[l-1]": K},
    )
    assert tex(chain(partial(local.of, local.by), local.raw, local.result)) == (
        "\\frac{\\partial z^{l}_{i}}{\\partial w^{l}_{jk}}"
        " = \\sum_{p=1}^{n_{l-1}} \\delta_{ij} \\delta_{pk} a^{l-1}_{p} = \\delta_{ij} a^{l-1}_{k}"
    )
    assert [(step.rule, tex(step.delta)) for step in local.steps if step.delta] == [("kronecker", "\\delta_{pk}")]


def test_gradient_goes_chain_rule_derivative_delta_result() -> None:
    graph = hidden()
    gradient = indexed_gradient(FORM, graph, graph.by_id["weight[l]"], {"units[l]": J, "units[l-1]": K})
    assert tex(gradient.chain).split(" = ") == [
        "\\frac{\\partial E}{\\partial w^{l}_{jk}}",
        "\\sum_{i=1}^{n_{l}} \\delta^{l}_{i} \\frac{\\partial z^{l}_{i}}{\\partial w^{l}_{jk}}",
        "\\sum_{i=1}^{n_{l}} \\delta^{l}_{i} \\delta_{ij} a^{l-1}_{k}",
        "\\delta^{l}_{j} a^{l-1}_{k}",
    ]
    assert gradient.short == gradient.chain


def test_a_shared_bias_gets_the_sum_over_its_layer() -> None:
    graph = hidden(bias="layer")
    gradient = indexed_gradient(FORM, graph, graph.by_id["bias[l]"], {})
    assert tex(gradient.result) == "\\sum_{i=1}^{n_{l}} \\delta^{l}_{i}"


def test_a_batch_keeps_the_sum_over_samples() -> None:
    graph = hidden(batch=True)
    place = {"units[l]": J, "units[l-1]": K}
    gradient = indexed_gradient(FORM, graph, graph.by_id["weight[l]"], place)
    assert tex(gradient.result) == "\\sum_{s=1}^N \\delta^{l}_{sj} a^{l-1}_{sk}"
    assert tex(indexed_gradient(FORM, graph, graph.by_id["bias[l]"], {"units[l]": J}).result) == (
        "\\sum_{s=1}^N \\delta^{l}_{sj}"
    )
    short = indexed_gradient(FORM, graph, graph.by_id["activation[l]"], {"samples": Index("s"), "units[l]": J}).short
    assert len(short.expressions) == 4


def test_the_loss_of_any_number_of_outputs() -> None:
    graph = GenericNetwork(loss="mean", batch=True).final()
    form = IndexedForm(LETTERS, inline=frozenset({"loss_part"}))
    assert tex(form.definition(graph.loss, {})) == ("\\frac{1}{N} \\sum_{s=1}^N \\sum_{i=1}^{n_{L}} \\ell(a^{L}_{si})")
    gradient = indexed_gradient(form, graph, graph.by_id["activation[L]"], {"samples": Index("s"), "units[L]": J})
    assert tex(gradient.result) == "\\frac{1}{N} \\ell'(a^{L}_{sj})"


def test_a_quantity_that_is_used_twice_has_two_terms() -> None:
    build = Builder()
    axis = Axis("units[1]", Symbol("size", 1))
    source = build.leaf(Symbol("activation", 1), axis)
    first = build.apply(Map(scaled(2)), source, symbol=Symbol("activation", 2))
    second = build.apply(Map(scaled(3)), source, symbol=Symbol("activation", 3))
    loss = build.apply(Contract(frozenset({axis.name})), first, second, symbol=Symbol("loss"))
    graph = build.graph(loss, (source,))
    assert users(graph, source) == [first, second]
    gradient = indexed_gradient(FORM, graph, source, {axis.name: J})
    assert tex(gradient.result) == (
        "\\frac{\\partial E}{\\partial a^{2}_{j}} \\cdot 2 + \\frac{\\partial E}{\\partial a^{3}_{j}} \\cdot 3"
    )
    with pytest.raises(ValueError, match="loss is not used"):
        indexed_gradient(FORM, graph, loss, {})


def test_softmax_is_differentiated_and_written_in_its_preferred_form() -> None:
    build = Builder()
    axis = Axis("units[1]", Symbol("size", 1))
    scores = build.leaf(Symbol("preactivation", 1), axis)
    softmax = build.apply(VECTOR_ACTIVATIONS.get("softmax").over(axis.name), scores, symbol=Symbol("activation", 1))
    local = local_derivative(FORM, softmax, {axis.name: Index("i")}, scores, {axis.name: J})
    assert tex(local.definition) == "\\frac{e^{z^{1}_{i}}}{\\sum_{j=1}^{n_{1}} e^{z^{1}_{j}}}"
    assert tex(local.result) == "a^{1}_{j}(\\delta_{ji} - a^{1}_{i})"
    assert "\\delta_{ij}" in tex(local.derived)
    assert local.derived != local.result


def test_a_place_that_is_read_by_index_is_read_in_indices() -> None:
    build = Builder()
    old, new = Axis("units[0]", Symbol("size", 0)), Axis("units[2]", Symbol("size", 0))
    weight = build.leaf(Symbol("weight", 1), Axis("units[1]", Symbol("size", 1)), old)
    renamed = build.apply(Gather(((old.name, along(new.name)),), (new,)), weight)
    assert FORM.expand(renamed, {"units[1]": J, "units[2]": K}, frozenset()) == Symbol("weight", 1, (J, K))
    first = build.apply(Gather(((old.name, Affine(0)),)), weight)
    assert FORM.expand(first, {"units[1]": J}, frozenset()) == Symbol("weight", 1, (J, 0))
    steps = build.apply(Gather(((old.name, Affine(0, ((new.name, 2),))),), (new,)), weight)
    back = steps.operation.adjoint(build, steps, build.leaf(Symbol("target"), *steps.axes), 0)  # type: ignore[union-attr]
    assert back is not None
    with pytest.raises(NoFormError, match="scatter"):
        FORM.definition(back, {"units[1]": J, "units[0]": K})


# ---- against numbers ----------------------------------------------------------------------------

NETWORKS = {
    "no bias": dense_network((3, 2), "none"),
    "shared bias": dense_network((2, 3, 1), "layer"),
    "one of each": dense_network((1, 1, 1)),
    "batch": dense_network((2, 3, 4), samples=3),
    "batch, shared bias": dense_network((2, 1, 3), "layer", samples=2),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_gradient_has_the_value_of_the_reverse_sweep(name: str) -> None:
    graph = NETWORKS[name]
    swept = evaluation(reverse_sweep(graph).graph)
    for node in graph.nodes:
        if node.symbol is None or node is graph.loss or node.role == "learning_rate" or not users(graph, node):
            continue
        if f"adjoint {node.id}" not in swept.graph.by_id:
            continue
        place = LETTERS.place(node.axes)
        gradient = indexed_gradient(FORM, graph, node, place)
        for here in places(swept, node, place):
            expected = swept.values[here.entry(gradient)]
            for step in (gradient.inserted, *(step.after for step in gradient.steps)):
                assert float(here.numbers.value(step)) == pytest.approx(float(expected), rel=1e-15), node.id


@pytest.mark.parametrize("name", NETWORKS)
def test_every_local_derivative_is_the_limit_of_a_difference(name: str) -> None:
    graph = NETWORKS[name]
    plain = evaluation(graph)
    step = plain.numbers.mpf("1e-12")
    for by in graph.nodes:
        for of in users(graph, by) if by.symbol and by is not graph.loss and by.role != "learning_rate" else []:
            of_place = LETTERS.place(of.axes)
            by_place = LETTERS.place(by.axes, [index.symbol for index in of_place.values()])  # type: ignore[union-attr]
            local = local_derivative(FORM, of, of_place, by, by_place)
            for of_at, by_at in product(of.places(), by.places()):
                here = plain.at(**counted(of_place, of_at), **counted(by_place, by_at))
                entry = by.entry(*by_at)
                moved = replace(here, values={**plain.values, entry: plain.values[entry] + step})
                slope = (moved.value(local.definition) - here.value(local.definition)) / step
                assert float(here.value(local.result)) == pytest.approx(float(slope), abs=1e-9), (of.id, by.id)


class Here:
    """An evaluator at one place, and the entry of the adjoint there."""

    def __init__(self, numbers: Evaluation, indices: tuple[int, ...]) -> None:
        self.numbers = numbers
        self.indices = indices

    def entry(self, gradient: IndexedGradient) -> Symbol:
        return structs.replace(gradient.adjoint, indices=self.indices)


def places(numbers: Evaluation, node: Node, place: Place) -> list[Here]:
    return [Here(numbers.at(**counted(place, indices)), indices) for indices in node.places()]


def counted(place: Place, indices: tuple[int, ...]) -> dict[str, int]:
    return {index.symbol: at + 1 for index, at in zip(place.values(), indices, strict=True)}  # type: ignore[union-attr]


def test_an_entry_is_named_by_its_place() -> None:
    node = NETWORKS["no bias"].by_id["weight[1]"]
    assert entry_at(node, {"units[1]": 0, "units[0]": 2}) == Symbol("weight", 1, (0, 2))
