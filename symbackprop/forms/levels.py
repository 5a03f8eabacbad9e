"""A gradient on three levels: one entry, one line of a matrix, the whole matrix."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from symbackprop.expression import Chain, chain, multiply, partial
from symbackprop.forms.chain_rule import ADJOINT, IndexedGradient, indexed_gradient, users
from symbackprop.forms.indexed import IndexedForm, Place, entry_at
from symbackprop.forms.layout import placement
from symbackprop.forms.matrix import MatrixForm
from symbackprop.forms.shapes import WHOLE, Dimension
from symbackprop.graph import Graph, Node


@dataclass(frozen=True, slots=True)
class Levels:
    """∂E/∂(array): ``entry`` in indices, ``line`` as a column or row (None for a vector), ``matrix`` as a whole.

    ``line`` belongs to one unit of the layer: all weights that lead to it. ``dimension`` says what
    it is in this layout: a column in row layout, a row in column layout.
    """

    entry: IndexedGradient
    line: Chain | None
    dimension: Dimension | None
    matrix: Chain


def levels(indexed: IndexedForm, matrix: MatrixForm, forward: Graph, node: Node, place: Place) -> Levels:
    """The levels of one quantity's gradient.

    ``forward`` is the graph without adjoints, ``matrix.graph`` the same with them; ``place`` gives
    the indices of the entry.
    """
    entry = indexed_gradient(indexed, forward, node, place)
    adjoint = adjoint_node(matrix.graph, node)
    whole = chain(matrix.quantity(adjoint).expression, matrix.definition(adjoint).expression)
    if len(node.axes) < 2:
        return Levels(entry, None, None, whole)
    unit = node.axes[0]
    dimension: Dimension = "rows" if placement(node.axes, matrix.layout)[0] == unit else "columns"
    return Levels(entry, _line(matrix, forward, node, place, whole, dimension), dimension, whole)


def adjoint_node(graph: Graph, node: Node) -> Node:
    """The node of ∂E/∂(node)."""
    if node.symbol is None:
        raise ValueError(f"{node.id} has no name")
    return graph.node(replace(node.symbol, variant=ADJOINT))


def _line(matrix: MatrixForm, forward: Graph, node: Node, place: Place, whole: Chain, dimension: Dimension) -> Chain:
    """The matrix equation, one line of it; between its sides the chain rule, where one unit alone is concerned."""
    index = place[node.axes[0].name]
    left, right = (matrix.shapes.take(side, dimension, index) for side in whole.expressions)
    used_by = users(forward, node, matrix.inline)
    if len(used_by) == 1 and used_by[0].axes == node.axes[:1]:
        unit = entry_at(used_by[0], {node.axes[0].name: index})
        assert node.symbol is not None
        line = replace(node.symbol, indices=(index, *(WHOLE,) * (len(node.axes) - 1)))
        return chain(left, multiply(replace(unit, variant=ADJOINT), partial(unit, line)), right)
    return chain(left, right)
