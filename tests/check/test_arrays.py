"""Arrays as formulas use them: shapes that fit, products, and derivatives of arrays by arrays."""

from __future__ import annotations

from typing import Any

import pytest
from support.small_world import array

from symbackprop.check.evaluate.array import (
    Array,
    Jacobian,
    Ones,
    ShapeError,
    combined,
    entries_of,
    hadamard,
    matrix_product,
    plain_array,
    scalar_if_single,
)
from symbackprop.check.evaluate.product import product
from symbackprop.check.evaluate.traced import (
    Traced,
    Undecided,
    number,
)

SQUARE, COLUMN, ROW = array(2, 2, *"1234"), array(2, 1, *"56"), array(1, 2, *"78")


def add(left: Any, right: Any) -> Any:
    return combined(lambda first, second: first + second, left, right, "added")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (number(1), number(2), 3), (number(1), COLUMN, array(2, 1, *"67")), (COLUMN, number(1), array(2, 1, *"67")),
        (COLUMN, COLUMN, array(2, 1, "10", "12")), (SQUARE, COLUMN, array(2, 2, "6", "7", "9", "10")),
        (ROW, SQUARE, array(2, 2, "8", "10", "10", "12")), (array(1, 1, "3"), ROW, array(1, 2, "10", "11")),
    ],
)  # fmt: skip
def test_vectors_stretch_over_a_matrix(left: Any, right: Any, expected: Any) -> None:
    assert add(left, right) == expected


@pytest.mark.parametrize("pair", [(COLUMN, ROW), (array(3, 1, *"123"), SQUARE), (array(2, 3, *"123456"), SQUARE)])
def test_other_shapes_do_not_fit(pair: tuple[Array, Array]) -> None:
    for left, right in (pair, pair[::-1]):
        with pytest.raises(ShapeError, match=f"^{left} and {right} cannot be added$"):
            add(left, right)


def test_entries_and_transposes() -> None:
    wide = array(2, 3, *"123456")
    assert wide.transposed == array(3, 2, *"142536")
    assert (wide.at(1, 0), wide.shape, str(wide), wide.is_vector) == (4, (2, 3), "2 × 3", False)
    assert ROW.is_vector
    assert COLUMN.is_vector
    for place in ((2, 0), (0, 3)):
        with pytest.raises(ShapeError, match=f"has no entry in row {place[0] + 1}, column {place[1] + 1}"):
            wide.at(*place)
    with pytest.raises(Undecided, match=r"^an array of arrays$"):
        Array(1, 1, (ROW,))
    assert scalar_if_single(array(1, 1, "3")) == 3
    assert scalar_if_single(ROW) == ROW
    assert (entries_of(ROW), entries_of(3)) == ((7, 8), (3,))
    assert plain_array(Array(1, 1, (Traced(number(2)),))) == array(1, 1, "2")
    assert plain_array(Ones()) == Ones()


def test_matrix_products() -> None:
    assert matrix_product(SQUARE, COLUMN) == array(2, 1, "17", "39")
    assert matrix_product(ROW, SQUARE) == array(1, 2, "31", "46")
    assert matrix_product(ROW, COLUMN) == 83
    assert matrix_product(COLUMN, ROW) == array(2, 2, "35", "40", "42", "48")
    assert matrix_product(SQUARE, number(2)) == array(2, 2, *"2468")
    with pytest.raises(ShapeError, match=r"^2 × 1 times 2 × 1 is no matrix product$"):
        matrix_product(COLUMN, COLUMN)
    long = Array(1, 50_001, (1,) * 50_001)
    with pytest.raises(Undecided, match=r"^a matrix product too large to evaluate$"):
        matrix_product(array(2, 1, "1", "1"), long)
    with pytest.raises(Undecided, match=r"^a matrix product too large to evaluate$"):
        matrix_product(long, Array(50_001, 2, (1,) * 100_002))
    assert matrix_product(ROW, Ones()) == 15
    assert matrix_product(Ones(row=True), SQUARE) == array(1, 2, "4", "6")
    assert matrix_product(SQUARE, Ones(row=True).transposed) == array(2, 1, "3", "7")
    for pair in ((Ones(), SQUARE), (SQUARE, Ones(row=True)), (Ones(), number(2)), (Ones(), Ones())):
        with pytest.raises(Undecided, match=r"^a vector of ones whose length nothing says$"):
            matrix_product(*pair)
    for pair in ((Ones(), SQUARE), (number(2), Ones())):
        with pytest.raises(Undecided, match=r"^a vector of ones whose length nothing says$"):
            hadamard(*pair)
        with pytest.raises(Undecided, match=r"^a vector of ones whose length nothing says$"):
            add(*pair)


@pytest.mark.parametrize(
    ("left", "right", "operator", "meaning", "expected"),
    [
        (COLUMN, COLUMN, "hadamard", "", array(2, 1, "25", "36")), (COLUMN, COLUMN, "star", "", array(2, 1, "25", "36")),
        (COLUMN, COLUMN, "multiply", "hadamard", array(2, 1, "25", "36")), (SQUARE, SQUARE, "star", "", array(2, 2, "7", "10", "15", "22")),
        (SQUARE, SQUARE, "circle", "", array(2, 2, "1", "4", "9", "16")), (SQUARE, SQUARE, "star", "hadamard", array(2, 2, "1", "4", "9", "16")),
        (COLUMN, COLUMN, "dot", "", array(2, 1, "25", "36")), (COLUMN, COLUMN, "times", "", array(2, 1, "25", "36")),
        (Ones(row=True), SQUARE, "multiply", "", array(1, 2, "4", "6")), (SQUARE, Ones(), "multiply", "", array(2, 1, "3", "7")),
        (ROW, COLUMN, "dot", "", 83), (number(2), COLUMN, "hadamard", "", array(2, 1, "10", "12")),
    ],
)  # fmt: skip
def test_what_a_product_sign_means_for_arrays(
    left: Any, right: Any, operator: str, meaning: str, expected: Any
) -> None:
    assert product([left, right], operator, meaning) == expected


