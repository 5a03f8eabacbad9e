"""Matrix form: product order, transposes, ones and shapes follow from the axes, in both layouts."""

from __future__ import annotations

import pytest
from support.dense import dense_network
from support.quantities import speller
from support.values import evaluation

from symbackprop.derive.reverse import Sweep, reverse_sweep
from symbackprop.expression import Chain, Index, Symbol, chain
from symbackprop.forms.any_depth import GenericNetwork
from symbackprop.forms.contraction import contract
from symbackprop.forms.indexed import Letters
from symbackprop.forms.layout import LAYOUTS, Layout, NoFormError, Shaped, placement, transpose
from symbackprop.forms.matrix import MatrixForm
from symbackprop.forms.shapes import SCALAR, Shapes
from symbackprop.graph import Axis, Builder, Graph
from symbackprop.latex.printer import Printer
from symbackprop.ops import Contract, Gather, Map, along
from symbackprop.ops.arithmetic import total
from symbackprop.ops.gather import Affine

PRINT = {"row": Printer(speller(from_first=True)).tex, "column": Printer(speller()).tex}
INLINE = frozenset({"loss_part", "adjoint loss_part"})


def swept(graph: Graph) -> Sweep:
    return reverse_sweep(graph, graph.parameters, graph.by_id["learning_rate"])


def equation(sweep: Sweep, layout: Layout, name: str, **settings: object) -> str:
    form = MatrixForm(sweep.graph, layout, inline=settings.pop("inline", INLINE), **settings)  # type: ignore[arg-type]
    node = sweep.graph.by_id[name]
    return PRINT[layout](chain(form.quantity(node).expression, form.definition(node).expression))


ONE_SAMPLE = swept(GenericNetwork().hidden())
BATCH = swept(GenericNetwork(batch=True).hidden())
SHARED = swept(GenericNetwork(bias="layer").hidden())
SHARED_BATCH = swept(GenericNetwork(bias="layer", batch=True).hidden())
MEAN = swept(GenericNetwork(loss="mean", batch=True).final())
DEEP = frozenset({"adjoint activation[l]"})

EQUATIONS: list[tuple[Sweep, str, str, str]] = [
    (ONE_SAMPLE, "preactivation[l]", "z^{l} = a^{l-1} W^{l} + b^{l}", "z^{l} = W^{l} a^{l-1} + b^{l}"),
    (ONE_SAMPLE, "activation[l]", "a^{l} = f_{l}(z^{l})", "a^{l} = f_{l}(z^{l})"),
    (ONE_SAMPLE, "adjoint activation[l]",
     "\\frac{\\partial E}{\\partial a^{l}} = \\delta^{l+1} (W^{l+1})^{\\top}",
     "\\frac{\\partial E}{\\partial a^{l}} = (W^{l+1})^{\\top} \\delta^{l+1}"),
    (ONE_SAMPLE, "adjoint preactivation[l]",
     "\\delta^{l} = (\\delta^{l+1} (W^{l+1})^{\\top}) \\odot f'_{l}(z^{l})",
     "\\delta^{l} = ((W^{l+1})^{\\top} \\delta^{l+1}) \\odot f'_{l}(z^{l})"),
    (ONE_SAMPLE, "adjoint weight[l]",
     "\\frac{\\partial E}{\\partial W^{l}} = (a^{l-1})^{\\top} \\delta^{l}",
     "\\frac{\\partial E}{\\partial W^{l}} = \\delta^{l} (a^{l-1})^{\\top}"),
    (ONE_SAMPLE, "adjoint bias[l]",
     "\\frac{\\partial E}{\\partial b^{l}} = \\delta^{l}", "\\frac{\\partial E}{\\partial b^{l}} = \\delta^{l}"),
    (SHARED, "preactivation[l]",
     "z^{l} = a^{l-1} W^{l} + b^{l} \\mathbf{1}^{\\top}", "z^{l} = W^{l} a^{l-1} + b^{l} \\mathbf{1}"),
    (SHARED, "adjoint bias[l]",
     "\\frac{\\partial E}{\\partial b^{l}} = \\delta^{l} \\mathbf{1}",
     "\\frac{\\partial E}{\\partial b^{l}} = \\mathbf{1}^{\\top} \\delta^{l}"),
    (BATCH, "preactivation[l]",
     "z^{l} = a^{l-1} W^{l} + \\mathbf{1} b^{l}", "z^{l} = W^{l} a^{l-1} + b^{l} \\mathbf{1}^{\\top}"),
    (BATCH, "adjoint weight[l]",
     "\\frac{\\partial E}{\\partial W^{l}} = (a^{l-1})^{\\top} \\delta^{l}",
     "\\frac{\\partial E}{\\partial W^{l}} = \\delta^{l} (a^{l-1})^{\\top}"),
    (BATCH, "adjoint bias[l]",
     "\\frac{\\partial E}{\\partial b^{l}} = \\mathbf{1}^{\\top} \\delta^{l}",
     "\\frac{\\partial E}{\\partial b^{l}} = \\delta^{l} \\mathbf{1}"),
    (SHARED_BATCH, "adjoint bias[l]",
     "\\frac{\\partial E}{\\partial b^{l}} = \\mathbf{1}^{\\top} \\delta^{l} \\mathbf{1}",
     "\\frac{\\partial E}{\\partial b^{l}} = \\mathbf{1}^{\\top} \\delta^{l} \\mathbf{1}"),
    (SHARED_BATCH, "preactivation[l]",
     "z^{l} = a^{l-1} W^{l} + b^{l} \\mathbf{1} \\mathbf{1}^{\\top}",
     "z^{l} = W^{l} a^{l-1} + b^{l} \\mathbf{1} \\mathbf{1}^{\\top}"),
    (MEAN, "loss",
     "E = \\frac{1}{N} \\mathbf{1}^{\\top} \\ell(a^{L}) \\mathbf{1}",
     "E = \\frac{1}{N} \\mathbf{1}^{\\top} \\ell(a^{L}) \\mathbf{1}"),
    (MEAN, "adjoint activation[L]",
     "\\frac{\\partial E}{\\partial a^{L}} = \\frac{1}{N} \\ell'(a^{L})",
     "\\frac{\\partial E}{\\partial a^{L}} = \\frac{1}{N} \\ell'(a^{L})"),
]  # fmt: skip


