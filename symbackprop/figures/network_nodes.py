"""The nodes of a network: how large they are, where they stand, what stands in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from symbackprop.figures.geometry import Box, Disc, Point
from symbackprop.figures.label import math_label
from symbackprop.figures.model import NetworkPicture, Neuron
from symbackprop.figures.placement import Candidate, Request
from symbackprop.figures.scene import PlacedLabel, Shape
from symbackprop.figures.units import columns

NAME_SIZE, VALUE_SIZE = 16.0, 12.0
SMALLEST_RADIUS, LARGEST_RADIUS = 19.0, 44.0
LARGEST_WITH_VALUE, LARGEST_IN_TALL = 40.0, 31.0
MOST_ROWS_LARGE = 4
SIDE_COST = 2.5  # in lines that a value would cover: values had better all stand on one side
NAME_LIFT, VALUE_DROP = 7.0, 10.0
CLEARANCE = 2.0
BIAS_DROP = 1.0  # rows between the last unit and the bias, if that leaves room


@dataclass(frozen=True, slots=True)
class Node:
    """A neuron with its place; circles have equal width and height."""

    neuron: Neuron
    form: Literal["circle", "box"]
    x: float
    y: float
    width: float
    height: float

    @property
    def obstacle(self) -> Box | Disc:
        if self.form == "circle":
            return Disc(self.x, self.y, self.width / 2 + CLEARANCE)
        return Box.around(Point(self.x, self.y), self.width + 2 * CLEARANCE, self.height + 2 * CLEARANCE)

    def port(self, side: float) -> Point:
        """Where edges to the right (1) or the left (-1) aim at: a circle's centre, the middle of a box's side."""
        return Point(self.x, self.y) if self.form == "circle" else Point(self.x + side * self.width / 2, self.y)

    def reach(self, start: Point, towards: Point) -> float:
        """How far it is from a point to the border, in the direction of a unit vector; 0 from outside."""
        x, y = start.x - self.x, start.y - self.y
        if self.form == "circle":
            back = x * towards.x + y * towards.y
            inside = (self.width / 2) ** 2 - x**2 - y**2 + back**2
            return max(math.sqrt(max(inside, 0.0)) - back, 0.0)
        across = (self.width / 2 - math.copysign(1.0, towards.x) * x) / abs(towards.x or 1e-9)
        down = (self.height / 2 - math.copysign(1.0, towards.y) * y) / abs(towards.y or 1e-9)
        return max(min(across, down), 0.0)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes that all nodes of a picture share; ``inside`` says whether values stand in the circles."""

    radius: float
    bias_radius: float
    inside: bool

    @property
    def below(self) -> float:
        """The room beneath a circle for its value."""
        return 0.0 if self.inside else VALUE_SIZE + 4

    def bias_drop(self, spacing: float) -> float:
        """How far a bias stands beneath the last unit."""
        return max(BIAS_DROP * spacing, self.radius + self.below + self.bias_radius + 12)


def sizes(picture: NetworkPicture) -> Sizes:
    """The smallest circles that hold every name, and every value if that does not make them large."""
    units = [neuron for neuron in picture.neurons if neuron.kind not in ("bias", "loss")]
    biases = [neuron for neuron in picture.neurons if neuron.kind == "bias"]
    with_values = _radius(units, values=True)
    bias_with_values = _radius(biases, values=True)
    rows = max(slots([neuron for neuron in column if neuron.kind != "bias"])[2] for column in columns(picture).values())
    limit = LARGEST_WITH_VALUE if rows <= MOST_ROWS_LARGE else LARGEST_IN_TALL
    inside = max(with_values, bias_with_values) <= limit
    radius, bias = (with_values, bias_with_values) if inside else (_radius(units), _radius(biases))
    return Sizes(min(max(radius, SMALLEST_RADIUS), LARGEST_RADIUS), min(max(bias, 15.0), LARGEST_RADIUS), inside)


