"""The choice of places for labels."""

from __future__ import annotations

from symbackprop.figures.geometry import Box, Disc, Point, boxes_overlap
from symbackprop.figures.label import math_label
from symbackprop.figures.placement import Candidate, Line, Request, place
from symbackprop.figures.scene import PlacedLabel


def request(*places: tuple[float, float], owner: int = -1) -> Request:
    """A label 10 high that may stand at these places, the first being the best."""
    label = math_label("www")
    return Request(
        tuple(
            Candidate(PlacedLabel("", label, x, y, 10, ("weight",), halo=True), 0.1 * rank)
            for rank, (x, y) in enumerate(places)
        ),
        owner,
    )


def spots(
    *requests: Request, obstacles: tuple[Box | Disc, ...] = (), lines: tuple[Line, ...] = ()
) -> list[tuple[float, float]]:
    placement = place(requests, obstacles, lines)
    assert placement.collisions == 0
    return [(label.x, label.y) for label in placement.labels]


def test_the_best_place_is_taken_where_nothing_is_in_the_way() -> None:
    assert spots(request((0, 0), (50, 0)), request((0, 50), (50, 50))) == [(0, 0), (0, 50)]


def test_a_label_gives_way_to_another() -> None:
    assert sorted(spots(request((0, 0), (50, 0)), request((0, 0)))) == [(0, 0), (50, 0)]


def test_nodes_are_not_covered() -> None:
    assert spots(request((0, 0), (50, 0), (100, 0)), obstacles=(Disc(0, 12, 12), Box(50, 0, 3, 3))) == [(100, 0)]


def test_foreign_lines_are_avoided_and_the_own_is_not() -> None:
    lines = (Line((Point(-50, 0), Point(50, 0)), key=0), Line((Point(-50, 40), Point(50, 40)), key=1))
    assert spots(request((0, 0), (0, 40), owner=1), lines=lines) == [(0, 40)]


def test_a_chain_of_moves_is_found() -> None:
    """Each label has two places, and only one arrangement has room for all: greed alone does not find it."""
    count = 12
    requests = [request((30.0 * number, 0), (30.0 * (number + 1), 0)) for number in range(count)]
    assert spots(*requests, request((0, 0))) == [(30.0 * (number + 1), 0) for number in range(count)] + [(0, 0)]


def test_what_cannot_be_separated_is_counted() -> None:
    placement = place([request((0, 0)), request((1, 1)), request((200, 200))])
    assert placement.collisions == 2
    assert boxes_overlap(placement.labels[0].box, placement.labels[1].box)


def test_nothing_to_place() -> None:
    assert place([]).labels == ()
