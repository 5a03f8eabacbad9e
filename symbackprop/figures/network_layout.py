"""The layout of a network: inputs on the left, losses on the right, every label where it can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from symbackprop.figures.geometry import Point
from symbackprop.figures.label import EMPTY, Label, math_label, words_label
from symbackprop.figures.model import Edge, Factor, NetworkPicture
from symbackprop.figures.network_edges import (
    CROWDED_SIZE,
    EDGE_SIZE,
    Run,
    arc_over,
    aside_of,
    disc_around,
    edge_factor_request,
    edge_request,
    factor_label,
    node_factor_request,
    run_of,
    widest,
)
from symbackprop.figures.network_nodes import Node, Sizes, arrange, inscription, outline, sizes, slots, value_request
from symbackprop.figures.placement import Line, Placement, Request, place
from symbackprop.figures.scene import PlacedLabel, Scene, Shape, Stroke, best_scene, frame
from symbackprop.figures.units import columns, visible_part

TITLE_SIZE = 14.0
MOST_LABELS = 64  # between two columns; beyond that a figure shows structure, not numbers
MOST_TIPS = 24
CROWDED_SPACING = 66.0
CROWDED_AREA = 2.5  # room of a gap in multiples of the room its labels take
PATH_WEIGHT, FADED_WEIGHT = 8.0, 0.3


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How much room a layout takes, and what it labels."""

    stretch: float
    names: bool = True
    values: bool = True


# first wider, then without the values, then without the labels of the weights
ATTEMPTS = (
    *(_Attempt(stretch) for stretch in (1.0, 1.12, 1.25, 1.4, 1.6, 1.8)),
    *(_Attempt(stretch, values=False) for stretch in (1.0, 1.25, 1.6)),
    _Attempt(1.0, names=False),
)


def network_scene(picture: NetworkPicture) -> Scene:
    """The first layout in which no label covers another one or a node; else the one with the fewest such places."""
    visible = visible_part(picture)
    return best_scene(_Layout(visible, attempt).result() for attempt in ATTEMPTS)


