"""A batch of samples: where sums over the samples appear, openly and hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Formula, Heading, Say
from symbackprop.document.sections.symbols import symbols_table
from symbackprop.document.story import Story, say
from symbackprop.expression import Symbol


def batch(story: Story, derivation: AnyDepth) -> Iterator[Block]:
    """The same layer with an axis over samples."""
    many = replace(derivation, network=replace(derivation.network, batch=True), ones=False, totals="sum")
    yield Heading(1, say("batch.heading"))
    yield Say(say("batch.start", count=Symbol("sample_count")))
    wanted = [many.node(kind) for kind in ("activation", "preactivation")]
    yield from symbols_table(many.hidden.graph, many.layout, wanted, "batch-symbols")
    yield Formula(many.forward, "batch-forward")
    weight, bias = many.gradient("weight"), many.gradient("bias")
    yield Say(say("batch.weight"))
    yield Formula((weight.entry.chain, weight.matrix), "batch-weight")
    yield Say(say("batch.bias"))
    yield Formula((bias.entry.chain, bias.matrix), "batch-bias")
    yield Say(say("batch.recursion"))
    yield Formula((many.recursion,), "batch-recursion")
    mean = replace(many, network=replace(many.network, loss="mean"))
    yield Say(say("batch.mean", count=Symbol("sample_count")))
    yield Formula((mean.start,), "batch-mean")
