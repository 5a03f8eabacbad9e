"""Layers of a computation graph."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbackprop.figures.layering import Layering, crossings, layered, spread


def layer_of(layering: Layering) -> dict[str, int]:
    return {node: number for number, layer in enumerate(layering.layers) for node in layer}


def test_a_leaf_stands_right_before_its_use() -> None:
    layering = layered(
        ["x", "w", "net", "out", "t", "E"], [("x", "net"), ("w", "net"), ("net", "out"), ("out", "E"), ("t", "E")]
    )
    assert [set(layer) for layer in layering.layers] == [{"x", "w"}, {"net"}, {"out", "t"}, {"E"}]


def test_long_edges_get_waypoints() -> None:
    layering = layered(list("abcd"), [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    assert len(layering.routes[-1]) == 4
    assert all(len(layer) == 2 for layer in layering.layers[1:3])


def test_crossings_that_can_be_avoided_are() -> None:
    layering = layered(list("abcxyz"), [("a", "z"), ("b", "y"), ("c", "x")])
    assert crossings(layering) == 0


def test_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        layered(["a", "b"], [("a", "b"), ("b", "a")])


def test_a_single_node() -> None:
    assert layered(["a"], []).layers == (("a",),)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25))
def test_layers_and_distances(pairs: list[tuple[int, int]]) -> None:
    edges = [(str(min(pair)), str(max(pair))) for pair in pairs if pair[0] != pair[1]]
    layering = layered([str(number) for number in range(10)], edges)
    layer = layer_of(layering)
    for (source, target), route in zip(edges, layering.routes, strict=True):
        assert (route[0], route[-1]) == (source, target)
        assert [layer[node] for node in route] == list(range(layer[source], layer[target] + 1))
    extent = {node: 10.0 + len(node) for node in layer}
    place = spread(layering, extent, space=5.0)
    for nodes in layering.layers:
        for before, after in pairwise(nodes):
            assert place[after] - place[before] >= (extent[before] + extent[after]) / 2 + 5.0 - 1e-6


def test_a_chain_is_straight() -> None:
    nodes = ["a", "b", "sum", "f", "g", "out"]
    layering = layered(nodes, [("a", "sum"), ("b", "sum"), ("sum", "f"), ("f", "g"), ("g", "out")])
    place = spread(layering, dict.fromkeys(nodes, 20.0), space=10.0)
    assert place["sum"] == pytest.approx(place["f"])
    assert place["f"] == pytest.approx(place["out"])
    assert place["sum"] == pytest.approx((place["a"] + place["b"]) / 2)
