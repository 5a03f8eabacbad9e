"""The nodes of a computation graph, and the lines and labels of its edges."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from symbackprop.figures.geometry import Box, Point, Segment, along, direction, upward_normal
from symbackprop.figures.label import Label, math_label
from symbackprop.figures.model import Dependency, Step, StepKind
from symbackprop.figures.placement import Candidate, Request
from symbackprop.figures.scene import PlacedLabel, Shape

NAME_SIZE, NUMBER_SIZE, EDGE_SIZE = 15.0, 12.0, 12.0
ROW_SPACE, PADDING = 5.0, 7.0
SMALLEST_NODE = 29.0
STEEPEST_SLOPED = 50.0
SHORTEST_SLOPED = 1.5  # in ems: a letter or a digit is read more easily upright
FAVOURED_SHARE = 0.42
SHARES = tuple(place / 100 for place in range(10, 91, 4))
DRIFT_COST = 6.0
NUMBER_CLEARANCE = 3.0
FORMS: dict[StepKind, Literal["box", "pill"]] = {"leaf": "box", "operation": "pill", "result": "box"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text in a node."""

    label: Label
    size: float
    role: str

    @property
    def width(self) -> float:
        return self.label.extent(self.size)[0]

    @property
    def height(self) -> float:
        return max(self.label.extent(self.size)[1], 0.6 * self.size)


def rows_of(step: Step) -> tuple[Row, ...]:
    rows = [Row(math_label(step.label_tex), NAME_SIZE, "name")]
    if step.value:
        rows.append(Row(math_label("", step.value), NUMBER_SIZE, "value"))
    if step.gradient:
        rows.append(Row(math_label("", step.gradient), NUMBER_SIZE, "gradient"))
    return tuple(rows)


def extent_of(step: Step) -> tuple[float, float]:
    """Width and height of a node: at least as wide as high, so that a lone sign stands in a circle."""
    rows = rows_of(step)
    height = max(sum(row.height for row in rows) + ROW_SPACE * (len(rows) - 1) + 2 * PADDING, SMALLEST_NODE)
    return max(max(row.width for row in rows) + 2 * PADDING + 2, height), height


def shape_of(step: Step, centre: Point) -> Shape:
    return Shape(step.key, FORMS[step.kind], *centre, *extent_of(step), ("node", step.kind))


def texts_of(step: Step, centre: Point) -> Iterator[PlacedLabel]:
    """The rows of a node, one under the other."""
    rows = rows_of(step)
    top = centre.y - (sum(row.height for row in rows) + ROW_SPACE * (len(rows) - 1)) / 2
    for row in rows:
        yield PlacedLabel(step.key, row.label, centre.x, top + row.height / 2, row.size, (row.role,))
        top += row.height + ROW_SPACE


def edge_label(edge: Dependency, *, numbers: bool) -> Label:
    return math_label(edge.label_tex, edge.derivative if numbers else None)


def derivative_request(key: str, label: Label, segment: Segment, owner: int) -> Request:
    """The local derivative lies on its edge."""
    return Request(tuple(_candidates(key, label, EDGE_SIZE, segment, "derivative", 0.0)), owner)


def number_requests(
    edge: Dependency, key: str, segment: Segment, owner: int, aside: float, away_from: Point
) -> Iterator[Request]:
    """The value goes over its edge and the gradient under it, ``aside`` from the line at least.

    A gradient alone goes to the side that is turned ``away_from`` the edges beside this one.
    """
    normal, middle = upward_normal(segment), along(segment, 0.5)
    outward = (middle.x - away_from.x) * normal.x + (middle.y - away_from.y) * normal.y
    under = 1.0 if outward > 0 and not edge.value else -1.0
    for text, role, side in ((edge.value, "value", 1.0), (edge.gradient, "gradient", under)):
        if text:
            candidates = _candidates(
                key, math_label("", text), NUMBER_SIZE, segment, role, side * (aside + NUMBER_CLEARANCE)
            )
            yield Request(tuple(candidates), owner)


def _candidates(key: str, label: Label, size: float, segment: Segment, role: str, aside: float) -> Iterator[Candidate]:
    x, y = direction(segment)
    slope = math.degrees(math.atan2(y, x))
    upright = label.is_tall or abs(slope) > STEEPEST_SLOPED or label.setting.width < SHORTEST_SLOPED
    angle = 0.0 if upright else round(slope, 1)
    box = Box.around(Point(0, 0), *label.extent(size), angle)
    normal = upward_normal(segment)
    distance = aside + math.copysign(box.extent_along(*normal), aside) if aside else 0.0
    margin = (box.extent_along(x, y) + 4) / (math.dist(*segment) or 1.0)
    for share in [share for share in SHARES if margin <= share <= 1 - margin] or [0.5]:
        spot = along(segment, share)
        placed = PlacedLabel(
            key, label, spot.x + normal.x * distance, spot.y + normal.y * distance, size, (role,), angle, halo=True
        )
        yield Candidate(placed, DRIFT_COST * abs(share - FAVOURED_SHARE))


def longest(points: Sequence[Point]) -> Segment:
    """The longest straight piece of a line."""
    return max(pairwise(points), key=lambda piece: math.dist(*piece))
