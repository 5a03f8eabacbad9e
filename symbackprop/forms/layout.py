"""Row and column layout: which axis of a quantity runs down, and which runs across.

A graph has named axes only. In column layout a sample is a column: units run down, samples run
across, and weights are to × from, so that they stand left of what they multiply. Row layout is the
mirror image. Every transpose that readers see follows from these two rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from symbackprop.expression import Apply, Expression, Number, Symbol
from symbackprop.graph import Axis

Layout = Literal["row", "column"]
LAYOUTS: tuple[Layout, ...] = ("row", "column")


class NoFormError(ValueError):
    """A quantity cannot be written in a form; the message says why."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """An expression laid out in two dimensions; None stands for a dimension of size 1."""

    expression: Expression
    rows: Axis | None = None
    columns: Axis | None = None

    @property
    def axes(self) -> frozenset[Axis]:
        return frozenset(axis for axis in (self.rows, self.columns) if axis is not None)

    @property
    def transposed(self) -> Shaped:
        return Shaped(transpose(self.expression) if self.axes else self.expression, self.columns, self.rows)

    def with_expression(self, expression: Expression) -> Shaped:
        return replace(self, expression=expression)


def is_unit_axis(axis: Axis) -> bool:
    """Whether an axis runs over the units of a layer; any other (samples, time steps) counts cases."""
    return axis.name.startswith("units[")


def placement(axes: tuple[Axis, ...], layout: Layout) -> tuple[Axis | None, Axis | None]:
    """(rows, columns) of a quantity with these axes, in the order of its graph: to before from.

    Raises NoFormError for more than two axes.
    """
    if len(axes) > 2:
        raise NoFormError(f"no matrix has the axes {', '.join(axis.name for axis in axes)}")
    units = [axis for axis in axes if is_unit_axis(axis)]
    cases = [axis for axis in axes if not is_unit_axis(axis)]
    if layout == "column":
        rows, columns = units, cases[::-1]
    else:
        rows, columns = cases, units[::-1]
    if len(axes) == 2 and not (rows and columns):
        first, second = rows or columns
        return first, second
    return next(iter(rows), None), next(iter(columns), None)


def transpose(expression: Expression) -> Expression:
    """The transpose; that of a transpose is the matrix itself, and (A B)ᵀ is BᵀAᵀ."""
    if isinstance(expression, Apply):
        parts = expression.arguments
        if expression.operator == "transpose":
            return parts[0]
        if expression.operator == "matrix_product":
            return Apply("matrix_product", tuple(transpose(part) for part in reversed(parts)))
        if expression.operator in ("negate", "multiply"):  # scalars stand in front
            return Apply(expression.operator, (*parts[:-1], transpose(parts[-1])))
    return Apply("transpose", (expression,))


def size_of(axis: Axis | None) -> Expression:
    """The size of a dimension as it is written: a number or a symbol."""
    if axis is None:
        return Number("1")
    return axis.size if isinstance(axis.size, Symbol) else Number(str(axis.size))


def ones(axis: Axis) -> Shaped:
    """The vector of ones along an axis. It is a column in either layout, as everyone writes it."""
    return Shaped(Symbol("ones", None, None, axis.name), axis, None)


def is_ones(expression: Expression) -> bool:
    """Whether this is a vector of ones."""
    return isinstance(expression, Symbol) and expression.kind == "ones"