@pytest.mark.parametrize(("sweep", "name", "row", "column"), EQUATIONS, ids=[f"{n}:{r}" for _, n, r, _ in EQUATIONS])
def test_equation_in_both_layouts(sweep: Sweep, name: str, row: str, column: str) -> None:
    inline = INLINE | DEEP if name == "adjoint preactivation[l]" else INLINE
    assert equation(sweep, "row", name, inline=inline) == row
    assert equation(sweep, "column", name, inline=inline) == column


@pytest.mark.parametrize(("sweep", "layout", "result"), [
    (BATCH, "row", "\\sum_{s=1}^N \\delta^{l}_{s\\cdot}"),
    (BATCH, "column", "\\sum_{s=1}^N \\delta^{l}_{s\\cdot}"),
    (SHARED, "row", "\\sum_{j=1}^{n_{l}} \\delta^{l}_{j}"),
    (SHARED_BATCH, "row", "\\sum_{s=1}^N \\sum_{j=1}^{n_{l}} \\delta^{l}_{sj}"),
])  # fmt: skip
def test_sums_over_rows_may_be_written_as_sums(sweep: Sweep, layout: Layout, result: str) -> None:
    text = equation(sweep, layout, "adjoint bias[l]", totals="sum", letters=Letters())
    assert text == f"\\frac{{\\partial E}}{{\\partial b^{{l}}}} = {result}"


def test_repeating_a_bias_may_be_left_to_the_reader() -> None:
    assert equation(BATCH, "row", "preactivation[l]", ones=False) == "z^{l} = a^{l-1} W^{l} + b^{l}"


def test_tied_weights_are_transposed_once_more() -> None:
    build = Builder()
    first, second, third = (Axis(f"units[{layer}]", size) for layer, size in enumerate((3, 2, 3)))
    weight, hidden = build.leaf(Symbol("weight", 1), second, first), build.leaf(Symbol("activation", 1), second)
    tied = build.apply(Gather(((first.name, along(third.name)),), (third,)), weight)
    output = build.apply(Contract(frozenset({second.name})), tied, hidden, symbol=Symbol("preactivation", 2))
    loss = build.apply(Contract(frozenset({third.name})), output, symbol=Symbol("loss"))
    build.leaf(Symbol("learning_rate"))
    sweep = swept(build.graph(loss, (weight,)))
    assert equation(sweep, "column", "preactivation[2]") == "z^{2} = (W^{1})^{\\top} a^{1}"
    assert equation(sweep, "row", "preactivation[2]") == "z^{2} = a^{1} (W^{1})^{\\top}"
    assert equation(sweep, "column", "adjoint weight[1]") == (
        "\\frac{\\partial E}{\\partial W^{1}} = a^{1} (\\delta^{2})^{\\top}"
    )
    shapes = Shapes(sweep.graph, "column")
    form = MatrixForm(sweep.graph, "column")
    assert shapes.of(form.definition(sweep.graph.by_id["preactivation[2]"]).expression) == (first, None)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("batch", [False, True])
