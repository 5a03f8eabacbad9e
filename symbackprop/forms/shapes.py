"""The shape of every part of a matrix equation, and the slices of it: rows, columns, entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec.structs import replace

from symbackprop.expression import (
    ONE,
    Apply,
    Expression,
    Index,
    IndexValue,
    Symbol,
    multiply,
    symbols,
)
from symbackprop.forms.algebra import flatten
from symbackprop.forms.layout import Layout, is_ones, placement, size_of, transpose
from symbackprop.graph import Axis, Graph, slice_id
from symbackprop.ops import Gather

Dimension = Literal["rows", "columns"]
Shape: TypeAlias = "tuple[Axis | None, Axis | None]"
"""(rows, columns); None is a dimension of size 1. A scalar is (None, None)."""

WHOLE = Index("·")
"""The index that runs over a whole axis: W_{·j} is a column."""

SCALAR: Shape = (None, None)


@dataclass(frozen=True, slots=True)
class FactorShape:
    """A quantity and the space in which it lies."""

    factor: Expression
    rows: Expression
    columns: Expression

    @property
    def space(self) -> Expression:
        """ℝ^{rows×columns}, to stand behind ∈."""
        return Apply("space", (self.rows, self.columns))


@dataclass(frozen=True)
class Shapes:
    """Knows the shape of everything that can be written about a graph in a layout.

    Axes that the graph only renames into each other (tied weights do that) count as one.
    """

    graph: Graph
    layout: Layout

    @cached_property
    def _same(self) -> dict[str, Axis]:
        """Axis name -> the first axis among those that are renamed into each other."""
        found: dict[str, Axis] = {}
        for node in self.graph.nodes:
            for axis in node.axes:
                found.setdefault(axis.name, axis)
            if isinstance(node.operation, Gather) and node.operation.renaming:
                for old, new in node.operation.renaming.items():
                    found[new] = found[old]
        return found

    def of(self, expression: Expression) -> Shape:
        """The shape of an expression. ValueError where its parts do not fit each other."""
        if isinstance(expression, Symbol):
            return self._symbol(expression)
        if not isinstance(expression, Apply):
            return SCALAR
        rule = _RULES.get(expression.operator)
        if rule is not None:
            return rule(self, expression)
        return self._common([self.of(part) for part in expression.arguments])

    def factors(self, expression: Expression) -> tuple[FactorShape, ...]:
        """Every array in an expression with its shape, each once, in order of appearance."""
        arrays = (symbol for symbol in symbols(expression) if self.of(symbol) != SCALAR)
        return tuple(self.stated(symbol) for symbol in arrays)

    def stated(self, expression: Expression) -> FactorShape:
        """An expression with its shape in symbols."""
        rows, columns = self.of(expression)
        return FactorShape(expression, size_of(rows), size_of(columns))

    def row(self, expression: Expression, index: IndexValue) -> Expression:
        """One row of an expression."""
        return self.take(expression, "rows", index)

    def column(self, expression: Expression, index: IndexValue) -> Expression:
        """One column of an expression."""
        return self.take(expression, "columns", index)

    def take(self, expression: Expression, dimension: Dimension, index: IndexValue) -> Expression:
        """The row or the column with an index; what has size 1 along the dimension stays as it is."""
        if self.of(expression)[_PLACE[dimension]] is None:
            return expression
        if isinstance(expression, Symbol):
            return self._slice(expression, dimension, index)
        assert isinstance(expression, Apply)
        special = _SLICES.get(expression.operator)
        if special is not None:
            return special(self, expression, dimension, index)
        parts = tuple(self.take(part, dimension, index) for part in expression.arguments)
        if expression.operator == "hadamard" and all(self.of(part) == SCALAR for part in parts):
            return multiply(*parts)
        return flatten(Apply(expression.operator, parts))

    def axes(self, symbol: Symbol) -> tuple[Axis, ...]:
        """The axes of a quantity, of its adjoint, or of it after the update; in the order of its indices."""
        for candidate in (symbol, replace(symbol, variant="")):
            try:
                return self.graph.node(candidate).axes
            except KeyError:
                continue
        raise ValueError(f"there is no {slice_id(symbol)} here")

    def axis(self, name: str) -> Axis:
        """The axis of a name."""
        if name not in self._same:
            raise ValueError(f"there is no axis {name} here")
        return self._same[name]

    def _symbol(self, symbol: Symbol) -> Shape:
        if is_ones(symbol):
            return self.axis(symbol.variant), None
        if symbol.indices is None:
            plain = symbol.kind in _NUMBERS or symbol.kind.endswith("_function")
            return SCALAR if plain else self._unified(*placement(self.axes(symbol), self.layout))
        if WHOLE not in symbol.indices:
            return SCALAR
        axes = self.axes(symbol)
        _, places = split_indices(symbol, len(axes))
        whole = {axis for axis, index in zip(axes, places, strict=True) if index == WHOLE}
        rows, columns = placement(axes, self.layout)
        return self._unified(rows if rows in whole else None, columns if columns in whole else None)

    def _unified(self, rows: Axis | None, columns: Axis | None) -> Shape:
        return (rows and self.axis(rows.name), columns and self.axis(columns.name))

    def _slice(self, symbol: Symbol, dimension: Dimension, index: IndexValue) -> Expression:
        if is_ones(symbol):
            return ONE
        axes = self.axes(symbol)
        chosen = placement(axes, self.layout)[_PLACE[dimension]]
        fixed, places = split_indices(symbol, len(axes))
        indices = (index if axis == chosen else old for axis, old in zip(axes, places, strict=True))
        return replace(symbol, indices=(*fixed, *indices))

    def _common(self, shapes: list[Shape]) -> Shape:
        """The shape of things joined entry by entry: all arrays among them have the same one."""
        arrays = list(dict.fromkeys(shape for shape in shapes if shape != SCALAR))
        if not arrays:
            return SCALAR
        rows = {shape[0] for shape in arrays} - {None}
        columns = {shape[1] for shape in arrays} - {None}
        if len(rows) > 1 or len(columns) > 1:
            raise ValueError(f"shapes that differ are joined entry by entry: {arrays}")
        return next(iter(rows), None), next(iter(columns), None)


def split_indices(symbol: Symbol, axes: int) -> tuple[tuple[IndexValue, ...], tuple[IndexValue, ...]]:
    """The indices at which a slice was taken, and those along its own axes."""
    if symbol.indices is None:
        return (), (WHOLE,) * axes
    count = len(symbol.indices) - axes
    return symbol.indices[:count], symbol.indices[count:]


_PLACE: dict[Dimension, int] = {"rows": 0, "columns": 1}
_NUMBERS = frozenset({"size", "sample_count", "pi", "learning_rate"})


def _transposed(shapes: Shapes, expression: Apply) -> Shape:
    rows, columns = shapes.of(expression.arguments[0])
    return columns, rows


def _product(shapes: Shapes, expression: Apply) -> Shape:
    parts = [shapes.of(part) for part in expression.arguments]
    for (_, inner), (outer, _) in pairwise(parts):
        if inner != outer:
            raise ValueError(f"a matrix product over {_size(inner)} and {_size(outer)}")
    return parts[0][0], parts[-1][1]


def _size(axis: Axis | None) -> str:
    return "1" if axis is None else f"{axis.name} ({axis.size})"


def _first(shapes: Shapes, expression: Apply) -> Shape:
    return shapes.of(expression.arguments[0])


def _last(shapes: Shapes, expression: Apply) -> Shape:
    return shapes.of(expression.arguments[-1])


def _scalar(shapes: Shapes, expression: Apply) -> Shape:
    return SCALAR


_RULES: dict[str, Callable[[Shapes, Apply], Shape]] = {
    "transpose": _transposed,
    "matrix_product": _product,
    "sum": _first,
    "call": _last,
    "gradient": _last,
    "partial": _last,
    "kronecker": _scalar,
}


def _take_transposed(shapes: Shapes, expression: Apply, dimension: Dimension, index: IndexValue) -> Expression:
    inner = shapes.take(expression.arguments[0], "columns" if dimension == "rows" else "rows", index)
    return inner if shapes.of(inner) == SCALAR else transpose(inner)


def _take_product(shapes: Shapes, expression: Apply, dimension: Dimension, index: IndexValue) -> Expression:
    """A row of A B is a row of A times B; a column of it is A times a column of B."""
    parts = list(expression.arguments)
    place = 0 if dimension == "rows" else -1
    parts[place] = shapes.take(parts[place], dimension, index)
    arrays = [part for part in parts if shapes.of(part) != SCALAR]
    scalars = [part for part in parts if shapes.of(part) == SCALAR]
    product = [Apply("matrix_product", tuple(arrays))] if len(arrays) > 1 else arrays
    return multiply(*product, *scalars) if dimension == "columns" else multiply(*scalars, *product)


def _take_call(shapes: Shapes, expression: Apply, dimension: Dimension, index: IndexValue) -> Expression:
    head, *arguments = expression.arguments
    return Apply("call", (head, *(shapes.take(argument, dimension, index) for argument in arguments)))


def _take_sum(shapes: Shapes, expression: Apply, dimension: Dimension, index: IndexValue) -> Expression:
    body, *bounds = expression.arguments
    return Apply("sum", (shapes.take(body, dimension, index), *bounds))


_SLICES: dict[str, Callable[[Shapes, Apply, Dimension, IndexValue], Expression]] = {
    "transpose": _take_transposed,
    "matrix_product": _take_product,
    "call": _take_call,
    "sum": _take_sum,
}
