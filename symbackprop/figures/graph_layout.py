"""The layout of a computation graph: values forward, gradients backward, local derivatives on the edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from symbackprop.figures.geometry import Box, Point, along, bounds
from symbackprop.figures.graph_nodes import (
    EDGE_SIZE,
    NUMBER_SIZE,
    derivative_request,
    edge_label,
    extent_of,
    longest,
    number_requests,
    shape_of,
    texts_of,
)
from symbackprop.figures.label import EMPTY, Label, math_label, words_label
from symbackprop.figures.layering import Layering, layered, spread
from symbackprop.figures.model import ComputationPicture, Dependency
from symbackprop.figures.placement import Line, Placement, Request, place
from symbackprop.figures.scene import PlacedLabel, Scene, Stroke, best_scene, frame

CAPTION_SIZE, CAPTION_SPACE = 13.0, 28.0
WIDEST_TO_THE_RIGHT = 780.0
SIDE_SHARE = 0.6  # of a node's side, over which the edges that arrive are spread
WAYPOINT_EXTENT = 8.0


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How much room a layout takes, and what its edges say."""

    down: bool
    stretch: float
    labels: bool = True
    numbers: bool = True


def _attempts(down: bool) -> Iterator[_Attempt]:
    """First wider, then without the values of the derivatives, then without labels."""
    for stretch in (1.0, 1.15, 1.3, 1.5, 1.75, 2.0):
        yield _Attempt(down, stretch)
    for stretch in (1.0, 1.3, 1.75):
        yield _Attempt(down, stretch, numbers=False)
    yield _Attempt(down, 1.0, labels=False)


def computation_scene(picture: ComputationPicture) -> Scene:
    """Towards the right where that fits a page, downwards where it does not, unless the picture says."""
    if picture.direction != "auto":
        return _best(picture, down=picture.direction == "down")
    right = _best(picture, down=False)
    if right.width <= WIDEST_TO_THE_RIGHT:
        return right
    down = _best(picture, down=True)
    return down if down.width < right.width else right


def _best(picture: ComputationPicture, *, down: bool) -> Scene:
    """The first layout in which nothing overlaps; else the one with the fewest overlaps."""
    edges = [(edge.source, edge.target) for edge in picture.dependencies]
    layering = layered([step.key for step in picture.steps], edges)
    return best_scene(_Layout(picture, layering, attempt).result() for attempt in _attempts(down))


