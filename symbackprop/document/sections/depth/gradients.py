"""The gradients of the generic layer: one entry, one line, the matrix; the recursion and its start."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Formula, Heading, Reference, Say
from symbackprop.document.story import Story, joined, say
from symbackprop.expression import Name, chain, partial
from symbackprop.forms.kronecker import is_delta
from symbackprop.forms.local import LocalDerivative


def weight_gradient(story: Story, derivation: AnyDepth) -> Iterator[Block]:
    """∂E/∂W: entry, line, matrix."""
    found = derivation.gradient("weight")
    entry = found.entry
    yield Heading(1, say("depth.weight"))
    yield Heading(2, say("depth.entry"))
    yield Say(say("depth.entry_start", weight=entry.locals[0].by, layer=Name(derivation.network.layer)))
    yield from _local(entry.locals[0])
    yield Say(say("depth.entry_chain"))
    yield Formula((entry.chain,), "weight-entry")
    if found.line is not None and found.dimension is not None:
        yield Heading(2, say(f"depth.line_{found.dimension}"))
        yield Say(say(f"depth.line_start_{found.dimension}", line=found.line.expressions[0]))
        yield Formula((found.line,), "weight-line")
    yield Heading(2, say("depth.whole"))
    yield Say(say(f"depth.whole_start_{found.dimension or 'rows'}"))
    yield Formula((found.matrix,), "weight-matrix")


def _local(local: LocalDerivative) -> Iterator[Block]:
    """The local derivative with its deltas, each eliminated in a step of its own."""
    members = [local.raw, *(step.after for step in local.steps)]
    yield Say(say("depth.local", of=local.of, by=local.by))
    yield Formula((joined(local.of, local.definition), joined(partial(local.of, local.by), *members)))
    deltas = [step.delta for step in local.steps if step.delta is not None and is_delta(step.delta)]
    if deltas:
        yield Say(say("depth.kronecker", delta=deltas[0]))


def recursion(story: Story, derivation: AnyDepth) -> Iterator[Block]:
    """δ of a layer from that of the next, and δ of the last layer."""
    layer = Name(derivation.network.layer)
    outer, inner = derivation.gradient("preactivation").entry, derivation.gradient("activation").entry
    yield Heading(1, say("depth.recursion"))
    yield Say(say("depth.recursion_start", adjoint=outer.adjoint, quantity=inner.locals[0].by, layer=layer))
    yield Formula((inner.chain,), "activation-entry")
    yield Say(say("depth.recursion_through"))
    yield Formula((derivation.recursion_entry,), "recursion-entry")
    yield Say(say("depth.recursion_whole"))
    yield Formula((derivation.recursion,), "recursion-matrix")
    yield Heading(1, say("depth.last"))
    yield Say(say("depth.last_start", last=Name(derivation.network.last)))
    yield Formula((derivation.start_entry,), "start-entry")
    yield Say(say("depth.last_whole"))
    yield Formula((derivation.start,), "start-matrix")
    yield Say(say("depth.entry_or_array", entry=Reference("start-entry"), array=Reference("start-matrix")))


def bias_gradient(story: Story, derivation: AnyDepth, shared: AnyDepth) -> Iterator[Block]:
    """∂E/∂b with a bias for every unit, and with one for the layer."""
    yield Heading(1, say("depth.bias"))
    own, common = derivation.gradient("bias"), shared.gradient("bias")
    yield Say(say("depth.bias_own"))
    yield Formula((own.entry.chain, own.matrix), "bias")
    yield Say(say("depth.bias_shared"))
    yield Formula((chain(*common.entry.chain.expressions),), "bias-shared")
