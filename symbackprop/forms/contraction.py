"""A contraction as matrix products: the order of the factors, and every transpose, follow from the axes.

A product of matrices sums over the axis that runs across in its left factor and down in its right
one. So once the result's layout is known, it is known which factor stands left, and a factor whose
axes run the other way is transposed.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expression import Apply, Expression, multiply
from symbackprop.forms.layout import Layout, NoFormError, Shaped, ones, placement
from symbackprop.graph import Axis


def contract(factors: Sequence[Shaped], over: Sequence[Axis], order: tuple[Axis, ...], layout: Layout) -> Shaped:
    """The sum over ``over`` of the product of the factors, laid out as the axes in ``order`` ask for.

    NoFormError where it would need more than two dimensions.
    """
    scalars: list[Expression] = []
    arrays: list[Shaped] = []
    for factor in factors:
        before, array = split_scale(factor)
        scalars.extend(before)
        if array is not None:
            arrays.append(array)
    work = _Contraction(order, layout)
    everything = frozenset(over)
    if arrays and len(everything) == 2 and all(array.axes == everything for array in arrays):
        return Shaped(scaled(scalars, _grand_total(work.merged(arrays)[0])))
    for axis in over:
        arrays = work.sum_over(axis, arrays)
    result = work.product_of(work.merged(arrays))
    if result is None:
        return Shaped(multiply(*scalars))
    return result.with_expression(scaled(scalars, result.expression))


def scaled(scalars: Sequence[Expression], array: Expression) -> Expression:
    """Numbers and scalar quantities in front of an array."""
    return multiply(*scalars, array)


def _grand_total(array: Shaped) -> Expression:
    """The sum of all entries of a matrix: 𝟏ᵀ A 𝟏."""
    assert array.rows is not None
    assert array.columns is not None
    left, right = ones(array.rows).transposed.expression, ones(array.columns).expression
    return matrix_product(left, array.expression, right)


def split_scale(factor: Shaped) -> tuple[tuple[Expression, ...], Shaped | None]:
    """The numbers and scalar quantities in front of an array, and the array."""
    if not factor.axes:
        return (factor.expression,), None
    if isinstance(factor.expression, Apply) and factor.expression.operator == "multiply":
        *before, array = factor.expression.arguments
        return tuple(before), factor.with_expression(array)
    return (), factor


def hadamard(*factors: Expression) -> Expression:
    """The product entry by entry, flattened."""
    flat: list[Expression] = []
    for factor in factors:
        flat.extend(factor.arguments if isinstance(factor, Apply) and factor.operator == "hadamard" else (factor,))
    return flat[0] if len(flat) == 1 else Apply("hadamard", tuple(flat))


def matrix_product(*factors: Expression) -> Expression:
    """The product of matrices, flattened."""
    flat: list[Expression] = []
    for factor in factors:
        product = isinstance(factor, Apply) and factor.operator == "matrix_product"
        flat.extend(factor.arguments if isinstance(factor, Apply) and product else (factor,))
    return Apply("matrix_product", tuple(flat))


def broadcast(factor: Shaped, axes: tuple[Axis, ...], layout: Layout) -> Shaped:
    """A vector repeated along the axis that it lacks, as a product with a vector of ones."""
    return _Contraction(axes, layout).broadcast(factor, frozenset(axes))


class _Contraction:
    """The steps of one contraction; ``order`` is the order of the axes in the result."""

    def __init__(self, order: tuple[Axis, ...], layout: Layout) -> None:
        self.order = order
        self.layout = layout

    def place(self, axes: frozenset[Axis]) -> tuple[Axis | None, Axis | None]:
        """How a quantity with these axes lies: in the result's order, then as they come."""
        known = [axis for axis in self.order if axis in axes]
        rest = sorted(axes - set(known), key=lambda axis: axis.name)
        return placement((*known, *rest), self.layout)

    def laid_out(self, factor: Shaped, rows: Axis | None, columns: Axis | None) -> Expression:
        """The factor's expression with these rows and columns; the same axes, perhaps transposed."""
        return factor.expression if (factor.rows, factor.columns) == (rows, columns) else factor.transposed.expression

    def merged(self, factors: Sequence[Shaped]) -> list[Shaped]:
        """Factors over the same axes multiplied entry by entry."""
        groups: dict[frozenset[Axis], list[Shaped]] = {}
        for factor in factors:
            groups.setdefault(factor.axes, []).append(factor)
        result = []
        for group in groups.values():
            first = group[0]
            aligned = (self.laid_out(factor, first.rows, first.columns) for factor in group)
            result.append(first.with_expression(hadamard(*aligned)))
        return result

    def sum_over(self, axis: Axis, factors: list[Shaped]) -> list[Shaped]:
        """The factors with one axis summed away."""
        holders = [factor for factor in factors if axis in factor.axes]
        if len(holders) != 2 or holders[0].axes & holders[1].axes != {axis}:
            factors = self.merged(factors)
            holders = [factor for factor in factors if axis in factor.axes]
        place = next(number for number, factor in enumerate(factors) if axis in factor.axes)
        rest = [factor for factor in factors if axis not in factor.axes]
        if len(holders) == 1:
            return [*rest[:place], self._total(holders[0], axis), *rest[place:]]
        while len(holders) > 2:
            holders = self._absorbed(holders)
        return [*rest[:place], self.product(holders[0], holders[1], axis), *rest[place:]]

    def _total(self, factor: Shaped, axis: Axis) -> Shaped:
        """The sum of the rows, or of the columns, of one factor: a vector of ones stands on that side."""
        vector = ones(axis)
        if factor.rows == axis:
            expression = matrix_product(vector.transposed.expression, factor.expression)
            result = Shaped(expression, None, factor.columns)
        else:
            result = Shaped(matrix_product(factor.expression, vector.expression), factor.rows, None)
        rows, columns = self.place(result.axes)
        return result if (result.rows, result.columns) == (rows, columns) else result.transposed

    def _absorbed(self, holders: list[Shaped]) -> list[Shaped]:
        """A vector among the factors is repeated and multiplied into a matrix with the same axis."""
        vector = next((factor for factor in holders if len(factor.axes) == 1), None)
        if vector is None:
            raise NoFormError("three matrices share an axis: the result has more than two dimensions")
        others = [factor for factor in holders if factor is not vector]
        return [*self.merged([others[0], self.broadcast(vector, others[0].axes)]), *others[1:]]

    def product(self, first: Shaped, second: Shaped, axis: Axis | None) -> Shaped:
        """The matrix product over an axis; over none (None) it is an outer product."""
        summed = frozenset({axis}) if axis is not None else frozenset()
        axes = (first.axes | second.axes) - summed
        if len(axes) > 2 or (first.axes & second.axes) - summed:
            raise NoFormError("the result has more than two dimensions")
        rows, columns = self.place(axes)
        swap = rows in second.axes if rows is not None else columns is not None and columns in first.axes
        left, right = (second, first) if swap else (first, second)
        expression = matrix_product(self.laid_out(left, rows, axis), self.laid_out(right, axis, columns))
        return Shaped(expression, rows, columns)

    def broadcast(self, factor: Shaped, axes: frozenset[Axis]) -> Shaped:
        """The factor repeated along the axes that it lacks."""
        result = factor if factor.axes else None
        for axis in sorted(axes - factor.axes, key=lambda axis: axis.name):
            vector = ones(axis)
            result = vector if result is None else self.product(result, vector, None)
        if result is None or factor.axes:
            return factor if result is None else result
        rows, columns = self.place(axes)
        return Shaped(scaled([factor.expression], self.laid_out(result, rows, columns)), rows, columns)

    def product_of(self, factors: list[Shaped]) -> Shaped | None:
        """What remains after all sums: entry by entry where the axes agree, else an outer product."""
        if not factors:
            return None
        axes = frozenset(axis for factor in factors for axis in factor.axes)
        if len(factors) == 2 and not factors[0].axes & factors[1].axes:
            return self.product(factors[0], factors[1], None)
        rows, columns = self.place(axes)
        whole = [self.broadcast(factor, axes) if factor.axes != axes else factor for factor in factors]
        return Shaped(hadamard(*(self.laid_out(factor, rows, columns) for factor in whole)), rows, columns)