def test_products_that_do_not_fit() -> None:
    with pytest.raises(ShapeError, match=r"^2 × 1 times 2 × 1 is no matrix product$"):
        product([COLUMN, COLUMN], "multiply", "")
    assert product([COLUMN, COLUMN], "multiply", "", lenient=True) == array(2, 1, "25", "36")
    for meaning, operator in (("matrix", "star"), ("", "matrix_product")):
        with pytest.raises(ShapeError, match="is no matrix product"):
            product([COLUMN, COLUMN], operator, meaning)
    with pytest.raises(ShapeError, match="is no matrix product"):
        product([COLUMN, COLUMN], "matrix_product", "", lenient=True)
    with pytest.raises(ShapeError, match=r"^2 × 1 and 1 × 2 cannot be multiplied entry by entry$"):
        hadamard(COLUMN, ROW)
    with pytest.raises(ShapeError, match=r"^2 × 2 and 2 × 1 cannot be multiplied entry by entry$"):
        product([SQUARE, COLUMN], "hadamard", "")
    with pytest.raises(Undecided, match=r"^the star may be a convolution here$"):
        product([SQUARE, SQUARE], "star", "convolution")
    assert product([ROW, SQUARE, COLUMN], "multiply", "") == 31 * 5 + 46 * 6


# ---- derivatives of arrays by arrays ----------------------------------------------------------------


def jacobian(of: Array, by: Array, *rows: str) -> Jacobian:
    return Jacobian(of, by, tuple(tuple(map(number, row)) for row in rows))


FULL = jacobian(COLUMN, COLUMN, "12", "34")
DIAGONAL = jacobian(COLUMN, COLUMN, "20", "03")


def test_a_derivative_is_a_matrix_or_a_diagonal() -> None:
    assert FULL.matrix == SQUARE
    assert FULL.diagonal is None
    assert DIAGONAL.diagonal == array(2, 1, "2", "3")
    assert jacobian(COLUMN, ROW, "20", "03").diagonal is None
    assert jacobian(SQUARE, COLUMN, "12", "34", "56", "78").matrix is None
    assert jacobian(COLUMN, SQUARE, "1234", "5678").matrix is None


def test_products_with_derivatives_of_arrays() -> None:
    assert product([FULL, COLUMN], "multiply", "") == array(2, 1, "17", "39")
    assert product([ROW, FULL], "multiply", "") == array(1, 2, "31", "46")
    assert product([COLUMN, FULL], "multiply", "") == array(2, 1, "23", "34")
    assert product([number(2), FULL], "multiply", "") == jacobian(COLUMN, COLUMN, "24", "68")
    assert product([FULL, number(2)], "hadamard", "") == jacobian(COLUMN, COLUMN, "24", "68")
    assert product([DIAGONAL, COLUMN], "multiply", "") == array(2, 1, "10", "18")
    assert product([COLUMN, DIAGONAL], "hadamard", "") == array(2, 1, "10", "18")
    assert product([DIAGONAL, DIAGONAL], "hadamard", "") == array(2, 1, "4", "9")
    assert product([FULL, DIAGONAL], "multiply", "") == Jacobian(COLUMN, COLUMN, ((2, 6), (6, 12)))
    with pytest.raises(
        ShapeError, match=r"^a derivative of 2 × 1 by 2 × 1 and 1 × 2 cannot be multiplied entry by entry$"
    ):
        product([FULL, ROW], "hadamard", "")
    with pytest.raises(Undecided, match=r"^a product with a derivative of an array by an array$"):
        product([FULL, DIAGONAL], "hadamard", "")
    with pytest.raises(Undecided, match=r"^a product of derivatives of arrays by arrays$"):
        product([FULL, jacobian(SQUARE, COLUMN, "12", "34", "56", "78")], "multiply", "")


def test_a_gradient_is_pulled_back_through_matrices() -> None:
    """∂L/∂Y, laid out like Y, times ∂Y/∂W is ∂L/∂W, laid out like W."""
    by_matrix = jacobian(COLUMN, SQUARE, "1234", "5678")
    pulled = Array(2, 2, tuple(5 * int(first) + 6 * int(second) for first, second in zip("1234", "5678", strict=True)))
    assert product([COLUMN, by_matrix], "multiply", "") == pulled
    assert product([by_matrix, COLUMN], "multiply", "") == pulled
    by_number = Jacobian(COLUMN, number(3), ((number(1),), (number(2),)))
    assert product([COLUMN, by_number], "multiply", "") == 17
    with pytest.raises(Undecided, match=r"^a product with a derivative of an array by an array$"):
        product([by_matrix, array(3, 1, *"123")], "multiply", "")


def test_derivatives_of_the_same_quantities_are_added() -> None:
    assert add(FULL, DIAGONAL) == jacobian(COLUMN, COLUMN, "32", "37")
    for pair in ((FULL, SQUARE), (number(1), FULL), (FULL, jacobian(COLUMN, SQUARE, "1234", "5678"))):
        with pytest.raises(Undecided, match=r"^a derivative of an array by an array stands beside something else$"):
            add(*pair)
    assert hadamard(number(2), COLUMN) == array(2, 1, "10", "12")
