"""The rounds of a repeat written out, where their number is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.graph import Axis, Builder, Graph, Node, whole
from symbackprop.ops.gather import Affine, Gather, Stack
from symbackprop.ops.pullback import added
from symbackprop.ops.repeat import Body, Repeat


@dataclass(slots=True)
class Rounds:
    """All rounds of a body over given arguments, put into a builder; each result is built when asked for."""

    build: Builder
    body: Body
    axis: Axis
    arguments: tuple[Node, ...]
    backwards: bool
    known: list[dict[int, Node]] = field(init=False)
    last: tuple[Node, ...] = field(init=False)

    def __post_init__(self) -> None:
        size = whole(self.axis)
        self.known = [{} for _ in range(size)]
        count = len(self.body.carried)
        carried = self.arguments[:count]
        sequences = self.arguments[count : count + len(self.body.sequences)]
        shared = self.arguments[count + len(self.body.sequences) :]
        for number in range(size - 1, -1, -1) if self.backwards else range(size):
            here = self.known[number]
            here.update({id(start): value for (start, _), value in zip(self.body.carried, carried, strict=True)})
            for node, array in zip(self.body.sequences, sequences, strict=True):
                here[id(node)] = self._slice(array, number)
            here.update({id(node): value for node, value in zip(self.body.shared, shared, strict=True)})
            carried = tuple(self.at(number, new) for _, new in self.body.carried)
        self.last = carried

    def at(self, number: int, node: Node) -> Node:
        """A node of the body in one round."""
        here = self.known[number]
        for inner in self.body.inner([node]):
            if id(inner) not in here:
                arguments = (here[id(argument)] for argument in inner.arguments)
                symbol = at_index(inner.symbol, number) if inner.symbol else None
                assert inner.operation is not None
                here[id(inner)] = self.build.apply(inner.operation, *arguments, symbol=symbol)
        return here[id(node)]

    def _slice(self, array: Node, number: int) -> Node:
        if isinstance(array.operation, Stack) and array.operation.axis == self.axis:
            return array.arguments[number]
        return self.build.apply(Gather(((self.axis.name, Affine(number)),)), array)

    def result(self, operation: Repeat) -> Node:
        """What a repeat of this body gives."""
        if operation.last:
            return self.last[[new for _, new in self.body.carried].index(operation.output)]
        slices = (self.at(number, operation.output) for number in range(whole(self.axis)))
        return self.build.apply(Stack(self.axis), *slices)


def at_index(symbol: Symbol, number: int) -> Symbol:
    """A symbol of a body in the round of that number: h_t, h_{t-1} with t = number."""

    def shifted(index: IndexValue) -> IndexValue:
        return number + index.offset if isinstance(index, Index) else index

    first, *rest = symbol.indices or (Index("t"),)
    return replace(symbol, indices=(shifted(first), *rest))


def unrolled(build: Builder, operation: Repeat, *arguments: Node) -> Node:
    """The result of a repeat whose length is a number, as nodes without a repeat."""
    operation.axes(arguments)
    return Rounds(build, operation.body, operation.axis, arguments, operation.backwards).result(operation)


def unroll(graph: Graph) -> Graph:
    """The same graph without repeats; their lengths must be numbers."""
    build = Builder()
    made: dict[str, Node] = {}
    rounds: dict[tuple[object, ...], Rounds] = {}
    for node in graph.nodes:
        arguments = tuple(made[argument.id] for argument in node.arguments)
        if isinstance(node.operation, Repeat):
            repeat = node.operation
            key = (id(repeat.body), repeat.axis, repeat.backwards, *map(id, arguments))
            if key not in rounds:
                rounds[key] = Rounds(build, repeat.body, repeat.axis, arguments, repeat.backwards)
            result = rounds[key].result(repeat)
            made[node.id] = result if node.symbol is None else added(build, [result], node.axes, node.symbol)
        elif node.operation is None:
            assert node.symbol is not None
            made[node.id] = build.leaf(node.symbol, *node.axes)
        else:
            made[node.id] = build.apply(node.operation, *arguments, symbol=node.symbol, order=node.axes)
    return build.graph(made[graph.loss.id], (made[parameter.id] for parameter in graph.parameters))
