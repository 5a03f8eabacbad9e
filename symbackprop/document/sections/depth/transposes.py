"""Why the transpose: by shapes, and by reading the indices of the sum."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Formula, Heading, Inline, Say, Table
from symbackprop.document.story import Story, say
from symbackprop.expression import Chain, Expression, Name, chain
from symbackprop.forms.levels import adjoint_node
from symbackprop.forms.transposes import Arrangement, Reading, by_indices, by_shapes


def why_the_transpose(story: Story, derivation: AnyDepth) -> Iterator[Block]:
    """Both answers, for the gradient of the weights and for what is handed back."""
    yield Heading(1, say("transpose.heading"))
    weights = derivation.gradient("weight").matrix.expressions
    yield Heading(2, say("transpose.shapes"))
    yield Say(say("transpose.shapes_start", gradient=weights[0]))
    yield _arrangements(derivation, weights[0], weights[-1])
    yield Heading(2, say("transpose.indices"))
    form = derivation.matrix(derivation.hidden)
    node = adjoint_node(derivation.hidden.graph, derivation.node("activation"))
    place = derivation.place(node)
    reading = by_indices(derivation.indexed, form, node, place)
    written = chain(form.quantity(node).expression, form.definition(node).expression)
    yield Say(say("transpose.indices_start"))
    yield Formula((chain(node.entry(*place.values()), reading.entry),), "transpose-entry")
    yield Say(say("transpose.rule", letters=tuple(Name(letter) for letter in reading.summed)))
    for factor in reading.factors:
        key = "transposed" if factor.is_transposed else "as_it_is"
        yield Say(say(f"transpose.{key}", factor=factor.factor, stored=_letters(factor), needed=_needed(factor)))
    yield Formula((written,), "transpose-matrix")


def _arrangements(derivation: AnyDepth, gradient: Expression, written: Expression) -> Table:
    shapes = derivation.matrix(derivation.hidden).shapes
    rows: list[tuple[Inline, ...]] = []
    for arrangement in by_shapes(shapes, written):
        rows.append((arrangement.product, _sizes(arrangement), _outcome(arrangement)))
    header = (say("transpose.product"), say("transpose.sizes"), say("transpose.outcome"))
    return Table(say("transpose.caption", gradient=gradient), header, tuple(rows), "arrangements", "lcl")


def _sizes(arrangement: Arrangement) -> Inline:
    return tuple(Chain((factor.factor, factor.space), ("∈",)) for factor in arrangement.factors)


def _outcome(arrangement: Arrangement) -> Inline:
    if arrangement.result is None:
        return say("transpose.undefined")
    return say("transpose.wanted" if arrangement.is_wanted else "transpose.wrong", space=arrangement.result.space)


def _letters(reading: Reading) -> Inline:
    return tuple(Name(letter) for letter in reading.stored if letter)


def _needed(reading: Reading) -> Inline:
    return tuple(Name(letter) for letter in reading.needed if letter)
