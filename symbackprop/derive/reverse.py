"""The reverse sweep: the gradient of the loss as more graph, with a step for every rule used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from symbackprop.expression import Symbol
from symbackprop.functions.optimiser import GRADIENT, OPTIMISERS, VALUE, Optimiser, arguments_of
from symbackprop.graph import Builder, Graph, Node
from symbackprop.ops import Map
from symbackprop.ops.arithmetic import ONE, total
from symbackprop.ops.pullback import ADJOINT as ADJOINT

UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the derivation: the adjoint of ``target`` is ``result``, by ``rule``, from ``premises``.

    Rules: "seed" (∂E/∂E = 1), "chain" (one use), "sum" (several uses, their shares added),
    "joint" (the derivatives of several quantities in one formula), "update" (a new parameter).
    """

    rule: str
    target: Node
    result: Node
    premises: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """The graph with its adjoints. ``gradients`` and ``updates`` go by the parameter's id.

    ``states`` are what an optimiser keeps from one update to the next: leaf's id -> its new content.
    They are 0 at first.
    """

    graph: Graph
    gradients: dict[str, Node]
    updates: dict[str, Node]
    steps: tuple[Step, ...]
    states: dict[str, Node] = field(default_factory=dict)

    @property
    def initial(self) -> dict[Symbol, int]:
        """The values with which the optimiser's states start."""
        leaves = (self.graph.by_id[name] for name in self.states)
        return {leaf.entry(*place): 0 for leaf in leaves for place in leaf.places()}


AdjointForm = Callable[[Builder, Mapping[str, Node]], Node]
"""(builder, adjoints known so far by node id) -> an adjoint"""


@dataclass(slots=True)
class _State:
    build: Builder
    forms: Mapping[str, AdjointForm]
    order: Mapping[str, int]
    shares: dict[str, list[tuple[Node, Node]]] = field(default_factory=dict)
    adjoints: dict[str, Node] = field(default_factory=dict)
    pending: dict[str, int] = field(default_factory=dict)
    updates: dict[str, Node] = field(default_factory=dict)
    states: dict[str, Node] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def adjoint_symbol(symbol: Symbol) -> Symbol:
    """The symbol of ∂E/∂quantity."""
    return replace(symbol, variant=ADJOINT)


def updated_symbol(symbol: Symbol) -> Symbol:
    """The symbol of a parameter after the update."""
    return replace(symbol, variant=UPDATED)


def state_symbol(parameter: Symbol, state: str) -> Symbol:
    """The symbol of what an optimiser keeps for a parameter: ``velocity weight[1]``."""
    return replace(parameter, variant=state)


def reverse_sweep(
    graph: Graph,
    updated: Iterable[Node] = (),
    rate: Node | None = None,
    sequential: bool = False,
    optimiser: Optimiser | None = None,
    forms: Mapping[str, AdjointForm] | None = None,
) -> Sweep:
    """Add to a graph the adjoint of everything that the loss depends on, and the update of ``updated``.

    The optimiser (plain gradient descent where none is given) finds its hyperparameters among the
    leaves by name; without ``rate`` nothing is updated. ``forms`` gives, for some nodes, another way
    to write their adjoint, which must be proved equal.

    Simultaneous order: every update uses the gradient at the old parameters. Sequential order: as
    soon as the gradient of a parameter is complete the parameter is updated, and the error goes
    back through the new one; activations and the current delta stay those of the old forward pass.
    A parameter that is used several times is complete only after its first use in the graph.
    """
    state = _State(Builder(graph.nodes), forms or {}, {node.id: place for place, node in enumerate(graph.nodes)})
    relevant = _between(graph)
    for node in graph.nodes:
        for argument in node.arguments:
            if node.id in relevant and argument.id in relevant:
                state.pending[argument.id] = state.pending.get(argument.id, 0) + 1
    to_update = {node.id for node in updated} if rate is not None else set()
    chosen = optimiser or OPTIMISERS.get("sgd")
    seed = state.build.apply(Map(ONE), graph.loss)
    state.adjoints[graph.loss.id] = seed
    state.steps.append(Step("seed", graph.loss, seed, ()))

    def finish(node: Node) -> None:
        _accumulate(state, node)
        if node.id in to_update:
            _update(state, node, chosen, graph)

    for node in reversed(graph.nodes):
        if node.id not in relevant or node.operation is None:
            continue
        if node is not graph.loss:
            _accumulate(state, node)
        positions = [place for place, argument in enumerate(node.arguments) if argument.id in relevant]
        parameters = [place for place in positions if node.arguments[place].operation is None]
        for place in parameters:
            _share(state, node, node, place)
            argument = node.arguments[place]
            if state.pending[argument.id] == 0:
                finish(argument)
        seen = _with_updates(node, state.updates) if sequential else node
        for place in positions:
            if place not in parameters:
                _share(state, node, seen, place)
    result = state.build.graph(graph.loss, graph.parameters)
    gradients = {node.id: state.adjoints[node.id] for node in graph.parameters if node.id in state.adjoints}
    return Sweep(result, gradients, dict(state.updates), tuple(state.steps), dict(state.states))