class _Layout:
    """Along the flow ("main") and across it ("cross"); both become x and y only in ``_point``."""

    def __init__(self, picture: ComputationPicture, layering: Layering, attempt: _Attempt) -> None:
        self.picture = picture
        self.layering = layering
        self.attempt = attempt
        self.steps = {step.key: step for step in picture.steps}
        self.extents = {key: extent_of(step) for key, step in self.steps.items()}
        self.layer_of = {node: number for number, layer in enumerate(layering.layers) for node in layer}
        across = {node: self._extent(node, along_flow=False) for node in self.layer_of}
        self.cross = spread(layering, across, (26.0 if attempt.down else 16.0) * attempt.stretch)
        self.main = self._main_places()
        self.lines = self._lines()

    def result(self) -> tuple[int, Scene]:
        shapes = [shape_of(step, self._centre(key)) for key, step in self.steps.items()]
        texts = [text for key, step in self.steps.items() for text in texts_of(step, self._centre(key))]
        strokes = [
            Stroke(_key(edge), points, ("edge",), tip=True, rounded=True, pointable=True)
            for edge, points in zip(self.picture.dependencies, self.lines, strict=True)
        ]
        placement = self._placed([Box.around(Point(shape.x, shape.y), shape.width, shape.height) for shape in shapes])
        texts += [*placement.labels, *self._captions([Point(shape.x, shape.y + shape.height / 2) for shape in shapes])]
        return placement.collisions, frame(strokes, shapes, texts, kind="computation")

    # places

    def _extent(self, node: str, *, along_flow: bool) -> float:
        if node not in self.extents:
            return 0.0 if along_flow else WAYPOINT_EXTENT
        width, height = self.extents[node]
        return height if along_flow == self.attempt.down else width

    def _main_places(self) -> list[tuple[float, float]]:
        """Where each layer begins and ends along the flow."""
        needs = [0.0] * len(self.layering.layers)
        for edge, route in zip(self.picture.dependencies, self.layering.routes, strict=True):
            need = self._need(edge)
            for node in route[1:]:
                needs[self.layer_of[node]] = max(needs[self.layer_of[node]], need)
        places: list[tuple[float, float]] = []
        end = 0.0
        for number, layer in enumerate(self.layering.layers):
            start = end + (needs[number] * self.attempt.stretch if number else 0.0)
            end = start + max(self._extent(node, along_flow=True) for node in layer)
            places.append((start, end))
        return places

    def _need(self, edge: Dependency) -> float:
        """The room along the flow that the labels of an edge need."""
        sizes = [self._label(edge).extent(EDGE_SIZE)]
        sizes += [math_label("", text).extent(NUMBER_SIZE) for text in self._numbers(edge)]
        width, height = max(size[0] for size in sizes), max(size[1] for size in sizes)
        return 36.0 + 1.5 * height if self.attempt.down else 44.0 + width

    def _point(self, main: float, cross: float) -> Point:
        return Point(cross, main) if self.attempt.down else Point(main, cross)

    def _centre(self, node: str) -> Point:
        start, end = self.main[self.layer_of[node]]
        return self._point((start + end) / 2, self.cross[node])

    def _lines(self) -> list[tuple[Point, ...]]:
        """Each edge from the end of its source through its waypoints to its place at its target."""
        arriving: defaultdict[str, list[int]] = defaultdict(list)
        for number, route in enumerate(self.layering.routes):
            arriving[route[-1]].append(number)
        shift: dict[int, float] = {}
        for target, numbers in arriving.items():
            numbers.sort(key=lambda number: self.cross[self.layering.routes[number][-2]])
            side = self._extent(target, along_flow=False) * SIDE_SHARE
            for place_there, number in enumerate(numbers):
                shift[number] = side * ((place_there + 0.5) / len(numbers) - 0.5)
        return [self._line(route, shift[number]) for number, route in enumerate(self.layering.routes)]

    def _line(self, route: tuple[str, ...], shift: float) -> tuple[Point, ...]:
        source, *waypoints, target = route
        points = [self._point(self._border(source, 1.0), self.cross[source])]
        for waypoint in waypoints:
            points += [self._point(main, self.cross[waypoint]) for main in self.main[self.layer_of[waypoint]]]
        side = shape_of(self.steps[target], Point(0, 0)).inset(shift, upright=not self.attempt.down)
        points.append(self._point(self._border(target, -1.0) + side, self.cross[target] + shift))
        return tuple(points)

    def _border(self, node: str, side: float) -> float:
        """Where a node begins (-1) or ends (1) along the flow: it stands in the middle of its layer."""
        start, end = self.main[self.layer_of[node]]
        return (start + end) / 2 + side * self._extent(node, along_flow=True) / 2

    # labels

    def _label(self, edge: Dependency) -> Label:
        return edge_label(edge, numbers=self.attempt.numbers) if self.attempt.labels else EMPTY

    def _numbers(self, edge: Dependency) -> list[str]:
        return [text for text in (edge.value, edge.gradient) if text and self.attempt.labels]

    def _placed(self, nodes: list[Box]) -> Placement:
        lines = [Line(piece, number) for number, points in enumerate(self.lines) for piece in pairwise(points)]
        requests: list[Request] = []
        for number, (edge, points) in enumerate(zip(self.picture.dependencies, self.lines, strict=True)):
            label, segment = self._label(edge), longest(points)
            if label is not EMPTY:
                requests.append(derivative_request(_key(edge), label, segment, number))
            if self._numbers(edge):
                aside = 0.0 if label is EMPTY else label.extent(EDGE_SIZE)[1] / 2
                requests += number_requests(edge, _key(edge), segment, number, aside, self._fan(edge.source))
        return place(requests, nodes, lines)

    def _fan(self, source: str) -> Point:
        """The middle of the edges that leave a node."""
        middles = [
            along(longest(points), 0.5)
            for edge, points in zip(self.picture.dependencies, self.lines, strict=True)
            if edge.source == source
        ]
        count = len(middles)
        return Point(sum(middle.x for middle in middles) / count, sum(middle.y for middle in middles) / count)

    def _captions(self, feet: list[Point]) -> Iterator[PlacedLabel]:
        """What the colours of the numbers mean, beneath the graph."""
        captions = [
            (words_label(words), role)
            for words, role in ((self.picture.value_caption, "value"), (self.picture.gradient_caption, "gradient"))
            if words
        ]
        left, _, right, bottom = bounds(feet)
        widths = [label.extent(CAPTION_SIZE)[0] for label, _ in captions]
        x = (left + right) / 2 - (sum(widths) + CAPTION_SPACE * (len(widths) - 1)) / 2
        for (label, role), width in zip(captions, widths, strict=True):
            yield PlacedLabel("", label, x + width / 2, bottom + 28, CAPTION_SIZE, (role, "caption"))
            x += width + CAPTION_SPACE


def _key(edge: Dependency) -> str:
    return edge.key or f"{edge.source}>{edge.target}"
