"""A figure laid out: shapes, strokes and labels with their places. What the templates draw.

Lengths are user units (a pixel where SVG is shown at its own size). ``roles`` say what a thing is and
in what state ("edge", "muted"); the templates give the roles their looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from symbackprop.figures.geometry import Box, Point, bounds
from symbackprop.figures.label import Label
from symbackprop.figures.svg_label import Line, Rule

MARGIN = 14.0
HALO = 2.0


@dataclass(frozen=True, slots=True)
class Shape:
    key: str
    form: Literal["circle", "box", "pill"]
    x: float
    y: float
    width: float
    height: float
    roles: tuple[str, ...]

    @property
    def corner(self) -> float:
        """The radius of its rounded corners."""
        return {"circle": self.width / 2, "box": 5.0, "pill": min(self.height / 2, 15.0)}[self.form]

    def inset(self, shift: float, *, upright: bool) -> float:
        """How far its rounded side falls back behind the middle of the side, ``shift`` from there along the side."""
        straight = (self.height if upright else self.width) / 2 - self.corner
        return self.corner - math.sqrt(max(self.corner**2 - max(abs(shift) - straight, 0.0) ** 2, 0.0))


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; ``tip`` puts an arrowhead at its end, ``rounded`` bends it at the points between."""

    key: str
    points: tuple[Point, ...]
    roles: tuple[str, ...]
    tip: bool = False
    rounded: bool = False
    pointable: bool = False
    """Whether a reader may want to point at it: it then gets a wider invisible line."""


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label with its middle at a point; ``halo`` clears the lines behind it.

    ``anchor`` is the end of the text that stands exactly where it is meant to, whatever the font.
    """

    key: str
    label: Label
    x: float
    y: float
    size: float
    roles: tuple[str, ...]
    angle: float = 0.0
    halo: bool = False
    anchor: Literal["start", "middle", "end"] = "middle"

    @property
    def box(self) -> Box:
        """The room the label takes, the rim of its halo included."""
        width, height = self.label.extent(self.size)
        rim = 2 * HALO if self.halo else 0.0
        return Box.around(Point(self.x, self.y), width + rim, height + rim, self.angle)

    def x_of(self, part: Line | Rule) -> float:
        """Where the anchor of one of the label's lines or rules stands."""
        middle = self.x + (part.centre - self.label.setting.width / 2) * self.size
        return middle + {"start": -0.5, "middle": 0.0, "end": 0.5}[self.anchor] * part.width * self.size

    def y_of(self, part: Line | Rule) -> float:
        """Where the baseline of a line runs, or a rule."""
        setting = self.label.setting
        return self.y + ((setting.ascent - setting.descent) / 2 - part.rise) * self.size


@dataclass(frozen=True, slots=True)
class Scene:
    """A figure; later layers cover earlier ones: strokes, shapes, halos, then labels."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    shapes: tuple[Shape, ...]
    labels: tuple[PlacedLabel, ...]
    dots: tuple[Point, ...] = ()
    kind: str = ""

    @property
    def halos(self) -> tuple[PlacedLabel, ...]:
        return tuple(label for label in self.labels if label.halo)


def frame(
    strokes: Sequence[Stroke],
    shapes: Sequence[Shape],
    labels: Sequence[PlacedLabel],
    dots: Sequence[Point] = (),
    kind: str = "",
) -> Scene:
    """The scene moved so that everything lies within a margin of the upper left corner."""
    points = [point for stroke in strokes for point in stroke.points] + list(dots)
    for shape in shapes:
        points += Box.around(Point(shape.x, shape.y), shape.width, shape.height).corners()
    for label in labels:
        points += label.box.corners()
    left, top, right, bottom = bounds(points)
    across, down = MARGIN - left, MARGIN - top

    def moved(point: Point) -> Point:
        return Point(point.x + across, point.y + down)

    return Scene(
        width=right - left + 2 * MARGIN,
        height=bottom - top + 2 * MARGIN,
        strokes=tuple(replace(stroke, points=tuple(map(moved, stroke.points))) for stroke in strokes),
        shapes=tuple(replace(shape, x=shape.x + across, y=shape.y + down) for shape in shapes),
        labels=tuple(replace(label, x=label.x + across, y=label.y + down) for label in labels),
        dots=tuple(map(moved, dots)),
        kind=kind,
    )


def best_scene(layouts: Iterable[tuple[int, Scene]]) -> Scene:
    """Of layouts, each with the number of its overlaps: the first without any, else one with the fewest."""
    found: list[tuple[int, Scene]] = []
    for overlaps, scene in layouts:
        if not overlaps:
            return scene
        found.append((overlaps, scene))
    return min(found, key=lambda layout: layout[0])[1]