def test_shapes_of_definitions_are_those_of_their_quantities(layout: Layout, batch: bool) -> None:
    for bias in ("none", "layer", "unit"):
        for graph in (GenericNetwork(bias, "mean", batch).hidden(), GenericNetwork(bias, "mean", batch).final()):
            sweep = swept(graph)
            form, shapes = MatrixForm(sweep.graph, layout, inline=INLINE), Shapes(sweep.graph, layout)
            for node in sweep.graph.nodes:
                if node.symbol is not None and node.operation is not None and "Remainder" not in str(node.operation):
                    assert shapes.of(form.definition(node).expression) == placement(node.axes, layout), node.id


def test_the_shape_of_every_factor() -> None:
    form = MatrixForm(ONE_SAMPLE.graph, "row")
    product = form.definition(ONE_SAMPLE.graph.by_id["adjoint weight[l]"]).expression
    texts = [PRINT["row"](Chain((part.factor, part.space), ("∈",))) for part in form.shapes.factors(product)]
    assert texts == [
        "a^{l-1} \\in \\mathbb{R}^{1 \\times n_{l-1}}",
        "\\delta^{l} \\in \\mathbb{R}^{1 \\times n_{l}}",
    ]
    whole = form.shapes.stated(product)
    assert PRINT["row"](whole.space) == "\\mathbb{R}^{n_{l-1} \\times n_{l}}"


def test_shapes_that_do_not_fit_are_refused() -> None:
    from symbackprop.expression import Apply

    shapes = Shapes(ONE_SAMPLE.graph, "column")
    weight, activation = Symbol("weight", Index("l")), Symbol("activation", Index("l", -1))
    with pytest.raises(ValueError, match="a matrix product over"):
        shapes.of(Apply("matrix_product", (activation, weight)))
    with pytest.raises(ValueError, match="joined entry by entry"):
        shapes.of(Apply("add", (activation, Symbol("bias", Index("l")))))
    with pytest.raises(ValueError, match="there is no"):
        shapes.of(Symbol("weight", Index("m")))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("samples", [None, 3])
def test_every_line_and_entry_of_an_equation_has_its_value(layout: Layout, samples: int | None) -> None:
    """Rows, columns and entries of the right side are those of the left side."""
    sweep = swept(dense_network((2, 3, 1, 4), "layer", samples))
    numbers = evaluation(sweep.graph, layout)
    form = MatrixForm(sweep.graph, layout)
    shapes = form.shapes
    for node in sweep.graph.nodes:
        if node.symbol is None or node.operation is None or not node.axes:
            continue
        left, right = form.quantity(node).expression, form.definition(node).expression
        whole = numbers.value(left)
        for row in range(len(whole)) if shapes.of(left)[0] else ():
            assert close(numbers.value(shapes.row(right, row)), (whole[row],)), node.id
        for column in range(len(whole[0])) if shapes.of(left)[1] else ():
            line = shapes.column(right, column)
            assert close(numbers.value(line), tuple((entries[column],) for entries in whole)), node.id
            for row in range(len(whole)) if shapes.of(left)[0] else ():
                entry = shapes.row(line, row)
                assert shapes.of(entry) == SCALAR
                assert close(numbers.value(entry), whole[row][column]), node.id


def close(found: object, expected: object) -> bool:
    return all(abs(a - b) < 1e-20 for a, b in zip(flat(found), flat(expected), strict=True))


def flat(value: object) -> list:  # type: ignore[type-arg]
    return [entry for row in value for entry in flat(row)] if isinstance(value, tuple) else [value]


def test_what_is_no_matrix_is_refused_with_the_reason() -> None:
    build = Builder()
    axes = tuple(Axis(f"units[{number}]", 2) for number in range(3))
    cube = build.leaf(Symbol("weight", 1), *axes)
    plane = build.leaf(Symbol("weight", 2), *axes[:2])
    product = build.apply(Contract(), plane, build.leaf(Symbol("bias", 1), axes[2]))
    third = Axis("units[3]", 1)
    picked = build.apply(Gather(((axes[0].name, Affine(0, ((third.name, 2),))),), (third,)), plane)
    loss = build.apply(Contract(frozenset(axis.name for axis in axes)), cube, symbol=Symbol("loss"))
    form = MatrixForm(build.graph(loss), "row")
    for node, fact in ((cube, "no matrix has the axes"), (product, "more than two dimensions"), (picked, "gather")):
        with pytest.raises(NoFormError, match=fact):
            form.definition(node)


