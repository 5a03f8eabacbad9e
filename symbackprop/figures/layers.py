"""A network drawn as layers of neurons, and the ways through it from a weight to the error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from symbackprop.derive.paths import Paths
from symbackprop.document.story import Story
from symbackprop.errors import UserError
from symbackprop.expression import Expression, IndexValue, Symbol
from symbackprop.figures.keys import key
from symbackprop.figures.model import Edge, Factor, Highlight, NetworkPicture, Neuron, NeuronKind

MOST_LABELLED_WEIGHTS = 120
"""Beyond, edges are drawn without labels."""
MOST_FACTORS = 24
"""Beyond, only the factors as far as the ways part are written."""


@dataclass(frozen=True)
class Layers:
    """Makes pictures of a story's network. ``tex`` spells a quantity."""

    story: Story
    tex: Callable[[Expression], str]

    def network(self) -> NetworkPicture:
        """All neurons and weights with their names and values."""
        return NetworkPicture((*self._neurons(), *self._bias_neurons()), (*self._edges(), *self._bias_edges()))

    def paths(self, weight: Symbol) -> NetworkPicture:
        """The network as far as the error, with the ways from a weight to it, and the factors on them."""
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
        """From the inputs to the outputs; what joins two layers without weights is a bare line."""
        found: list[tuple[Symbol | None, str, str]] = []
        for layer in range(1, self.story.depth + 1):
            weights = self.story.entries("weight", layer)
            for weight in weights:
                to, source = weight.indices or (0, 0)
                found.append((weight, _neuron_key(layer - 1, source), _neuron_key(layer, to)))
            if not weights:
                pairs = product(self._units("activation", layer - 1), self._units("activation", layer))
                found += [(self._tied_weight(*pair), key(pair[0]), key(pair[1])) for pair in pairs]
        labelled = len(found) <= MOST_LABELLED_WEIGHTS
        edges = []
        for named, source_key, target_key in found:
            name = f"{source_key}>{target_key}" if named is None else key(named)
            label = self.tex(named) if named and labelled else ""
            value = self._value(named) if named and labelled and values else None
            edges.append(Edge(name, source_key, target_key, label, value))
        return tuple(edges)

    def _tied_weight(self, source: Symbol, target: Symbol) -> Symbol | None:
        """The weight of another layer with which an output enters a neuron."""
        score = Symbol("preactivation", target.position, target.indices)
        if score not in self.story.paths.uses.get(source, ()):
            return None
        slope = self.story.paths.factor(score, source).preferred
        return slope if isinstance(slope, Symbol) else None

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
