"""The pictures of a story: its network, the paths of a weight, the error curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symbackprop.document.story import Story
from symbackprop.errors import UserError
from symbackprop.expression import Expression, Symbol
from symbackprop.figures.model import (
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
from symbackprop.latex.printer import Printer

CURVE_POINTS = 240
MOST_LABELLED_WEIGHTS = 120
"""Beyond, edges are drawn without labels."""


@dataclass(frozen=True)
class Artist:
    """Makes pictures of a story. ``words`` gives the phrase of a key in the document's language."""

    story: Story
    printer: Printer
    words: Callable[[str], str]

    def picture(self, name: str) -> Picture:
        """The picture of a figure's name: "network", "curve", "paths-2-0-1" (layer, to, from)."""
        kind, _, rest = name.partition("-")
        if kind == "network":
            return self.network()
        if kind == "curve":
            return self.curve()
        if kind == "paths":
            layer, to, source = (int(part) for part in rest.split("-"))
            return self.paths(Symbol("weight", layer, (to, source)))
        raise UserError("figure", f"there is no figure {name!r}", ("network", "curve", "paths"))

    def network(self) -> NetworkPicture:
        """All neurons and weights with their names and values."""
        return NetworkPicture(
            (*self._neurons(), *self._bias_neurons()), (*self._edges(), *self._bias_edges()), self._titles()
        )

    def paths(self, weight: Symbol) -> NetworkPicture:
        """The network as far as the error, with the ways from a weight to it, and the factors on them."""
        run = self.story.paths.run(weight)
        edges = (*self._edges(values=False), *self._loss_edges())
        start = self._key(Symbol("activation", weight.position, (weight.indices or ())[:1]))
        backward = [self._key(weight), start]
        reached = {start}
        for edge in edges:  # edges stand in the order of the layers
            if edge.source in reached:
                reached.add(edge.target)
                backward.extend((edge.path, edge.target))
        factors = []
        for factor in run.factors:
            place = self._factor_place(factor.of, factor.by, weight)
            if place:
                factors.append(Factor(place, self.tex(self.story.factor_symbol(factor))))
        for path in run.paths:
            place = self._factor_place(path.through, run.top, weight)
            factors.append(Factor(place, self.tex(self.story.factor_symbol(path.factor))))
        return NetworkPicture(
            (*self._neurons(values=False), *self._loss_neurons()),
            edges,
            highlight=Highlight(backward=tuple(dict.fromkeys(backward)), factors=tuple(factors)),
        )

    def curve(self) -> CurvePicture:
        """The error over the iterations of the loop."""
        errors = self.story.training(self.story.derivation.network.training.order).errors
        stride = max(1, len(errors) // CURVE_POINTS)
        kept = sorted({*range(min(len(errors), 40)), *range(0, len(errors), stride), len(errors) - 1})
        points = tuple((float(step), float(errors[step])) for step in kept)
        spread = max(y for _, y in points) / max(min(y for _, y in points), 1e-300)
        label = self.words("training.iterations")
        return CurvePicture((Curve(points),), label, f"${self.tex(self.story.loss)}$", y_logarithmic=spread > 50)

    # ---- parts ---------------------------------------------------------------------------------

    def tex(self, expression: Expression) -> str:
        return self.printer.tex(expression)

    def _key(self, symbol: Symbol) -> str:
        """A name for the parts of a figure that is the same in every notation and language."""
        indices = "-".join(map(str, symbol.indices or ()))
        position = "" if symbol.position is None else f"-{symbol.position}"
        return f"{symbol.kind}{position}" + (f"-{indices}" if indices else "")

    def _value(self, symbol: Symbol) -> str | None:
        number = self.story.number(symbol)
        return None if number is None else self.tex(number)

    def _neurons(self, values: bool = True) -> tuple[Neuron, ...]:
        story = self.story
        found = []
        for layer in range(story.depth + 1):
            kind: NeuronKind = "input" if layer == 0 else "output" if layer == story.depth else "hidden"
            for unit, entry in enumerate(story.entries("activation", layer)):
                label = self._neuron_name(entry)
                value = self._value(entry) if values and layer == 0 else None
                found.append(Neuron(self._key(entry), label, kind, layer, unit, value))
        return tuple(found)

    def _edges(self, values: bool = True) -> tuple[Edge, ...]:
        story = self.story
        found = []
        weights = [weight for layer in range(1, story.depth + 1) for weight in story.entries("weight", layer)]
        labelled = len(weights) <= MOST_LABELLED_WEIGHTS
        for weight in weights:
            assert isinstance(weight.position, int)
            assert weight.indices is not None
            to, source = weight.indices
            ends = (Symbol("activation", weight.position - 1, (source,)), Symbol("activation", weight.position, (to,)))
            label = self.tex(weight) if labelled else ""
            value = self._value(weight) if values and labelled else None
            found.append(Edge(self._key(weight), self._key(ends[0]), self._key(ends[1]), label, value))
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
            for unit, entry in enumerate(story.entries("activation", layer) if biases else ()):
                bias = biases[unit] if biases[0].indices else biases[0]
                # A shared bias is named once; its other edges carry the same key.
                named = bool(bias.indices) or unit == 0
                label, value = (self.tex(bias), self._value(bias)) if named else ("", None)
                found.append(Edge(self._key(bias), f"one-{layer}", self._key(entry), label, value))
        return tuple(found)

    def _loss_neurons(self) -> tuple[Neuron, ...]:
        story = self.story
        parts = story.entries("loss_part")
        column = story.depth + 1
        neurons = [Neuron(self._key(part), self.tex(part), "loss", column, unit) for unit, part in enumerate(parts)]
        total = Neuron(self._key(story.loss), self.tex(story.loss), "loss", column + 1, 0)
        return (*neurons, total)

    def _loss_edges(self) -> tuple[Edge, ...]:
        story = self.story
        outputs, parts = story.entries("activation", story.depth), story.entries("loss_part")
        pairs = [(self._key(output), self._key(part)) for output, part in zip(outputs, parts, strict=True)]
        pairs += [(self._key(part), self._key(story.loss)) for part in parts]
        return tuple(Edge(f"{source}>{target}", source, target) for source, target in pairs)

    def _factor_place(self, of: Symbol, by: Symbol, weight: Symbol) -> str:
        """Where a factor is written: at the weight's edge, at a neuron, or at the edge between two."""
        if by == weight:
            return self._key(weight)
        if of == self.story.loss:
            part = self.story.paths.loss_part(by)
            return f"{self._key(by)}>{self._key(part)}" if part else self._key(by)
        target = self._key(Symbol("activation", of.position, of.indices))
        if of.position == by.position:
            return target
        return f"{self._key(by)}>{target}"

    def _neuron_name(self, activation: Symbol) -> str:
        """The neuron's own name where the notation has one, else that of its activation."""
        try:
            return self.tex(Symbol("neuron", activation.position, activation.indices))
        except UserError:
            return self.tex(activation)

    def _titles(self) -> tuple[str, ...]:
        return ()
