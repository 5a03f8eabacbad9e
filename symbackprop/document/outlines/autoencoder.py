"""An autoencoder: a network whose targets are its inputs, with free and with tied weights."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block, Heading, Say, Text
from symbackprop.document.outline import Outline
from symbackprop.document.sections.backward import backward_pass
from symbackprop.document.sections.checks import checks
from symbackprop.document.sections.conventions import conventions
from symbackprop.document.sections.forms import forms
from symbackprop.document.sections.forward import forward_pass, place_of_layer
from symbackprop.document.sections.network import network
from symbackprop.document.sections.tied import tied_variant
from symbackprop.document.sections.training import training
from symbackprop.document.sections.updates import updates
from symbackprop.document.story import Story, say


def tell(story: Story) -> Iterator[Block]:
    yield Say(say("autoencoder.introduction"))
    yield from conventions(story)
    yield from network(story)
    yield from _setting(story)
    yield from forward_pass(story)
    yield from backward_pass(story)
    yield from tied_variant(story)
    yield from updates(story)
    yield from forms(story)
    yield from training(story)
    yield from checks(story)


def _setting(story: Story) -> Iterator[Block]:
    """What makes the network an autoencoder."""
    sizes = story.derivation.network.sizes
    narrowest = min(range(len(sizes)), key=lambda position: sizes[position])
    yield Heading(2, say("autoencoder.heading"))
    yield Say(
        say(
            "autoencoder.targets",
            inputs=story.entries("activation", 0),
            code=story.entries("activation", narrowest),
            count=Text(str(sizes[narrowest])),
        )
    )
    tied = [position for position, layer in enumerate(story.derivation.network.layers, 1) if _tied_to(layer)]
    for position in tied:
        other = _tied_to(story.derivation.network.layers[position - 1])
        assert other is not None
        weight = story.entries("weight", other)[0]
        yield Say(
            say(
                "autoencoder.tied",
                layer=place_of_layer(story, position),
                other=place_of_layer(story, other),
                weight=weight,
            )
        )


def _tied_to(layer: object) -> int | None:
    return getattr(layer, "tied", None)


ENTRY = Outline("autoencoder", tell)
