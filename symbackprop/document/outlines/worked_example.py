"""The worked example: one sample, every number, from the forward pass to ten thousand updates."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block
from symbackprop.document.outline import Outline
from symbackprop.document.sections.backward import backward_pass
from symbackprop.document.sections.checks import checks
from symbackprop.document.sections.conventions import conventions
from symbackprop.document.sections.forms import forms
from symbackprop.document.sections.forward import forward_pass
from symbackprop.document.sections.network import introduction, network
from symbackprop.document.sections.training import training
from symbackprop.document.sections.updates import updates
from symbackprop.document.story import Story


def tell(story: Story) -> Iterator[Block]:
    yield from introduction(story)
    yield from conventions(story)
    yield from network(story)
    yield from forward_pass(story)
    yield from backward_pass(story)
    yield from updates(story)
    yield from forms(story)
    yield from training(story)
    yield from checks(story)


ENTRY = Outline("worked_example", tell)
