"""Softmax on top of any number of layers: where output minus target comes from, and when it holds."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block, Say
from symbackprop.document.outline import Outline
from symbackprop.document.sections.backward import backward_pass
from symbackprop.document.sections.checks import checks
from symbackprop.document.sections.conventions import conventions
from symbackprop.document.sections.depth.softmax_on_top import softmax_on_top
from symbackprop.document.sections.forms import forms
from symbackprop.document.sections.forward import forward_pass
from symbackprop.document.sections.network import network
from symbackprop.document.sections.output_pairs import output_pairs
from symbackprop.document.sections.training import training
from symbackprop.document.sections.updates import updates
from symbackprop.document.story import Story, say


def tell(story: Story) -> Iterator[Block]:
    yield Say(say("softmax_network.introduction" if story.depth == 1 else "softmax_network.introduction_deep"))
    yield from conventions(story)
    yield from network(story)
    yield from forward_pass(story)
    yield from backward_pass(story)
    yield from output_pairs(story)
    yield from updates(story)
    yield from forms(story)
    if story.depth > 1:
        yield from softmax_on_top(story)
    yield from training(story)
    yield from checks(story)


ENTRY = Outline("softmax_network", tell)
