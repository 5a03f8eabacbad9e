"""Chooses places for labels so that they cover neither each other nor the nodes, and few foreign lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from symbackprop.figures.geometry import Box, Disc, Segment, box_meets_disc, box_meets_segment, boxes_overlap
from symbackprop.figures.scene import PlacedLabel

COLLISION = 1000.0
TABU_MOVES = 8
PATIENCE = 120  # moves without a better result
MOST_SWEEPS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line that labels had better not cover; ``weight`` says how bad that is."""

    segment: Segment
    key: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a label may take; the smaller the ``cost``, the better."""

    label: PlacedLabel
    cost: float


@dataclass(frozen=True, slots=True)
class Request:
    """A label to place; ``owner`` is the line it may lie on (-1 for none), ``minds_lines`` whether others cost."""

    candidates: tuple[Candidate, ...]
    owner: int = -1
    minds_lines: bool = True


@dataclass(frozen=True, slots=True)
class Placement:
    labels: tuple[PlacedLabel, ...]
    collisions: int


def place(requests: Sequence[Request], obstacles: Sequence[Box | Disc] = (), lines: Sequence[Line] = ()) -> Placement:
    """One candidate for each request.

    ``collisions`` counts the labels that cover something even in the best arrangement found.
    """
    search = _Search(requests, obstacles, lines)
    search.resolve()
    search.polish()
    labels = tuple(search.labels[option] for option in search.chosen)
    return Placement(labels, len(search.clashing()))


class _Search:
    """Tabu search over the options, which are numbered through all requests.

    ``costs`` is what an option costs by itself, ``rivals`` are the options of other requests that it
    overlaps, ``hits`` how many of its rivals are chosen now.
    """

    def __init__(self, requests: Sequence[Request], obstacles: Sequence[Box | Disc], lines: Sequence[Line]) -> None:
        self.labels: list[PlacedLabel] = []
        self.boxes: list[Box] = []
        self.costs: list[float] = []
        self.request_of: list[int] = []
        self.options: list[range] = []
        for number, request in enumerate(requests):
            first = len(self.labels)
            minded = [line for line in lines if request.minds_lines and line.key != request.owner]
            for candidate in request.candidates:
                box = candidate.label.box
                self.labels.append(candidate.label)
                self.boxes.append(box)
                self.costs.append(candidate.cost + _own_cost(box, obstacles, minded))
                self.request_of.append(number)
            self.options.append(range(first, len(self.labels)))
        self.rivals = self._overlaps()
        self.hits = [0] * len(self.labels)
        self.chosen: list[int] = []
        for options in self.options:
            option = min(options, key=self._cost)
            self.chosen.append(option)
            self._count(option, 1)

    def _overlaps(self) -> list[list[int]]:
        """The rivals of each option; a grid keeps far ones from being compared."""
        rivals: list[list[int]] = [[] for _ in self.boxes]
        reaches = [box.reach for box in self.boxes]
        size = 2 * max(reaches, default=1.0) or 1.0
        cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for option, box in enumerate(self.boxes):
            column, row = int(box.x // size), int(box.y // size)
            reach, request = reaches[option], self.request_of[option]
            for across in (column - 1, column, column + 1):
                for down in (row - 1, row, row + 1):
                    for other in cells.get((across, down), ()):
                        if self.request_of[other] == request:
                            continue
                        near = self.boxes[other]
                        x, y, together = near.x - box.x, near.y - box.y, reach + reaches[other]
                        if x * x + y * y < together * together and boxes_overlap(box, near):
                            rivals[option].append(other)
                            rivals[other].append(option)
            cells[column, row].append(option)
        return rivals

    def _cost(self, option: int) -> float:
        return self.costs[option] + COLLISION * self.hits[option]

    def _count(self, option: int, change: int) -> None:
        for rival in self.rivals[option]:
            self.hits[rival] += change

    def _move(self, request: int, option: int) -> None:
        self._count(self.chosen[request], -1)
        self.chosen[request] = option
        self._count(option, 1)

    def clashing(self) -> list[int]:
        """The requests whose label covers a node or another label."""
        return [request for request, option in enumerate(self.chosen) if self._cost(option) >= COLLISION]

    def resolve(self) -> None:
        """Moves clashing labels, the most useful move first, even uphill; a place just left is barred for a while."""
        barred: dict[int, int] = {}
        best, fewest, since = list(self.chosen), len(self.clashing()), 0
        move = 0
        while fewest and since < PATIENCE:
            moves = [
                (self._cost(option) - self._cost(self.chosen[request]), option)
                for request in self.clashing()
                for option in self.options[request]
                if option != self.chosen[request] and barred.get(option, -1) < move
            ]
            if not moves:
                break
            _, option = min(moves)
            request = self.request_of[option]
            barred[self.chosen[request]] = move + TABU_MOVES
            self._move(request, option)
            move, since = move + 1, since + 1
            clashes = len(self.clashing())
            if clashes < fewest:
                best, fewest, since = list(self.chosen), clashes, 0
        for request, option in enumerate(best):
            self._move(request, option)

    def polish(self) -> None:
        """Lets every label take a better place that is free, until none finds one."""
        for _ in range(MOST_SWEEPS):
            moved = False
            for request, options in enumerate(self.options):
                option = min(options, key=self._cost)
                if self._cost(option) < self._cost(self.chosen[request]):
                    self._move(request, option)
                    moved = True
            if not moved:
                return


def _own_cost(box: Box, obstacles: Sequence[Box | Disc], lines: Sequence[Line]) -> float:
    """What it costs to lie there, whatever the other labels do."""
    covered = sum(
        box_meets_disc(box, obstacle) if isinstance(obstacle, Disc) else boxes_overlap(box, obstacle)
        for obstacle in obstacles
    )
    across, down = box.extent_along(1, 0), box.extent_along(0, 1)
    left, right, top, bottom = box.x - across, box.x + across, box.y - down, box.y + down
    crossed = 0.0
    for line in lines:
        (x0, y0), (x1, y1) = line.segment
        # most lines are far away: seen at once, and much cheaper than the exact test
        if (x0 < left and x1 < left) or (x0 > right and x1 > right):
            continue
        if (y0 < top and y1 < top) or (y0 > bottom and y1 > bottom):
            continue
        if box_meets_segment(box, line.segment):
            crossed += line.weight
    return COLLISION * covered + crossed
