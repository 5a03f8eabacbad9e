"""repeat: one body, carried out for every index of an axis: steps in time, layers of equal shape.

The length may be a symbol. The adjoint is another repeat, of the reversed body, in the other
direction. Where the length is a number, ``unroll`` writes the rounds out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from msgspec.structs import replace

from symbackprop.expression import Symbol
from symbackprop.graph import Axis, Builder, Node
from symbackprop.ops.arithmetic import ZERO
from symbackprop.ops.contract import Contract
from symbackprop.ops.map import Map
from symbackprop.ops.pullback import ADJOINT, pull_back

OWN = f"own {ADJOINT}"
"""The variant of the part of ∂E/∂quantity that comes through the round's own output."""
LATER = f"later {ADJOINT}"
"""The variant of the part of ∂E/∂quantity that comes through later rounds."""


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """One round. Its nodes are computed from what comes in:

    ``carried``, pairs of a node that stands for what the round before left and the node that is
    handed on; ``sequences``, nodes that stand for the round's own slice of an array; ``shared``,
    nodes that are the same in all rounds. The symbol of a named node begins with the round's index,
    which the letter ``index`` stands for: h_t, and h_{t-1} for what was carried.
    """

    carried: tuple[tuple[Node, Node], ...]
    sequences: tuple[Node, ...] = ()
    shared: tuple[Node, ...] = ()
    index: str = "t"

    @property
    def given(self) -> tuple[Node, ...]:
        """What comes in, in the order of a repeat's arguments."""
        return (*(start for start, _ in self.carried), *self.sequences, *self.shared)

    def inner(self, results: Iterable[Node]) -> tuple[Node, ...]:
        """All nodes that are computed on the way to some results, in order."""
        given = {id(node) for node in self.given}
        found: dict[int, Node] = {}

        def visit(node: Node) -> None:
            if id(node) not in given and id(node) not in found:
                for argument in node.arguments:
                    visit(argument)
                found[id(node)] = node

        for result in results:
            visit(result)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Repeat:
    """The rounds of a body along ``axis``. Arguments: what is carried at first, sequences, shared ones.

    The result is ``output`` (a node of the body) of every round, along the axis; or, if ``last``,
    that of the last round alone, where ``output`` must be handed on. ``backwards`` begins at the
    largest index.
    """

    body: Body
    axis: Axis
    output: Node
    last: bool = False
    backwards: bool = False

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        expected = self.body.given
        if len(arguments) != len(expected):
            raise ValueError(f"the body takes {len(expected)} arguments, not {len(arguments)}")
        for node, argument in zip(expected, arguments, strict=True):
            along = {self.axis} if node in self.body.sequences else set()
            if set(argument.axes) != set(node.axes) | along:
                raise ValueError(f"{argument.id} has the axes {argument.axes}, but {node.id} has {node.axes}")
        for start, new in self.body.carried:
            if set(start.axes) != set(new.axes):
                raise ValueError(f"{new.id} is handed on as {start.id}, but has other axes")
        return self.output.axes if self.last else (self.axis, *self.output.axes)

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """The reversed body, run the other way. What all rounds share collects a term from each."""
        reversed_body = reverse_body(self.body, self.output, self.last)
        argument = self.body.given[position]
        output = reversed_body.adjoints.get(argument.id)
        if output is None:
            return None
        arguments = self._reversed_arguments(build, node, adjoint, reversed_body)
        is_start = position < len(self.body.carried)
        operation = Repeat(reversed_body.body, self.axis, output, is_start, not self.backwards)
        if argument in self.body.shared:
            rounds = once(build, operation, arguments)
            return build.apply(Contract(frozenset({self.axis.name})), rounds, order=node.arguments[position].axes)
        return build.apply(operation, *arguments, order=node.arguments[position].axes)

    def _reversed_arguments(
        self, build: Builder, node: Node, adjoint: Node, reversed_body: ReversedBody
    ) -> tuple[Node, ...]:
        """What the reversed body takes: adjoints after the last round, the forward pass, what is shared."""
        forward = dict(zip((given.id for given in self.body.given), node.arguments, strict=True))
        starts = []
        for start, new in self.body.carried:
            at_end = self.last and new is self.output
            starts.append(adjoint if at_end else once(build, Map(ZERO), (forward[start.id],)))
        sequences = []
        for used in reversed_body.body.sequences:
            if used is reversed_body.seed:
                sequences.append(adjoint)
            elif used in self.body.sequences:
                sequences.append(forward[used.id])
            else:
                every = Repeat(self.body, self.axis, used, backwards=self.backwards)
                sequences.append(once(build, every, node.arguments))
        return (*starts, *sequences, *(forward[shared.id] for shared in reversed_body.body.shared))


@dataclass(frozen=True, slots=True)
class ReversedBody:
    """The reversed body, and in it the adjoint of everything that came into the original one, by its id.

    ``seed`` stands for the adjoint of the round's own output, if rounds have one.
    """

    body: Body
    adjoints: dict[str, Node]
    seed: Node | None


@lru_cache(maxsize=128)
def reverse_body(body: Body, output: Node, last: bool) -> ReversedBody:
    """One round backwards: from the adjoint of what the round handed on to that of what it was handed."""
    build = Builder()
    seed = None if last else build.leaf(_symbol(output, OWN), *output.axes)
    carried = [build.leaf(_symbol(new, LATER), *start.axes) for start, new in body.carried]
    reaching: dict[str, list[Node]] = {}
    for (_, new), adjoint in zip(body.carried, carried, strict=True):
        reaching.setdefault(new.id, []).append(adjoint)
    if seed is not None:
        reaching.setdefault(output.id, []).append(seed)
    nodes = body.inner([*(new for _, new in body.carried), output])
    adjoints = pull_back(build, nodes, reaching, [given.id for given in body.given], named=True)
    for (start, _), adjoint in zip(body.carried, carried, strict=True):
        adjoints.setdefault(start.id, build.apply(Map(ZERO), adjoint))
    pairs = tuple((adjoint, adjoints[start.id]) for (start, _), adjoint in zip(body.carried, carried, strict=True))
    # named quantities and what came in are taken from the forward pass; the rest is computed again
    kept = [node for node in nodes if node.symbol is not None]
    before = [start for start, _ in body.carried]
    available = Body(pairs, (*before, *body.sequences, *kept, *([seed] if seed else [])), body.shared, body.index)
    computed = available.inner(adjoints.values())
    used = {id(node) for node in adjoints.values()} | {id(node) for inner in computed for node in inner.arguments}
    sequences = tuple(node for node in available.sequences if id(node) in used)
    return ReversedBody(Body(pairs, sequences, body.shared, body.index), adjoints, seed if seed in sequences else None)


def _symbol(node: Node, variant: str) -> Symbol:
    return replace(node.symbol, variant=variant) if node.symbol else Symbol(node.id, None, None, variant)


def once(build: Builder, operation: Repeat | Map, arguments: tuple[Node, ...]) -> Node:
    """The operation's result, built only if it is not there already."""
    for node in build.nodes:
        if node.operation == operation and node.arguments == arguments:
            return node
    return build.apply(operation, *arguments)
