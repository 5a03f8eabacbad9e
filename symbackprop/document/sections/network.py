"""The network: what it consists of, a figure, and the values it starts with."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block, Figure, Heading, Inline, Message, Say, Table, Text
from symbackprop.document.story import Story, counted, say
from symbackprop.expression import Symbol, chain


def introduction(story: Story) -> Iterator[Block]:
    """What backpropagation is for, and what this document does."""
    yield Say(say("introduction.numeric" if story.numeric else "introduction.symbolic"))


def network(story: Story) -> Iterator[Block]:
    model = story.derivation.network
    yield Heading(1, say("network.heading"))
    yield Say(
        say(
            "network.layers",
            inputs=counted("network.inputs", model.inputs),
            layers=tuple(_layer(story, position) for position in range(1, story.depth + 1)),
        )
    )
    yield from _biases(story)
    yield Figure("network", say(_caption(story)), "network")
    yield from _values(story)


def _layer(story: Story, position: int) -> Message:
    layer = story.derivation.network.layers[position - 1]
    hidden = "only_hidden" if story.depth == 2 else "hidden"
    kind = "output" if position == story.depth else hidden
    number: dict[str, Inline] = {"number": Text(str(position))} if kind == "hidden" else {}
    name = getattr(layer, "activation", layer.kind)
    if getattr(layer, "over_time", False):
        kind = "recurrent"
    units = story.derivation.network.sizes[position]
    return counted(f"network.{kind}_layer", units, activation=say(f"activation.{name}", name=Text(name)), **number)


def _caption(story: Story) -> str:
    if story.derivation.network.over_time:
        return "network.unrolled"
    return "network.figure" if story.derivation.model.graph.roles("bias") else "network.figure_no_bias"


def _biases(story: Story) -> Iterator[Block]:
    layers = story.derivation.network.layers
    kinds = {getattr(layer, "bias", "none") for layer in layers}
    if kinds == {"none"}:
        yield Say(say("network.no_bias"))
        return
    shared = tuple(
        entry
        for position in range(1, story.depth + 1)
        for entry in story.entries("bias", position)
        if not entry.indices
    )
    if shared:
        yield Say(say("network.shared_bias", biases=shared))
    if not story.derivation.network.training.update_biases:
        yield Say(say("network.fixed_bias"))


def _values(story: Story) -> Iterator[Block]:
    rows: list[tuple[Inline, ...]] = []
    for key, entries in leaves(story):
        known = tuple(chain(entry, number) for entry in entries if (number := story.number(entry)) is not None)
        unknown = tuple(entry for entry in entries if entry not in story.values)
        if known:
            rows.append((say(key), known))
        if unknown and (known or story.derivation.model.values):
            rows.append((say("values.symbolic", what=say(key)), unknown))
    if not story.derivation.model.values:
        yield Say(say("values.none"))
        return
    yield Say(say("values.start"))
    yield Table(say("values.caption"), (say("values.what"), say("values.value")), tuple(rows), "values", "ll")
    if not story.numeric:
        yield Say(say("values.incomplete", missing=story.derivation.model.missing))


def leaves(story: Story) -> Iterator[tuple[str, tuple[Symbol, ...]]]:
    """What a network starts with: the locale key of a group of quantities, and their entries."""
    yield "values.inputs", story.entries("activation", 0)
    yield "values.targets", story.entries("target")
    for position in range(1, story.depth + 1):
        yield "values.weights", story.entries("weight", position)
        yield "values.recurrent_weights", story.entries("recurrent_weight", position)
        yield "values.initial", story.entries("initial", position)
        yield "values.biases", story.entries("bias", position)
    for name in story.derivation.model.optimiser.hyperparameters:
        yield f"values.{name}", story.entries(name)
    for node in story.derivation.model.graph.nodes:
        if node.role.endswith("_coefficient"):
            yield "values.coefficient", (node.entry(),)
