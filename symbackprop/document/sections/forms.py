"""A network of definite size told once more, in indices and in matrices."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.joint import joint_of, joint_sweep
from symbackprop.document.blocks import Block, Formula, Heading, Say
from symbackprop.document.sections.arrays import array_chain
from symbackprop.document.sections.depth.transposes import two_answers
from symbackprop.document.sections.forward import place_of_layer
from symbackprop.document.sections.symbols import symbols_table
from symbackprop.document.story import Story, say
from symbackprop.expression import Apply, Chain, Expression, Symbol, chain
from symbackprop.forms.chain_rule import indexed_gradient
from symbackprop.forms.indexed import IndexedForm, entry_at
from symbackprop.forms.layout import Layout
from symbackprop.forms.levels import adjoint_node
from symbackprop.forms.matrix import MatrixForm
from symbackprop.graph import Graph, Node, canonical_id
from symbackprop.spec.error import TRANSPARENT

PARAMETERS = ("weight", "bias")


def forms(story: Story) -> Iterator[Block]:
    """What the document was asked to show besides single entries."""
    if story.shows("indexed"):
        yield from indexed(story)
    if story.shows("matrix"):
        for layout in story.layouts:
            yield from matrices(story, layout)


# ---- indices ------------------------------------------------------------------------------------


def indexed(story: Story) -> Iterator[Block]:
    """One equation for all neurons of a layer, forward and backward."""
    yield Heading(1, say("forms.indexed"))
    yield Say(say("forms.indexed_start"))
    for position in range(1, story.depth + 1):
        where = place_of_layer(story, position)
        yield Say(say("forms.indexed_layer", where=where))
        yield Formula(tuple(_definitions(story, position)), f"indexed-forward-{position}")
    for position in range(story.depth, 0, -1):
        yield Say(say("forms.indexed_gradients", where=place_of_layer(story, position)))
        yield Formula(tuple(_gradients(story, position)), f"indexed-backward-{position}")


def _definitions(story: Story, position: int) -> Iterator[Chain]:
    form = IndexedForm(story.letters, inline=transparent(story.derivation.model.graph))
    for node in _nodes(story.derivation.model.graph, position, ("preactivation", "activation")):
        place = story.letters.place(node.axes)
        yield chain(entry_at(node, place), form.definition(node, place))


def _gradients(story: Story, position: int) -> Iterator[Chain]:
    """δ of a layer from what uses its outputs, and the gradients of its parameters."""
    graph = story.derivation.model.graph
    form = IndexedForm(story.letters, inline=transparent(graph))
    for node in _nodes(graph, position, ("activation", "preactivation", *PARAMETERS)):
        line = indexed_gradient(form, graph, node, story.letters.place(node.axes)).short
        yield chain(*line.expressions, *_joint_delta(story, node))


def _joint_delta(story: Story, node: Node) -> Iterator[Expression]:
    """What loss and output activation come down to together, for the layer in which they meet."""
    joint = joint_of(story.derivation.model)
    if joint is None or joint.preactivation is not node:
        return
    graph = joint_sweep(story.derivation.model).graph
    parts = frozenset(node.id for node in graph.nodes if node.role in TRANSPARENT)
    form = IndexedForm(story.letters, inline=parts)
    yield form.definition(adjoint_node(graph, node), story.letters.place(node.axes))


# ---- matrices -----------------------------------------------------------------------------------


def matrices(story: Story, layout: Layout) -> Iterator[Block]:
    """One equation for a whole layer, forward and backward, with numbers; shapes; and why the transpose."""
    form = matrix_form(story, layout)
    several = len(story.layouts) > 1
    yield Heading(1, say(f"forms.matrix_{layout}" if several else "forms.matrix"))
    wanted = [node for position in range(story.depth + 1) for node in _nodes(form.graph, position, _SHOWN)]
    yield from symbols_table(form.graph, layout, wanted, f"shapes-{layout}")
    yield Say(say("forms.matrix_start" if story.numeric else "forms.matrix_symbolic"))
    for position in range(1, story.depth + 1):
        nodes = _nodes(form.graph, position, ("preactivation", "activation"))
        yield Formula(tuple(array_chain(story, form, node) for node in nodes), f"matrix-{layout}-forward-{position}")
    yield Say(say("forms.backward"))
    for position in range(story.depth, 0, -1):
        nodes = [
            adjoint_node(form.graph, node) for node in _nodes(form.graph, position, ("preactivation", *PARAMETERS))
        ]
        yield Formula(tuple(array_chain(story, form, node) for node in nodes), f"matrix-{layout}-backward-{position}")
    if layout == story.layouts[0]:
        yield from why_transposed(story, form)


_SHOWN = ("activation", *PARAMETERS, "preactivation")


def why_transposed(story: Story, form: MatrixForm) -> Iterator[Block]:
    """Both answers, for the weights of the last layer that has any and what is handed back through them."""
    graph = form.graph
    weights = [node for node in graph.parameters if node.role == "weight" and _is_product(form, node)]
    if not weights or weights[-1].symbol is None:
        return
    gradient = adjoint_node(graph, weights[-1])
    position = weights[-1].symbol.position
    assert isinstance(position, int)
    handed_back = graph.by_id.get(canonical_id(Symbol("activation", position - 1, None, "adjoint")))
    whole = chain(form.quantity(gradient).expression, form.definition(gradient).expression)
    indexed_form = IndexedForm(story.letters, inline=transparent(graph))
    yield from two_answers(whole, form, indexed_form, handed_back or gradient, story.letters)


def _is_product(form: MatrixForm, weight: Node) -> bool:
    """Whether the gradient of some weights is one product of two matrices (tied weights have a sum)."""
    written = form.definition(adjoint_node(form.graph, weight)).expression
    return isinstance(written, Apply) and written.operator == "matrix_product" and len(written.arguments) == 2


def matrix_form(story: Story, layout: Layout) -> MatrixForm:
    """The matrix form of the network; what stands between the layers' quantities is written out."""
    graph = joint_sweep(story.derivation.model).graph
    handed_on = frozenset(node.id for node in graph.nodes if node.id.startswith("adjoint activation"))
    return MatrixForm(graph, layout, letters=story.letters, inline=transparent(graph) | handed_on)


def transparent(graph: Graph) -> frozenset[str]:
    """Ids of what stands between the outputs and E, and of its adjoints."""
    return frozenset(node.id for node in graph.nodes if node.role in TRANSPARENT)


def _nodes(graph: Graph, position: int, kinds: tuple[str, ...]) -> list[Node]:
    found = (graph.by_id.get(canonical_id(Symbol(kind, position))) for kind in kinds)
    return [node for node in found if node is not None]
