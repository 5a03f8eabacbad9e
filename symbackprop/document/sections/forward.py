"""The forward pass, neuron by neuron, and the error."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.document.blocks import Block, Formula, Heading, Inline, Message, Say, Table, Text
from symbackprop.document.story import Story, say
from symbackprop.expression import Symbol, chain
from symbackprop.ops import Composite


def forward_pass(story: Story) -> Iterator[Block]:
    yield Heading(1, say("forward.heading"))
    yield Say(say("forward.start"))
    for position in range(1, story.depth + 1):
        yield Heading(2, layer_heading(story, position))
        yield from _layer(story, position)
    yield Heading(1, say("error.heading"))
    yield from _error(story)


def has_softmax(story: Story) -> bool:
    """Whether the output layer ends in an activation that mixes its units."""
    return isinstance(story.derivation.output.operation, Composite)


def layer_heading(story: Story, position: int) -> Message:
    """The name of a layer as a heading: output, the hidden one, or a numbered hidden one."""
    return _named(story, position, "layer")


def place_of_layer(story: Story, position: int) -> Message:
    """The name of a layer within a sentence."""
    return _named(story, position, "place")


def _named(story: Story, position: int, table: str) -> Message:
    if position == story.depth:
        return say(f"{table}.output")
    return say(f"{table}.hidden") if story.depth == 2 else say(f"{table}.numbered", number=Text(str(position)))


def _layer(story: Story, position: int) -> Iterator[Block]:
    sums, outputs = story.entries("preactivation", position), story.entries("activation", position)
    if position == story.depth and has_softmax(story):
        yield from _softmax(story, sums, outputs)
        return
    yield Say(say("forward.sum", unit=sums[0]))
    yield Formula((story.defined(sums[0]),), f"forward-{position}")
    yield Say(say("forward.activation", output=outputs[0]))
    yield Formula((story.defined(outputs[0]),))
    if len(sums) == 1:
        return
    yield Say(say("forward.others"))
    if story.detail == "full":
        for pair in zip(sums[1:], outputs[1:], strict=True):
            yield Formula(tuple(story.defined(entry) for entry in pair))
    else:
        yield from _table(story, sums[1:], outputs[1:])


def _softmax(story: Story, sums: tuple[Symbol, ...], outputs: tuple[Symbol, ...]) -> Iterator[Block]:
    """All scores, then all outputs: each output needs every score."""
    if sums:
        yield Say(say("softmax.scores"))
        yield Formula(tuple(story.defined(entry) for entry in sums), f"forward-{story.depth}")
    yield Say(say("softmax.normalised"))
    yield Formula(tuple(story.defined(entry) for entry in outputs), "softmax")


def _table(story: Story, sums: tuple[Symbol, ...], outputs: tuple[Symbol, ...]) -> Iterator[Block]:
    def row(unit: Symbol) -> tuple[Inline, ...]:
        output = replace(outputs[0], indices=unit.indices)
        return (
            chain(*story.defined(unit).expressions[:2]),
            story.number(unit) or Text(""),
            output,
            story.number(output) or Text(""),
        )

    header = (say("forward.weighted_sum"), say("values.value"), say("forward.output"), say("values.value"))
    yield Table(say("forward.caption"), header, story.rows(sums, row, sums[0]), columns="lrcr")


def _error(story: Story) -> Iterator[Block]:
    network = story.derivation.network
    parts = story.entries("loss_part")
    yield Say(say("error.start", loss=say(f"loss.{network.loss}", name=Text(network.loss))))
    yield Formula(tuple(story.defined(part) for part in parts))
    rows = (*story.entries("sample_loss"), *story.entries("step_loss"))
    if rows:
        yield Say(say("error.samples"))
        yield Formula(tuple(story.defined(row) for row in rows), "error-samples")
    penalties = [node.entry() for node in story.derivation.model.graph.nodes if node.role.endswith("_penalty")]
    if penalties:
        data = story.entries("data_loss")
        yield Say(say("error.data"))
        yield Formula(tuple(story.defined(entry) for entry in data), "error-data")
        yield Say(say("error.penalties"))
        yield Formula(tuple(story.defined(entry) for entry in penalties), "error-penalties")
        yield Say(say("error.with_penalties"))
    elif rows:
        yield Say(say(f"error.{network.training.reduction}"))
    else:
        yield Say(say("error.total_of_one") if len(parts) == 1 else say("error.total"))
    yield Formula((story.defined(story.loss),), "error")