def test_a_vector_inside_a_product_of_matrices_scales_one_of_them() -> None:
    """sum_j A_ij b_j C_jk is (A ⊙ (1 bᵀ)) C."""
    rows, inner, columns = (Axis(f"units[{number}]", number + 2) for number in (2, 1, 0))
    build = Builder()
    nodes = [
        build.leaf(Symbol("weight", 1), rows, inner),
        build.leaf(Symbol("bias", 1), inner),
        build.leaf(Symbol("weight", 2), inner, columns),
    ]
    result = build.apply(
        Contract(frozenset({inner.name})), *nodes, symbol=Symbol("preactivation", 1), order=(rows, columns)
    )
    loss = build.apply(Contract(frozenset({rows.name, columns.name})), result, symbol=Symbol("loss"))
    graph = build.graph(loss)
    text = PRINT["column"](MatrixForm(graph, "column").definition(result).expression)
    assert text == "(W^{1} \\odot (\\mathbf{1} (b^{1})^{\\top})) W^{2}"
    numbers = evaluation(graph)
    assert close(numbers.value(MatrixForm(graph, "column").definition(result).expression),
                 numbers.value(Symbol("preactivation", 1)))  # fmt: skip
    with pytest.raises(NoFormError, match="three matrices share an axis"):
        contract([Shaped(Symbol("weight", n), rows, Axis(f"u{n}", 1)) for n in range(3)], (rows,), (), "row")


def test_transposes_are_not_piled_up() -> None:
    from symbackprop.expression import Apply

    weight, other = Symbol("weight", 1), Symbol("weight", 2)
    turned = Apply("transpose", (weight,))
    assert transpose(turned) == weight
    assert transpose(Apply("matrix_product", (turned, other))) == Apply(
        "matrix_product", (Apply("transpose", (other,)), weight)
    )
    assert transpose(Apply("negate", (turned,))) == Apply("negate", (weight,))


def test_placement_is_mirrored_between_the_layouts() -> None:
    units, before, samples, time = (Axis(name, 2) for name in ("units[2]", "units[1]", "samples", "time"))
    for axes in ((), (units,), (samples,), (units, before), (samples, units), (samples, time)):
        assert placement(axes, "row") == placement(axes, "column")[::-1]
    assert placement((samples, units), "row") == (samples, units)
    assert placement((units, before), "column") == (units, before)


def test_sums_of_three_terms_are_joined_at_one_shape() -> None:
    build = Builder()
    samples, units = Axis("samples", 3), Axis("units[1]", 2)
    parts = [
        build.leaf(Symbol("activation", 1), samples, units),
        build.leaf(Symbol("bias", 1), units),
        build.leaf(Symbol("target"), samples),
    ]
    result = build.apply(Map(total(3)), *parts, symbol=Symbol("preactivation", 1), order=(samples, units))
    loss = build.apply(Contract(frozenset({"samples", "units[1]"})), result, symbol=Symbol("loss"))
    graph = build.graph(loss)
    text = PRINT["row"](MatrixForm(graph, "row").definition(result).expression)
    assert text == "a^{1} + \\mathbf{1} b^{1} + t \\mathbf{1}^{\\top}"


def test_a_step_in_time_is_a_line_of_the_sequence() -> None:
    """h_t = W x_t for a slice of X taken at t, which keeps its index in its name."""
    build = Builder()
    time, units, inputs = Axis("time", 3), Axis("units[1]", 2), Axis("units[0]", 4)
    sequence, weight = build.leaf(Symbol("activation", 0), time, inputs), build.leaf(Symbol("weight", 1), units, inputs)
    step = build.apply(Gather(((time.name, Affine(1)),)), sequence)
    state = build.apply(
        Contract(frozenset({inputs.name})), weight, step, symbol=Symbol("activation", 1, (1,)), order=(units,)
    )
    loss = build.apply(Contract(frozenset({units.name})), state, state, symbol=Symbol("loss"))
    graph = build.graph(loss, (weight,))
    assert equation_of(graph, "column", state.id) == "a^{1}_{2\\cdot} = W^{1} a^{0}_{2\\cdot}"
    assert equation_of(graph, "row", loss.id) == "E = a^{1}_{2\\cdot} (a^{1}_{2\\cdot})^{\\top}"
    numbers = evaluation(graph)
    left, right = (numbers.value(side.expression) for side in sides(graph, "column", state.id))
    assert close(left, right)


def sides(graph: Graph, layout: Layout, name: str) -> tuple[Shaped, Shaped]:
    form = MatrixForm(graph, layout)
    return form.quantity(graph.by_id[name]), form.definition(graph.by_id[name])


def equation_of(graph: Graph, layout: Layout, name: str) -> str:
    return PRINT[layout](chain(*(side.expression for side in sides(graph, layout, name))))
