"""A derivation: a model, its reverse sweeps, and the exact values of everything that has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from msgspec.structs import replace

from symbackprop.derive.joint import joint_sweep
from symbackprop.derive.reverse import Sweep, adjoint_symbol, reverse_sweep, updated_symbol
from symbackprop.expression import Expression, Symbol
from symbackprop.forms.scalar import definition
from symbackprop.graph import Graph, Node
from symbackprop.numeric.evaluation import evaluate_surely
from symbackprop.numeric.program import Assignment, Program, program_of
from symbackprop.numeric.training import Training, train
from symbackprop.spec.build import Model, build_model
from symbackprop.spec.model import Network, Order

T = TypeVar("T")

ORDERS: tuple[Order, ...] = ("simultaneous", "sequential")


@dataclass(frozen=True)
class Derivation:
    """Everything derived from a model; what is costly is computed when it is asked for."""

    model: Model
    _computed: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def network(self) -> Network:
        return self.model.network

    @property
    def sweep(self) -> Sweep:
        """The reverse sweep at the original parameters: the gradients."""
        return self.sweep_in("simultaneous")

    def sweep_in(self, order: Order) -> Sweep:
        """The reverse sweep whose updates follow an order."""
        return self._once(
            ("sweep", order),
            lambda: reverse_sweep(
                self.model.graph,
                self.model.trained,
                self.model.graph.by_id["learning_rate"],
                order == "sequential",
                self.model.optimiser,
            ),
        )

    def _once(self, key: tuple[object, ...], compute: Callable[[], T]) -> T:
        if key not in self._computed:
            self._computed[key] = compute()
        result: T = self._computed[key]
        return result

    @property
    def graph(self) -> Graph:
        """The graph with its adjoints and updates."""
        return self.sweep.graph

    @property
    def output(self) -> Node:
        """The network's output: the activation of the last layer."""
        return self.model.output

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        """Every entry of every parameter, the layer nearest the input first."""
        return tuple(node.entry(*place) for node in self.model.graph.parameters for place in node.places())

    @property
    def values(self) -> Mapping[Symbol, Any]:
        """Precise values of all entries that follow from what the spec gives."""
        return self.values_after("simultaneous")

    def values_after(self, order: Order) -> Mapping[Symbol, Any]:
        """Precise values of all entries, with the updates in an order."""
        return self._once(
            ("values", order),
            lambda: known_values(
                program_of(self.sweep_in(order).graph), {**self.model.values, **self.sweep_in(order).initial}
            ),
        )

    def definition(self, entry: Symbol) -> Expression:
        """How an entry is computed from the entries before it: one tree, however often it is asked for."""
        return self._once(("definition", entry), lambda: definition(self.graph, entry))

    def gradient_symbol(self, parameter: Symbol) -> Symbol:
        return adjoint_symbol(parameter)

    def is_trained(self, parameter: Symbol) -> bool:
        return self.graph.node(replace(parameter, indices=None)).id in self.sweep.updates

    def updated(self, parameter: Symbol) -> Symbol:
        return updated_symbol(parameter)

    @property
    def can_train(self) -> bool:
        """Whether there are values to run the loop with."""
        return self.model.trainable

    def train(self, order: Order, iterations: int) -> Training:
        """Run the loop in doubles."""
        sweep = joint_sweep(self.model, order)
        return self._once(
            ("training", order, iterations),
            lambda: train(
                sweep.graph,
                {**sweep.updates, **sweep.states},
                self.output,
                {**self.model.values, **sweep.initial},
                iterations,
                samples=self.model.samples,
                reduction=self.network.training.reduction,
            ),
        )


def derive_model(network: Network) -> Derivation:
    """The derivation of a checked spec."""
    return Derivation(build_model(network))


def known_values(program: Program, given: Mapping[Symbol, Any]) -> dict[Symbol, Any]:
    """Evaluate in high precision what the given leaves determine; the rest is left out."""
    from symbackprop.expression import symbols

    leaves = tuple(leaf for leaf in program.leaves if leaf in given)
    known = set(leaves)
    kept: list[Assignment] = []
    for line in program.assignments:
        if all(symbol in known or symbol.kind == "pi" for symbol in symbols(line.value)):
            known.add(line.entry)
            kept.append(line)
    return evaluate_surely(Program(leaves, tuple(kept)), given)
