"""Matrix form: one equation for a whole array, in row or in column layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from symbackprop.expression import (
    ONE,
    Apply,
    Expression,
    Index,
    IndexValue,
    Name,
    Number,
    Symbol,
    add,
    multiply,
    negate,
    symbols,
)
from symbackprop.forms.algebra import function_tree
from symbackprop.forms.application import name_of
from symbackprop.forms.contraction import broadcast, contract, hadamard
from symbackprop.forms.indexed import Letters, contracted, index_tree, letters_used
from symbackprop.forms.layout import Layout, NoFormError, Shaped, ones, placement, size_of
from symbackprop.forms.shapes import WHOLE, Shapes
from symbackprop.graph import Axis, Graph, Node
from symbackprop.ops import Composite, Contract, Gather, Map, Scatter

Totals = Literal["ones", "sum"]


@dataclass(frozen=True, slots=True)
class MatrixForm:
    """Writes the nodes of a graph that have at most two axes as matrices.

    ``named`` writes σ(z) instead of the function's formula. ``ones`` writes a vector that is added
    to every row (or column) of a matrix as a product with a vector of ones; without it that is left
    to the reader. ``totals`` writes the sum over all rows as a product with ones (𝟏ᵀδ) or with a
    sum sign, whose index comes from ``letters``. The nodes whose ids are in ``inline`` are written
    out, as unnamed ones always are.
    """

    graph: Graph
    layout: Layout
    named: bool = True
    ones: bool = True
    totals: Totals = "ones"
    letters: Letters = field(default_factory=Letters)
    inline: frozenset[str] = frozenset()

    @property
    def shapes(self) -> Shapes:
        return Shapes(self.graph, self.layout)

    def definition(self, node: Node) -> Shaped:
        """How a whole node is computed from those that it uses directly, laid out like the node itself."""
        shaped = self._compute(node)
        if shaped.axes != frozenset(node.axes):
            shaped = broadcast(shaped, node.axes, self.layout)
        same = (shaped.rows, shaped.columns) == placement(node.axes, self.layout)
        return shaped if same else shaped.transposed

    def quantity(self, node: Node) -> Shaped:
        """A named node as it stands in equations."""
        if node.symbol is None:
            raise ValueError(f"{node.id} has no name")
        if not node.axes:
            return Shaped(node.entry())
        # A slice of an array keeps the index at which it was taken: h_t is h_{t·}.
        part = node.symbol if node.symbol.indices is None else node.entry(*(WHOLE,) * len(node.axes))
        return Shaped(part, *placement(node.axes, self.layout))

    def expand(self, node: Node) -> Shaped:
        """A node as it appears in the definition of another one."""
        if node.operation is None or (node.symbol is not None and node.id not in self.inline):
            return self.quantity(node)
        return self._compute(node)

    def _compute(self, node: Node) -> Shaped:
        rule = _RULES.get(type(node.operation))
        if rule is None:
            raise NoFormError(f"no matrix form for {type(node.operation).__name__}")
        return rule(self, node, node.operation)

    def _leaf(self, node: Node, operation: None) -> Shaped:
        return self.quantity(node)

    def _map(self, node: Node, operation: Map) -> Shaped:
        arguments = [self.expand(argument) for argument in node.arguments]
        name = name_of(operation.function) if self.named else None
        if name is not None:
            return arguments[0].with_expression(Apply("call", (name, arguments[0].expression)))
        return self._entrywise(function_tree(operation.function), arguments, node.axes)

    def _composite(self, node: Node, operation: Composite) -> Shaped:
        if not self.named or len(node.arguments) != 1:
            return self._compute(operation.written_out(node))
        inner = self.expand(node.arguments[0])
        return inner.with_expression(Apply("call", (Name(operation.name), inner.expression)))

    def _gather(self, node: Node, operation: Gather) -> Shaped:
        shaped = self.expand(node.arguments[0])
        if operation.renaming is not None:
            return _renamed(shaped, operation.renaming, node.axes)
        if any(affine.terms for _, affine in operation.access):
            raise NoFormError("a gather that does more than rename axes or pick lines has no matrix form")
        for name, affine in operation.access:
            shaped = self._picked(shaped, name, affine.offset)
        return shaped

    def _picked(self, shaped: Shaped, name: str, index: IndexValue) -> Shaped:
        """The row or column of an array at an index of one of its axes."""
        down = shaped.rows is not None and shaped.rows.name == name
        expression = self.shapes.take(shaped.expression, "rows" if down else "columns", index)
        return Shaped(expression, None if down else shaped.rows, shaped.columns if down else None)

    def _scatter(self, node: Node, operation: Scatter) -> Shaped:
        names = operation.gather.renaming
        if names is None:
            raise NoFormError("a scatter that does more than rename axes has no matrix form")
        return _renamed(self.expand(node.arguments[0]), {new: old for old, new in names.items()}, node.axes)

    def _contract(self, node: Node, operation: Contract) -> Shaped:
        arguments = (self.expand(argument) for argument in node.arguments)
        factors = [argument for argument in arguments if argument.expression != ONE]
        over = [axis for axis in contracted(node) if axis.name in operation.over]
        if self.totals == "sum" and over and len([factor for factor in factors if factor.axes]) == 1:
            return self._total(contract(factors, (), node.axes, self.layout), over)
        # Ones that only repeat the others along an axis are not written, unless the sum runs over that axis.
        covered = frozenset(axis for factor in factors for axis in factor.axes)
        counted = [ones(axis) for axis in over if axis not in covered]
        return contract([*factors, *counted], over, node.axes, self.layout)

    def _total(self, shaped: Shaped, over: list[Axis]) -> Shaped:
        """The sum of all rows, of all columns, or of all entries."""
        expression = shaped.expression
        rows, columns = shaped.rows, shaped.columns
        place = self.letters.place(tuple(over), letters_used(expression))
        for axis in over:
            expression = self.shapes.take(expression, "rows" if axis == rows else "columns", place[axis.name])
            rows, columns = (None if axis == rows else rows, None if axis == columns else columns)
        for axis in reversed(over):
            expression = Apply("sum", (expression, index_tree(place[axis.name]), ONE, size_of(axis)))
        return Shaped(expression, rows, columns)

    def _entrywise(self, tree: Expression, holes: list[Shaped], axes: tuple[Axis, ...]) -> Shaped:
        """A scalar function's tree with arrays in its holes."""
        if isinstance(tree, Symbol) and tree.kind == "argument" and tree.indices:
            place = tree.indices[0]
            assert not isinstance(place, Index)
            return holes[place]
        if not isinstance(tree, Apply):
            return Shaped(tree)
        if tree.operator == "call":
            head, *inner = tree.arguments
            parts = [self._entrywise(part, holes, axes) for part in inner]
            joined = self._joined("call", parts, axes)
            assert isinstance(joined.expression, Apply)
            return joined.with_expression(Apply("call", (head, *joined.expression.arguments)))
        parts = [self._entrywise(part, holes, axes) for part in tree.arguments]
        if tree.operator == "multiply":
            return contract(parts, (), axes, self.layout)
        if tree.operator == "power" and parts[0].axes and isinstance(parts[1].expression, Number):
            count = parts[1].expression.text
            if count in _REPEATED:  # W ⊙ W: W² would be a product of matrices
                return parts[0].with_expression(hadamard(*[parts[0].expression] * int(count)))
        return self._joined(tree.operator, parts, axes)

    def _joined(self, operator: str, parts: list[Shaped], axes: tuple[Axis, ...]) -> Shaped:
        """Arrays brought to the same shape and joined by an operator; plain numbers stand for all entries."""
        present = frozenset(axis for part in parts for axis in part.axes)
        order = tuple(axis for axis in axes if axis in present)
        rows, columns = placement(order, self.layout)
        aligned = []
        for part in parts:
            if part.axes != present and self._is_repeated(part, operator):
                part = self._repeated(part, order)
            turned = part.axes == present and (part.rows, part.columns) != (rows, columns)
            aligned.append((part.transposed if turned else part).expression)
        rebuild = {"add": add, "multiply": multiply}.get(operator)
        expression = rebuild(*aligned) if rebuild else Apply(operator, tuple(aligned))
        return Shaped(expression, rows, columns)

    def _repeated(self, part: Shaped, axes: tuple[Axis, ...]) -> Shaped:
        """The part repeated along the axes that it lacks, a minus sign left in front."""
        if isinstance(part.expression, Apply) and part.expression.operator == "negate":
            inner = broadcast(part.with_expression(part.expression.arguments[0]), axes, self.layout)
            return inner.with_expression(negate(inner.expression))
        return broadcast(part, axes, self.layout)

    def _is_repeated(self, part: Shaped, operator: str) -> bool:
        """Whether repeating a part along the axes that it lacks is written. A plain number stands for all entries."""
        if operator == "add":
            return self.ones and bool(symbols(part.expression))
        return bool(part.axes)


def _renamed(shaped: Shaped, names: Mapping[str, str], axes: tuple[Axis, ...]) -> Shaped:
    """The same array over axes of other names."""
    known = {axis.name: axis for axis in axes}

    def new(axis: Axis | None) -> Axis | None:
        return axis if axis is None else known[names.get(axis.name, axis.name)]

    return Shaped(shaped.expression, new(shaped.rows), new(shaped.columns))


_RULES: dict[type, Callable[..., Shaped]] = {
    type(None): MatrixForm._leaf,
    Map: MatrixForm._map,
    Contract: MatrixForm._contract,
    Composite: MatrixForm._composite,
    Gather: MatrixForm._gather,
    Scatter: MatrixForm._scatter,
}

_REPEATED = frozenset({"2", "3", "4"})
