"""Networks over time: a layer that feeds itself has a node for each step; the first index is the step."""

from __future__ import annotations

from msgspec.structs import replace

from symbackprop.expression import Symbol
from symbackprop.graph import Graph, Node, canonical_id, slice_id, whole

TIME = "time"


def steps_of(graph: Graph) -> int | None:
    """The number of steps; None for a network that has none."""
    return next((whole(axis) for node in graph.nodes for axis in node.axes if axis.name == TIME), None)


def node_of_step(graph: Graph, symbol: Symbol, step: int | None) -> Node | None:
    """The node of one step of a layer that feeds itself; before the first step stands what is given."""
    if step is None:
        return None
    if step == -1 and symbol.kind == "activation":
        return graph.by_id.get(canonical_id(Symbol("initial", symbol.position)))
    return graph.by_id.get(slice_id(replace(symbol, indices=(step,), variant="")))


def rank_of(graph: Graph, symbol: Symbol) -> int | None:
    """How many indices an entry of a quantity has; None for one that the network has not."""
    node = graph.by_id.get(canonical_id(replace(symbol, variant="")))
    if node is not None:
        return len(node.axes)
    first = node_of_step(graph, symbol, 0)
    return None if first is None else 1 + len(first.axes)
