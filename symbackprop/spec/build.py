"""From a spec to a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symbackprop.expression import Symbol
from symbackprop.functions.optimiser import OPTIMISERS, Optimiser
from symbackprop.graph import Axis, Builder, Graph, Node
from symbackprop.layers.layer import SAMPLES, TIME, Construction, Value, unit_axis
from symbackprop.spec.checking import has_rows, row_count
from symbackprop.spec.error import add_error
from symbackprop.spec.model import Network

INPUT = Symbol("activation", 0)
TARGET = Symbol("target")
RATE = Symbol("learning_rate")


@dataclass(frozen=True, slots=True)
class Model:
    """A network's graph (loss as a function of all leaves), and the values of its leaves by entry.

    ``output`` is the activation of the last layer. ``samples`` is empty unless training takes one
    sample at a time: the graph is then that of one sample, ``samples`` holds the inputs and targets
    of each, and ``values`` those of the first.
    """

    network: Network
    graph: Graph
    values: Mapping[Symbol, Value]
    output: Node
    samples: tuple[Mapping[Symbol, Value], ...] = ()

    @property
    def trained(self) -> tuple[Node, ...]:
        """The parameters that training updates."""
        biases = self.network.training.update_biases
        return tuple(node for node in self.graph.parameters if biases or node.role != "bias")

    @property
    def optimiser(self) -> Optimiser:
        return OPTIMISERS.get(self.network.training.optimiser)

    @property
    def complete(self) -> bool:
        """Whether every leaf of the graph has a value, the optimiser's hyperparameters aside."""
        return not self.missing

    @property
    def missing(self) -> tuple[Symbol, ...]:
        """The entries of leaves that have no value, the optimiser's hyperparameters aside."""
        hyperparameters = self.optimiser.hyperparameters
        leaves = (node for node in self.graph.nodes if node.operation is None and node.role not in hyperparameters)
        return tuple(
            entry for node in leaves for place in node.places() if (entry := node.entry(*place)) not in self.values
        )

    @property
    def trainable(self) -> bool:
        """Whether there is a value for everything that the training loop needs."""
        training = self.network.training
        return self.complete and all(getattr(training, name) is not None for name in self.optimiser.hyperparameters)


def build_model(network: Network) -> Model:
    """The graph of a checked spec: leaves, layers, loss, hyperparameters."""
    construction = Construction(Builder())
    data, training, build = network.data, network.training, construction.build
    rows = _row_axes(network)
    one_by_one = has_rows(data.inputs) and not rows
    inputs, output, target, loss = assemble(construction, network, rows)
    samples = _samples(network, inputs, target) if one_by_one else ()
    given_targets = data.inputs if data.targets == "inputs" else data.targets
    for node, given in ((inputs, data.inputs), (target, given_targets)):
        if given is not None and not one_by_one:
            construction.set_values(node, given)
    construction.values.update(samples[0] if samples else {})
    for name in OPTIMISERS.get(training.optimiser).hyperparameters:
        leaf = build.leaf(Symbol(name))
        if getattr(training, name) is not None:
            construction.set_values(leaf, getattr(training, name))
    graph = build.graph(loss, construction.parameters)
    return Model(network, graph, construction.values, output, samples)


def assemble(construction: Construction, network: Network, rows: tuple[Axis, ...]) -> tuple[Node, Node, Node, Node]:
    """Put inputs, layers, targets and error into a graph: (inputs, output, target, error)."""
    build = construction.build
    inputs = build.leaf(INPUT, *rows, unit_axis(0, network.inputs))
    output = inputs
    for position, layer in enumerate(network.layers, start=1):
        output = layer.extend(construction, output, position)
    target = build.leaf(TARGET, *output.axes)
    return inputs, output, target, add_error(construction, network, target, output)


def _row_axes(network: Network) -> tuple[Axis, ...]:
    """The axis over samples, or over time, before the units of every layer; none for a single sample."""
    count = row_count(network.data)
    if network.over_time and count is not None:
        return (Axis(TIME, count),)
    if count is None or network.training.batch == "sample":
        return ()
    return (Axis(SAMPLES, count),)


def _samples(network: Network, inputs: Node, target: Node) -> tuple[dict[Symbol, Value], ...]:
    """The inputs and targets of every sample, by the entries of a graph for one sample."""
    data = network.data
    targets = data.inputs if data.targets == "inputs" else data.targets
    samples: list[dict[Symbol, Value]] = [{} for _ in data.inputs or ()]
    for node, rows in ((inputs, data.inputs), (target, targets)):
        for values, row in zip(samples, rows or (), strict=False):
            values.update(
                {node.entry(place): value for place, value in enumerate(row if isinstance(row, list) else [])}
            )
    return tuple(samples)
