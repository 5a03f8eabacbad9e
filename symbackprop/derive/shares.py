"""Error shares: output errors handed back in proportion to the weights, beside the gradient.

A unit's error is divided among the units before it as the weights that lead to it are. What is handed
on adds up to what was there. Without the denominators it is multiplied by Wᵀ, and no longer adds up;
with ∂E/∂output in place of the error that is the gradient's recursion but for the factor f'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from symbackprop.derive.reverse import Sweep, adjoint_symbol, reverse_sweep
from symbackprop.errors import UserError
from symbackprop.expression import Expression, Symbol, symbols
from symbackprop.forms.scalar import definition
from symbackprop.graph import Builder, Graph, Node
from symbackprop.layers.dense import Dense
from symbackprop.numeric.evaluation import evaluate_surely
from symbackprop.numeric.program import Program, entries_of, program_of
from symbackprop.ops import Contract, Map
from symbackprop.ops.arithmetic import QUOTIENT, total
from symbackprop.spec.build import Model
from symbackprop.spec.error import LOSS_PART

ERROR = "error"
"""Kind of the error of a layer's units; its position is the layer, 0 the input."""
SIMPLIFIED = "simplified"
"""Variant of what is handed back without denominators, from the same output errors."""
SIGNED = "signed"
"""Variant of what is handed back without denominators, from ∂E/∂output."""
SHARE = "error_share"
"""Kind of the normalised weights."""
WEIGHT_TOTAL = "weight_total"
"""Kind of the sum of the weights that lead to a unit."""
ERROR_TOTAL = "error_total"
"""Kind of the sum of a layer's errors; the variants are those of the errors."""


@dataclass(frozen=True)
class ErrorShares:
    """A model's graph with its gradients, and with the errors of every layer in three variants.

    ``error[l]`` hands on shares, ``simplified error[l]`` and ``signed error[l]`` products with Wᵀ.
    """

    model: Model
    sweep: Sweep
    graph: Graph

    @property
    def depth(self) -> int:
        return len(self.model.network.layers)

    def errors(self, position: int, variant: str = "") -> Node:
        """The errors of a layer's units (0: the inputs)."""
        return self.graph.node(Symbol(ERROR, position, None, variant))

    def total(self, position: int, variant: str = "") -> Symbol:
        """The sum of a layer's errors."""
        return Symbol(ERROR_TOTAL, position, (), variant)

    def definition(self, entry: Symbol, written_out: bool = False) -> Expression:
        """How an error is handed back; ``written_out`` puts the weights in the place of the shares."""
        inline = [node.id for node in self.graph.nodes if node.role in (SHARE, WEIGHT_TOTAL)] if written_out else []
        return definition(self.graph, entry, inline)

    def gradient_definition(self, entry: Symbol) -> Expression:
        """∂E/∂output of the same unit by ∂E/∂output of the next layer: the signed form with the factors f'."""
        assert isinstance(entry.position, int)
        between = f"adjoint preactivation[{entry.position + 1}]"
        return definition(self.graph, adjoint_symbol(Symbol("activation", entry.position, entry.indices)), [between])

    @cached_property
    def undefined(self) -> tuple[Symbol, ...]:
        """The sums of weights that are 0: what their units' errors are divided by."""
        entries = entries_of(self.graph.roles(WEIGHT_TOTAL))
        return tuple(entry for entry in entries if self.exact(entry) == 0)

    def exact(self, entry: Symbol) -> Fraction | None:
        """The exact value of a share or of a sum of weights; None if a weight has no value, or it is not defined."""
        weights = self._weights_into(entry)
        if any(weight not in self.model.values for weight in weights):
            return None
        given = [Fraction(self.model.values[weight]) for weight in weights]
        if entry.kind == WEIGHT_TOTAL:
            return sum(given, Fraction(0))
        *_, source = entry.indices or ()
        assert isinstance(source, int)
        return given[source] / sum(given) if sum(given) else None

    def _weights_into(self, entry: Symbol) -> list[Symbol]:
        """The weights that lead to the unit which a share or a sum belongs to."""
        weight = self.graph.node(Symbol("weight", entry.position))
        unit = (entry.indices or ())[0]
        assert isinstance(unit, int)
        return [weight.entry(*place) for place in weight.places() if place[0] == unit]

    @cached_property
    def values(self) -> Mapping[Symbol, Any]:
        """Precise values of everything that follows from what the spec gives; nothing is divided by 0."""
        program = program_of(self.graph)
        left_out = {*self.undefined}
        known = {leaf for leaf in program.leaves if leaf in self.model.values}
        kept = []
        for line in program.assignments:
            needed = set(symbols(line.value))
            divides = line.entry.kind == SHARE and needed & left_out
            if needed <= known and not divides:
                known.add(line.entry)
                kept.append(line)
        leaves = tuple(leaf for leaf in program.leaves if leaf in known)
        return evaluate_surely(Program(leaves, tuple(kept)), self.model.values)

    def check(self) -> None:
        """UserError for the first unit whose weights sum to 0, so that its error cannot be shared out."""
        for entry in self.undefined:
            assert isinstance(entry.position, int)
            (unit,) = entry.indices or ()
            assert isinstance(unit, int)
            raise UserError(
                f"layers[{entry.position - 1}].weights[{unit}]",
                "the weights that lead to this unit sum to 0: its error cannot be handed back in proportion to them",
            )


def error_shares(model: Model) -> ErrorShares:
    """The error shares of a network of dense layers; UserError for other layers."""
    for place, layer in enumerate(model.network.layers):
        if not isinstance(layer, Dense) or layer.tied is not None:
            raise UserError(f"layers[{place}]", "error shares are defined for dense layers with weights of their own")
    sweep = reverse_sweep(model.graph)
    build = Builder(sweep.graph.nodes)
    output = len(model.network.layers)
    part = sweep.graph.node(LOSS_PART)
    gradient = sweep.graph.node(adjoint_symbol(Symbol("activation", output)))
    for variant, start in (("", part), (SIMPLIFIED, part), (SIGNED, gradient)):
        error = build.apply(Map(total(1)), start, symbol=Symbol(ERROR, output, None, variant), order=start.axes)
        _add_total(build, error)
        for position in range(output, 0, -1):
            error = _handed_back(build, error, sweep.graph.node(Symbol("weight", position)), position)
            _add_total(build, error)
    return ErrorShares(model, sweep, build.graph(model.graph.loss, model.graph.parameters))


def _handed_back(build: Builder, error: Node, weight: Node, position: int) -> Node:
    """The errors of the layer before: by shares, or by the weights themselves."""
    assert error.symbol is not None
    units, before = weight.axes
    factor = weight
    if not error.symbol.variant:
        sums = build.apply(Contract(frozenset({before.name})), weight, symbol=Symbol(WEIGHT_TOTAL, position))
        factor = build.apply(Map(QUOTIENT), weight, sums, symbol=Symbol(SHARE, position), order=weight.axes)
    rows = error.axes[:-1]
    symbol = Symbol(ERROR, position - 1, None, error.symbol.variant)
    return build.apply(Contract(frozenset({units.name})), factor, error, symbol=symbol, order=(*rows, before))


def _add_total(build: Builder, error: Node) -> None:
    assert error.symbol is not None
    every = frozenset(axis.name for axis in error.axes)
    build.apply(Contract(every), error, symbol=Symbol(ERROR_TOTAL, error.symbol.position, None, error.symbol.variant))
