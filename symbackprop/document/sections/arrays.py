"""Arrays with their numbers in them."""

from __future__ import annotations

from symbackprop.document.story import Story
from symbackprop.expression import Apply, Chain, Expression, chain
from symbackprop.forms.layout import Layout, placement
from symbackprop.forms.matrix import MatrixForm
from symbackprop.graph import Node, whole

MOST_NUMBERS = 40
"""Larger arrays are not printed."""


def numbers(story: Story, node: Node, layout: Layout) -> Expression | None:
    """The values of an array as a matrix (a single number as such); None where one is missing or it is too large."""
    rows, columns = placement(node.axes, layout)
    height, width = (whole(axis) if axis else 1 for axis in (rows, columns))
    if height * width > MOST_NUMBERS:
        return None
    lines = []
    for row in range(height):
        cells: list[Expression] = []
        for column in range(width):
            at = {axis: index for axis, index in ((rows, row), (columns, column)) if axis is not None}
            number = story.number(node.entry(*(at[axis] for axis in node.axes)))
            if number is None:
                return None
            cells.append(number)
        lines.append(Apply("row", tuple(cells)))
    if not node.axes:
        return lines[0].arguments[0]
    return Apply("matrix", tuple(lines))


def array_chain(story: Story, form: MatrixForm, node: Node) -> Chain:
    """An array = its definition in matrices = its numbers."""
    members = [form.quantity(node).expression]
    if node.operation is not None:
        members.append(form.definition(node).expression)
    values = numbers(story, node, form.layout)
    if values is not None:
        members.append(values)
    return chain(*members)
