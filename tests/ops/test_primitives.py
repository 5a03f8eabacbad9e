"""Every primitive against plain NumPy, and its adjoint against HIPS autograd."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import autograd.numpy as np
import pytest
from autograd import grad

from symbackprop.derive.reverse import adjoint_symbol, reverse_sweep
from symbackprop.expression import Index, Symbol
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS
from symbackprop.graph import Axis, Builder, Graph, Node
from symbackprop.numeric.arithmetic import precise
from symbackprop.numeric.program import program_of
from symbackprop.ops import Affine, Contract, Gather, Map, Scatter, Stack, along
from symbackprop.ops.arithmetic import PRODUCT, QUOTIENT, total

ROWS, J, K = Axis("i", 2), Axis("j", 3), Axis("k", 4)
SIGMOID = ACTIVATIONS.get("sigmoid").function


def leaf(build: Builder, name: str, *axes: Axis) -> Node:
    return build.leaf(Symbol(name), *axes)


def closed(build: Builder, result: Node, *parameters: Node) -> Graph:
    """A graph whose loss is the sum of a result's entries, each with a weight of its own."""
    weight = leaf(build, "probe", *result.axes)
    loss = build.apply(Contract(frozenset(axis.name for axis in result.axes)), result, weight, symbol=Symbol("loss"))
    return build.graph(loss, parameters)


def draw(graph: Graph) -> dict[Symbol, float]:
    generator = random.Random(len(graph.nodes))
    leaves = [node for node in graph.nodes if node.operation is None]
    return {node.entry(*place): round(generator.uniform(0.2, 2), 3) for node in leaves for place in node.places()}


def check(graph: Graph, forward: Callable[..., Any]) -> None:
    """The graph's result and all its adjoints against a function of the parameters' arrays."""
    values = draw(graph)

    def array(node: Node) -> Any:
        shape = [axis.size for axis in node.axes]
        return np.array([values[node.entry(*place)] for place in node.places()]).reshape(shape)

    probe = array(graph.by_id["probe"])
    arrays = [array(node) for node in graph.parameters]

    def loss(*given: Any) -> Any:
        return np.sum(forward(*given) * probe)

    found = program_of(reverse_sweep(graph).graph).evaluate(values, precise())
    assert float(found[graph.loss.entry()]) == pytest.approx(loss(*arrays))
    for number, node in enumerate(graph.parameters):
        expected = grad(loss, number)(*arrays)
        for place in node.places():
            assert float(found[adjoint_symbol(node.entry(*place))]) == pytest.approx(expected[place], rel=1e-10)


@pytest.mark.parametrize(
    ("over", "forward"),
    [
        ("j", lambda a, b: np.einsum("ij,jk->ik", a, b)),
        ("ij", lambda a, b: np.einsum("ij,jk->k", a, b)),
        ("ijk", lambda a, b: np.einsum("ij,jk->", a, b)),
        ("", lambda a, b: np.einsum("ij,jk->ijk", a, b)),
    ],
)
def test_contract(over: str, forward: Callable[..., Any]) -> None:
    build = Builder()
    a, b = leaf(build, "a", ROWS, J), leaf(build, "b", J, K)
    check(closed(build, build.apply(Contract(frozenset(over)), a, b), a, b), forward)


def test_contract_of_one_argument_and_of_three() -> None:
    build = Builder()
    a = leaf(build, "a", ROWS, J)
    check(closed(build, build.apply(Contract(frozenset("j")), a), a), lambda a: np.sum(a, axis=1))
    build = Builder()
    a, b, c = leaf(build, "a", ROWS), leaf(build, "b", ROWS, J), leaf(build, "c", J)
    result = build.apply(Contract(frozenset("ij")), a, b, c)
    check(closed(build, result, a, b, c), lambda a, b, c: a @ b @ c)


def test_contract_of_a_node_with_itself() -> None:
    build = Builder()
    a = leaf(build, "a", ROWS, J)
    check(closed(build, build.apply(Contract(frozenset("j")), a, a), a), lambda a: np.sum(a * a, axis=1))


