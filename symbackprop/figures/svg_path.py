"""Strokes as SVG path data: lines, rounded corners, arrowheads."""

from __future__ import annotations

import math

from symbackprop.figures.geometry import Point, along, direction
from symbackprop.figures.scene import Stroke

TIP_LENGTH, TIP_HALF_WIDTH = 8.0, 3.2
CORNER = 14.0


def number(value: float) -> str:
    """A length in as few characters as a hundredth of a pixel needs."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def line_path(stroke: Stroke) -> str:
    """The line itself; before an arrowhead it ends early, so that the head is pointed."""
    points = list(stroke.points)
    if stroke.tip and math.dist(points[-2], points[-1]) > TIP_LENGTH:
        points[-1] = _behind(points[-2], points[-1], TIP_LENGTH - 1)
    data = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:-1], points[2:], strict=False):
        if stroke.rounded:
            cut = min(CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
            data.append(f"L{_pair(_behind(before, corner, cut))}")
            data.append(f"Q{_pair(corner)} {_pair(_behind(after, corner, cut))}")
        else:
            data.append(f"L{_pair(corner)}")
    data.append(f"L{_pair(points[-1])}")
    return "".join(data)


def tip_path(stroke: Stroke) -> str:
    """The arrowhead at the end of a stroke."""
    end = stroke.points[-1]
    # a curve is many short pieces: the head follows the way over its own length
    origin = next(
        (point for point in reversed(stroke.points[:-1]) if math.dist(point, end) >= TIP_LENGTH), stroke.points[0]
    )
    x, y = direction((origin, end))
    base = Point(end.x - x * TIP_LENGTH, end.y - y * TIP_LENGTH)
    left = Point(base.x - y * TIP_HALF_WIDTH, base.y + x * TIP_HALF_WIDTH)
    right = Point(base.x + y * TIP_HALF_WIDTH, base.y - x * TIP_HALF_WIDTH)
    return f"M{_pair(end)}L{_pair(left)}L{_pair(right)}Z"


def _behind(start: Point, end: Point, distance: float) -> Point:
    """The point on the way from start to end that lies ``distance`` before the end."""
    length = math.dist(start, end)
    return along((start, end), 1 - distance / length) if length else end


def _pair(point: Point) -> str:
    return f"{number(point.x)} {number(point.y)}"
