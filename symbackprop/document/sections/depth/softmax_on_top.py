"""Any number of layers below a softmax layer: δ of the last one is given, the recursion does the rest."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.derive.joint import joint_of, joint_sweep
from symbackprop.document.blocks import Block, Formula, Heading, Say
from symbackprop.document.sections.depth.algorithms import algorithms
from symbackprop.document.story import Story, say
from symbackprop.expression import ONE, Apply, Chain, Expression, Index, Name, Symbol, chain, transform
from symbackprop.forms.algebra import flatten
from symbackprop.forms.any_depth import GenericNetwork
from symbackprop.forms.matrix import MatrixForm
from symbackprop.graph import canonical_id


def softmax_on_top(story: Story) -> Iterator[Block]:
    """The recursion for a symbolic number of layers, with δ of the softmax layer as its start."""
    letters = story.notation.indices
    layer = Symbol("weight", Index(letters.layer), (Index("j"), Index("k")))
    if not story.naming.can_write(layer):
        return
    network = GenericNetwork(loss="direct", layer=letters.layer, last=letters.last)
    derivation = AnyDepth(network, story.layouts[0], story.letters)
    yield Heading(1, say("softmax.deep"))
    yield Say(say("softmax.deep_start", last=Name(letters.last), layer=Name(letters.layer)))
    start = _start(story, letters.last)
    if start is not None:
        yield Say(say("softmax.deep_top"))
        yield Formula((start,), "deep-start")
    else:
        start = derivation.start
    yield Say(say("softmax.deep_recursion"))
    yield Formula((derivation.recursion_entry, derivation.recursion), "deep-recursion")
    yield Say(say("softmax.deep_gradients"))
    yield Formula(tuple(derivation.gradient(kind).matrix for kind in derivation.parameters), "deep-gradients")
    yield from algorithms(story, derivation, start)


def _start(story: Story, last: str) -> Chain | None:
    """δ of the last layer as an array, for targets that sum to 1; None where loss and activation do not cancel."""
    joint = joint_of(story.derivation.model)
    if joint is None or joint.preactivation.symbol is None:
        return None
    graph = joint_sweep(story.derivation.model).graph
    delta = Symbol("preactivation", story.depth, None, "adjoint")
    inline = frozenset(node.id for node in graph.nodes if node.role == "loss_part")
    form = MatrixForm(graph, story.layouts[0], letters=story.letters, inline=inline)
    written = form.definition(graph.by_id[canonical_id(delta)]).expression

    def generic(part: Expression) -> Expression | None:
        """1 for the sum of the targets, and the letter of the last layer for its number."""
        if isinstance(part, Apply) and part.operator == "matrix_product" and Symbol("target") in part.arguments:
            return ONE
        if isinstance(part, Symbol) and part.position == story.depth:
            return replace(part, position=Index(last))
        return None

    members = (flatten(transform(member, generic)) for member in (delta, written))
    return chain(*members)
