"""A network's quantities at one point: its leaves are given, everything else follows through its graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import structs

from symbackprop.check.bind.scripts import WHOLE
from symbackprop.check.evaluate.absent import Absent
from symbackprop.check.evaluate.array import Array, ShapeError, column
from symbackprop.check.evaluate.derived import DERIVED
from symbackprop.check.evaluate.drawing import Places
from symbackprop.check.evaluate.evaluation import Evaluator
from symbackprop.check.evaluate.functions import applied_function
from symbackprop.check.evaluate.time import node_of_step, steps_of
from symbackprop.check.evaluate.traced import Traced, Undecided, arithmetic, derivatives, number, renamed
from symbackprop.derive.derivation import Derivation
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.forms.scalar import definition
from symbackprop.graph import Node, canonical_id, whole
from symbackprop.numeric.program import program_of
from symbackprop.spec.build import RATE
from symbackprop.spec.model import Order


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document arranges arrays, counts layers and signs δ.

    ``row``: vectors are rows. ``from_to``: the first index of a weight is the unit it comes from.
    ``delta_sign``: -1 where δ is minus the derivative. ``order``: which weights an update uses.
    ``plain_shares``: errors are handed back by the weights themselves, not by their proportions.
    ``shared_bias``: the neurons of a layer have one bias.
    """

    row: bool = False
    from_to: bool = False
    delta_sign: int = 1
    order: Order = "simultaneous"
    plain_shares: bool = False
    shared_bias: bool = False


COLUMNS = Layout()
_MATRICES = frozenset({"weight", "recurrent_weight"})


