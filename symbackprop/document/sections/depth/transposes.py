"""Why the transpose: by shapes, and by reading the indices of the sum."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Formula, Heading, Inline, Say, Table
from symbackprop.document.story import Story, say
from symbackprop.expression import Chain, Expression, Index, Name, chain
from symbackprop.forms.indexed import IndexedForm, Letters, Place
from symbackprop.forms.levels import adjoint_node
from symbackprop.forms.matrix import MatrixForm
from symbackprop.forms.shapes import Shapes
from symbackprop.forms.transposes import Arrangement, Reading, by_indices, by_shapes
from symbackprop.graph import Node


def why_the_transpose(story: Story, derivation: AnyDepth) -> Iterator[Block]:
    """Both answers, for the gradient of the weights of a generic layer and for what it hands back."""
    node = adjoint_node(derivation.hidden.graph, derivation.node("activation"))
    gradient, form = derivation.gradient("weight").matrix, derivation.matrix(derivation.hidden)
    yield from two_answers(gradient, form, derivation.indexed, node, derivation.letters)


def two_answers(
    gradient: Chain, form: MatrixForm, indexed: IndexedForm, node: Node, letters: Letters
) -> Iterator[Block]:
    """The shapes of a gradient's factors, and the indices of the sum by which ``node`` is computed."""
    yield Heading(1, say("transpose.heading"))
    yield Heading(2, say("transpose.shapes"))
    square = form.shapes.stated(gradient.expressions[0])
    key = "shapes_start_square" if square.rows == square.columns else "shapes_start"
    yield Say(say(f"transpose.{key}", gradient=gradient.expressions[0]))
    yield _arrangements(form.shapes, gradient.expressions[0], gradient.expressions[-1])
    yield Heading(2, say("transpose.indices"))
    place = letters.place(node.axes)
    reading = by_indices(indexed, form, node, place)
    written = chain(form.quantity(node).expression, form.definition(node).expression)
    if not reading.summed:
        yield Say(say("transpose.outer", letters=tuple(Name(letter) for letter in _place_letters(place))))
        yield Formula((chain(node.entry(*place.values()), reading.entry), written), "transpose-entry")
        return
    yield Say(say("transpose.indices_start"))
    yield Formula((chain(node.entry(*place.values()), reading.entry),), "transpose-entry")
    yield Say(say("transpose.rule", letters=tuple(Name(letter) for letter in reading.summed)))
    for factor in reading.factors:
        key = "transposed" if factor.is_transposed else "as_it_is"
        yield Say(say(f"transpose.{key}", factor=factor.factor, stored=_letters(factor), needed=_needed(factor)))
    yield Formula((written,), "transpose-matrix")


def _arrangements(shapes: Shapes, gradient: Expression, written: Expression) -> Table:
    rows: list[tuple[Inline, ...]] = []
    wanted = shapes.stated(gradient).space
    for arrangement in by_shapes(shapes, written):
        rows.append((arrangement.product, _sizes(arrangement), _outcome(arrangement, wanted)))
    header = (say("transpose.product"), say("transpose.sizes"), say("transpose.outcome"))
    return Table(say("transpose.caption", gradient=gradient), header, tuple(rows), "arrangements", "lcl")


def _sizes(arrangement: Arrangement) -> Inline:
    return tuple(Chain((factor.factor, factor.space), ("∈",)) for factor in arrangement.factors)


def _outcome(arrangement: Arrangement, wanted: Expression) -> Inline:
    if arrangement.result is None:
        return say("transpose.undefined")
    other = "swapped" if arrangement.result.space == wanted else "wrong"
    return say(f"transpose.{'wanted' if arrangement.is_wanted else other}", space=arrangement.result.space)


def _place_letters(place: Place) -> list[str]:
    return [index.symbol for index in place.values() if isinstance(index, Index)]


def _letters(reading: Reading) -> Inline:
    return tuple(Name(letter) for letter in reading.stored if letter)


def _needed(reading: Reading) -> Inline:
    return tuple(Name(letter) for letter in reading.needed if letter)
