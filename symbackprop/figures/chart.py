"""Curves with their axes: what a chart holds, in whatever format it is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from symbackprop.figures.geometry import Point, Segment, direction
from symbackprop.figures.label import EMPTY, Label, words_label
from symbackprop.figures.model import CurvePicture
from symbackprop.figures.ticks import Axis, axis

WIDTH, HEIGHT = 520.0, 300.0
TICK_SIZE, LABEL_SIZE = 12.0, 14.0
TOLERANCE = 0.2  # how far a drawn curve may lie from the true one, in user units
COLUMN = 2.0
LARGEST = 1e290  # so that limits and ticks stay floats; NaN and infinities are not below it
LOOKS = 4  # curves that look different from each other
LEGEND_ROW, LEGEND_SAMPLE, LEGEND_PADDING, LEGEND_AWAY = 20.0, 28.0, 8.0, 10.0


@dataclass(frozen=True, slots=True)
class Trace:
    """A curve as it is drawn: in the units of its axes, and on the paper."""

    label: Label
    look: int
    values: tuple[tuple[float, float], ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``corner`` is where the legend stands: "north east" and so on."""

    x: Axis
    y: Axis
    x_label: Label
    y_label: Label
    traces: tuple[Trace, ...]
    corner: str

    @property
    def legend(self) -> tuple[Trace, ...]:
        return tuple(trace for trace in self.traces if trace.label is not EMPTY)


def chart(picture: CurvePicture) -> Chart:
    """Raises ValueError if there is no point that the axes can show."""
    shown = [
        [(x, y) for x, y in curve.points if _fits(x, picture.x_logarithmic) and _fits(y, picture.y_logarithmic)]
        for curve in picture.curves
    ]
    values = [value for points in shown for value in points]
    if not values:
        raise ValueError("no curve has a point that its axes can show")
    x_axis = axis([x for x, _ in values], logarithmic=picture.x_logarithmic, tight=True)
    y_axis = axis([y for _, y in values], logarithmic=picture.y_logarithmic)
    traces = []
    for number, (curve, points) in enumerate(zip(picture.curves, shown, strict=True)):
        if points:
            places = [Point(x_axis.share(x) * WIDTH, (1 - y_axis.share(y)) * HEIGHT) for x, y in points]
            kept = thinned(places)
            traces.append(
                Trace(
                    words_label(curve.label),
                    number % LOOKS + 1,
                    tuple(points[place] for place in kept),
                    tuple(places[place] for place in kept),
                )
            )
    x_label, y_label = words_label(picture.x_label), words_label(picture.y_label)
    return Chart(x_axis, y_axis, x_label, y_label, tuple(traces), _emptiest_corner(traces))


def _fits(value: float, logarithmic: bool) -> bool:
    return abs(value) <= LARGEST and (value >= 1 / LARGEST or not logarithmic)


def thinned(points: Sequence[Point]) -> list[int]:
    """The places of those points that the curve needs to look the same.

    Of each column the first, last, lowest and highest, and of these what Ramer, Douglas and Peucker keep.
    """
    kept: list[int] = []
    for _, group in groupby(range(len(points)), key=lambda place: math.floor(points[place].x / COLUMN)):
        column = list(group)
        extremes = (min(column, key=lambda place: points[place].y), max(column, key=lambda place: points[place].y))
        kept += sorted({column[0], column[-1], *extremes})
    needed = {0, len(kept) - 1}
    pending = [(0, len(kept) - 1)]
    while pending:
        first, last = pending.pop()
        if last - first < 2:
            continue
        segment = (points[kept[first]], points[kept[last]])
        farthest = max(range(first + 1, last), key=lambda place: _distance(points[kept[place]], segment))
        if _distance(points[kept[farthest]], segment) > TOLERANCE:
            needed.add(farthest)
            pending += [(first, farthest), (farthest, last)]
    return [kept[place] for place in sorted(needed)]


def _distance(point: Point, segment: Segment) -> float:
    """From a point to a segment."""
    start, end = segment
    x, y = direction(segment)
    ahead = (point.x - start.x) * x + (point.y - start.y) * y
    beyond = max(-ahead, ahead - math.dist(start, end), 0.0)
    return math.hypot((point.x - start.x) * y - (point.y - start.y) * x, beyond)


def _emptiest_corner(traces: Sequence[Trace]) -> str:
    """Where the fewest stretches of the curves pass; the upper right one if that is as good as any."""
    spots = [
        Point(before.x + (after.x - before.x) * step / 20, before.y + (after.y - before.y) * step / 20)
        for trace in traces
        for before, after in pairwise(trace.points)
        for step in range(21)
    ]
    width, height = legend_extent([trace for trace in traces if trace.label is not EMPTY])
    width, height = width + 2 * LEGEND_AWAY, height + 2 * LEGEND_AWAY

    def covered(corner: str) -> int:
        return sum(
            (spot.x > WIDTH - width if "east" in corner else spot.x < width)
            and (spot.y < height if "north" in corner else spot.y > HEIGHT - height)
            for spot in spots
        )

    return min(("north east", "south west", "north west", "south east"), key=covered)


def legend_extent(traces: Sequence[Trace]) -> tuple[float, float]:
    widest = max((trace.label.extent(TICK_SIZE)[0] for trace in traces), default=0.0)
    return widest + LEGEND_SAMPLE + 3 * LEGEND_PADDING, LEGEND_ROW * len(traces) + LEGEND_PADDING
