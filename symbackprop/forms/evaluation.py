"""The value of any expression, arrays included, at given values of the entries of a graph.

This evaluator knows nothing of how the forms are made: matrix products are sums over entries,
transposes are transposes. It is what the forms are compared with each other by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias
from zlib import crc32

from msgspec import structs

from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, Number, Symbol
from symbackprop.forms.algebra import function_tree
from symbackprop.forms.layout import Layout, is_ones, is_unit_axis, placement
from symbackprop.forms.scalar import expand
from symbackprop.forms.shapes import SCALAR, WHOLE, Shapes, split_indices
from symbackprop.functions.abstract import label
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS
from symbackprop.graph import Axis, Builder, Graph, whole

Array: TypeAlias = "tuple[tuple[Any, ...], ...]"
"""Rows of entries."""
Value: TypeAlias = "Any | Array"

DIGITS = 30


def context() -> Any:
    """mpmath with a number of digits of its own."""
    from mpmath.ctx_mp import MPContext

    own = MPContext()
    own.dps = DIGITS
    return own


@dataclass(frozen=True)
class Evaluation:
    """Evaluates expressions about a graph whose sizes are numbers.

    ``values`` holds the entries, ``indices`` the values of index letters (counted from 1).
    """

    graph: Graph
    layout: Layout
    values: Mapping[Symbol, Any]
    indices: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    numbers: Any = field(default_factory=context)

    @cached_property
    def shapes(self) -> Shapes:
        return Shapes(self.graph, self.layout)

    def at(self, **indices: int) -> Evaluation:
        """The same with index letters set."""
        return replace(self, indices={**self.indices, **indices})

    def value(self, expression: Expression) -> Value:
        """A number, or rows of numbers. ValueError where shapes do not fit."""
        if isinstance(expression, Number):
            return self._number(expression.value)
        if isinstance(expression, Name):
            return self._number(self.indices[expression.head])
        if isinstance(expression, Symbol):
            return self._symbol(expression)
        special = _SPECIAL.get(expression.operator)
        if special is not None:
            return special(self, expression)
        arguments = [self.value(part) for part in expression.arguments]
        return entrywise(self._scalar_rule(expression.operator), arguments)

    def _number(self, value: Any) -> Any:
        return self.numbers.mpf(value.numerator) / value.denominator

    def _scalar_rule(self, operator: str) -> Callable[..., Any]:
        rule = _SCALAR_RULES.get(operator)
        if rule is not None:
            return rule
        function: Callable[..., Any] = getattr(self.numbers, {"log": "ln"}.get(operator, operator))
        return function

    def _symbol(self, symbol: Symbol) -> Value:
        if symbol.kind == "pi":
            return +self.numbers.pi
        if is_ones(symbol):
            return ((self._number(1),),) * whole(self.shapes.axis(symbol.variant))
        if symbol in self.values:
            return self.values[symbol]
        axes = self.shapes.axes(symbol)
        taken_at, indices = split_indices(symbol, len(axes))
        head = tuple(self._place(index) for index in taken_at)
        placed = [None if index == WHOLE else self._place(index) for index in indices]
        fixed = tuple(at for at in placed if at is not None)
        if len(fixed) == len(placed):
            return self.values[structs.replace(symbol, indices=(*head, *fixed))]
        rows, columns = placement(axes, self.layout)

        def entry(row: int, column: int) -> Any:
            given = {rows: row, columns: column}
            place = tuple(given[axis] if at is None else at for axis, at in zip(axes, placed, strict=True))
            return self.values[structs.replace(symbol, indices=(*head, *place))]

        free = {axis for axis, at in zip(axes, placed, strict=True) if at is None}
        height = whole(rows) if rows is not None and rows in free else 1
        width = whole(columns) if columns is not None and columns in free else 1
        return tuple(tuple(entry(row, column) for column in range(width)) for row in range(height))

    def _place(self, index: IndexValue) -> int:
        """The place of an index, counted from 0."""
        return self.indices[index.symbol] + index.offset - 1 if isinstance(index, Index) else index


def entrywise(function: Callable[..., Any], arguments: list[Value]) -> Value:
    """A scalar function of numbers and of arrays of the same shape."""
    arrays = [argument for argument in arguments if isinstance(argument, tuple)]
    if not arrays:
        return function(*arguments)
    if len({(len(array), len(array[0])) for array in arrays}) > 1:
        raise ValueError(f"arrays of {', '.join(f'{len(a)}×{len(a[0])}' for a in arrays)} joined entry by entry")
    height, width = len(arrays[0]), len(arrays[0][0])

    def entry(row: int, column: int) -> Any:
        return function(*(part[row][column] if isinstance(part, tuple) else part for part in arguments))

    return tuple(tuple(entry(row, column) for column in range(width)) for row in range(height))


def product(left: Array, right: Array) -> Array:
    """The product of two matrices."""
    if len(left[0]) != len(right):
        raise ValueError(f"a product of {len(left)}×{len(left[0])} and {len(right)}×{len(right[0])}")
    columns = list(zip(*right, strict=True))
    return tuple(tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns) for row in left)


def _multiply_all(*values: Any) -> Any:
    result = values[0]
    for value in values[1:]:
        result = result * value
    return result


_SCALAR_RULES: dict[str, Callable[..., Any]] = {
    "add": lambda *values: sum(values[1:], values[0]),
    "multiply": _multiply_all,
    "hadamard": _multiply_all,
    "negate": lambda value: -value,
    "divide": lambda above, below: above / below,
    "power": lambda base, exponent: base**exponent,
    "group": lambda inner: inner,
    "absolute": abs,
    "maximum": max,
    "kronecker": lambda first, second: int(first == second),
    "indicator": int,
    "less": lambda left, right: left < right,
    "less_equal": lambda left, right: left <= right,
    "greater": lambda left, right: left > right,
    "greater_equal": lambda left, right: left >= right,
    "equal": lambda left, right: left == right,
    "not_equal": lambda left, right: left != right,
    "cases": lambda *parts: _chosen(parts),
}


def _chosen(parts: tuple[Any, ...]) -> Any:
    for value, condition in zip(parts[::2], parts[1::2], strict=False):
        if condition:
            return value
    if len(parts) % 2 == 0:
        raise ValueError("no case applies")
    return parts[-1]


def _sum(evaluation: Evaluation, expression: Apply) -> Value:
    body, index, lower, upper = expression.arguments
    assert isinstance(index, Name)
    bounds: list[Any] = [evaluation.value(bound) for bound in (lower, upper)]
    first, last = (int(bound) for bound in bounds)
    terms = [evaluation.at(**{index.head: number}).value(body) for number in range(first, last + 1)]
    return entrywise(_SCALAR_RULES["add"], terms)


def _matrix_product(evaluation: Evaluation, expression: Apply) -> Value:
    result, *rest = (evaluation.value(part) for part in expression.arguments)
    for factor in rest:
        result = product(result, factor)
    return result[0][0] if evaluation.shapes.of(expression) == SCALAR else result


def _transpose(evaluation: Evaluation, expression: Apply) -> Value:
    return tuple(zip(*evaluation.value(expression.arguments[0]), strict=True))


def _call(evaluation: Evaluation, expression: Apply) -> Value:
    head, *arguments = expression.arguments
    if isinstance(head, Name) and head.head in VECTOR_ACTIVATIONS:
        return _vector_call(evaluation, head.head, arguments[0])
    order = 0
    while isinstance(head, Apply) and head.operator == "derivative":
        head, order = head.arguments[0], order + 1
    function = _function(evaluation, head, order)
    return entrywise(function, [evaluation.value(argument) for argument in arguments])


def _function(evaluation: Evaluation, head: Expression, order: int) -> Callable[..., Any]:
    """A known activation or its derivative by name; an abstract function becomes a smooth one of its own."""
    if isinstance(head, Name):
        function = ACTIVATIONS.get(head.head).function
        result = function_tree(function)
        tree = function_tree(function.derivative(0)) if order else result

        def known(argument: Any) -> Any:
            holes = {Symbol("argument", None, (0,)): argument}
            inner = replace(evaluation, values=holes)
            holes[Symbol("argument", None, (1,))] = inner.value(result)
            return inner.value(tree)

        return known
    seed = crc32(label(head).encode())
    rate = evaluation.numbers.mpf(seed % 97 + 60) / 100
    phase = evaluation.numbers.mpf(seed % 89) / 40

    def smooth(*arguments: Any) -> Any:
        inner = sum(arguments[:-1], rate * arguments[-1] + phase)
        return rate**order * evaluation.numbers.sin(inner + order * evaluation.numbers.pi / 2)

    return smooth


def _vector_call(evaluation: Evaluation, name: str, argument: Expression) -> Value:
    """An activation over all units, applied to each sample by itself: to columns, or to rows."""
    rows, _ = evaluation.shapes.of(argument)
    values = evaluation.value(argument)
    by_columns = rows is not None and is_unit_axis(rows)
    vectors = zip(*values, strict=True) if by_columns else values
    found = [_vector_activation(evaluation, name, tuple(vector)) for vector in vectors]
    return tuple(zip(*found, strict=True)) if by_columns else tuple(found)


def _vector_activation(evaluation: Evaluation, name: str, vector: tuple[Any, ...]) -> tuple[Any, ...]:
    build, axis = Builder(), Axis("entries", len(vector))
    leaf = build.leaf(Symbol("entry"), axis)
    result = VECTOR_ACTIVATIONS.get(name).body(build, (leaf,), axis.name)
    inner = replace(evaluation, values={leaf.entry(place): value for place, value in enumerate(vector)})
    return tuple(inner.value(expand(result, {axis.name: place})) for place in range(len(vector)))


_SPECIAL: dict[str, Callable[[Evaluation, Apply], Value]] = {
    "sum": _sum,
    "matrix_product": _matrix_product,
    "transpose": _transpose,
    "call": _call,
    "matrix": lambda evaluation, expression: tuple(
        tuple(evaluation.value(entry) for entry in row.arguments)
        for row in expression.arguments
        if isinstance(row, Apply)
    ),
}
