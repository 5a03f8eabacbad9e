"""Weights that are used in two layers: they reach the error by two paths."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from symbackprop.derive.derivation import derive_model
from symbackprop.derive.paths import Path
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.verification import verify
from symbackprop.document.blocks import Block, Formula, Heading, Say
from symbackprop.document.sections.deltas import adjoint_free_of_outputs
from symbackprop.document.story import Story, joined, say
from symbackprop.expression import Expression, Symbol, add, chain, multiply, partial
from symbackprop.layers.dense import Dense


def layer_deltas(story: Story, position: int) -> Iterator[Block]:
    """δ of all neurons of a layer."""
    deltas = story.entries("preactivation", position, "adjoint")
    yield Say(say("tied.deltas_last" if position == story.depth else "tied.deltas", deltas=deltas))
    lines = tuple(story.evaluated(delta, adjoint_free_of_outputs(story, delta)) for delta in deltas)
    yield Formula(lines, f"deltas-{position}")


def shared_weight(story: Story, weight: Symbol) -> Iterator[Block]:
    """A weight that several layers use: one path for each use, and their sum."""
    run = story.paths.run(weight)
    gradient = partial(story.loss, weight)
    users = tuple(path.through for path in run.paths)
    terms = [multiply(partial(story.loss, path.through), story.factor_symbol(path.factor)) for path in run.paths]
    shares = [_share(path) for path in run.paths]
    yield Say(say("tied.uses", weight=weight, users=users))
    rule = joined(gradient, add(*terms)).expressions
    yield Formula((chain(*rule, *story.evaluated(add(*shares)).expressions),), f"tied-{weight.position}")


def _share(path: Path) -> Expression:
    """What one use contributes. A penalty is a term of E, so that ∂E/∂penalty is 1 and is not written."""
    if path.through.kind.endswith("_penalty"):
        return path.factor.preferred
    return multiply(adjoint_symbol(path.through), path.factor.preferred)


def tied_variant(story: Story) -> Iterator[Block]:
    """The same autoencoder with the decoder's weights tied to the encoder's, where the shapes allow it."""
    other = tied(story)
    if other is None:
        return
    yield Heading(1, say("tied.heading"))
    yield Say(say("tied.start"))
    for position in range(1, other.depth + 1):
        unit = other.entries("preactivation", position)[0]
        yield Formula((other.defined(unit),), f"tied-forward-{position}")
    for position in range(other.depth, 0, -1):
        yield from layer_deltas(other, position)
    weights = other.entries("weight", 1)
    yield from shared_weight(other, weights[0])
    yield Say(say("tied.untied", weight=weights[0]))


def tied(story: Story) -> Story | None:
    """The story of the network whose second half uses the weights of its first half, mirrored."""
    network = story.derivation.network
    layers, sizes = list(network.layers), network.sizes
    if len(layers) % 2 or sizes != sizes[::-1] or not all(_is_free(layer) for layer in layers):
        return None
    half = len(layers) // 2
    for place in range(half, len(layers)):
        layers[place] = msgspec.structs.replace(layers[place], weights=None, tied=len(layers) - place)
    derivation = derive_model(msgspec.structs.replace(network, layers=layers))
    return Story(derivation, verify(derivation), story.notation, story.detail, story.order)


def _is_free(layer: object) -> bool:
    return isinstance(layer, Dense) and layer.tied is None
