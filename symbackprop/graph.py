"""The computation graph: shaped nodes in single assignment order, over named axes.

A graph knows nothing of layers, notations or documents. Rows, columns and transposes do not exist
here either: an axis has a name, and what a reader sees as a transpose is decided when printing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Protocol, TypeAlias, runtime_checkable

from msgspec.structs import replace

from symbackprop.expression import Index, IndexValue, Symbol

Size: TypeAlias = "int | Symbol"


@dataclass(frozen=True, slots=True)
class Axis:
    """A named axis; the size is a number or, for networks of any size, a symbol."""

    name: str
    size: Size


@runtime_checkable
class Operation(Protocol):
    """One of the few primitives of ``symbackprop.ops``."""

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        """The axes of the result; raises ValueError where the arguments do not fit."""
        ...

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """What the node's adjoint contributes to the adjoint of one argument; None for nothing."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A quantity: how it is computed, from what, and over which axes.

    ``symbol`` is its canonical name; a node without one is an intermediate that readers never
    see and that every form writes out in place. A symbol with indices names a slice: they are the
    first indices of all its entries (the step in time, say). ``operation`` is None for leaves.
    """

    id: str
    operation: Operation | None
    arguments: tuple[Node, ...]
    axes: tuple[Axis, ...]
    symbol: Symbol | None = None

    @property
    def role(self) -> str:
        return self.symbol.kind if self.symbol else ""

    @property
    def shape(self) -> tuple[Size, ...]:
        return tuple(axis.size for axis in self.axes)

    def entry(self, *indices: IndexValue) -> Symbol:
        """The symbol of one entry of this node."""
        if self.symbol is None or len(indices) != len(self.axes):
            raise ValueError(f"{self.id} has no entry {indices}")
        every = (*_indices(self), *indices)
        return Symbol(self.symbol.kind, self.symbol.position, every, self.symbol.variant)

    def places(self) -> Iterator[tuple[int, ...]]:
        """All index tuples, last axis fastest; sizes must be numbers."""
        return product(*(range(whole(axis)) for axis in self.axes))

    def __repr__(self) -> str:
        return f"Node({self.id}: {' × '.join(axis.name for axis in self.axes) or 'scalar'})"


def whole(axis: Axis) -> int:
    """The size of an axis as a number."""
    if not isinstance(axis.size, int):
        raise ValueError(f"axis {axis.name} has the symbolic size {axis.size}")
    return axis.size


def canonical_id(symbol: Symbol) -> str:
    """The id of the whole array that a symbol belongs to: ``weight[2]``, ``updated weight[m-1]``."""
    place = "" if symbol.position is None else f"[{_index_id(symbol.position)}]"
    return f"{symbol.variant} {symbol.kind}{place}".lstrip()


def slice_id(symbol: Symbol) -> str:
    """The id of the node that a symbol names, be it a slice: ``activation[1](t-1)``."""
    indices = ",".join(map(_index_id, symbol.indices or ()))
    return canonical_id(symbol) + (f"({indices})" if indices else "")


def _indices(node: Node) -> tuple[IndexValue, ...]:
    """The indices that a slice's name begins with."""
    return (node.symbol.indices or ()) if node.symbol else ()


def _index_id(index: IndexValue) -> str:
    if isinstance(index, Index):
        return index.symbol + (f"{index.offset:+d}" if index.offset else "")
    return str(index)


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in an order in which each stands after its arguments; the loss; the parameters."""

    nodes: tuple[Node, ...]
    loss: Node
    parameters: tuple[Node, ...] = ()
    by_id: Mapping[str, Node] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {node.id: node for node in self.nodes})

    def node(self, symbol: Symbol) -> Node:
        """The node that a symbol, or one of its entries, belongs to (KeyError if there is none)."""
        whole_array = self.by_id.get(canonical_id(symbol))
        if whole_array is not None:
            return whole_array
        for length in range(1, len(symbol.indices or ()) + 1):
            part = self.by_id.get(slice_id(replace(symbol, indices=(symbol.indices or ())[:length])))
            if part is not None:
                return part
        raise KeyError(slice_id(symbol))

    def entries(self, array: Symbol) -> tuple[Symbol, ...]:
        """All entries of an array, put together from its slices where it has some; () if there is none."""
        name = canonical_id(array)
        found = self.by_id.get(name)
        slices = [node for node in self.nodes if node.symbol and not found and canonical_id(node.symbol) == name]
        slices.sort(key=lambda node: [index for index in _indices(node) if isinstance(index, int)])
        return tuple(part.entry(*place) for part in ([found] if found else slices) for place in part.places())

    def roles(self, role: str) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.role == role)

    def verify(self) -> None:
        """Check single assignment, order and axes; ValueError names the first node that is wrong."""
        known: set[str] = set()
        for node in self.nodes:
            if node.id in known:
                raise ValueError(f"{node.id} is assigned twice")
            for argument in node.arguments:
                if self.by_id.get(argument.id) is not argument or argument.id not in known:
                    raise ValueError(f"{node.id} uses {argument.id} before it is computed")
            if node.operation is not None and set(node.operation.axes(node.arguments)) != set(node.axes):
                raise ValueError(f"{node.id}: its axes do not follow from its arguments")
            known.add(node.id)
        if self.loss.axes:
            raise ValueError(f"the loss {self.loss.id} is not a scalar")

    def consumers(self) -> dict[str, list[tuple[Node, int]]]:
        """Node id -> the (node, argument position) pairs that use it."""
        uses: dict[str, list[tuple[Node, int]]] = {node.id: [] for node in self.nodes}
        for node in self.nodes:
            for position, argument in enumerate(node.arguments):
                uses[argument.id].append((node, position))
        return uses


class Builder:
    """Puts nodes into a graph one after the other."""

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._nodes: dict[str, Node] = {node.id: node for node in nodes}
        self._anonymous = 0

    @property
    def nodes(self) -> tuple[Node, ...]:
        """What was put in so far, in order."""
        return tuple(self._nodes.values())

    def leaf(self, symbol: Symbol, *axes: Axis) -> Node:
        """A quantity given from outside: an input, a target, a parameter."""
        return self._put(Node(slice_id(symbol), None, (), axes, symbol))

    def apply(
        self,
        operation: Operation,
        *arguments: Node,
        symbol: Symbol | None = None,
        order: tuple[Axis, ...] | None = None,
    ) -> Node:
        """The operation's result; ``order`` states the order of its axes where it matters."""
        axes = operation.axes(arguments)
        if order is not None:
            if set(order) != set(axes):
                raise ValueError(f"the axes are {axes}, not {order}")
            axes = order
        if symbol is None:
            self._anonymous += 1
            identity = f"{type(operation).__name__.lower()}#{len(self._nodes)}.{self._anonymous}"
        else:
            identity = slice_id(symbol)
        return self._put(Node(identity, operation, arguments, axes, symbol))

    def name(self, node: Node, symbol: Symbol) -> Node:
        """The same node under a symbol; it must be an intermediate that no other node uses yet."""
        if node.symbol is not None:
            raise ValueError(f"{node.id} already has a name")
        del self._nodes[node.id]
        return self._put(Node(slice_id(symbol), node.operation, node.arguments, node.axes, symbol))

    def graph(self, loss: Node, parameters: Iterable[Node] = ()) -> Graph:
        graph = Graph(tuple(self._nodes.values()), loss, tuple(parameters))
        graph.verify()
        return graph

    def _put(self, node: Node) -> Node:
        if node.id in self._nodes:
            raise ValueError(f"{node.id} is assigned twice")
        self._nodes[node.id] = node
        return node