def test_map_repeats_arguments_along_axes_they_lack() -> None:
    build = Builder()
    a, b, c = leaf(build, "a", ROWS, J), leaf(build, "b", J), leaf(build, "c")
    result = build.apply(Map(QUOTIENT), build.apply(Map(total(2)), a, b), c)
    check(closed(build, result, a, b, c), lambda a, b, c: (a + b) / c)


def test_map_of_the_same_argument_twice() -> None:
    build = Builder()
    a = leaf(build, "a", ROWS)
    check(closed(build, build.apply(Map(PRODUCT), a, a), a), lambda a: a * a)


@pytest.mark.parametrize("swap", [False, True])
def test_gather_renames_axes(swap: bool) -> None:
    """A transpose is nothing but other names for the axes."""
    build = Builder()
    a = leaf(build, "a", ROWS, J)
    p, q = Axis("p", 3 if swap else 2), Axis("q", 2 if swap else 3)
    access = (("i", along("q" if swap else "p")), ("j", along("p" if swap else "q")))
    result = build.apply(Gather(access, (p, q)), a)
    assert isinstance(result.operation, Gather)
    assert result.operation.renaming == {"i": access[0][1].terms[0][0], "j": access[1][1].terms[0][0]}
    check(closed(build, result, a), lambda a: a.T if swap else a)


def test_gather_takes_slices() -> None:
    build = Builder()
    a = leaf(build, "a", ROWS, J)
    check(closed(build, build.apply(Gather((("j", Affine(1)),)), a), a), lambda a: a[:, 1])


@pytest.mark.parametrize(("stride", "size"), [(1, 4), (2, 2), (3, 2)])
def test_gather_takes_windows_as_a_convolution_does(stride: int, size: int) -> None:
    """window[o, w] = x[stride · o + w], contracted with a kernel: the adjoint adds up where windows overlap."""
    build = Builder()
    x, kernel = leaf(build, "x", Axis("x", 6)), leaf(build, "kernel", Axis("w", 3))
    out, width = Axis("o", size), Axis("w", 3)
    access = (("x", Affine(0, (("o", stride), ("w", 1)))),)
    windows = build.apply(Gather(access, (out, width)), x)
    result = build.apply(Contract(frozenset("w")), windows, kernel)

    def forward(x: Any, kernel: Any) -> Any:
        return np.array([np.sum(x[stride * o : stride * o + 3] * kernel) for o in range(size)])

    check(closed(build, result, x, kernel), forward)


def test_gather_in_two_dimensions_with_channels() -> None:
    build = Builder()
    x = leaf(build, "x", Axis("row", 4), Axis("column", 4), Axis("channel", 2))
    kernel = leaf(build, "kernel", Axis("channel", 2), Axis("p", 2), Axis("q", 2))
    access = (("row", Affine(0, (("r", 1), ("p", 1)))), ("column", Affine(0, (("c", 2), ("q", 1)))))
    result_axes = (Axis("r", 3), Axis("c", 2), Axis("p", 2), Axis("q", 2))
    windows = build.apply(Gather(access, result_axes), x)
    result = build.apply(Contract(frozenset(("p", "q", "channel"))), windows, kernel)

    def forward(x: Any, kernel: Any) -> Any:
        return np.array(
            [
                [np.sum(np.transpose(x[r : r + 2, 2 * c : 2 * c + 2], (2, 0, 1)) * kernel) for c in range(2)]
                for r in range(3)
            ]
        )

    check(closed(build, result, x, kernel), forward)


