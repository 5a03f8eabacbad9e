"""A network in numbers on which every formula of the derivation is tried."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block, Formula, Heading, Say
from symbackprop.document.sections.arrays import array_chain
from symbackprop.document.sections.checks import checks
from symbackprop.document.sections.network import network
from symbackprop.document.story import Story, say
from symbackprop.expression import Symbol
from symbackprop.forms.matrix import MatrixForm
from symbackprop.graph import Node, canonical_id
from symbackprop.spec.error import TRANSPARENT


def instance(story: Story) -> Iterator[Block]:
    """The network of the spec: forward, backward and gradients as matrices with their numbers."""
    yield Heading(1, say("instance.heading"))
    yield Say(say("instance.start"))
    yield from (block for block in network(story) if not isinstance(block, Heading))
    form = matrix_form(story)
    layers = range(1, story.depth + 1)
    yield Heading(2, say("forward.heading"))
    for position in layers:
        yield from _lines(story, form, [("weight", position), ("bias", position)], given=True)
        yield from _lines(story, form, [("preactivation", position), ("activation", position)])
    yield Formula((story.defined(story.loss),), "instance-loss")
    yield Heading(2, say("backward.heading"))
    for position in reversed(layers):
        yield from _lines(story, form, [("preactivation", position)], "adjoint")
        yield from _lines(story, form, [("weight", position), ("bias", position)], "adjoint")
    yield from checks(story)


def matrix_form(story: Story) -> MatrixForm:
    """The matrix form of the network in the main layout; what stands between is written out."""
    graph = story.derivation.graph
    between = [node.id for node in graph.nodes if node.role in TRANSPARENT]
    handed_on = [node.id for node in graph.nodes if node.id.startswith("adjoint activation")]
    return MatrixForm(graph, story.layouts[0], letters=story.letters, inline=frozenset((*between, *handed_on)))


def _lines(
    story: Story, form: MatrixForm, wanted: list[tuple[str, int]], variant: str = "", given: bool = False
) -> Iterator[Block]:
    found = [_node(story, kind, position, variant) for kind, position in wanted]
    chains = tuple(array_chain(story, form, node) for node in found if node is not None)
    if chains and (not given or len(chains[0].expressions) > 1):
        yield Formula(chains)


def _node(story: Story, kind: str, position: int, variant: str) -> Node | None:
    return story.derivation.graph.by_id.get(canonical_id(Symbol(kind, position, None, variant)))
