"""Arrays of numbers as formulas use them: always rows and columns, so that a row is not a column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from symbackprop.check.evaluate.traced import Undecided, number, plain, total


class ShapeError(Exception):
    """Arrays that do not fit where the formula puts them; the message states the shapes."""


@dataclass(frozen=True, slots=True)
class Array:
    """``rows`` × ``columns`` numbers, row by row. One row or one column makes a vector."""

    rows: int
    columns: int
    entries: tuple[Any, ...]

    def __post_init__(self) -> None:
        if any(isinstance(entry, Array) for entry in self.entries):
            raise Undecided("an array of arrays")

    def at(self, row: int, column: int) -> Any:
        if not (row < self.rows and column < self.columns):
            raise ShapeError(f"an array of {self} has no entry in row {row + 1}, column {column + 1}")
        return self.entries[row * self.columns + column]

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def is_vector(self) -> bool:
        return self.rows == 1 or self.columns == 1

    def map(self, function: Callable[[Any], Any]) -> Array:
        return Array(self.rows, self.columns, tuple(map(function, self.entries)))

    @property
    def transposed(self) -> Array:
        entries = tuple(self.at(row, column) for column in range(self.columns) for row in range(self.rows))
        return Array(self.columns, self.rows, entries)

    def __str__(self) -> str:
        return f"{self.rows} × {self.columns}"


@dataclass(frozen=True, slots=True)
class Jacobian:
    """The derivatives of every entry of one quantity by every entry of another.

    ``of`` and ``by`` are the values that were differentiated; ``entries`` has a row for each entry of ``of``.
    """

    of: Any
    by: Any
    entries: tuple[tuple[Any, ...], ...]

    @property
    def diagonal(self) -> Array | None:
        """The entrywise derivative, where both have one shape and entries depend on their own place only."""
        if not (isinstance(self.of, Array) and isinstance(self.by, Array) and self.of.shape == self.by.shape):
            return None
        size = len(self.entries)
        if any(plain(self.entries[i][j]) != 0 for i in range(size) for j in range(size) if i != j):
            return None
        return Array(self.of.rows, self.of.columns, tuple(self.entries[i][i] for i in range(size)))

    @property
    def matrix(self) -> Array | None:
        """The matrix with a row for each entry of one vector and a column for each of the other."""
        if not all(isinstance(side, Array) and side.is_vector for side in (self.of, self.by)):
            return None
        return Array(len(self.entries), len(self.entries[0]), tuple(entry for row in self.entries for entry in row))


@dataclass(frozen=True, slots=True)
class Ones:
    """A column of ones, or a row, as long as the array beside it asks for."""

    row: bool = False

    @property
    def transposed(self) -> Ones:
        return Ones(not self.row)


_ANY_LENGTH = "a vector of ones whose length nothing says"


def column(entries: tuple[Any, ...]) -> Array:
    return Array(len(entries), 1, entries)


def combined(function: Callable[[Any, Any], Any], left: Any, right: Any, doing: str) -> Any:
    """Entry by entry; a number goes with every entry, a vector with every row or column of a matrix that fits."""
    if isinstance(left, Ones) or isinstance(right, Ones):
        raise Undecided(_ANY_LENGTH)
    if isinstance(left, Jacobian) or isinstance(right, Jacobian):
        return _combined_jacobians(function, left, right)
    if not isinstance(left, Array):
        return right.map(lambda entry: function(left, entry)) if isinstance(right, Array) else function(left, right)
    if not isinstance(right, Array):
        return left.map(lambda entry: function(entry, right))
    rows, columns = _common(left.rows, right.rows), _common(left.columns, right.columns)
    if rows is None or columns is None or (rows, columns) not in (left.shape, right.shape):
        raise ShapeError(f"{left} and {right} cannot be {doing}")
    if left.shape == right.shape:
        return Array(rows, columns, tuple(map(function, left.entries, right.entries)))
    return Array(rows, columns, tuple(_stretched(function, left, right, rows, columns)))


def _combined_jacobians(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Jacobian:
    """Two derivatives of the same quantities, entry by entry."""
    if not (isinstance(left, Jacobian) and isinstance(right, Jacobian)) or (
        [len(row) for row in left.entries] != [len(row) for row in right.entries]
    ):
        raise Undecided("a derivative of an array by an array stands beside something else")
    rows = zip(left.entries, right.entries, strict=True)
    return Jacobian(left.of, left.by, tuple(tuple(map(function, *pair)) for pair in rows))


def _common(left: int, right: int) -> int | None:
    return max(left, right) if left == right or 1 in (left, right) else None


def _stretched(
    function: Callable[[Any, Any], Any], left: Array, right: Array, rows: int, columns: int
) -> Iterator[Any]:
    for row in range(rows):
        for place in range(columns):
            yield function(*(side.at(row % side.rows, place % side.columns) for side in (left, right)))


def hadamard(left: Any, right: Any) -> Any:
    """The entrywise product; a vector does not stretch to a matrix here unless it fits as in a sum."""
    return combined(lambda first, second: first * second, left, right, "multiplied entry by entry")


def matrix_product(left: Any, right: Any) -> Any:
    if isinstance(left, Ones) or isinstance(right, Ones):
        return _with_ones(left, right)
    if not (isinstance(left, Array) and isinstance(right, Array)):
        return hadamard(left, right)
    if left.columns != right.rows:
        raise ShapeError(f"{left} times {right} is no matrix product")
    if left.rows * left.columns * right.columns > MOST_PRODUCTS:
        raise Undecided("a matrix product too large to evaluate")
    entries = tuple(
        total(left.at(row, inner) * right.at(inner, place) for inner in range(left.columns))
        for row in range(left.rows)
        for place in range(right.columns)
    )
    return scalar_if_single(Array(left.rows, right.columns, entries))


def _with_ones(left: Any, right: Any) -> Any:
    """``𝟏ᵀA`` adds up the columns of A, ``A𝟏`` its rows."""
    if isinstance(left, Ones) and left.row and isinstance(right, Array):
        ones = Array(1, right.rows, (number(1),) * right.rows)
        return matrix_product(ones, right)
    if isinstance(right, Ones) and not right.row and isinstance(left, Array):
        ones = Array(left.columns, 1, (number(1),) * left.columns)
        return matrix_product(left, ones)
    raise Undecided("a vector of ones whose length nothing says")


ONES = "ones"
"""The kind of the symbol that stands for a vector of ones."""

MOST_PRODUCTS = 100_000


def scalar_if_single(value: Any) -> Any:
    """A 1 × 1 array is used as a number in such texts; a vector of ones alone has no length."""
    if isinstance(value, Ones):
        raise Undecided(_ANY_LENGTH)
    return value.entries[0] if isinstance(value, Array) and value.shape == (1, 1) else value


def entries_of(value: Any) -> tuple[Any, ...]:
    return value.entries if isinstance(value, Array) else (value,)


def plain_array(value: Any) -> Any:
    """The numbers alone."""
    if isinstance(value, Array):
        return value.map(plain)
    return value if isinstance(value, Jacobian | Ones) else plain(value)