def test_gather_backwards_and_scatter() -> None:
    build = Builder()
    x = leaf(build, "x", Axis("x", 4))
    reverse = Gather((("x", Affine(3, (("o", -1),))),), (Axis("o", 4),))
    check(closed(build, build.apply(reverse, x), x), lambda x: x[::-1])
    build = Builder()
    small = leaf(build, "small", Axis("o", 2), Axis("w", 2))
    windows = Gather((("x", Affine(0, (("o", 1), ("w", 1)))),), (Axis("o", 2), Axis("w", 2)))
    spread = build.apply(Scatter(windows, (Axis("x", 3),)), small)
    check(
        closed(build, spread, small),
        lambda small: np.array([small[0, 0], small[0, 1] + small[1, 0], small[1, 1]]),
    )


def test_gather_keeps_inside_its_argument() -> None:
    build = Builder()
    x = leaf(build, "x", Axis("x", 4))
    with pytest.raises(ValueError, match="indices 0 to 4 do not lie inside x, which has size 4"):
        build.apply(Gather((("x", Affine(0, (("o", 1), ("w", 1)))),), (Axis("o", 3), Axis("w", 3))), x)
    with pytest.raises(ValueError, match="has no axes"):
        build.apply(Gather((("y", Affine(0)),)), x)
    with pytest.raises(ValueError, match="an axis would appear twice"):
        build.apply(Gather((("i", along("j")),), (J,)), leaf(build, "a", Axis("i", 3), J))


def test_affine_indices_may_be_symbols() -> None:
    assert Affine(Index("t", -1)).at({}) == Index("t", -1)
    assert along("o", offset=2).at({"o": Index("t", 1)}) == Index("t", 3)
    assert along("o", step=3, offset=2).at({"o": 4}) == 14
    with pytest.raises(ValueError, match="symbolic"):
        along("o", step=2).at({"o": Index("t")})


def test_stack() -> None:
    build = Builder()
    a, b = leaf(build, "a", ROWS), leaf(build, "b", ROWS)
    result = build.apply(Stack(Axis("t", 3)), a, b, a)
    check(closed(build, result, a, b), lambda a, b: np.array([a, b, a]))
    with pytest.raises(ValueError, match="2 arguments do not fill"):
        build.apply(Stack(Axis("t", 3)), a, b)
    with pytest.raises(ValueError, match="different axes"):
        build.apply(Stack(Axis("t", 2)), a, leaf(build, "c", J))


def test_composite_without_a_form_is_differentiated_by_its_body() -> None:
    from symbackprop.ops import Composite

    def softmax(x: Any) -> Any:
        return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)

    entry = VECTOR_ACTIVATIONS.get("softmax")
    for operation in (entry.over("j"), Composite("plain", "j", entry.body)):
        build = Builder()
        a = leaf(build, "a", ROWS, J)
        check(closed(build, build.apply(operation, a, symbol=Symbol("y")), a), softmax)


def test_wrong_forms_are_refused() -> None:
    from symbackprop.errors import VerificationError
    from symbackprop.ops import Composite

    entry = VECTOR_ACTIVATIONS.get("softmax")

    def wrong(build: Builder, arguments: tuple[Node, ...], result: Node, adjoint: Node, axis: str) -> Node:
        return build.apply(Contract(), result, adjoint, order=result.axes)

    build = Builder()
    a = leaf(build, "a", ROWS)
    result = build.apply(Composite("wrong", "i", entry.body, (wrong,)), a, symbol=Symbol("y"))
    with pytest.raises(VerificationError, match="the preferred form of its adjoint is not its adjoint"):
        reverse_sweep(closed(build, result, a))


def test_axes_must_fit() -> None:
    build = Builder()
    with pytest.raises(ValueError, match="axis i has size 2 and size 5"):
        build.apply(Contract(), leaf(build, "a", ROWS), leaf(build, "b", Axis("i", 5)))
    with pytest.raises(ValueError, match="no argument has the axes"):
        build.apply(Contract(frozenset("z")), leaf(build, "c", ROWS))
    with pytest.raises(ValueError, match="sigmoid takes 1 arguments, not 2"):
        build.apply(Map(SIGMOID), leaf(build, "d", ROWS), leaf(build, "e", ROWS))
