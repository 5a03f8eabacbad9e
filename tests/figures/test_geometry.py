"""Boxes: whether they overlap, checked against points sampled inside them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbackprop.figures.geometry import (
    Box,
    Disc,
    Point,
    box_meets_disc,
    box_meets_segment,
    boxes_overlap,
    upward_normal,
)

coordinate = st.integers(-30, 30).map(float)
boxes = st.builds(
    lambda x, y, width, height, angle: Box.around(Point(x, y), width, height, angle),
    coordinate,
    coordinate,
    st.integers(2, 40),
    st.integers(2, 40),
    st.integers(-90, 90),
)


def holds(box: Box, point: Point, tolerance: float = 0.0) -> bool:
    place = box.local(*point)
    return abs(place.x) < box.half_width - tolerance and abs(place.y) < box.half_height - tolerance


def grid(box: Box) -> list[Point]:
    return [
        Point(
            box.x + across * box.half_width * box.cosine - down * box.half_height * box.sine,
            box.y + across * box.half_width * box.sine + down * box.half_height * box.cosine,
        )
        for across in [step / 8 for step in range(-8, 9)]
        for down in [step / 8 for step in range(-8, 9)]
    ]


@given(boxes, boxes)
def test_boxes_that_share_a_point_overlap(first: Box, second: Box) -> None:
    assert boxes_overlap(first, second) == boxes_overlap(second, first)
    if any(holds(second, point, 1e-6) for point in grid(first)):
        assert boxes_overlap(first, second)


@given(boxes)
def test_boxes_side_by_side_do_not_overlap(box: Box) -> None:
    reach = 2 * box.half_width + 0.01
    beside = Box(
        box.x + reach * box.cosine, box.y + reach * box.sine, *[box.half_width, box.half_height], box.cosine, box.sine
    )
    assert not boxes_overlap(box, beside)


def test_crossed_boxes_overlap_without_a_corner_inside() -> None:
    assert boxes_overlap(Box(0, 0, 20, 1), Box.around(Point(0, 0), 40, 2, 90))


@given(boxes, coordinate, coordinate, st.integers(1, 20))
def test_disc(box: Box, x: float, y: float, radius: int) -> None:
    nearest = min(math.dist(point, (x, y)) for point in grid(box))
    if nearest < radius - 1e-6:
        assert box_meets_disc(box, Disc(x, y, radius))
    if nearest > radius + box.reach:
        assert not box_meets_disc(box, Disc(x, y, radius))


@given(boxes, coordinate, coordinate, coordinate, coordinate)
def test_segment(box: Box, x0: float, y0: float, x1: float, y1: float) -> None:
    points = [Point(x0 + (x1 - x0) * step / 50, y0 + (y1 - y0) * step / 50) for step in range(51)]
    if any(holds(box, point, 1e-6) for point in points):
        assert box_meets_segment(box, (points[0], points[-1]))
    if all(math.dist(point, (box.x, box.y)) > box.reach + 2 for point in points):
        assert not box_meets_segment(box, (points[0], points[-1]))


@pytest.mark.parametrize("end", [(5, 0), (-5, 0), (4, 3), (4, -3), (-4, 3), (-4, -3)])
def test_the_normal_points_up(end: tuple[int, int]) -> None:
    normal = upward_normal((Point(0, 0), Point(*end)))
    assert normal.y < 0
    assert normal.x * end[0] + normal.y * end[1] == pytest.approx(0)