@dataclass(eq=False)
class NetworkDrawing:
    """Values of all quantities of a derivation, from those of the leaves."""

    derivation: Derivation
    leaves: Mapping[Symbol, Any]
    layout: Layout = COLUMNS
    _values: dict[str, dict[tuple[int, ...], Traced]] = field(default_factory=dict)
    _slopes: dict[int, Mapping[int, Any]] = field(default_factory=dict)
    _computed: int = 0
    shares: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    def with_layout(self, layout: Layout) -> NetworkDrawing:
        """The same point, arranged in another way; what was computed is kept where it stays the same."""
        if layout.shared_bias != self.layout.shared_bias:
            return NetworkDrawing(self.derivation, self.leaves, layout)
        return replace(self, layout=layout, shares={})

    def another(self, leaves: Mapping[Symbol, Any]) -> NetworkDrawing:
        """The same parameters, the very same numbers, with other leaves beside them."""
        graph = self.derivation.model.graph
        shared = {node.id: self._forward(node) for node in graph.parameters}
        return NetworkDrawing(self.derivation, leaves, self.layout, _values=shared)

    # ---- what the evaluator asks for -------------------------------------------------------

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        position = self.resolved(symbol.position, places)
        derived = DERIVED.get(symbol.kind)
        indices = self._places(symbol, places)
        if derived is not None:
            whole_numbers = tuple(index for index in indices or () if index is not None)
            return derived.value(self, Symbol(symbol.kind, position, whole_numbers or None), position)
        node, indices = self._located(Symbol(symbol.kind, position), indices)
        if indices is None:
            return self._array(symbol, node)
        if self.layout.shared_bias and node.role == "bias":
            return self._entry(symbol, node, tuple(0 for _ in node.axes))
        if len(indices) != len(node.axes):
            raise Undecided(f"{node.role} with {len(indices)} indices")
        for index, axis in zip(indices, node.axes, strict=True):
            if index is not None and not 0 <= index < whole(axis):
                raise Absent(f"there is no {node.role} with the index {index + 1}")
        if None in indices:
            return self._slice(symbol, node, indices)
        return self._entry(symbol, node, tuple(index for index in indices if index is not None))

    def _located(
        self, symbol: Symbol, indices: tuple[int | None, ...] | None
    ) -> tuple[Node, tuple[int | None, ...] | None]:
        """The node of a whole quantity, with the indices into it; a step in time chooses the node."""
        graph = self.derivation.model.graph
        if canonical_id(symbol) not in graph.by_id and indices:
            node = node_of_step(graph, symbol, indices[0])
            if node is not None:
                return node, indices[1:]
        return self._node(symbol), indices

    def _places(self, symbol: Symbol, places: Places) -> tuple[int | None, ...] | None:
        """The indices as numbers; None for one that stands for all its values."""
        if symbol.indices is None:
            return None
        return tuple(None if index == WHOLE else self.resolved(index, places) for index in symbol.indices)

    def _slice(self, symbol: Symbol, node: Node, indices: tuple[int | None, ...]) -> Any:
        """``w_{·j}``: a row or a column, as it stands in the matrix."""
        if indices == (None,):
            return self._array(symbol, node)
        if indices.count(None) != 1 or len(indices) != 2:
            raise Undecided(f"{node.role} with {len(indices)} indices")
        free = indices.index(None)
        entries = tuple(
            self._entry(symbol, node, tuple(place if index is None else index for index in indices))
            for place in range(whole(node.axes[free]))
        )
        upright = (free == 0) != self._turned(node)
        return column(entries) if upright else column(entries).transposed

    def _turned(self, node: Node) -> bool:
        """Whether the first axis of a matrix counts its columns."""
        return self.layout.row if node.role in _MATRICES else not self.layout.row

    def vector(self, symbol: Symbol) -> tuple[Any, ...]:
        """All entries of a quantity, in order."""
        node = self._node(symbol)
        return tuple(self._entry(symbol, node, place) for place in node.places())

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        position = self.resolved(symbol.position, places)
        return applied_function(self._function_name(symbol.variant, position), order, arguments)

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        try:
            layer = self.resolved(symbol.position, places)
            kind = "activation" if symbol.kind == "share" else symbol.kind
            graph = self.derivation.model.graph
            step = (
                None
                if canonical_id(Symbol(kind, layer)) in graph.by_id
                else node_of_step(graph, Symbol(kind, layer), 0)
            )
            if step is not None:
                return steps_of(graph) if position == 0 else whole(step.axes[position - 1])
            node = self._node(Symbol(kind, layer))
        except Absent:
            raise
        except Undecided:
            return None
        return whole(node.axes[position]) if position < len(node.axes) else None

    def layers(self, symbol: Symbol) -> range:
        graph = self.derivation.model.graph
        found = [position for position in range(len(self.derivation.network.sizes))
                 if canonical_id(Symbol(symbol.kind, position)) in graph.by_id or symbol.kind == "share"]  # fmt: skip
        return range(min(found), max(found) + 1) if found else range(0)

    def slopes(self, of: Traced) -> Mapping[int, Any]:
        if of.order not in self._slopes:
            self._slopes[of.order] = {**derivatives(of), **self._uses(of)}
        return self._slopes[of.order]

    def _uses(self, of: Traced) -> Mapping[int, Any]:
        """The derivatives of a quantity by the parameters that it is computed with itself.

        ``∂z/∂w`` of a weight that earlier layers or steps use too means this use alone; what a loss has is total.
        """
        graph = self.derivation.model.graph
        named = {
            entry.order for key, values in self._values.items() if key != graph.loss.id for entry in values.values()
        }
        if of.order not in named:
            return {}
        direct = derivatives(of, frozenset(named))
        orders = {entry.order for node in graph.parameters for entry in self._values.get(node.id, {}).values()}
        return {order: slope for order, slope in direct.items() if order in orders}

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
            if current.symbol is not None and current.id not in self._values:
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
            if known and self.layout.shared_bias and node.role == "bias":
                one = Traced(number(str(next(iter(given.values())))))
                return dict.fromkeys(given, one)
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
            return self._sequential()[structs.replace(node.symbol, variant=ADJOINT, indices=place)]
        loss = self._forward(self.derivation.model.graph.loss)[()]
        return number(self.slopes(loss).get(self._forward(node)[place].order, 0))

    def _updated(self, node: Node, place: tuple[int, ...]) -> Any:
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
        if not node.axes or (self.layout.shared_bias and node.role == "bias"):
            return self._entry(symbol, node, tuple(0 for _ in node.axes))
        entries = {place: self._entry(symbol, node, place) for place in node.places()}
        if len(node.axes) == 1:
            vector = column(tuple(entries.values()))
            return vector.transposed if self.layout.row else vector
        if len(node.axes) > 2:
            raise ShapeError(f"{node.role} has {len(node.axes)} axes")
        matrix = Array(whole(node.axes[0]), whole(node.axes[1]), tuple(entries.values()))
        return matrix.transposed if self._turned(node) else matrix