def _radius(neurons: list[Neuron], *, values: bool = False) -> float:
    needed = 0.0
    for neuron in neurons:
        width, _ = math_label(neuron.label_tex).extent(NAME_SIZE)
        if values and neuron.value:
            value_width, _ = math_label("", neuron.value).extent(VALUE_SIZE)
            needed = max(needed, math.hypot(value_width / 2, VALUE_DROP + 4), math.hypot(width / 2, NAME_LIFT + 7))
        else:
            needed = max(needed, math.hypot(width / 2, 5.0))
    return needed + 5.0


def loss_extent(neuron: Neuron) -> tuple[float, float]:
    """Width and height of the box of a loss."""
    width, height = math_label(neuron.label_tex).extent(NAME_SIZE)
    return width + 22, height + 16


def slots(neurons: list[Neuron]) -> tuple[list[float], list[float], float]:
    """In rows from the top: where the units stand, where ellipses, and the number of rows."""
    rows: list[float] = []
    ellipses: list[float] = []
    row = -1.0
    last: int | None = None
    for neuron in neurons:
        row += 1.0
        if last is not None and neuron.unit > last + 1:
            ellipses.append(row)
            row += 1.0
        rows.append(row)
        last = neuron.unit
    return rows, ellipses, row + 1.0


def arrange(
    picture: NetworkPicture, shared: Sizes, centres: Mapping[int, float], spacing: float
) -> tuple[dict[str, Node], list[Point]]:
    """The node of each neuron by its key, and the middles of the ellipses' dots."""
    nodes: dict[str, Node] = {}
    dots: list[Point] = []
    for layer, neurons in columns(picture).items():
        x = centres[layer]
        units = [neuron for neuron in neurons if neuron.kind != "bias"]
        rows, ellipses, count = slots(units)
        top = -(count - 1) / 2
        for neuron, row in zip(units, rows, strict=True):
            nodes[neuron.key] = _node(neuron, shared, Point(x, (top + row) * spacing))
        for row in ellipses:
            dots += [Point(x, (top + row) * spacing + shift) for shift in (-9.0, 0.0, 9.0)]
        for place, neuron in enumerate(neurons[len(units) :]):
            y = (top + count - 1) * spacing + (place + 1) * shared.bias_drop(spacing)
            nodes[neuron.key] = _node(neuron, shared, Point(x, y))
    return nodes, dots


def _node(neuron: Neuron, shared: Sizes, place: Point) -> Node:
    if neuron.kind == "loss":
        return Node(neuron, "box", *place, *loss_extent(neuron))
    diameter = 2 * (shared.bias_radius if neuron.kind == "bias" else shared.radius)
    return Node(neuron, "circle", *place, diameter, diameter)


def outline(node: Node, state: tuple[str, ...]) -> Shape:
    roles = ("node", node.neuron.kind, *state)
    return Shape(node.neuron.key, node.form, node.x, node.y, node.width, node.height, roles)


def inscription(node: Node, shared: Sizes, state: tuple[str, ...]) -> Iterator[PlacedLabel]:
    """What is written in a node: its name, and its value where that has room."""
    neuron = node.neuron
    name = math_label(neuron.label_tex)
    if neuron.value and _holds_value(node, shared):
        value = math_label("", neuron.value)
        yield PlacedLabel(neuron.key, name, node.x, node.y - NAME_LIFT, NAME_SIZE, ("name", *state))
        yield PlacedLabel(neuron.key, value, node.x, node.y + VALUE_DROP, VALUE_SIZE, ("value", *state))
    else:
        yield PlacedLabel(neuron.key, name, node.x, node.y, NAME_SIZE, ("name", *state))


def value_request(node: Node, shared: Sizes, state: tuple[str, ...]) -> Request | None:
    """A value that has no room in its node stands beneath it, or over it where fewer edges pass."""
    if not node.neuron.value or _holds_value(node, shared):
        return None
    value = math_label("", node.neuron.value)
    away = node.height / 2 + CLEARANCE + VALUE_SIZE / 2 + 3
    return Request(
        tuple(
            Candidate(
                PlacedLabel(node.neuron.key, value, node.x, node.y + down, VALUE_SIZE, ("value", *state), halo=True),
                cost,
            )
            for cost, down in ((0.0, away), (SIDE_COST, -away))
        )
    )


def _holds_value(node: Node, shared: Sizes) -> bool:
    return shared.inside or node.form == "box"
