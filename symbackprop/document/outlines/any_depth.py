"""Any depth: the generic layer in indices and matrices, the algorithms, and a network in numbers that tries them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Formula, Heading, Say
from symbackprop.document.outline import Outline
from symbackprop.document.sections.depth.algorithms import algorithms
from symbackprop.document.sections.depth.batch import batch
from symbackprop.document.sections.depth.gradients import bias_gradient, recursion, weight_gradient
from symbackprop.document.sections.depth.instance import instance
from symbackprop.document.sections.depth.setting import setting
from symbackprop.document.sections.depth.transposes import why_the_transpose
from symbackprop.document.story import Story, say
from symbackprop.forms.any_depth import GenericNetwork
from symbackprop.forms.indexed import Letters


def tell(story: Story) -> Iterator[Block]:
    letters = story.notation.indices
    network = GenericNetwork(loss="sum", layer=letters.layer, last=letters.last)
    main, *others = story.layouts
    derivation = AnyDepth(network, main, _letters(story))
    shared = replace(derivation, network=replace(network, bias="layer"))
    yield from setting(story, derivation)
    yield from weight_gradient(story, derivation)
    yield from recursion(story, derivation)
    yield from bias_gradient(story, derivation, shared)
    yield from why_the_transpose(story, derivation)
    yield from algorithms(story, derivation)
    yield from batch(story, derivation)
    for layout in others:
        other = replace(derivation, layout=layout)
        yield Heading(1, say(f"depth.other_{layout}"))
        yield Say(say(f"depth.other_start_{layout}"))
        yield from _overview(other)
    yield from instance(story)


def _letters(story: Story) -> Letters:
    """The notation's letters, each for the layer it belongs to."""
    indices = story.notation.indices
    layer = indices.layer
    fixed = {
        f"units[{layer}]": indices.unit,
        f"units[{layer}-1]": indices.before,
        f"units[{layer}+1]": indices.after,
        f"units[{indices.last}]": indices.unit,
        f"units[{indices.last}-1]": indices.before,
    }
    return replace(story.letters, units=(indices.other, *story.letters.units), fixed=fixed)


def _overview(derivation: AnyDepth) -> Iterator[Block]:
    """All matrix equations of a layout in one display."""
    gradients = tuple(derivation.gradient(kind).matrix for kind in derivation.parameters)
    yield Formula((*derivation.forward, derivation.start, derivation.recursion, *gradients), "other-layout")


ENTRY = Outline("any_depth", tell)