class _Layout:
    def __init__(self, picture: NetworkPicture, attempt: _Attempt) -> None:
        self.picture = picture
        self.attempt = attempt
        self.shared: Sizes = sizes(picture)
        self.columns = columns(picture)
        self.losses = {neuron.key for neuron in picture.neurons if neuron.kind == "loss"}
        self.between = self._edges_between()
        most = max(map(len, self.between.values()), default=0)
        self.is_dense = most > MOST_LABELS or self._has_ellipsis()
        self.is_crowded = most > MOST_TIPS
        self.edge_size = CROWDED_SIZE if self.is_crowded else EDGE_SIZE
        self.nodes, self.dots = self._arranged()
        self.runs = [run_of(edge, self.nodes) for edge in picture.edges]

    def result(self) -> tuple[int, Scene]:
        texts: list[PlacedLabel] = []
        shapes: list[Shape] = []
        for node in self.nodes.values():
            shapes.append(outline(node, self._state(node)))
            texts += inscription(node, self.shared, self._state(node))
        texts += self._titles()
        # what fades lies beneath what is highlighted
        strokes = sorted(map(self._edge_stroke, self.runs), key=lambda stroke: "muted" not in stroke.roles)
        gradient = self._gradient_strokes()
        placement = self._placed(texts, gradient)
        return placement.collisions, frame(
            strokes + gradient, shapes, texts + list(placement.labels), self.dots, kind="network"
        )

    # what is where

    def _edges_between(self) -> dict[tuple[int, int], list[Edge]]:
        layer = {neuron.key: neuron.layer for neuron in self.picture.neurons}
        between: defaultdict[tuple[int, int], list[Edge]] = defaultdict(list)
        for edge in self.picture.edges:
            between[layer[edge.source], layer[edge.target]].append(edge)
        return between

    def _has_ellipsis(self) -> bool:
        return any(
            slots([neuron for neuron in neurons if neuron.kind != "bias"])[1] for neurons in self.columns.values()
        )

    def _label(self, edge: Edge) -> Label:
        """What stands on an edge; beside a highlighted path only the path is labelled."""
        if (
            self.is_dense
            or not self.attempt.names
            or (self._is_marked and not edge.is_among(self.picture.highlight.keys))
        ):
            return EMPTY
        return math_label(edge.label_tex, edge.value if self.attempt.values else None)

    @property
    def _is_marked(self) -> bool:
        return bool(self.picture.highlight.keys)

    def _arranged(self) -> tuple[dict[str, Node], list[Point]]:
        layers = self.columns
        rows = max(
            slots(units)[2] for units in ([n for n in neurons if n.kind != "bias"] for neurons in layers.values())
        )
        spacing = self._spacing(rows)
        height = rows * spacing / self.attempt.stretch
        # columns without nodes in a known order: a first pass at x = 0 tells how wide each column is
        flat, _ = arrange(self.picture, self.shared, dict.fromkeys(layers, 0.0), spacing)
        half = {layer: max(flat[neuron.key].width / 2 for neuron in neurons) for layer, neurons in layers.items()}
        titles = {layer: self._title(layer).extent(TITLE_SIZE)[0] for layer in layers}
        centres: dict[int, float] = {}
        for left, right in pairwise(layers):
            centres.setdefault(left, 0.0)
            needed = half[left] + self._gap(left, right, height) + half[right]
            centres[right] = centres[left] + max(needed, (titles[left] + titles[right]) / 2 + 20)
        centres.setdefault(next(iter(layers)), 0.0)
        return arrange(self.picture, self.shared, centres, spacing)

    def _spacing(self, rows: float) -> float:
        smallest = 2 * self.shared.radius + self.shared.below + 16
        roomy = min(420 / max(rows, 1), 130.0)
        if self.is_crowded and any(self._label(edge) is not EMPTY for edge in self.picture.edges):
            roomy = CROWDED_SPACING
        factors = self.picture.highlight.factors
        if factors:
            tallest = max(factor_label(factor).extent(EDGE_SIZE)[1] for factor in factors)
            smallest += tallest + 20
            roomy = max(roomy, 150.0)
        return max(smallest, roomy) * self.attempt.stretch

    def _gap(self, left: int, right: int, height: float) -> float:
        """The room between the borders of two columns."""
        edges = self.between.get((left, right), [])
        labels = [label for label in map(self._label, edges) if label is not EMPTY]
        gap = 60.0
        if labels:
            # a single label needs its own length, many need room beside each other
            length = widest(labels, self.edge_size)
            area = sum(label.extent(self.edge_size)[0] * (self.edge_size + 6) for label in labels)
            steep = 0.4 * height if self.is_crowded else 0.0
            gap = max(110.0, 2.4 * length + 20, CROWDED_AREA * area / height, steep) * self.attempt.stretch
        elif any(edge.target not in self.losses for edge in edges):
            gap = max(120.0, 0.3 * height)
        return max(gap, self._room_for_factors(left, right, edges))

    def _room_for_factors(self, left: int, right: int, edges: list[Edge]) -> float:
        """The room for the factors over the gap and for those over the neurons at its two sides."""
        named = {name for edge in edges for name in (edge.key, edge.path)}
        at_sides = {layer: {neuron.key for neuron in self.columns[layer]} for layer in (left, right)}
        over = [factor_label(factor) for factor in self.picture.highlight.factors if factor.key in named]
        if not over:
            return 0.0
        room = widest(over, EDGE_SIZE) + 40
        for keys in at_sides.values():
            beside = [factor_label(factor) for factor in self.picture.highlight.factors if factor.key in keys]
            room += max(widest(beside, EDGE_SIZE) / 2 - self.shared.radius, 0.0) if beside else 10.0
        return room * self.attempt.stretch

    # how it is drawn

    def _state(self, node: Node) -> tuple[str, ...]:
        marks = self.picture.highlight
        if not self._is_marked:
            return ()
        key = node.neuron.key
        if key in marks.backward:
            return ("backward",)
        if key in marks.forward:
            return ("forward",)
        touched = any(key in (edge.source, edge.target) for edge in self.picture.edges if edge.is_among(marks.keys))
        return () if touched else ("muted",)

    def _edge_stroke(self, run: Run) -> Stroke:
        marks = self.picture.highlight
        roles: tuple[str, ...] = ("edge",)
        if self.is_dense:
            roles = ("edge", "dense")
        if self._is_marked:
            if run.edge.is_among(marks.forward):
                roles = ("edge", "forward")
            elif not run.edge.is_among(marks.backward):
                roles = (*roles, "muted")
        return Stroke(run.edge.key, run.segment, roles, tip=not self.is_crowded, pointable=not self.is_dense)

    def _gradient_strokes(self) -> list[Stroke]:
        """The arrows that lead back: beside each edge of the path, and over each neuron of it."""
        backward = self.picture.highlight.backward
        strokes = []
        for edge in self.picture.edges:
            if edge.is_among(backward):
                start, end = run_of(edge, self.nodes, aside_of(self._label(edge)), gap=3.0).segment
                strokes.append(Stroke(edge.key, (end, start), ("gradient",), tip=True))
        for key in backward:
            node = self.nodes.get(key)
            if node is not None and any(factor.key == key for factor in self.picture.highlight.factors):
                strokes.append(Stroke(key, arc_over(node), ("gradient",), tip=True))
        return strokes

    def _title(self, layer: int) -> Label:
        titles = self.picture.layer_titles
        return words_label(titles[layer]) if 0 <= layer < len(titles) else EMPTY

    def _titles(self) -> Iterable[PlacedLabel]:
        highest = min(node.y - node.height / 2 for node in self.nodes.values()) - self.shared.below
        factors = self.picture.highlight.factors
        if factors:
            highest -= max(factor_label(factor).extent(EDGE_SIZE)[1] for factor in factors) + 22
        x_of = {node.neuron.layer: node.x for node in self.nodes.values()}
        for layer, x in x_of.items():
            label = self._title(layer)
            if label is not EMPTY:
                yield PlacedLabel("", label, x, highest - 26, TITLE_SIZE, ("title",))

    # where the labels of edges go

    def _placed(self, texts: Iterable[PlacedLabel], gradient: list[Stroke]) -> Placement:
        obstacles = [node.obstacle for node in self.nodes.values()]
        obstacles += [text.box for text in texts if "title" in text.roles]
        lines = [Line(run.segment, number, self._weight(run.edge)) for number, run in enumerate(self.runs)]
        for number, stroke in enumerate(gradient, start=len(self.runs)):
            if len(stroke.points) == 2:
                lines.append(Line((stroke.points[0], stroke.points[1]), number, PATH_WEIGHT))
            else:  # an arc over a node
                obstacles.append(disc_around(self.nodes[stroke.key]))
        return place(self._requests(), obstacles, lines)

    def _weight(self, edge: Edge) -> float:
        """How bad it is to cover an edge."""
        if not self._is_marked:
            return 1.0
        return PATH_WEIGHT if edge.is_among(self.picture.highlight.keys) else FADED_WEIGHT

    def _requests(self) -> list[Request]:
        requests = []
        for number, run in enumerate(self.runs):
            label = self._label(run.edge)
            if label is not EMPTY:
                requests.append(edge_request(run, label, self.edge_size, number))
        for node in self.nodes.values():
            request = value_request(node, self.shared, self._state(node))
            requests += [request] if request is not None else []
        for factor in self.picture.highlight.factors:
            requests += self._factor_requests(factor)
        return requests

    def _factor_requests(self, factor: Factor) -> list[Request]:
        node = self.nodes.get(factor.key)
        if node is not None:
            return [node_factor_request(factor, node)]
        runs: Mapping[str, Run] = {name: run for run in reversed(self.runs) for name in (run.edge.key, run.edge.path)}
        run = runs.get(factor.key)
        return [edge_factor_request(factor, run, aside_of(self._label(run.edge)))] if run is not None else []
