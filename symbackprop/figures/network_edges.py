"""The edges of a network: their lines, the gradient's arrows, and where their labels may stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symbackprop.figures.geometry import Box, Disc, Point, Segment, along, direction, shifted, upward_normal
from symbackprop.figures.label import EMPTY, Label, math_label
from symbackprop.figures.model import Edge, Factor
from symbackprop.figures.network_nodes import Node
from symbackprop.figures.placement import Candidate, Request
from symbackprop.figures.scene import PlacedLabel

EDGE_SIZE, CROWDED_SIZE = 13.0, 11.5
FAVOURED_SHARE = 0.27  # of the way: crossing edges are already apart there
SHARES = tuple(place / 100 for place in range(8, 93, 4))
PATH_SHARES = tuple(place / 100 for place in range(20, 81, 5))
DRIFT_COST = 8.0
STEEPEST_SLOPED = 65.0
SHORTEST_SLOPED = 2.2  # in ems
ASIDE_OF_LABEL, ASIDE_OF_LINE = 13.0, 8.0  # how far the gradient's arrow runs beside an edge
ARC_CLEARANCE = 7.0
LABEL_CLEARANCE = 4.0


@dataclass(frozen=True, slots=True)
class Run:
    """An edge between the borders of its nodes."""

    edge: Edge
    segment: Segment

    @property
    def length(self) -> float:
        return math.dist(*self.segment)

    @property
    def angle(self) -> float:
        """Of text written along it: never upside down."""
        x, y = direction(self.segment)
        angle = math.degrees(math.atan2(y, x))
        return angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle


def run_of(edge: Edge, nodes: Mapping[str, Node], aside: float = 0.0, gap: float = 0.0) -> Run:
    """The edge from border to border, ``aside`` of the line between the centres, ``gap`` away from the borders."""
    source, target = nodes[edge.source], nodes[edge.target]
    leaves, arrives = source.port(1.0), target.port(-1.0)
    towards, normal = direction((leaves, arrives)), upward_normal((leaves, arrives))
    start, end = shifted((leaves, arrives), normal, aside)
    leave = source.reach(start, towards) + gap
    arrive = target.reach(end, Point(-towards.x, -towards.y)) + gap
    return Run(
        edge,
        (
            Point(start.x + towards.x * leave, start.y + towards.y * leave),
            Point(end.x - towards.x * arrive, end.y - towards.y * arrive),
        ),
    )


def edge_request(run: Run, label: Label, size: float, owner: int) -> Request:
    """A weight's label lies on its edge and runs along it.

    Upright stay a stacked fraction, and a short name unless the edges lie so close that its slope tells its edge.
    """
    is_short = label.setting.width < SHORTEST_SLOPED and size > CROWDED_SIZE
    upright = is_short or label.is_tall or abs(run.angle) > STEEPEST_SLOPED
    angle = 0.0 if upright else round(run.angle, 1)
    width, height = label.extent(size)
    need = Box.around(Point(0, 0), width, height, angle).extent_along(*direction(run.segment)) + 6
    margin = need / run.length if run.length else 0.5
    shares = [share for share in SHARES if margin <= share <= 1 - margin] or [0.5]
    candidates = []
    for share in shares:
        spot = along(run.segment, share)
        label_there = PlacedLabel(run.edge.key, label, spot.x, spot.y, size, ("weight",), angle, halo=True)
        candidates.append(Candidate(label_there, DRIFT_COST * abs(share - FAVOURED_SHARE)))
    # among crowded edges every place crosses some
    return Request(tuple(candidates), owner, minds_lines=size > CROWDED_SIZE)


def factor_label(factor: Factor) -> Label:
    return math_label(factor.label_tex, factor.value)


def aside_of(label: Label) -> float:
    """How far the gradient's arrow runs beside an edge with a label."""
    return ASIDE_OF_LINE if label is EMPTY else ASIDE_OF_LABEL


def edge_factor_request(factor: Factor, run: Run, aside: float) -> Request:
    """A factor stands upright beside the gradient's arrow, over it rather than under its edge."""
    label = factor_label(factor)
    width, height = label.extent(EDGE_SIZE)
    normal = upward_normal(run.segment)
    clear = Box.around(Point(0, 0), width, height).extent_along(*normal) + LABEL_CLEARANCE
    candidates = []
    for side, distance in ((0.0, aside + clear), (4.0, -aside - clear)):
        beside = shifted(run.segment, normal, distance)
        for share in PATH_SHARES:
            spot = along(beside, share)
            candidates.append(Candidate(_factor_at(factor, label, spot), side + DRIFT_COST * abs(share - 0.5)))
    return Request(tuple(candidates))


def node_factor_request(factor: Factor, node: Node) -> Request:
    """A factor of a neuron stands over the arc that the gradient makes around it, or else near by."""
    label = factor_label(factor)
    width, height = label.extent(EDGE_SIZE)
    rise = disc_around(node).radius + LABEL_CLEARANCE + height / 2
    candidates = []
    for cost, down in ((0.0, -1.0), (6.0, 1.0)):
        for lift in (0.0, 10.0, 22.0, 36.0):
            for share in (0.0, -0.2, 0.2, -0.4, 0.4):
                spot = Point(node.x + share * width, node.y + down * (rise + lift))
                drift = 25 * abs(share) + 0.3 * lift
                candidates.append(Candidate(_factor_at(factor, label, spot), cost + drift))
    return Request(tuple(candidates))


def _factor_at(factor: Factor, label: Label, spot: Point) -> PlacedLabel:
    return PlacedLabel(factor.key, label, spot.x, spot.y, EDGE_SIZE, ("factor",), halo=True)


def disc_around(node: Node) -> Disc:
    """A neuron and the gradient's way over it."""
    return Disc(node.x, node.y, max(node.width, node.height) / 2 + ARC_CLEARANCE)


def arc_over(node: Node) -> tuple[Point, ...]:
    """The gradient's way over a neuron, from right to left."""
    disc = disc_around(node)
    return tuple(
        Point(disc.x + disc.radius * math.cos(turn), disc.y - disc.radius * math.sin(turn))
        for turn in (math.radians(degrees) for degrees in range(52, 129, 4))
    )


def widest(labels: Sequence[Label], size: float) -> float:
    return max((label.extent(size)[0] for label in labels), default=0.0)
