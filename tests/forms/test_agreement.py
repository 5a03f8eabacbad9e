"""Matrix form = indexed form = scalar form, entry by entry, on drawn sizes; and a form that is wrong is caught."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from support.dense import dense_network

from symbackprop.derive.reverse import reverse_sweep
from symbackprop.errors import VerificationError
from symbackprop.expression import Apply, Symbol
from symbackprop.forms.agreement import agreement, drawn
from symbackprop.forms.any_depth import Bias, GenericNetwork, LossKind
from symbackprop.forms.contraction import matrix_product
from symbackprop.forms.layout import Shaped
from symbackprop.forms.matrix import MatrixForm
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS
from symbackprop.graph import Axis, Builder, Graph, Node
from symbackprop.ops import Contract, Map
from symbackprop.ops.arithmetic import scaled

BIASES: tuple[Bias, ...] = ("none", "layer", "unit")
LOSSES: tuple[LossKind, ...] = ("any", "sum", "mean", "direct")


@pytest.mark.parametrize(("bias", "batch", "sequential"), list(product(BIASES, (False, True), (False, True))))
def test_forms_of_dense_networks_agree(bias: Bias, batch: bool, sequential: bool) -> None:
    def build(draw: Callable[[], int]) -> Graph:
        graph = dense_network((draw(), draw(), draw()), bias, draw() if batch else None)
        return reverse_sweep(graph, graph.parameters, graph.by_id["learning_rate"], sequential).graph

    found = agreement(drawn(build))
    assert found.drawings == 4
    assert found.without == ()
    assert len(found.quantities) == {"none": 15, "layer": 19, "unit": 19}[bias]


@pytest.mark.parametrize(("bias", "loss", "batch"), list(product(BIASES, LOSSES, (False, True))))
def test_forms_of_the_generic_layers_agree(bias: Bias, loss: LossKind, batch: bool) -> None:
    def build(draw: Callable[[], int]) -> Graph:
        sizes: dict[object, int] = {}
        network = GenericNetwork(bias, loss, batch, size=lambda at: sizes.setdefault(at, draw()), samples=draw())
        graph = network.hidden() if loss == "any" else network.final()
        return reverse_sweep(graph, graph.parameters, graph.by_id["learning_rate"]).graph

    assert agreement(drawn(build)).without == ()


@pytest.mark.parametrize("name", [entry.name for entry in (*ACTIVATIONS, *VECTOR_ACTIVATIONS)])
@pytest.mark.parametrize("batch", [False, True])
def test_every_activation_agrees_by_name_and_written_out(name: str, batch: bool) -> None:
    def build(draw: Callable[[], int]) -> Graph:
        build = Builder()
        units = Axis("units[1]", draw())
        axes = (Axis("samples", draw()), units) if batch else (units,)
        scores = build.leaf(Symbol("preactivation", 1), *axes)
        vector = name in VECTOR_ACTIVATIONS
        operation = VECTOR_ACTIVATIONS.get(name).over(units.name) if vector else Map(ACTIVATIONS.get(name).function)
        output = build.apply(operation, scores, symbol=Symbol("activation", 1), order=axes)
        square = build.apply(Contract(frozenset(axis.name for axis in axes)), output, output)
        loss = build.apply(Map(scaled(1, 2)), square, symbol=Symbol("loss"))
        return reverse_sweep(build.graph(loss, (scores,))).graph

    assert agreement(drawn(build)).without == ()


def test_an_array_of_three_axes_is_reported_as_no_matrix() -> None:
    build = Builder()
    axes = tuple(Axis(f"units[{number}]", 2) for number in range(3))
    cube = build.leaf(Symbol("weight", 1), *axes)
    doubled = build.apply(Map(scaled(2)), cube, symbol=Symbol("activation", 1))
    loss = build.apply(Contract(frozenset(axis.name for axis in axes)), doubled, symbol=Symbol("loss"))
    found = agreement([build.graph(loss)])
    assert [symbol.kind for symbol, _ in found.without] == ["activation", "loss"]


def test_a_wrong_order_of_factors_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = reverse_sweep(dense_network((2, 2, 2))).graph

    def swapped(self: MatrixForm, node: Node) -> Shaped:
        shaped = original(self, node)
        expression = shaped.expression
        if isinstance(expression, Apply) and expression.operator == "matrix_product":
            return shaped.with_expression(matrix_product(*reversed(expression.arguments)))
        return shaped

    original = MatrixForm.definition
    agreement([graph])
    monkeypatch.setattr(MatrixForm, "definition", swapped)
    with pytest.raises(VerificationError, match=r"row matrix form of loss at \(\) gives"):
        agreement([graph])


def test_a_missing_transpose_is_caught_where_sizes_hide_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With equal sizes a forgotten transpose fits; the axes do not."""
    graph = reverse_sweep(dense_network((2, 2, 2))).graph

    def bare(self: MatrixForm, node: Node) -> Shaped:
        shaped = original(self, node)
        if node.id != "adjoint activation[1]":
            return shaped
        assert isinstance(shaped.expression, Apply)
        parts = [part.arguments[0] if isinstance(part, Apply) else part for part in shaped.expression.arguments]
        return shaped.with_expression(matrix_product(*parts))

    original = MatrixForm.definition
    monkeypatch.setattr(MatrixForm, "definition", bare)
    with pytest.raises(VerificationError, match=r"matrix form of adjoint activation\[1\]: a matrix product over"):
        agreement([graph])
