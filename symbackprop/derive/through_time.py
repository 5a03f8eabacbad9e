"""Backpropagation through time for any number of steps: the general step of a recurrent network, and its reverse.

The graph holds a repeat whose length is a symbol. The sweep over it brings the reversed repeat, from
whose body the recursion is read off: ∂E/∂h_t comes through the step's own output and through h_{t+1}.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symbackprop.derive.reverse import Sweep, reverse_sweep
from symbackprop.errors import UserError
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol, add, transform
from symbackprop.forms.algebra import flatten
from symbackprop.forms.indexed import IndexedForm, Letters
from symbackprop.forms.kronecker import substitute
from symbackprop.forms.scalar import Place, at_round, definition, expand
from symbackprop.graph import Axis, Builder, Graph, Node
from symbackprop.layers.layer import TIME, Construction
from symbackprop.ops import Repeat
from symbackprop.ops.repeat import LATER, OWN, ReversedBody, reverse_body
from symbackprop.spec.build import assemble
from symbackprop.spec.model import Network

STEPS = Symbol("step_count")
"""T, the number of steps."""

Definition = tuple[Symbol, Expression]


@dataclass(frozen=True)
class ThroughTime:
    """A recurrent network over T steps, T a symbol: its graph, and the sweep over it."""

    graph: Graph

    @cached_property
    def sweep(self) -> Sweep:
        return reverse_sweep(self.graph)

    @property
    def layers(self) -> tuple[RecurrentStep, ...]:
        """The general step of each recurrent layer, the one next to the input first."""
        return tuple(
            RecurrentStep(self.sweep.graph, node, node.operation)
            for node in self.graph.nodes
            if isinstance(node.operation, Repeat)
        )

    def gradient(self, parameter: Symbol) -> Expression:
        """∂E/∂parameter for one entry: a sum over all steps, since every step uses the same parameter."""
        node = self.sweep.gradients[self.graph.node(parameter).id]
        letters = Letters(fixed={TIME: "t"})
        place = dict(zip((axis.name for axis in node.axes), parameter.indices or (), strict=True))
        return transform(IndexedForm(letters).definition(node, place), _written_out)


@dataclass(frozen=True)
class RecurrentStep:
    """One recurrent layer at step t, for t from 1 to T, forwards and backwards.

    ``graph`` is the one with the adjoints, ``outputs`` the repeat's node, ``repeat`` its operation.
    """

    graph: Graph
    outputs: Node
    repeat: Repeat

    @property
    def here(self) -> Index:
        return Index(self.repeat.body.index)

    def forward(self) -> Iterator[Definition]:
        """z_t and h_t for every unit, each with its definition; h_{t-1} at the first step is the initial state."""
        for node in self.repeat.body.inner([self.repeat.output]):
            if node.symbol is not None:
                yield from _definitions(node)

    def backward(self) -> Iterator[Definition]:
        """∂E/∂h_t and ∂E/∂z_t for every unit, each with its definition.

        What has the index t+1 comes from the next step; at the last one there is none of it.
        """
        for node in self.reversed.body.inner(self.reversed.adjoints.values()):
            if node.symbol is not None:
                for symbol, expression in _definitions(node):
                    yield symbol, flatten(transform(expression, self._source))

    @cached_property
    def reversed(self) -> ReversedBody:
        return reverse_body(self.repeat.body, self.repeat.output, self.repeat.last)

    @cached_property
    def _back(self) -> Node:
        """A repeat of the reversed body in the sweep."""
        return next(
            node
            for node in self.graph.nodes
            if isinstance(node.operation, Repeat) and node.operation.body is self.reversed.body
        )

    def _source(self, part: Expression) -> Expression | None:
        """Where the two parts of ∂E/∂h_t come from: through the step's own output, and through h_{t+1}."""
        if not isinstance(part, Symbol) or part.variant not in (OWN, LATER):
            return None
        *_, unit = part.indices or ()
        place = {axis.name: unit for axis in self.repeat.output.axes}
        return self._own(place) if part.variant == OWN else self._later(place)

    def _own(self, place: Place) -> Expression:
        """∂E/∂h_t as far as it comes through what the rest of the network makes of h_t."""
        assert self.reversed.seed is not None
        position = len(self.reversed.body.carried) + self.reversed.body.sequences.index(self.reversed.seed)
        return expand(self._back.arguments[position], {**place, self.repeat.axis.name: self.here})

    def _later(self, place: Place) -> Expression:
        """∂E/∂h_t as far as it comes through h_{t+1}: what round t+1 hands on to round t."""
        assert isinstance(self._back.operation, Repeat)
        ((held, _),) = self.repeat.body.carried
        next_round = {**place, self.repeat.axis.name: Index(self.here.symbol, 1)}
        return at_round(expand(self.reversed.adjoints[held.id], place), self._back.operation, next_round)


def _written_out(part: Expression) -> Expression | None:
    """A sum of a known number of terms, term by term; sums over all steps stay as they are."""
    if not isinstance(part, Apply) or part.operator != "sum" or not isinstance(part.arguments[3], Number):
        return None
    body, index, _, upper = part.arguments
    assert isinstance(index, Name)
    assert isinstance(upper, Number)
    body = transform(body, _written_out)
    return add(*(substitute(body, index.head, Number(str(place))) for place in range(1, int(upper.value) + 1)))


def _definitions(node: Node) -> Iterator[Definition]:
    graph = Graph((node,), node)
    for place in node.places():
        entry = node.entry(*place)
        yield entry, definition(graph, entry)


def through_time(network: Network) -> ThroughTime:
    """The network's derivation for any number of steps; UserError where it is not recurrent."""
    if not network.over_time:
        raise UserError("layers", "no layer is recurrent, so there are no steps in time")
    construction = Construction(Builder())
    *_, error = assemble(construction, network, (Axis(TIME, STEPS),))
    return ThroughTime(construction.build.graph(error, construction.parameters))
