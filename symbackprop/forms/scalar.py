"""Scalar form: every axis written out, one equation per entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import product
from math import prod

from msgspec.structs import replace

from symbackprop.errors import UserError
from symbackprop.expression import Expression, Index, IndexValue, Symbol, add, multiply, transform
from symbackprop.forms.algebra import fill, function_tree
from symbackprop.graph import Graph, Node, whole
from symbackprop.ops import Composite, Contract, Gather, Map, Repeat, Scatter, Stack

Place = Mapping[str, IndexValue]
MOST_IN_CLOSED_FORM = 20_000
"""Quantities: some two hundred pages."""


def definition(graph: Graph, entry: Symbol, inline: Collection[str] = ()) -> Expression:
    """How one entry is computed from the named entries it uses directly.

    The nodes whose ids are in ``inline`` are written out as well. A leaf is its own definition.
    """
    node = graph.node(entry)
    return _compute(node, place_of(node, entry), frozenset(inline))


def general_definition(node: Node, place: Place) -> Expression | None:
    """The definition of any entry, its indices letters; None where entries differ in more than their indices."""
    pending = [_written_out(node)]
    while pending:
        part = pending.pop()
        operation = part.operation
        if isinstance(operation, Gather | Scatter):
            gather = operation if isinstance(operation, Gather) else operation.gather
            if gather.renaming is None:
                return None
        elif not isinstance(operation, Map | Contract):
            return None
        pending.extend(_written_out(argument) for argument in part.arguments if argument.symbol is None)
    return _compute(node, place, frozenset())


def _written_out(node: Node) -> Node:
    return node.operation.written_out(node) if isinstance(node.operation, Composite) else node


def closed_form(graph: Graph, entry: Symbol) -> Expression:
    """An entry written out down to the leaves; UserError where that would be too long for anybody to read."""
    size = closed_size(graph.node(entry))
    if size > MOST_IN_CLOSED_FORM:
        fact = f"would hold up to about 10^{len(str(size)) - 1} quantities"
        advice = f"at most {MOST_IN_CLOSED_FORM:,} are written out; the δ form says the same in steps"
        raise UserError("closed form", f"{fact}; {advice}")
    return definition(graph, entry, graph.by_id)


def closed_size(node: Node) -> int:
    """About how many quantities the closed form of an entry holds; counted without writing it."""
    sizes: dict[int, int] = {}
    pending = [node]
    while pending:
        here = pending[-1]
        arguments = (_written_out(here),) if isinstance(here.operation, Composite) else here.arguments
        unknown = [argument for argument in arguments if id(argument) not in sizes]
        if unknown and id(here) not in sizes:
            pending.extend(unknown)
            continue
        pending.pop()
        sizes[id(here)] = _times(here) * sum(sizes[id(argument)] for argument in arguments) if arguments else 1
    return sizes[id(node)]


def _times(node: Node) -> int:
    """How many terms a contraction adds up."""
    if not isinstance(node.operation, Contract):
        return 1
    over = node.operation.over
    summed = {axis.name: whole(axis) for argument in node.arguments for axis in argument.axes if axis.name in over}
    return prod(summed.values())


def adjoint_free(graph: Graph, entry: Symbol) -> Expression:
    """An adjoint written out down to the quantities of the forward pass."""
    adjoints = [node.id for node in graph.nodes if node.symbol is not None and node.symbol.variant == "adjoint"]
    return definition(graph, entry, adjoints)


def place_of(node: Node, entry: Symbol) -> dict[str, IndexValue]:
    """Axis name -> index of an entry."""
    fixed = len(node.symbol.indices or ()) if node.symbol else 0
    return dict(zip((axis.name for axis in node.axes), (entry.indices or ())[fixed:], strict=True))


def expand(node: Node, place: Place, inline: frozenset[str] = frozenset()) -> Expression:
    """An entry as it appears in the definition of another one."""
    if node.symbol is not None and node.id not in inline:
        return node.entry(*(place[axis.name] for axis in node.axes))
    return _compute(node, place, inline)


def _compute(node: Node, place: Place, inline: frozenset[str]) -> Expression:
    rule = _RULES.get(type(node.operation))
    if rule is None:
        raise TypeError(f"no scalar form for {type(node.operation).__name__}")
    return rule(node, node.operation, place, inline)


def _leaf(node: Node, operation: None, place: Place, inline: frozenset[str]) -> Expression:
    return node.entry(*(place[axis.name] for axis in node.axes))


def _map(node: Node, operation: Map, place: Place, inline: frozenset[str]) -> Expression:
    arguments = tuple(expand(argument, place, inline) for argument in node.arguments)
    return fill(function_tree(operation.function), arguments)


def _contract(node: Node, operation: Contract, place: Place, inline: frozenset[str]) -> Expression:
    summed = [axis for argument in node.arguments for axis in argument.axes if axis.name in operation.over]
    ranges = {axis.name: range(whole(axis)) for axis in summed}
    terms = []
    for indices in product(*ranges.values()):
        inner = {**place, **dict(zip(ranges, indices, strict=True))}
        terms.append(multiply(*(expand(argument, inner, inline) for argument in node.arguments)))
    return add(*terms)


def _composite(node: Node, operation: Composite, place: Place, inline: frozenset[str]) -> Expression:
    return _compute(_written_out(node), place, inline)


def _gather(node: Node, operation: Gather, place: Place, inline: frozenset[str]) -> Expression:
    return expand(node.arguments[0], operation.source(place), inline)


def _scatter(node: Node, operation: Scatter, place: Place, inline: frozenset[str]) -> Expression:
    return add(*(expand(node.arguments[0], source, inline) for source in operation.sources(place)))


def _stack(node: Node, operation: Stack, place: Place, inline: frozenset[str]) -> Expression:
    position = place[operation.axis.name]
    if not isinstance(position, int):
        raise ValueError(f"{node.id} has no entry at a symbolic index along {operation.axis.name}")
    return expand(node.arguments[position], place, inline)


def _repeat(node: Node, operation: Repeat, place: Place, inline: frozenset[str]) -> Expression:
    inner = {name: index for name, index in place.items() if name != operation.axis.name}
    return at_round(expand(operation.output, inner, inline), operation, place)


def at_round(expression: Expression, operation: Repeat, place: Place) -> Expression:
    """What the body of a repeat says of its general round, said of the round at a place."""
    if operation.last:
        raise TypeError("the last round of a repeat has no entry of its own; unroll the graph")
    here, letter = place[operation.axis.name], operation.body.index

    def shifted(index: IndexValue) -> IndexValue:
        if not isinstance(index, Index) or index.symbol != letter:
            return index
        return Index(here.symbol, here.offset + index.offset) if isinstance(here, Index) else here + index.offset

    def replaced(part: Expression) -> Expression | None:
        if isinstance(part, Symbol) and part.indices:
            return replace(part, indices=tuple(map(shifted, part.indices)))
        return None

    return transform(expression, replaced)


_RULES: dict[type, Callable[..., Expression]] = {
    type(None): _leaf,
    Map: _map,
    Contract: _contract,
    Composite: _composite,
    Gather: _gather,
    Scatter: _scatter,
    Stack: _stack,
    Repeat: _repeat,
}
