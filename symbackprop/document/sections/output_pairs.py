"""Which pairs of output activation and loss make δ the difference of output and target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from symbackprop.derive.derivation import derive_model
from symbackprop.derive.joint import joint_of, joint_steps
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.document.blocks import Block, Heading, Inline, Say, Table
from symbackprop.document.story import Story, say
from symbackprop.expression import Expression
from symbackprop.forms.scalar import definition
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.loss import LOSSES
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS
from symbackprop.layers.dense import Dense
from symbackprop.layers.softmax import Softmax

PAIRS = (
    ("softmax", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    ("identity", "half_squared_error"),
    ("sigmoid", "half_squared_error"),
    ("softmax", "half_squared_error"),
)
"""Output activation and loss."""


def output_pairs(story: Story) -> Iterator[Block]:
    """δ of the first output neuron in networks like this one, with other outputs and other losses."""
    yield Heading(1, say("softmax.when"))
    yield Say(say("softmax.when_start"))
    rows: list[tuple[Inline, ...]] = []
    for activation, loss in PAIRS:
        if loss in LOSSES and (activation in ACTIVATIONS or activation in VECTOR_ACTIVATIONS):
            delta = delta_of_pair(story, activation, loss)
            rows.append((say(f"activation_name.{activation}"), say(f"loss_name.{loss}"), delta))
    header = (say("softmax.activation"), say("softmax.loss"), say("softmax.delta_of_first"))
    yield Table(say("softmax.when_caption"), header, tuple(rows), "pairs", "lll")
    yield Say(say("softmax.when_end"))


def delta_of_pair(story: Story, activation: str, loss: str) -> Expression:
    """δ of the first output neuron, derived from a network with that output activation and loss."""
    network = story.derivation.network
    *hidden, last = network.layers
    if isinstance(last, Softmax):
        # its scores are the outputs of the layer before; in the pairs they have weights of their own, as any layer
        changed: Any = Dense(network.sizes[-1], activation=activation)
    else:
        changed = replace(last, activation=activation)
    other = derive_model(replace(network, layers=[*hidden, changed], loss=loss))
    joint = joint_of(other.model)
    score = replace(story.entries("activation", story.depth)[0], kind="preactivation")
    if joint is not None:
        return joint_steps(other.model, joint, other.sweep, score).if_one
    graph = other.graph
    inline = [node.id for node in graph.nodes if node.id.startswith("adjoint ") and node.role != "preactivation"]
    return definition(graph, adjoint_symbol(score), inline)
