"""Points, boxes and discs in the plane of a figure: x to the right, y down, angles clockwise in degrees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Point(NamedTuple):
    x: float
    y: float


Segment: TypeAlias = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle turned about its centre."""

    x: float
    y: float
    half_width: float
    half_height: float
    cosine: float = 1.0
    sine: float = 0.0

    @classmethod
    def around(cls, centre: Point, width: float, height: float, angle: float = 0.0) -> Box:
        turn = math.radians(angle)
        return cls(centre.x, centre.y, width / 2, height / 2, math.cos(turn), math.sin(turn))

    @property
    def reach(self) -> float:
        """The radius of the disc around it."""
        return math.hypot(self.half_width, self.half_height)

    def local(self, x: float, y: float) -> Point:
        """A point as seen from the centre, along the box's own axes."""
        across, down = x - self.x, y - self.y
        return Point(across * self.cosine + down * self.sine, down * self.cosine - across * self.sine)

    def extent_along(self, x: float, y: float) -> float:
        """Half of its extent in the direction of a unit vector."""
        return self.half_width * abs(x * self.cosine + y * self.sine) + self.half_height * abs(
            y * self.cosine - x * self.sine
        )

    def corners(self) -> tuple[Point, ...]:
        return tuple(
            Point(
                self.x + across * self.half_width * self.cosine - down * self.half_height * self.sine,
                self.y + across * self.half_width * self.sine + down * self.half_height * self.cosine,
            )
            for across, down in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        )


def boxes_overlap(first: Box, second: Box) -> bool:
    """Whether two rectangles share a point: no axis of either separates them."""
    across, down = second.x - first.x, second.y - first.y
    for x, y in (
        (first.cosine, first.sine),
        (-first.sine, first.cosine),
        (second.cosine, second.sine),
        (-second.sine, second.cosine),
    ):
        if abs(across * x + down * y) >= first.extent_along(x, y) + second.extent_along(x, y):
            return False
    return True


def box_meets_disc(box: Box, disc: Disc) -> bool:
    place = box.local(disc.x, disc.y)
    return math.hypot(max(abs(place.x) - box.half_width, 0.0), max(abs(place.y) - box.half_height, 0.0)) < disc.radius


def box_meets_segment(box: Box, segment: Segment) -> bool:
    """Whether a line runs through a rectangle (Liang and Barsky's clipping)."""
    start, end = box.local(*segment[0]), box.local(*segment[1])
    enters, leaves = 0.0, 1.0
    for origin, step, half in (
        (start.x, end.x - start.x, box.half_width),
        (start.y, end.y - start.y, box.half_height),
    ):
        if abs(step) < 1e-9:
            if abs(origin) >= half:
                return False
            continue
        first, last = sorted(((-half - origin) / step, (half - origin) / step))
        enters, leaves = max(enters, first), min(leaves, last)
        if enters >= leaves:
            return False
    return True


def along(segment: Segment, share: float) -> Point:
    """The point at a share of the way."""
    (x0, y0), (x1, y1) = segment
    return Point(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)


def direction(segment: Segment) -> Point:
    """The unit vector from start to end; to the right for a segment without length."""
    (x0, y0), (x1, y1) = segment
    length = math.hypot(x1 - x0, y1 - y0)
    return Point((x1 - x0) / length, (y1 - y0) / length) if length else Point(1.0, 0.0)


def upward_normal(segment: Segment) -> Point:
    """The unit vector across a segment that points up (to the left of a vertical one)."""
    x, y = direction(segment)
    return Point(y, -x) if x > 0 or (x == 0 and y < 0) else Point(-y, x)


def shifted(segment: Segment, by: Point, distance: float) -> Segment:
    (x0, y0), (x1, y1) = segment
    return Point(x0 + by.x * distance, y0 + by.y * distance), Point(x1 + by.x * distance, y1 + by.y * distance)


def bounds(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    horizontal, vertical = [point.x for point in points], [point.y for point in points]
    return min(horizontal), min(vertical), max(horizontal), max(vertical)
