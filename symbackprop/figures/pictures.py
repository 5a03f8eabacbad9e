"""The pictures of a story: its network, the paths of a weight, the computation graph, the error curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from symbackprop.derive.derivation import ORDERS
from symbackprop.derive.paths import Paths
from symbackprop.document.blocks import Message, Text
from symbackprop.document.story import Story, say
from symbackprop.errors import UserError, unknown
from symbackprop.expression import Expression, IndexValue, Symbol
from symbackprop.figures.computation import Computation
from symbackprop.figures.keys import key
from symbackprop.figures.model import (
    ComputationPicture,
    Curve,
    CurvePicture,
    Edge,
    Factor,
    Highlight,
    NetworkPicture,
    Neuron,
    NeuronKind,
    Picture,
)
from symbackprop.figures.unrolled import unrolled
from symbackprop.latex.printer import Printer
from symbackprop.spec.model import Order

CURVE_POINTS = 240
MOST_LABELLED_WEIGHTS = 120
"""Beyond, edges are drawn without labels."""
MOST_FACTORS = 24
"""Beyond, only the factors as far as the ways part are written."""


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
        return NetworkPicture((*self._neurons(), *self._bias_neurons()), (*self._edges(), *self._bias_edges()))

    def paths(self, weight: Symbol) -> NetworkPicture:
        """The network as far as the error, with the ways from a weight to it, and the factors on them."""
        if self.story.derivation.network.over_time:
            raise UserError(
                "figure paths", "draws layers, and this network goes through time; --kind graph has its ways"
            )
        edges = (*self._edges(values=False), *self._loss_edges())
        reached = {_unit_key(entry) for entry in self._reached(weight)}
        lit = [key(weight)]
        for edge in edges:
            if edge.source in reached and edge.target in reached:
                lit += [edge.source, edge.path, edge.target]
        return NetworkPicture(
            (*self._neurons(values=False), *self._loss_neurons()),
            edges,
            highlight=Highlight(backward=tuple(dict.fromkeys(lit)), factors=self._factors(weight)),
        )

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
        label = self.words("training.iterations")
        return CurvePicture(tuple(curves), label, f"${self.tex(self.story.loss)}$", y_logarithmic=spread > 50)

    def graph(self, start: Symbol | None) -> ComputationPicture:
        """Every quantity with its value and its gradient, every local derivative on an edge."""
        return Computation(self.story, self.tex, self.words, start).picture()

    # ---- parts ---------------------------------------------------------------------------------

    def tex(self, expression: Expression) -> str:
        return self.printer.tex(expression)

    def _value(self, symbol: Symbol) -> str | None:
        number = self.story.number(symbol)
        return None if number is None else self.tex(number)

    def _units(self, kind: str, layer: int | None) -> tuple[Symbol, ...]:
        """One entry for each unit; of several samples it is the unit itself, without a sample."""
        entries = self.story.entries(kind, layer)
        return tuple(dict.fromkeys(Symbol(kind, layer, (entry.indices or ())[-1:]) for entry in entries))

    def _neurons(self, values: bool = True) -> tuple[Neuron, ...]:
        story = self.story
        found = []
        for layer in range(story.depth + 1):
            kind: NeuronKind = "input" if layer == 0 else "output" if layer == story.depth else "hidden"
            for unit, entry in enumerate(self._units("activation", layer)):
                label = self._neuron_name(entry)
                value = self._value(entry) if values and layer == 0 else None
                found.append(Neuron(key(entry), label, kind, layer, unit, value))
        return tuple(found)

    def _edges(self, values: bool = True) -> tuple[Edge, ...]:
        """From the inputs to the outputs; a layer without weights is joined by bare lines."""
        found: list[Edge] = []
        layers = [self.story.entries("weight", layer) for layer in range(1, self.story.depth + 1)]
        labelled = sum(map(len, layers)) <= MOST_LABELLED_WEIGHTS
        for layer, weights in enumerate(layers, 1):
            for weight in weights:
                to, source = weight.indices or (0, 0)
                label = self.tex(weight) if labelled else ""
                value = self._value(weight) if values and labelled else None
                found.append(Edge(key(weight), _neuron_key(layer - 1, source), _neuron_key(layer, to), label, value))
            if not weights:
                pairs = product(self._units("activation", layer - 1), self._units("activation", layer))
                found += [Edge(f"{key(source)}>{key(target)}", key(source), key(target)) for source, target in pairs]
        return tuple(found)

    def _bias_neurons(self) -> tuple[Neuron, ...]:
        story = self.story
        layers = [layer for layer in range(1, story.depth + 1) if story.entries("bias", layer)]
        return tuple(Neuron(f"one-{layer}", "1", "bias", layer - 1, 0) for layer in layers)

    def _bias_edges(self) -> tuple[Edge, ...]:
        story = self.story
        found = []
        for layer in range(1, story.depth + 1):
            biases = story.entries("bias", layer)
            for unit, entry in enumerate(self._units("activation", layer) if biases else ()):
                bias = biases[unit] if biases[0].indices else biases[0]
                # A shared bias is named once; its other edges carry the same key.
                named = bool(bias.indices) or unit == 0
                label, value = (self.tex(bias), self._value(bias)) if named else ("", None)
                found.append(Edge(key(bias), f"one-{layer}", key(entry), label, value))
        return tuple(found)

    def _loss_neurons(self) -> tuple[Neuron, ...]:
        parts = self._units("loss_part", None)
        column = self.story.depth + 1
        neurons = [Neuron(key(part), self.tex(part), "loss", column, unit) for unit, part in enumerate(parts)]
        total = Neuron(key(self.story.loss), self.tex(self.story.loss), "loss", column + 1, 0)
        return (*neurons, total)

    def _loss_edges(self) -> tuple[Edge, ...]:
        outputs, parts = self._units("activation", self.story.depth), self._units("loss_part", None)
        pairs = [(key(output), key(part)) for output, part in zip(outputs, parts, strict=True)]
        pairs += [(key(part), key(self.story.loss)) for part in parts]
        return tuple(Edge(f"{source}>{target}", source, target) for source, target in pairs)

    def _reached(self, weight: Symbol) -> set[Symbol]:
        """Everything that depends on a weight."""
        uses = Paths(self.story.derivation, transparent=()).uses
        found, pending = {weight}, [weight]
        while pending:
            new = [user for user in uses.get(pending.pop(), ()) if user not in found]
            found.update(new)
            pending += new
        return found

    def _factors(self, weight: Symbol) -> tuple[Factor, ...]:
        """The factors of the chain rule, each in its place: along all ways to the error where they have room."""
        first = self._factors_of(weight, weight, follow=False)
        every = self._factors_of(weight, weight, follow=True)
        places = {factor.key for factor in every}
        chosen = every if len(every) <= min(MOST_FACTORS, len(places)) else first
        return tuple(chosen) if len({factor.key for factor in chosen}) == len(chosen) else ()

    def _factors_of(self, weight: Symbol, start: Symbol, follow: bool) -> list[Factor]:
        found: list[Factor] = []
        seen, pending = {start}, [start]
        while pending:
            run = self.story.paths.run(pending.pop(0))
            for factor in (*run.factors, *(path.factor for path in run.paths)):
                place = self._factor_place(factor.of, factor.by, weight)
                found.append(Factor(place, self.tex(self.story.factor_symbol(factor))))
            new = [path.through for path in run.paths if follow and path.through not in seen]
            seen.update(new)
            pending += new
        return list(dict.fromkeys(found))

    def _factor_place(self, of: Symbol, by: Symbol, weight: Symbol) -> str:
        """Where a factor is written: at the weight's edge, at a neuron, or at the edge between two."""
        if by == weight:
            return key(weight)
        if of == self.story.loss:
            part = self.story.paths.loss_part(by)
            return f"{_unit_key(by)}>{_unit_key(part)}" if part else _unit_key(by)
        target = Symbol("activation", of.position, of.indices)
        return _unit_key(target) if of.position == by.position else f"{_unit_key(by)}>{_unit_key(target)}"

    def _neuron_name(self, activation: Symbol) -> str:
        """The neuron's own name where the notation has one, else that of its activation."""
        try:
            return self.tex(Symbol("neuron", activation.position, activation.indices))
        except UserError:
            return self.tex(activation)


def _neuron_key(layer: int, unit: IndexValue) -> str:
    return key(Symbol("activation", layer, (unit,)))


def _unit_key(entry: Symbol) -> str:
    """The key of the neuron, or of the part of the error, that an entry belongs to."""
    return key(Symbol(entry.kind, entry.position, (entry.indices or ())[-1:] if entry.indices is not None else None))


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
        lambda artist, rest: say("training.figure", loss=artist.story.loss, count=Text(f"{artist.story.iterations:,}")),
    ),
}
"""What pictures there are, by the first part of their names."""
