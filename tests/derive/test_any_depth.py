"""Backpropagation of any depth: every formula, in both layouts, and both algorithms run on numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec import structs
from support.dense import dense_network
from support.quantities import speller
from support.values import evaluation

from symbackprop.derive.algorithms import Algorithm, AlgorithmStep, backward_algorithm, forward_algorithm
from symbackprop.derive.any_depth import AnyDepth
from symbackprop.derive.reverse import reverse_sweep
from symbackprop.expression import Chain, Expression, Index, Name, Number, Symbol, transform
from symbackprop.forms.any_depth import Bias, GenericNetwork, LossKind
from symbackprop.forms.evaluation import Evaluation
from symbackprop.forms.indexed import Letters
from symbackprop.forms.layout import LAYOUTS, Layout, placement
from symbackprop.graph import Graph
from symbackprop.latex.printer import Printer
from symbackprop.spec.model import Order

ROW = Printer(speller(from_first=True), names=lambda symbol: False).tex
COLUMN = Printer(speller(), nabla=frozenset({"activation"})).tex
ORDERS: tuple[Order, ...] = ("simultaneous", "sequential")


def letters(layer: str, last: str) -> Letters:
    fixed = {}
    for letter in (layer, last):
        fixed |= {f"units[{letter}]": "j", f"units[{letter}-1]": "k", f"units[{letter}+1]": "i"}
    return Letters(("i", "j", "k", "p", "q"), ("s", "t"), fixed)


def derivation(layout: Layout, bias: Bias = "unit", loss: LossKind = "any", batch: bool = False) -> AnyDepth:
    layer, last = ("m", "D") if layout == "row" else ("l", "L")
    network = GenericNetwork(bias, loss, batch, layer=layer, last=last)
    return AnyDepth(network, layout, letters(layer, last))


# ---- row vectors, D layers, the loss a sum over outputs -----------------------------------------


def test_rows_forward() -> None:
    rows = derivation("row", loss="sum")
    assert [ROW(equation) for equation in rows.forward] == ["z^{m} = a^{m-1} W^{m} + b^{m}", "a^{m} = f_{m}(z^{m})"]
    assert [ROW(equation) for equation in rows.forward_entries] == [
        "z^{m}_{j} = \\sum_{k=1}^{n_{m-1}} w^{m}_{kj} a^{m-1}_{k} + b^{m}_{j}",
        "a^{m}_{j} = f_{m}(z^{m}_{j})",
    ]
    assert rows.loss is not None
    assert ROW(rows.loss) == "E = \\sum_{j=1}^{n_{D}} \\ell(a^{D}_{j})"


def test_rows_gradient_of_one_weight_of_a_column_and_of_all() -> None:
    levels = derivation("row", loss="sum").gradient("weight")
    assert ROW(levels.entry.chain).split(" = ")[-2:] == [
        "\\sum_{i=1}^{n_{m}} \\frac{\\partial E}{\\partial z^{m}_{i}} \\delta_{ij} a^{m-1}_{k}",
        "\\frac{\\partial E}{\\partial z^{m}_{j}} a^{m-1}_{k}",
    ]
    assert levels.dimension == "columns"
    assert levels.line is not None
    assert ROW(levels.line) == (
        "\\frac{\\partial E}{\\partial w^{m}_{\\cdot j}}"
        " = \\frac{\\partial E}{\\partial z^{m}_{j}} \\frac{\\partial z^{m}_{j}}{\\partial w^{m}_{\\cdot j}}"
        " = (a^{m-1})^{\\top} \\frac{\\partial E}{\\partial z^{m}_{j}}"
    )
    assert ROW(levels.matrix) == (
        "\\frac{\\partial E}{\\partial W^{m}} = (a^{m-1})^{\\top} \\frac{\\partial E}{\\partial z^{m}}"
    )


def test_rows_recursion() -> None:
    rows = derivation("row", loss="sum")
    assert ROW(rows.recursion_entry).split(" = ") == [
        "\\frac{\\partial E}{\\partial z^{m}_{j}}",
        (
            "\\sum_{i=1}^{n_{m+1}} \\frac{\\partial E}{\\partial z^{m+1}_{i}}"
            " \\frac{\\partial z^{m+1}_{i}}{\\partial a^{m}_{j}} \\frac{\\partial a^{m}_{j}}{\\partial z^{m}_{j}}"
        ),
        (
            "\\frac{\\partial a^{m}_{j}}{\\partial z^{m}_{j}}"
            " \\sum_{i=1}^{n_{m+1}} \\frac{\\partial E}{\\partial z^{m+1}_{i}} w^{m+1}_{ji}"
        ),
        "f'_{m}(z^{m}_{j}) \\sum_{i=1}^{n_{m+1}} \\frac{\\partial E}{\\partial z^{m+1}_{i}} w^{m+1}_{ji}",
        "f'_{m}(z^{m}_{j}) \\frac{\\partial E}{\\partial z^{m+1}} (w^{m+1}_{j\\cdot})^{\\top}",
    ]
    assert ROW(rows.recursion) == (
        "\\frac{\\partial E}{\\partial z^{m}}"
        " = \\left(\\frac{\\partial E}{\\partial z^{m+1}} (W^{m+1})^{\\top}\\right) \\odot f'_{m}(z^{m})"
    )


def test_rows_start_at_the_last_layer() -> None:
    rows = derivation("row", loss="sum")
    assert ROW(rows.start) == "\\frac{\\partial E}{\\partial z^{D}} = \\ell'(a^{D}) \\odot f'_{D}(z^{D})"
    assert ROW(rows.start_entry).split(" = ")[-2:] == [
        "\\frac{\\partial E}{\\partial a^{D}_{j}} f'_{D}(z^{D}_{j})",
        "\\ell'(a^{D}_{j}) f'_{D}(z^{D}_{j})",
    ]


def test_rows_biases() -> None:
    assert ROW(derivation("row").gradient("bias").matrix) == (
        "\\frac{\\partial E}{\\partial b^{m}} = \\frac{\\partial E}{\\partial z^{m}}"
    )
    shared = derivation("row", "layer").gradient("bias")
    assert ROW(shared.entry.result) == "\\sum_{j=1}^{n_{m}} \\frac{\\partial E}{\\partial z^{m}_{j}}"
    assert shared.line is None
    batch = replace(derivation("row", "unit", batch=True), totals="sum").gradient("bias")
    assert ROW(batch.matrix) == (
        "\\frac{\\partial E}{\\partial b^{m}} = \\sum_{s=1}^N \\frac{\\partial E}{\\partial z^{m}_{s\\cdot}}"
    )
    assert derivation("row", "none").parameters == ("weight",)


# ---- columns ------------------------------------------------------------------------------------


def test_columns() -> None:
    columns = derivation("column")
    assert columns.loss is None
    assert COLUMN(columns.start) == "\\delta^{L} = \\nabla_{a^{L}} E \\odot f'_{L}(z^{L})"
    assert COLUMN(columns.recursion) == "\\delta^{l} = ((W^{l+1})^{\\top} \\delta^{l+1}) \\odot f'_{l}(z^{l})"
    assert COLUMN(columns.recursion_entry).endswith("= f'_{l}(z^{l}_{j})(w^{l+1}_{\\cdot j})^{\\top} \\delta^{l+1}")
    levels = columns.gradient("weight")
    assert COLUMN(levels.matrix) == "\\frac{\\partial E}{\\partial W^{l}} = \\delta^{l} (a^{l-1})^{\\top}"
    assert levels.dimension == "rows"
    assert COLUMN(columns.update("bias")) == "b^{l+} = b^{l} - \\eta \\frac{\\partial E}{\\partial b^{l}}"
    assert COLUMN(columns.start_entry).endswith("= \\frac{\\partial E}{\\partial a^{L}_{j}} f'_{L}(z^{L}_{j})")


def test_a_batch_has_its_sums_in_the_gradients_only() -> None:
    batch = derivation("column", loss="mean", batch=True)
    assert COLUMN(batch.start) == "\\delta^{L} = \\frac{1}{N}(\\ell'(a^{L}) \\odot f'_{L}(z^{L}))"
    assert COLUMN(batch.gradient("bias").matrix) == "\\frac{\\partial E}{\\partial b^{l}} = \\delta^{l} \\mathbf{1}"
    assert COLUMN(batch.gradient("weight").entry.result) == "\\sum_{s=1}^N \\delta^{l}_{sj} a^{l-1}_{sk}"
    assert COLUMN(batch.recursion_entry).split(" = ") == [
        "\\delta^{l}_{sj}",
        "f'_{l}(z^{l}_{sj}) \\sum_{i=1}^{n_{l+1}} \\delta^{l+1}_{si} w^{l+1}_{ij}",
        "f'_{l}(z^{l}_{sj})(w^{l+1}_{\\cdot j})^{\\top} \\delta^{l+1}_{s\\cdot}",
    ]


def test_an_output_that_is_not_elementwise_gives_its_delta() -> None:
    direct = derivation("column", loss="direct")
    assert COLUMN(direct.start) == "\\delta^{L}"
    assert COLUMN(direct.start_entry) == "\\delta^{L}_{j}"
    assert backward_algorithm(direct).steps[0].assignments == (direct.start,)
    assert COLUMN(direct.gradient("weight", last=True).matrix) == (
        "\\frac{\\partial E}{\\partial W^{L}} = \\delta^{L} (a^{L-1})^{\\top}"
    )


# ---- the algorithms -----------------------------------------------------------------------------


def lines(steps: tuple[AlgorithmStep, ...]) -> Iterator[str]:
    for step in steps:
        loop = f" {COLUMN(step.loop.first)}..{COLUMN(step.loop.last)}" if step.loop else ""
        condition = f" if {COLUMN(step.condition)}" if step.condition else ""
        yield step.key + loop + condition
        yield from (f"  {COLUMN(assignment)}" for assignment in step.assignments)
        yield from lines(step.steps)


def test_forward_algorithm() -> None:
    assert list(lines(forward_algorithm(derivation("column")).steps)) == [
        "input",
        "  a^{0}",
        "layers_up 1..L",
        "layer",
        "  z^{l} \\leftarrow W^{l} a^{l-1} + b^{l}",
        "  a^{l} \\leftarrow f_{l}(z^{l})",
    ]


def test_backward_algorithm_in_both_orders() -> None:
    gradients = [
        "gradients",
        "  \\frac{\\partial E}{\\partial W^{l}} \\leftarrow \\delta^{l} (a^{l-1})^{\\top}",
    ]
    update = ["update", "  W^{l+} \\leftarrow W^{l} - \\eta \\frac{\\partial E}{\\partial W^{l}}"]
    start = ["start", "  \\delta^{L} \\leftarrow \\nabla_{a^{L}} E \\odot f'_{L}(z^{L})", "layers_down L..1"]

    def pass_back(mark: str) -> list[str]:
        right = f"((W^{{l{mark}}})^{{\\top}} \\delta^{{l}}) \\odot f'_{{l-1}}(z^{{l-1}})"
        return ["pass_back if l > 1", f"  \\delta^{{l-1}} \\leftarrow {right}"]

    plain = derivation("column", "none")
    simultaneous = list(lines(backward_algorithm(plain).steps))
    assert simultaneous == [*start, *gradients, *pass_back(""), "update_all 1..L", *update]
    sequential = list(lines(backward_algorithm(plain, "sequential").steps))
    assert sequential == [*start, *gradients, *update, *pass_back("+")]
    overwriting = list(lines(backward_algorithm(plain, "sequential", overwrite=True).steps))
    assert overwriting == [line.replace("l+", "l") for line in sequential]
    overwritten = backward_algorithm(plain, "sequential", overwrite=True)
    (update,) = (inner for inner in overwritten.steps[1].steps if inner.key == "update")
    assert update.assignments[0].expressions[0] == Symbol("weight", Index("l"))
    assert (forward_algorithm(plain).name, overwritten.name) == ("forward", "backward")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("bias", "samples"), [("unit", None), ("layer", None), ("none", 2), ("unit", 3), ("layer", 3)])
def test_the_algorithms_compute_what_the_reverse_sweep_does(
    order: Order, layout: Layout, bias: Bias, samples: int | None
) -> None:
    """Run on a network of three layers, step by step, they end with the same parameters."""
    graph = dense_network((2, 3, 1, 4), bias, samples)
    sweep = reverse_sweep(graph, graph.parameters, graph.by_id["learning_rate"], order == "sequential")
    expected = evaluation(sweep.graph, layout)
    general = derivation(layout, bias, "sum", samples is not None)
    given = {entry: value for entry, value in expected.values.items() if is_leaf(graph, entry)}
    machine = Machine(replace(expected, values=given), general, depth=3)
    machine.run(forward_algorithm(general))
    machine.run(backward_algorithm(general, order))
    for node in sweep.updates.values():
        for place in node.places():
            entry = node.entry(*place)
            assert float(machine.values[entry]) == pytest.approx(float(expected.values[entry]), rel=1e-15), entry


def is_leaf(graph: Graph, entry: Symbol) -> bool:
    return not entry.variant and graph.node(entry).operation is None


class Machine:
    """Carries out the steps of an algorithm on a network of numbers."""

    def __init__(self, numbers: Evaluation, general: AnyDepth, depth: int) -> None:
        self.numbers = numbers
        self.general = general
        self.depth = depth
        self.values = dict(numbers.values)

    def run(self, algorithm: Algorithm) -> None:
        for step in algorithm.steps:
            self.step(step, {self.general.network.last: self.depth})

    def step(self, step: AlgorithmStep, layers: dict[str, int]) -> None:
        if step.loop is not None:
            assert isinstance(step.loop.index, Name)
            first, last = (self.layer(bound, layers) for bound in (step.loop.first, step.loop.last))
            for layer in range(first, last + 1) if first <= last else range(first, last - 1, -1):
                self.body(step, {**layers, step.loop.index.head: layer})
        else:
            self.body(step, layers)

    def body(self, step: AlgorithmStep, layers: dict[str, int]) -> None:
        if step.condition is not None and layers[self.general.network.layer] <= 1:
            return
        for assignment in step.assignments:
            self.assign(assignment, layers)
        for inner in step.steps:
            self.step(inner, layers)

    def assign(self, assignment: Chain, layers: dict[str, int]) -> None:
        if len(assignment.expressions) == 1:
            return  # what is given
        left, right = (self.at_layer(side, layers) for side in assignment.expressions)
        assert isinstance(left, Symbol)
        found = replace(self.numbers, values=self.values).value(right)
        axes = self.numbers.shapes.axes(left)
        rows, columns = placement(axes, self.general.layout)
        for place in self.numbers.graph.node(structs.replace(left, variant="")).places():
            at = dict(zip(axes, place, strict=True))
            row, column = (at[axis] if axis is not None else 0 for axis in (rows, columns))
            entry = found[row][column] if isinstance(found, tuple) else found
            self.values[structs.replace(left, indices=place)] = entry

    def at_layer(self, expression: Expression, layers: dict[str, int]) -> Expression:
        def number(part: Expression) -> Expression | None:
            if not isinstance(part, Symbol):
                return None
            if isinstance(part.position, Index):
                return structs.replace(part, position=layers[part.position.symbol] + part.position.offset)
            return ones_at(part, layers) if part.kind == "ones" else None

        return transform(expression, number)

    def layer(self, bound: Expression, layers: dict[str, int]) -> int:
        return int(bound.text) if isinstance(bound, Number) else layers[bound.head]  # type: ignore[union-attr]


def ones_at(symbol: Symbol, layers: dict[str, int]) -> Symbol:
    """The vector of ones along the units of a layer: ``units[l]`` becomes ``units[2]``."""
    name = symbol.variant
    for letter, layer in layers.items():
        name = name.replace(f"[{letter}]", f"[{layer}]")
    return structs.replace(symbol, variant=name)
