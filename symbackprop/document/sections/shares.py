"""Error shares beside the gradient: E handed back in proportion to weights, and what is missing in it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from symbackprop.derive.derivation import derive_model
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.shares import ERROR, SIGNED, SIMPLIFIED
from symbackprop.derive.shares import error_shares as derived_shares
from symbackprop.document.blocks import Block, Formula, Heading, Inline, Say, Table, Text
from symbackprop.document.sections.forms import matrix_form
from symbackprop.document.sections.share_story import ShareStory, told
from symbackprop.document.story import Story, joined, say
from symbackprop.expression import ONE, Apply, Chain, Expression, Symbol, add, chain, multiply, partial
from symbackprop.forms.layout import transpose
from symbackprop.forms.levels import adjoint_node
from symbackprop.forms.matrix import MatrixForm
from symbackprop.graph import Node, canonical_id, whole

# ---- forward, with the matrices written out -------------------------------------------------------


def forward_matrices(story: Story) -> Iterator[Block]:
    """The weighted inputs as products of matrices whose entries are written out; each matrix gets a letter."""
    yield Heading(1, say("shares.forward"))
    yield Say(say("shares.forward_start"))
    for position in range(1, story.depth + 1):
        weights = _columns(story, "weight", position)
        sums, inputs = (
            _column(story.entries(kind, at)) for kind, at in (("preactivation", position), ("activation", position - 1))
        )
        letter, source = Symbol("weight", position), Symbol("activation", position - 1)
        yield Formula(
            (
                chain(sums, Apply("matrix_product", (weights, inputs))),
                chain(Symbol("preactivation", position), Apply("matrix_product", (letter, source))),
            ),
            f"forward-matrix-{position}",
        )
    first = Symbol("weight", 1)
    yield Say(say("shares.letter", matrix=first, weight=story.entries("weight", 1)[0]))
    yield Formula((chain(first, _columns(story, "weight", 1)),), "forward-letter")


def _column(entries: tuple[Symbol, ...]) -> Expression:
    return Apply("matrix", tuple(Apply("row", (entry,)) for entry in entries))


def _columns(story: Story, kind: str, position: int) -> Expression:
    """A matrix of weights entry by entry, as it stands left of a column."""
    node = story.derivation.graph.by_id[canonical_id(Symbol(kind, position))]
    height, width = (whole(axis) for axis in node.axes)
    rows = ([node.entry(row, column) for column in range(width)] for row in range(height))
    return Apply("matrix", tuple(Apply("row", tuple(row)) for row in rows))


# ---- shares -----------------------------------------------------------------------------------------


def error_shares(story: Story) -> Iterator[Block]:
    """The normalised shares, the simplified form, and what the simplification changes."""
    exact, simple = told(story), told(story, SIMPLIFIED)
    yield Heading(1, say("shares.heading"))
    yield Say(say("shares.start"))
    for position in range(story.depth, 0, -1):
        key = "shares.first" if position == story.depth else "shares.further"
        yield Say(say(key, shares=exact.shares.entries(position - 1), errors=exact.shares.entries(position)))
        yield Formula(
            tuple(
                exact.evaluated(entry, exact.shares.definition(entry)) for entry in exact.shares.entries(position - 1)
            ),
            f"shares-{position - 1}",
        )
    yield Heading(2, say("shares.matrix"))
    yield Say(say("shares.matrix_start"))
    for position in range(story.depth, 0, -1):
        yield Formula((_written_out(exact, position),), f"shares-matrix-{position - 1}")
    yield Heading(2, say("shares.simplified"))
    yield Say(say("shares.simplified_start"))
    for position in range(story.depth, 0, -1):
        letter, lower, upper = Symbol("weight", position), Symbol("share", position - 1), Symbol("share", position)
        short = chain(lower, Apply("matrix_product", (transpose(letter), upper)))
        yield Formula((_written_out(simple, position), short), f"shares-simplified-{position - 1}")
    yield Heading(2, say("shares.totals"))
    yield from _totals(exact, simple)


def _written_out(story: ShareStory, position: int) -> Chain:
    lower, upper = (_column(story.shares.entries(at)) for at in (position - 1, position))
    return chain(lower, Apply("matrix_product", (story.shares.matrix(position), upper)))


def _totals(exact: ShareStory, simple: ShareStory) -> Iterator[Block]:
    """Normalised shares keep the total, simplified ones do not."""
    top = exact.depth
    upper, lower = exact.shares.entries(top), exact.shares.entries(top - 1)
    yield Say(say("shares.total_kept"))
    cells = exact.shares.matrix(top)
    yield Formula(tuple(chain(add(*column), ONE) for column in _transposed_rows(cells)), "columns-of-one")
    kept = joined(add(*lower), add(*upper))
    yield Formula(
        (kept, joined(add(*lower), exact.substituted(add(*lower)), *_known(exact, add(*upper)))), "total-kept"
    )
    sums = [add(*column) for column in _weights_by_target(exact, top)]
    grown = add(*(multiply(total, error) for total, error in zip(sums, upper, strict=True)))
    yield Say(say("shares.total_lost"))
    before, after = [grown, *_known(simple, grown)], [add(*upper), *_known(exact, add(*upper))]
    relations = ("=",) * len(before) + ("≠",) + ("=",) * (len(after) - 1)
    yield Formula((Chain((add(*lower), *before, *after), relations),), "total-lost")
    yield Say(say("shares.columns", sums=tuple(exact.evaluated(total) for total in sums)))
    rows: list[tuple[Inline, ...]] = []
    for position in range(top, -1, -1):
        for entry in exact.shares.entries(position):
            rows.append((entry, exact.number(entry) or Text(""), simple.number(entry) or Text("")))
        total = add(*exact.shares.entries(position))
        rows.append((say("shares.sum", terms=total), exact.value(total) or Text(""), simple.value(total) or Text("")))
    if exact.numeric:
        header = (say("shares.share"), say("shares.with"), say("shares.without"))
        yield Table(say("shares.caption"), header, tuple(rows), "shares-table", "lrr")


def _transposed_rows(matrix: Expression) -> list[tuple[Expression, ...]]:
    """The columns of a matrix that is written out."""
    assert isinstance(matrix, Apply)
    rows = [row.arguments for row in matrix.arguments if isinstance(row, Apply)]
    return list(zip(*rows, strict=True))


def _known(story: Story, expression: Expression) -> list[Expression]:
    value = story.value(expression)
    return [value] if value is not None else []


def _weights_by_target(story: Story, position: int) -> list[tuple[Symbol, ...]]:
    node = story.derivation.graph.by_id[f"weight[{position}]"]
    height, width = (whole(axis) for axis in node.axes)
    return [tuple(node.entry(row, column) for column in range(width)) for row in range(height)]


# ---- beside the gradient ----------------------------------------------------------------------------


def shares_and_gradient(story: Story) -> Iterator[Block]:
    """What the simplified shares lack, how they become the recursion, and where both agree."""
    simple = told(story, SIMPLIFIED)
    position = story.depth - 1
    hidden = story.entries("activation", position)
    yield Heading(1, say("shares.beside"))
    yield Say(say("shares.beside_start"))
    yield Formula(tuple(_unequal(simple, entry) for entry in hidden), "shares-unequal")
    yield Heading(2, say("shares.becomes"))
    yield from _steps(story, matrix_form(story, story.layouts[0]))
    yield from _comparison(story, simple)
    yield Heading(2, say("shares.agree"))
    yield from _linear(story)


def _unequal(story: ShareStory, hidden: Symbol) -> Chain:
    """∂E/∂Y = its value ≠ the simplified share of the loss terms = its value."""
    share = Symbol("share", hidden.position, hidden.indices)
    written = story.shares.definition(share)
    gradient, value = partial(story.loss, hidden), story.number(adjoint_symbol(hidden))
    found = story.value(written)
    members = [gradient, *([value] if value is not None else []), written, *([found] if found is not None else [])]
    relations = ["="] * (len(members) - 1)
    relations[1 if value is not None else 0] = "≠"
    return Chain(tuple(members), tuple(relations))


def _steps(story: Story, form: MatrixForm) -> Iterator[Block]:
    """From E = Wᵀ E to the recursion, one repair after the other."""
    graph, top = form.graph, story.depth
    below = [graph.by_id[canonical_id(Symbol(kind, at))] for kind, at in (("activation", top), ("activation", top - 1))]
    signed, handed = (adjoint_node(graph, node) for node in below)
    delta_top, delta = (adjoint_node(graph, graph.by_id[f"preactivation[{at}]"]) for at in (top, top - 1))
    shown = MatrixForm(graph, form.layout, letters=form.letters, inline=form.inline - {signed.id, handed.id})
    weight = Symbol("weight", top)
    yield Say(say("shares.step_share", loss=story.loss))
    yield Formula(
        (chain(Symbol("share", top - 1), Apply("matrix_product", (transpose(weight), Symbol("share", top)))),),
        "step-share",
    )
    yield Say(say("shares.step_sign"))
    yield Formula((_equation(shown, signed),), "step-sign")
    yield Say(say("shares.step_slope"))
    yield Formula((_equation(shown, delta_top), _equation(shown, handed)), "step-slope")
    yield Say(say("shares.step_again"))
    yield Formula((_equation(form, delta),), "step-again")


def _equation(form: MatrixForm, node: Node) -> Chain:
    return chain(form.quantity(node).expression, form.definition(node).expression)


def _comparison(story: Story, simple: ShareStory) -> Iterator[Block]:
    """Shares of loss terms, shares of signed errors, and the derivative, side by side."""
    if not story.numeric:
        return
    rows: list[tuple[Inline, ...]] = []
    for hidden in story.entries("activation", story.depth - 1):
        share = Symbol("share", hidden.position, hidden.indices)
        signed = told(story, SIGNED).number(share)
        derivative = story.number(adjoint_symbol(hidden))
        rows.append((hidden, simple.number(share) or Text(""), signed or Text(""), derivative or Text("")))
    header = (Text(""), say("shares.of_terms"), say("shares.of_signed"), say("shares.derivative"))
    yield Say(say("shares.comparison"))
    yield Table(say("shares.comparison_caption"), header, tuple(rows), "comparison", "crrr")


def _linear(story: Story) -> Iterator[Block]:
    """The same network with linear units: there the simplified share of signed errors is the derivative."""
    network = story.derivation.network
    layers = [msgspec.structs.replace(layer, activation="identity") for layer in network.layers]
    linear = derive_model(msgspec.structs.replace(network, layers=layers))
    other = Story(linear, story.verification, story.notation, story.detail)
    derived = derived_shares(linear.model)
    yield Say(say("shares.linear"))
    lines = []
    for hidden in other.entries("activation", other.depth - 1):
        written = derived.gradient_definition(Symbol(ERROR, hidden.position, hidden.indices))
        lines.append(other.evaluated(partial(other.loss, hidden), written))
    yield Formula(tuple(lines), "shares-linear")
    yield Say(say("shares.end"))
