"""Backpropagation through time: the general step of a recurrent network, and a few steps in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symbackprop.derive.reverse import ADJOINT, adjoint_symbol
from symbackprop.derive.through_time import STEPS, RecurrentStep, ThroughTime, through_time
from symbackprop.document.blocks import Block, Formula, Heading, Inline, Say, Table, Text
from symbackprop.document.sections.tied import shared_weight
from symbackprop.document.story import Story, joined, say
from symbackprop.expression import ONE, Apply, Chain, Expression, Index, Name, Symbol, chain, partial
from symbackprop.forms.matrix import MatrixForm
from symbackprop.forms.scalar import definition
from symbackprop.graph import Graph, Node
from symbackprop.layers.layer import TIME
from symbackprop.ops.repeat import Repeat

STEP = Index("t")


# ---- any number of steps ----------------------------------------------------------------------------


def general_step(story: Story) -> Iterator[Block]:
    """Step t of the forward pass, for every unit."""
    derived = through_time(story.derivation.network)
    yield Heading(1, say("time.general"))
    yield Say(say("time.step", step=Name(STEP.symbol), last=STEPS))
    for layer in derived.layers:
        yield Formula(tuple(chain(*pair) for pair in layer.forward()), f"step-forward-{_position(layer.outputs)}")
        yield Say(say("time.matrix"))
        yield Formula(tuple(_matrices(layer)), f"step-matrix-{_position(layer.outputs)}")
    yield Say(say("time.shared"))
    outputs = [entry for node in _over_time(derived) for entry in _entries_at_step(node)]
    if outputs:
        yield Say(say("time.outputs"))
        yield Formula(tuple(chain(entry, definition(derived.graph, entry)) for entry in outputs), "step-outputs")
    yield Say(say("time.loss", loss=story.loss))
    yield Formula((_loss(story),), "step-loss")


def _matrices(layer: RecurrentStep) -> Iterator[Chain]:
    """The forward step for all units of the layer at once."""
    inner = tuple(layer.repeat.body.inner([layer.repeat.output]))
    form = MatrixForm(Graph(inner, inner[-1]), "column")
    for node in inner:
        if node.symbol is not None:
            yield chain(form.quantity(node).expression, form.definition(node).expression)


def backwards_in_time(story: Story) -> Iterator[Block]:
    """The recursion from step t+1 to step t, its start, and the gradients as sums over time."""
    derived = through_time(story.derivation.network)
    yield Heading(1, say("time.backward"))
    yield Say(say("time.two_ways", step=Name(STEP.symbol)))
    for layer in derived.layers:
        pairs = list(layer.backward())
        state = next((symbol for symbol, _ in pairs if symbol.kind == "activation"), None)
        if state is not None:
            yield Say(say("time.state", state=Symbol(state.kind, state.position, state.indices)))
        yield Formula(tuple(chain(*pair) for pair in pairs), f"step-backward-{_position(layer.outputs)}")
        yield Say(say("time.last", last=STEPS))
    yield Say(say("time.sums"))
    lines = []
    for node in derived.graph.parameters:
        entry = node.entry(*next(iter(node.places())))
        lines.append(chain(partial(story.loss, entry), derived.gradient(entry)))
    yield Formula(tuple(lines), "time-gradients")


def _position(node: Node) -> int | None:
    position = node.symbol.position if node.symbol else None
    return position if isinstance(position, int) else None


def _over_time(derived: ThroughTime) -> list[Node]:
    """What comes behind the recurrent layers, for all steps: pre-activations and outputs."""
    return [
        node
        for node in derived.graph.nodes
        if node.role in ("preactivation", "activation")
        and node.operation is not None
        and not isinstance(node.operation, Repeat)
    ]


def _entries_at_step(node: Node) -> Iterator[Symbol]:
    units = [axis for axis in node.axes if axis.name != TIME]
    for place in range(units[0].size if isinstance(units[0].size, int) else 0):
        yield node.entry(*(STEP if axis.name == TIME else place for axis in node.axes))


def _loss(story: Story) -> Chain:
    """E as the sum of the errors of all steps."""
    of_step = Symbol("step_loss", None, (STEP,))
    return chain(story.loss, Apply("sum", (of_step, Name(STEP.symbol), ONE, STEPS)))


# ---- a few steps in numbers -------------------------------------------------------------------------


def steps_in_numbers(story: Story) -> Iterator[Block]:
    """The forward pass step by step, and the errors."""
    yield Heading(1, say("forward.heading"))
    for step in _steps(story):
        yield Heading(2, say("time.at", step=Text(str(step + 1))))
        yield Formula(_lines(story, _at(story, ("preactivation", "activation"), step)), f"forward-{step + 1}")
        yield Formula(_lines(story, _at(story, ("step_loss",), step)))
    yield Say(say("time.total"))
    yield Formula((story.defined(story.loss),), "error")


def backwards_in_numbers(story: Story) -> Iterator[Block]:
    """The same from the last step to the first, then the sums over time."""
    yield Heading(1, say("backward.heading"))
    for step in reversed(_steps(story)):
        yield Heading(2, say("time.at", step=Text(str(step + 1))))
        yield Say(say("time.last_step" if step == _steps(story)[-1] else "time.earlier_step"))
        adjoints = [entry for entry in _at(story, ("activation", "preactivation"), step, ADJOINT) if entry.position]
        yield Formula(_lines(story, _from_the_output(story, adjoints)), f"backward-{step + 1}")
    yield Heading(2, say("time.gradients"))
    parameters = story.derivation.parameters
    recurrent = next((entry for entry in parameters if entry.kind == "recurrent_weight"), parameters[0])
    yield from shared_weight(story, recurrent)
    yield Say(say("time.initial", weight=recurrent))
    yield Say(say("time.others"))
    yield _gradients(story, [entry for entry in parameters if entry != recurrent])


def _steps(story: Story) -> range:
    """The steps in time, counted from 0."""
    (axis,) = (axis for axis in story.derivation.output.axes if axis.name == TIME)
    return range(axis.size if isinstance(axis.size, int) else 0)


def _at(story: Story, kinds: Iterable[str], step: int, variant: str = "") -> list[Symbol]:
    """The entries of some quantities at one step, in the order in which they are computed."""
    wanted = tuple(kinds)
    return [
        entry
        for node in story.derivation.graph.nodes
        if node.symbol is not None and node.role in wanted and node.symbol.variant == variant and node.operation
        for place in node.places()
        if (entry := node.entry(*place)).indices and entry.indices[0] == step
    ]


def _from_the_output(story: Story, adjoints: list[Symbol]) -> list[Symbol]:
    """The layer nearest the output first, each layer's outputs before its pre-activations."""
    return sorted(adjoints, key=lambda entry: (-_number(entry), entry.kind != "activation"))


def _number(entry: Symbol) -> int:
    return entry.position if isinstance(entry.position, int) else 0


def _lines(story: Story, entries: Iterable[Symbol]) -> tuple[Chain, ...]:
    """Each entry with its definition and its number; the derivatives of mere parts of E are left out."""
    between = [node.id for node in story.derivation.graph.nodes if node.role in ("loss_part", "step_loss")]
    graph = story.derivation.graph
    return tuple(story.evaluated(entry, definition(graph, entry, between)) for entry in entries)


def _gradients(story: Story, parameters: list[Symbol]) -> Table:
    rows: list[tuple[Inline, ...]] = []
    for parameter in parameters:
        gradient = adjoint_symbol(parameter)
        written: Expression = story.derivation.definition(gradient)
        rows.append((joined(partial(story.loss, parameter), written), story.number(gradient) or Text("")))
    header = (say("others.gradient"), say("values.value"))
    return Table(say("time.caption"), header, tuple(rows), "gradients", "lr")
