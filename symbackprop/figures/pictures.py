"""The pictures of a story: its network, the paths of a weight, the computation graph, the error curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symbackprop.derive.derivation import ORDERS
from symbackprop.document.blocks import Message, Text
from symbackprop.document.story import Story, say
from symbackprop.errors import UserError, unknown
from symbackprop.expression import Expression, Symbol
from symbackprop.figures.computation import Computation
from symbackprop.figures.layers import Layers
from symbackprop.figures.model import (
    ComputationPicture,
    Curve,
    CurvePicture,
    NetworkPicture,
    Picture,
)
from symbackprop.figures.unrolled import unrolled
from symbackprop.latex.printer import Printer
from symbackprop.spec.model import Order

CURVE_POINTS = 240


@dataclass(frozen=True)
class Artist:
    """Makes pictures of a story. ``words`` gives the phrase of a key in the document's language."""

    story: Story
    printer: Printer
    words: Callable[[str], str]

    def picture(self, name: str) -> Picture:
        """The picture of a figure's name: "network", "paths-2-0-1" (layer, to, from), "graph", "curve".

        "graph-2-0-1" is the part of the graph behind a weight, "curve-both" has both update orders.
        """
        kind, _, rest = name.partition("-")
        if kind not in KINDS:
            raise unknown("figure", name, KINDS, "unknown figure")
        return KINDS[kind].draw(self, rest)

    def caption(self, name: str) -> Message:
        """What the picture of that name shows, for those who do not see it."""
        kind, _, rest = name.partition("-")
        return KINDS[kind].describe(self, rest)

    def network(self) -> NetworkPicture | ComputationPicture:
        """All neurons and weights with their names and values; those of a network through time step by step."""
        if self.story.derivation.network.over_time:
            return unrolled(self.story, self.tex)
        return Layers(self.story, self.tex).network()

    def paths(self, weight: Symbol) -> NetworkPicture:
        """The network as far as the error, with the ways from a weight to it, and the factors on them."""
        if self.story.derivation.network.over_time:
            raise UserError(
                "figure paths", "draws layers, and this network goes through time; --kind graph has its ways"
            )
        return Layers(self.story, self.tex).paths(weight)

    def curve(self, orders: Sequence[Order]) -> CurvePicture:
        """The error over the iterations of the loop; several orders are told apart by a legend."""
        if not self.story.derivation.can_train:
            raise UserError("curve", "the loop needs a value for every quantity, and the spec leaves some out")
        if not self.story.iterations:
            raise UserError("curve", "the spec says no number of training.iterations, or 0")
        curves = []
        for order in orders:
            errors = self.story.training(order).errors
            stride = max(1, len(errors) // CURVE_POINTS)
            kept = sorted({*range(min(len(errors), 40)), *range(0, len(errors), stride), len(errors) - 1})
            name = self.words(f"order.{order}") if len(orders) > 1 else ""
            curves.append(Curve(tuple((float(step), float(errors[step])) for step in kept), name))
        shown = [y for curve in curves for _, y in curve.points]
        spread = max(shown) / max(min(shown), 1e-300)
        label = self.words(f"{self.story.loop}.iterations")
        return CurvePicture(tuple(curves), label, f"${self.tex(self.story.loss)}$", y_logarithmic=spread > 50)

    def graph(self, start: Symbol | None) -> ComputationPicture:
        """Every quantity with its value and its gradient, every local derivative on an edge."""
        return Computation(self.story, self.tex, self.words, start).picture()

    def tex(self, expression: Expression) -> str:
        return self.printer.tex(expression)


def figure_name(kind: str, parameter: Symbol | None) -> str:
    """The name by which a picture of a kind is asked for."""
    if parameter is None:
        return kind
    parts = [] if parameter.kind == "weight" else [parameter.kind]
    return "-".join([kind, *parts, str(parameter.position), *map(str, parameter.indices or ())])


def _parameter(rest: str) -> Symbol:
    """The parameter in a figure's name; where no kind is said, it is a weight."""
    first, *others = rest.split("-")
    kind, numbers = ("weight", [first, *others]) if first.isdigit() else (first, others)
    position, *indices = map(int, numbers)
    return Symbol(kind, position, tuple(indices))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture: how it is drawn and described, given what follows the kind in its name."""

    draw: Callable[[Artist, str], Picture]
    describe: Callable[[Artist, str], Message]


KINDS = {
    "network": Kind(
        lambda artist, rest: artist.network(),
        lambda artist, rest: say("network.unrolled" if artist.story.derivation.network.over_time else "network.figure"),
    ),
    "paths": Kind(
        lambda artist, rest: artist.paths(_parameter(rest)),
        lambda artist, rest: say("backward.figure", weight=_parameter(rest)),
    ),
    "graph": Kind(
        lambda artist, rest: artist.graph(_parameter(rest) if rest else None), lambda artist, rest: say("graph.figure")
    ),
    "curve": Kind(
        lambda artist, rest: artist.curve(ORDERS if rest else (artist.story.derivation.network.training.order,)),
        lambda artist, rest: say(
            f"{artist.story.loop}.figure", loss=artist.story.loss, count=Text(f"{artist.story.iterations:,}")
        ),
    ),
}
"""What pictures there are, by the first part of their names."""
