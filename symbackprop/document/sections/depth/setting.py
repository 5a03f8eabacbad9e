"""The generic layer: its symbols, and the forward pass."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Formula, Heading, Say
from symbackprop.document.sections.symbols import symbols_table
from symbackprop.document.story import Story, say
from symbackprop.expression import Name


def setting(story: Story, derivation: AnyDepth) -> Iterator[Block]:
    """What the symbols mean, and how a layer computes."""
    network = derivation.network
    layer, last = Name(network.layer), Name(network.last)
    yield Say(say("depth.purpose", layer=layer, last=last))
    yield Heading(1, say("depth.setting"))
    yield Say(say("depth.layers", layer=layer, last=last))
    graph = derivation.hidden.graph
    wanted = [derivation.node(kind) for kind in ("activation", *derivation.parameters, "preactivation")]
    wanted.append(derivation.node("preactivation", "adjoint"))
    yield from symbols_table(graph, derivation.layout, wanted, "symbols")
    yield Heading(1, say("forward.heading"))
    indices = story.notation.indices
    yield Say(say("depth.forward_entries", unit=Name(indices.unit), before=Name(indices.before)))
    yield Formula(derivation.forward_entries, "forward-entries")
    yield Say(say(f"depth.forward_{derivation.layout}"))
    yield Formula(derivation.forward, "forward-matrix")
    if derivation.loss is not None:
        yield Say(say("depth.loss"))
        yield Formula((derivation.loss,), "loss")
        yield Say(say("depth.elementwise"))
