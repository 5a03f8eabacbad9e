"""A recurrent network: backpropagation through time for any number of steps, and for a few in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block, Say
from symbackprop.document.outline import Outline
from symbackprop.document.sections.checks import checks
from symbackprop.document.sections.conventions import conventions
from symbackprop.document.sections.network import network
from symbackprop.document.sections.through_time import (
    backwards_in_numbers,
    backwards_in_time,
    general_step,
    steps_in_numbers,
)
from symbackprop.document.sections.training import training
from symbackprop.document.sections.updates import update_table
from symbackprop.document.story import Story, say


def tell(story: Story) -> Iterator[Block]:
    yield Say(say("recurrent.introduction"))
    yield from conventions(story)
    yield from network(story)
    yield from general_step(story)
    yield from backwards_in_time(story)
    yield from steps_in_numbers(story)
    yield from backwards_in_numbers(story)
    yield from update_table(story)
    yield from training(story)
    yield from checks(story)


ENTRY = Outline("recurrent", tell, over_time=True)
