"""A network's quantities at one point: its leaves are given, everything else follows through its graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from symbackprop.check.evaluate import Evaluator, Places
from symbackprop.check.evaluate_array import Array, ShapeError, column
from symbackprop.check.evaluate_functions import applied_function
from symbackprop.check.evaluate_traced import Traced, Undecided, arithmetic, derivatives, number, renamed
from symbackprop.derive.derivation import Derivation
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.forms.scalar import definition
from symbackprop.graph import Node, canonical_id, whole
from symbackprop.numeric.program import program_of
from symbackprop.spec.build import RATE
from symbackprop.spec.model import Order


COUNTS = frozenset({"size", "depth", "samples"})
"""Kinds that stand for whole numbers of the network."""


class Absent(Undecided):
    """An index or a layer beyond the network: the instance of a general formula does not exist."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document arranges arrays, counts layers and signs δ.

    ``row``: vectors are rows. ``from_to``: the first index of a weight is the unit it comes from.
    ``delta_sign``: -1 where δ is minus the derivative. ``order``: which weights an update uses.
    """

    row: bool = False
    from_to: bool = False
    delta_sign: int = 1
    order: Order = "simultaneous"


@dataclass(eq=False)
class NetworkDrawing:
    """Values of all quantities of a derivation, from those of the leaves."""

    derivation: Derivation
    leaves: Mapping[Symbol, Any]
    layout: Layout = Layout()
    _values: dict[str, dict[tuple[int, ...], Traced]] = field(default_factory=dict)
    _slopes: dict[int, Mapping[int, Any]] = field(default_factory=dict)
    _computed: int = 0

    def with_layout(self, layout: Layout) -> NetworkDrawing:
        """The same point, arranged in another way."""
        return replace(self, layout=layout)

    # ---- what the evaluator asks for -------------------------------------------------------

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        position = self.resolved(symbol.position, places)
        if symbol.kind in COUNTS:
            return Traced(number(self._count(symbol.kind, position)))
        node = self._node(replace(symbol, position=position, indices=None, variant=""))
        if symbol.indices is None:
            return self._array(symbol, node)
        indices = tuple(self.resolved(index, places) for index in symbol.indices)
        if len(indices) != len(node.axes):
            raise Undecided(f"{node.role} with {len(indices)} indices")
        for index, axis in zip(indices, node.axes, strict=True):
            if index is None or not 0 <= index < whole(axis):
                raise Absent(f"there is no {node.role} with the index {(index or 0) + 1}")
        return self._entry(symbol, node, tuple(index or 0 for index in indices))

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        position = self.resolved(symbol.position, places)
        return applied_function(self._function_name(symbol.variant, position), order, arguments)

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        try:
            layer = self.resolved(symbol.position, places)
            node = self._node(replace(symbol, position=layer, indices=None, variant=""))
        except Absent:
            raise
        except Undecided:
            return None
        return whole(node.axes[position]) if position < len(node.axes) else None

    def layers(self, symbol: Symbol) -> range:
        graph = self.derivation.model.graph
        found = [position for position in range(len(self.derivation.network.sizes))
                 if canonical_id(Symbol(symbol.kind, position)) in graph.by_id]  # fmt: skip
        return range(min(found), max(found) + 1) if found else range(0)

    def slopes(self, of: Traced) -> Mapping[int, Any]:
        if of.order not in self._slopes:
            self._slopes[of.order] = derivatives(of)
        return self._slopes[of.order]

    def _count(self, kind: str, position: int | None) -> int:
        sizes = self.derivation.network.sizes
        if kind == "size" and (position is None or not 0 <= position < len(sizes)):
            raise Absent("there is no such layer")
        return sizes[position or 0] if kind == "size" else len(sizes) - 1 if kind == "depth" else 1

    # ---- how it is computed ----------------------------------------------------------------

    def resolved(self, index: IndexValue | None, places: Places) -> int | None:
        """An index as a number."""
        if not isinstance(index, Index):
            return index
        if index.symbol not in places:
            raise Undecided(f"nothing says what the index {index.symbol} is")
        return places[index.symbol] + index.offset

    def _node(self, symbol: Symbol) -> Node:
        graph = self.derivation.model.graph
        node = graph.by_id.get(canonical_id(symbol))
        if node is None:
            raise Absent(f"the network has no {symbol.kind.replace('_', ' ')} of layer {symbol.position}")
        return node

    def _function_name(self, name: str, position: int | None) -> str:
        if name:
            return name
        layers = self.derivation.network.layers
        names = [layer.activation for layer in layers]
        if position is None:
            if len(set(names)) > 1:
                raise Undecided("the layers have different activations, and the formula does not say which is meant")
            return str(names[0])
        if not 1 <= position <= len(names):
            raise Absent(f"layer {position} has no activation")
        return str(names[position - 1])

    def _entry(self, symbol: Symbol, node: Node, place: tuple[int, ...]) -> Any:
        words = frozenset(symbol.variant.split())
        if ADJOINT in words and not words - {ADJOINT, "negated"}:
            sign = -1 if "negated" in words else 1
            return Traced(self._adjoint(node, place) * sign * self._sign_of(node), None)
        if words == {UPDATED}:
            return self._updated(node, place)
        if words:
            raise Undecided(f"the {symbol.variant} of a quantity")
        return self._forward(node)[place]

    def _sign_of(self, node: Node) -> int:
        """The sign that the document gives to δ; other adjoints are written as derivatives and keep theirs."""
        return self.layout.delta_sign if node.role == "preactivation" else 1

    def _forward(self, node: Node) -> dict[tuple[int, ...], Traced]:
        """The values of a node; all nodes before it are computed first, in the graph's order."""
        nodes = self.derivation.model.graph.nodes
        while node.id not in self._values and self._computed < len(nodes):
            current = nodes[self._computed]
            self._computed += 1
            if current.symbol is not None:
                self._values[current.id] = self._compute(current)
        values = self._values.get(node.id, {})
        if not values:
            raise Undecided(f"the {node.role.replace('_', ' ')} has no value here")
        return values

    def _compute(self, node: Node) -> dict[tuple[int, ...], Traced]:
        """Empty where a leaf that is needed has no value."""
        if node.operation is None:
            given = {place: self.leaves.get(node.entry(*place)) for place in node.places()}
            known = all(value is not None for value in given.values())
            return {place: Traced(number(str(value))) for place, value in given.items()} if known else {}
        evaluator = Evaluator(self, tracing=True)
        graph = self.derivation.model.graph
        try:
            return {place: renamed(evaluator.value(definition(graph, node.entry(*place)))) for place in node.places()}
        except Absent:
            raise
        except Undecided:
            return {}

    def _adjoint(self, node: Node, place: tuple[int, ...]) -> Any:
        """∂E/∂entry, in the order of updates that the layout states."""
        if self.layout.order == "sequential":
            assert node.symbol is not None
            return self._sequential()[replace(node.symbol, variant=ADJOINT, indices=place)]
        loss = self._forward(self.derivation.model.graph.loss)[()]
        return number(self.slopes(loss).get(self._forward(node)[place].order, 0))

    def _updated(self, node: Node, place: tuple[int, ...]) -> Traced:
        rate = self._forward(self.derivation.model.graph.by_id[canonical_id(RATE)])[()]
        return self._forward(node)[place] - rate * self._adjoint(node, place)

    def _sequential(self) -> Mapping[Symbol, Any]:
        """All adjoints where the error goes back through weights that are already updated."""
        known = self.__dict__.get("_sequential_values")
        if known is None:
            program = program_of(self.derivation.sweep_in("sequential").graph)
            if any(leaf not in self.leaves for leaf in program.leaves):
                raise Undecided("the sequential order needs values for all leaves")
            known = program.evaluate(self.leaves, arithmetic())
            self.__dict__["_sequential_values"] = known
        return known

    def _array(self, symbol: Symbol, node: Node) -> Any:
        entries = {place: self._entry(symbol, node, place) for place in node.places()}
        if not node.axes:
            return entries[()]
        if len(node.axes) == 1:
            vector = column(tuple(entries.values()))
            return vector.transposed if self.layout.row else vector
        if len(node.axes) > 2:
            raise ShapeError(f"{node.role} has {len(node.axes)} axes")
        matrix = Array(whole(node.axes[0]), whole(node.axes[1]), tuple(entries.values()))
        turned = self.layout.row if node.role == "weight" else not self.layout.row
        return matrix.transposed if turned else matrix
