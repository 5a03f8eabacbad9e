"""Products of numbers, arrays and derivatives of arrays by arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symbackprop.check.evaluate.array import (
    Array,
    Jacobian,
    Ones,
    ShapeError,
    entries_of,
    hadamard,
    matrix_product,
    scalar_if_single,
)
from symbackprop.check.evaluate.traced import Undecided, total
from symbackprop.expression import Apply, Expression

if TYPE_CHECKING:
    from symbackprop.check.evaluate.evaluation import Evaluator

ENTRYWISE = frozenset({"hadamard", "circle"})
CONVOLUTION = "convolution"
"""What a star means where a document flips or resizes arrays."""


def product(values: list[Any], operator: str, meaning: str, lenient: bool = False) -> Any:
    """The product of values from left to right.

    ``meaning`` is "hadamard" or "matrix" where the document settles what the sign means; otherwise
    the shapes settle it: a matrix product where it fits, else entry by entry.
    """
    result = values[0]
    for value in values[1:]:
        result = _pair(result, value, operator, meaning, lenient)
    return scalar_if_single(result)


def _pair(left: Any, right: Any, operator: str, meaning: str, lenient: bool) -> Any:
    if isinstance(left, Jacobian) or isinstance(right, Jacobian):
        return _with_jacobian(left, right, operator)
    if isinstance(left, Ones) or isinstance(right, Ones):
        return _beside_ones(left, right) if operator in ENTRYWISE else matrix_product(left, right)
    if not (isinstance(left, Array) and isinstance(right, Array)):
        return hadamard(left, right)
    if meaning == CONVOLUTION:
        raise Undecided("the star may be a convolution here")
    if operator in ENTRYWISE or meaning == "hadamard":
        if left.shape != right.shape:
            raise ShapeError(f"{left} and {right} cannot be multiplied entry by entry")
        return hadamard(left, right)
    if left.columns == right.rows or operator == "matrix_product" or meaning == "matrix":
        return matrix_product(left, right)
    if left.shape == right.shape and (lenient or operator in ("star", "dot", "times")):
        return hadamard(left, right)
    return matrix_product(left, right)


def _beside_ones(left: Any, right: Any) -> Any:
    """``a ⊙ 𝟏`` is a, where both stand or both lie."""
    ones, other = (left, right) if isinstance(left, Ones) else (right, left)
    if not isinstance(other, Array) or not other.is_vector:
        raise Undecided("a vector of ones whose length nothing says")
    if (other.rows if ones.row else other.columns) != 1:
        kind = "row" if ones.row else "column"
        raise ShapeError(f"{other} and a {kind} of ones cannot be multiplied entry by entry")
    return other


def _with_jacobian(left: Any, right: Any, operator: str) -> Any:
    """A derivative of an array by an array, times a number, an array or another such derivative."""
    if isinstance(left, Jacobian) and isinstance(right, Jacobian):
        return _matrices(left, right, operator)
    jacobian, other = (left, right) if isinstance(left, Jacobian) else (right, left)
    if not isinstance(other, Array):
        entries = tuple(tuple(entry * other for entry in row) for row in jacobian.entries)
        return Jacobian(jacobian.of, jacobian.by, entries)
    diagonal = jacobian.diagonal
    if diagonal is not None and diagonal.shape == other.shape:
        return hadamard(diagonal, other)
    if operator in ENTRYWISE:
        raise ShapeError(
            f"a derivative of {jacobian.of} by {jacobian.by} and {other} cannot be multiplied entry by entry"
        )
    if jacobian is right and _shape(jacobian.of) == other.shape:
        return _pulled_back(other, jacobian)
    matrix = jacobian.matrix
    if matrix is not None:
        pair = (matrix, other) if jacobian is left else (other, matrix)
        return matrix_product(*pair)
    if _shape(jacobian.of) == other.shape:
        return _pulled_back(other, jacobian)
    raise Undecided("a product with a derivative of an array by an array")


def _matrices(left: Jacobian, right: Jacobian, operator: str) -> Any:
    first, second = left.diagonal, right.diagonal
    if operator in ENTRYWISE:
        if first is None or second is None:
            raise Undecided("a product with a derivative of an array by an array")
        return hadamard(first, second)
    if len(left.entries[0]) != len(right.entries):
        raise Undecided("a product of derivatives of arrays by arrays")
    return chained(left, right)


def chained(outer: Any, inner: Jacobian) -> Any:
    """∂A/∂B · ∂B/∂C = ∂A/∂C: the sum over all entries of B."""
    if isinstance(outer, Jacobian):
        rows = tuple(_row(row, inner) for row in outer.entries)
        return Jacobian(outer.of, inner.by, rows)
    return _pulled_back(outer, inner)


def _pulled_back(gradient: Array, inner: Jacobian) -> Any:
    row = _row(gradient.entries, inner)
    below = inner.by
    return Array(below.rows, below.columns, row) if isinstance(below, Array) else row[0]


def _row(weights: tuple[Any, ...], inner: Jacobian) -> tuple[Any, ...]:
    return tuple(
        total(weight * line[place] for weight, line in zip(weights, inner.entries, strict=True))
        for place in range(len(inner.entries[0]))
    )


def _shape(value: Any) -> tuple[int, int] | None:
    return value.shape if isinstance(value, Array) else None


def derivative_chain(evaluator: Evaluator, factors: tuple[Expression, ...]) -> list[tuple[Expression, Any]]:
    """The factors, with links of a chain rule over arrays already multiplied: ∂L/∂ε · ∂ε/∂W is ∂L/∂W.

    The value is None for a factor that is no such link. Links may stand in either order.
    """
    found: list[tuple[Expression, Any]] = []
    for factor in factors:
        before = found[-1] if found else None
        if before is not None and _is_partial(before[0]) and _is_partial(factor):
            joined = _joined(evaluator, before, factor)
            if joined is not None:
                found[-1] = joined
                continue
        found.append((factor, None))
    return found


def _is_partial(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator in ("partial", "gradient") and len(tree.arguments) == 2


def _joined(evaluator: Evaluator, before: tuple[Expression, Any], factor: Expression) -> tuple[Expression, Any] | None:
    tree, known = before
    assert isinstance(tree, Apply)
    assert isinstance(factor, Apply)
    (of, by), (next_of, next_by) = tree.arguments, factor.arguments
    if by != next_of and next_by != of:
        return None
    first = evaluator.value(tree) if known is None else known
    second = evaluator.value(factor)
    if by == next_of:
        return _linked(evaluator, Apply("partial", (of, next_by)), by, first, second)
    return _linked(evaluator, Apply("partial", (next_of, by)), of, second, first)


def _linked(
    evaluator: Evaluator, tree: Expression, middle: Expression, outer: Any, inner: Any
) -> tuple[Expression, Any] | None:
    """∂A/∂B and ∂B/∂C as ∂A/∂C, B being the ``middle``; None where they are plain numbers, or B is one."""
    if isinstance(outer, Array | Jacobian) and isinstance(inner, Jacobian):
        return tree, chained(outer, inner)
    if isinstance(outer, Array) and isinstance(inner, Array) and isinstance(evaluator.value(middle), Array):
        # C is a number, of which all entries of B depend.
        terms = zip(entries_of(outer), entries_of(inner), strict=True)
        return tree, total(left * right for left, right in terms)
    return None
