"""Layers a directed graph without cycles: which node in which layer, in what order, how far apart.

Sugiyama's method with plain means: longest paths give the layers, waypoints carry long edges through
the layers between, barycentres order each layer, means of the neighbours straighten the edges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

ORDERING_SWEEPS = 12
STRAIGHTENING_SWEEPS = 8
EASY = 0.02


@dataclass(frozen=True, slots=True)
class Layering:
    """``layers`` holds nodes and waypoints in order; ``routes`` the way of each edge through them."""

    layers: tuple[tuple[str, ...], ...]
    routes: tuple[tuple[str, ...], ...]

    def neighbours(self, *, forward: bool) -> dict[str, list[str]]:
        """Of each node those in the next layer, or those in the one before."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for route in self.routes:
            for near, far in pairwise(route):
                if forward:
                    found[near].append(far)
                else:
                    found[far].append(near)
        return found


def layered(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> Layering:
    """Raises ValueError if the graph has a cycle."""
    depth = _depths(nodes, edges)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for node in nodes:
        layers[depth[node]].append(node)
    routes = []
    for number, (source, target) in enumerate(edges):
        waypoints = [f"{source}>{target}#{number}@{layer}" for layer in range(depth[source] + 1, depth[target])]
        for layer, waypoint in enumerate(waypoints, start=depth[source] + 1):
            layers[layer].append(waypoint)
        routes.append((source, *waypoints, target))
    return _ordered(Layering(tuple(map(tuple, layers)), tuple(routes)))


def _depths(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The longest way from a source; what has no source itself stands right before its first use."""
    after: defaultdict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(nodes, 0)
    for source, target in edges:
        after[source].append(target)
        waiting[target] += 1
    sources = [node for node in nodes if not waiting[node]]
    depth = dict.fromkeys(nodes, 0)
    ready, done = list(sources), 0
    while ready:
        node = ready.pop()
        done += 1
        for target in after[node]:
            depth[target] = max(depth[target], depth[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    if done < len(nodes):
        raise ValueError("the graph has a cycle")
    for node in sources:
        depth[node] = min((depth[target] for target in after[node]), default=1) - 1
    return depth


def _ordered(layering: Layering) -> Layering:
    """The order with the fewest crossings that sweeps to and fro come upon."""
    before, after = layering.neighbours(forward=False), layering.neighbours(forward=True)
    layers = [list(layer) for layer in layering.layers]
    best, fewest = [list(layer) for layer in layers], crossings(layering)
    for sweep in range(ORDERING_SWEEPS):
        neighbours = after if sweep % 2 else before
        sequence = range(len(layers) - 2, -1, -1) if sweep % 2 else range(1, len(layers))
        for number in sequence:
            beside = layers[number + 1 if sweep % 2 else number - 1]
            layers[number] = _by_barycentre(layers[number], beside, neighbours)
        now = Layering(tuple(map(tuple, layers)), layering.routes)
        count = crossings(now)
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    return Layering(tuple(map(tuple, best)), layering.routes)


def _by_barycentre(layer: list[str], beside: list[str], neighbours: Mapping[str, Sequence[str]]) -> list[str]:
    place = {node: number for number, node in enumerate(beside)}
    # what has no neighbour keeps its share of the layer
    share = len(beside) / max(len(layer), 1)
    key = {
        node: _mean([place[other] for other in neighbours.get(node, ())], default=number * share)
        for number, node in enumerate(layer)
    }
    return sorted(layer, key=key.__getitem__)


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def crossings(layering: Layering) -> int:
    """How many pairs of edges cross."""
    place = {node: number for layer in layering.layers for number, node in enumerate(layer)}
    layer_of = {node: number for number, layer in enumerate(layering.layers) for node in layer}
    between: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for route in layering.routes:
        for near, far in pairwise(route):
            between[layer_of[near]].append((place[near], place[far]))
    return sum(
        (first[0] - second[0]) * (first[1] - second[1]) < 0
        for pieces in between.values()
        for number, first in enumerate(pieces)
        for second in pieces[:number]
    )


def spread(layering: Layering, extent: Mapping[str, float], space: float) -> dict[str, float]:
    """Where the nodes of each layer lie across it, so that edges run straight and nodes keep their distance."""
    before, after = layering.neighbours(forward=False), layering.neighbours(forward=True)
    place: dict[str, float] = {}
    for layer in layering.layers:
        place.update(_apart(layer, {}, extent, space))
    there = (layering.layers, before)
    back = (tuple(reversed(layering.layers)), after)
    # the last sweep goes forward: what is computed from one value stands straight behind it
    for layers, neighbours in [*(there, back) * STRAIGHTENING_SWEEPS, there]:
        for layer in layers:
            wished = {
                node: sum(place[near] for near in neighbours[node]) / len(neighbours[node])
                for node in layer
                if neighbours.get(node)
            }
            place.update(_apart(layer, wished, extent, space, place))
    return place


def _apart(
    layer: Sequence[str],
    wished: Mapping[str, float],
    extent: Mapping[str, float],
    space: float,
    place: Mapping[str, float] = MappingProxyType({}),
) -> dict[str, float]:
    """The places nearest to the wished ones (least squares) that keep order and distance.

    What wishes for nothing stays where it is, but gives way easily.
    """
    offset, offsets = 0.0, []
    for number, node in enumerate(layer):
        if number:
            offset += (extent[layer[number - 1]] + extent[node]) / 2 + space
        offsets.append(offset)
    # without the distances what is left to find is a rising sequence: pool neighbours that violate it
    pools: list[tuple[float, float, int]] = []
    for node, least in zip(layer, offsets, strict=True):
        weight = 1.0 if node in wished else EASY
        total, count = weight * (wished.get(node, place.get(node, 0.0)) - least), 1
        while pools and pools[-1][0] / pools[-1][1] >= total / weight:
            earlier = pools.pop()
            total, weight, count = total + earlier[0], weight + earlier[1], count + earlier[2]
        pools.append((total, weight, count))
    levels = [total / weight for total, weight, count in pools for _ in range(count)]
    return {node: level + least for node, level, least in zip(layer, levels, offsets, strict=True)}