def _symbol(node: Node) -> Symbol:
    if node.symbol is None:
        raise ValueError(f"{node.id} has no symbol")
    return node.symbol


def _between(graph: Graph) -> set[str]:
    """Ids of the nodes through which a parameter reaches the loss."""
    below = {node.id for node in graph.parameters}
    for node in graph.nodes:
        if any(argument.id in below for argument in node.arguments):
            below.add(node.id)
    above = {graph.loss.id}
    for node in reversed(graph.nodes):
        if node.id in above:
            above.update(argument.id for argument in node.arguments)
    return below & above


def _share(state: _State, node: Node, seen: Node, place: int) -> None:
    argument = node.arguments[place]
    state.pending[argument.id] -= 1
    assert seen.operation is not None
    share = seen.operation.adjoint(state.build, seen, state.adjoints[node.id], place)
    if share is not None:
        state.shares.setdefault(argument.id, []).append((share, node))


def _accumulate(state: _State, node: Node) -> None:
    """Add up the shares that reached a node, first uses first; a named node gets a named adjoint."""
    shares = sorted(state.shares.get(node.id, []), key=lambda share: state.order[share[1].id])
    if node.id in state.forms:
        shares = [(state.forms[node.id](state.build, state.adjoints), shares[-1][1])]
    if not shares:
        raise ValueError(f"{node.id} does not reach the loss: every derivative on its way is zero")
    symbol = adjoint_symbol(node.symbol) if node.symbol else None
    values = [share for share, _ in shares]
    if len(values) > 1:
        result = state.build.apply(Map(total(len(values))), *values, symbol=symbol, order=node.axes)
    elif symbol is None:
        result = values[0]
    elif values[0].symbol is None and values[0].id not in {n.id for n in state.adjoints.values()}:
        result = state.build.name(values[0], symbol)
    else:
        result = state.build.apply(Map(total(1)), values[0], symbol=symbol, order=node.axes)
    state.adjoints[node.id] = result
    if node.symbol is not None:
        premises = tuple(user for _, user in shares)
        rule = "joint" if node.id in state.forms else "sum" if len(values) > 1 else "chain"
        state.steps.append(Step(rule, node, result, premises))


def _update(state: _State, parameter: Node, optimiser: Optimiser, graph: Graph) -> None:
    """The optimiser's steps for one parameter: its states are renewed, then the parameter."""
    symbol = _symbol(parameter)
    known = {VALUE: parameter, GRADIENT: state.adjoints[parameter.id]}
    for name in optimiser.states:
        known[name] = state.build.leaf(state_symbol(symbol, name), *parameter.axes)
    known.update((name, graph.by_id[name]) for name in optimiser.hyperparameters)
    for number, (renewed, formula) in enumerate(optimiser.steps):
        premises = tuple(known[name] for name in arguments_of(formula))
        old = known[renewed]
        new = state.build.apply(
            Map(optimiser.function(number)),
            *premises,
            symbol=replace(_symbol(old), variant=f"{UPDATED} {_symbol(old).variant}".rstrip()),
            order=parameter.axes,
        )
        (state.updates if renewed == VALUE else state.states)[old.id] = new
        state.steps.append(Step("update", old, new, tuple(node for node in premises if node.operation is not None)))
        known[renewed] = new


def _with_updates(node: Node, updates: dict[str, Node]) -> Node:
    """The node as the sequential order sees it: with the parameters that are already updated."""
    if not any(argument.id in updates for argument in node.arguments):
        return node
    arguments = tuple(updates.get(argument.id, argument) for argument in node.arguments)
    return Node(node.id, node.operation, arguments, node.axes, node.symbol)
