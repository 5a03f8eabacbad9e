"""Error shares in proportion to weights, and the gradient beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symbackprop.document.blocks import Block, Say
from symbackprop.document.outline import Outline
from symbackprop.document.sections.backward import backward_pass
from symbackprop.document.sections.checks import checks
from symbackprop.document.sections.conventions import conventions
from symbackprop.document.sections.forms import forms
from symbackprop.document.sections.forward import forward_pass
from symbackprop.document.sections.network import network
from symbackprop.document.sections.share_story import share_nodes
from symbackprop.document.sections.shares import error_shares, forward_matrices, shares_and_gradient
from symbackprop.document.sections.training import training
from symbackprop.document.sections.updates import updates
from symbackprop.document.story import Story, say


def tell(story: Story) -> Iterator[Block]:
    # The errors are handed back by the transpose of what stands left of a column.
    story = replace(story, layout="column")
    yield Say(say("weight_share.introduction"))
    yield from conventions(story, share_nodes(story))
    yield from network(story)
    yield from forward_pass(story)
    yield from forward_matrices(story)
    yield from error_shares(story)
    yield from backward_pass(story)
    yield from shares_and_gradient(story)
    yield from updates(story)
    yield from forms(story)
    yield from training(story)
    yield from checks(story)


ENTRY = Outline("weight_share", tell)
