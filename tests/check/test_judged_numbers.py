"""Printed digits against the truth, operands against what they stand for, values against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from symbackprop.check.evaluate.absent import Absent
from symbackprop.check.evaluate.array import Array, Jacobian
from symbackprop.check.evaluate.drawing import INDEX, USUAL, Places
from symbackprop.check.evaluate.traced import Undecided, number
from symbackprop.check.judge.compare import DIFFERENT, EQUAL, Answer, Comparer, close, same
from symbackprop.check.judge.numbers import (
    Digits,
    aligned,
    decimal_text,
    is_whole,
    judged,
    last_place,
    lone_number,
    significant,
    spread,
)
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol

X, Y = Symbol("x"), Symbol("y")


@pytest.mark.parametrize(
    ("printed", "truth", "expected"),
    [
        ("0.15", "0.15", Digits.RIGHT), ("0.15", "0.1549999", Digits.RIGHT), ("0.15", "0.145", Digits.RIGHT),
        ("0.15", "0.155", Digits.RIGHT), ("0.15", "0.15500001", Digits.TRUNCATED), ("0.15", "0.1599", Digits.TRUNCATED),
        ("0.15", "0.16", Digits.WRONG), ("0.15", "0.1449999", Digits.WRONG), ("-0.15", "-0.1599", Digits.TRUNCATED),
        ("-0.15", "0.15", Digits.WRONG), ("0.150", "0.1490001", Digits.LAST), ("0.150", "0.1485", Digits.LAST),
        ("0.150", "0.14849", Digits.WRONG), ("0.150", "0.15151", Digits.WRONG), ("0.05", "0.0401", Digits.WRONG),
        ("0", "0.004", Digits.WRONG), ("1", "1", Digits.RIGHT), ("1", "1.0001", Digits.WRONG), ("-2", "-2", Digits.RIGHT),
        ("999", "999.4", Digits.WRONG), ("1000", "1000.4", Digits.RIGHT), ("1234", "1234.9", Digits.TRUNCATED),
        ("1.5e-3", "0.00154", Digits.RIGHT), ("1.5e-3", "0.00156", Digits.TRUNCATED), ("1.5e-3", "0.0017", Digits.WRONG),
        ("0.0", "-0.06", Digits.TRUNCATED), ("0.593", "0.5932", Digits.RIGHT), ("0.29", "0.31", Digits.WRONG),
    ],
)  # fmt: skip
def test_a_printed_number_is_judged_by_its_last_digit(printed: str, truth: str, expected: Digits) -> None:
    assert judged(Number(printed), number(truth)) is expected


def test_what_is_known_only_roughly_is_forgiven_as_much() -> None:
    assert judged(Number("0.15"), number("0.16"), number("0.005")) is Digits.RIGHT
    assert judged(Number("0.15"), number("0.1601"), number("0.005")) is Digits.TRUNCATED
    assert judged(Number("0.150"), number("0.1475"), number("0.001")) is Digits.LAST
    assert judged(Number("1"), number("1.004"), number("0.005")) is Digits.RIGHT
    assert judged(Number("1"), number("1.006"), number("0.005")) is Digits.WRONG


@pytest.mark.parametrize(
    ("text", "place", "digits", "whole"),
    [("0.150", "1/1000", 3, False), ("15", "1", 2, True), ("-15", "1", 2, True), ("1.5e-3", "1/10000", 2, False),
     ("2E3", "1000", 1, False), ("0.00", "1/100", 0, False), ("100", "1", 3, True)],
)  # fmt: skip
def test_what_the_digits_say(text: str, place: str, digits: int, whole: bool) -> None:
    assert (last_place(text), significant(text), is_whole(text)) == (Fraction(place), digits, whole)


def test_a_lone_number_may_have_a_sign_and_brackets() -> None:
    number_in_brackets = Apply("group", (Number("0.5"),))
    assert lone_number(number_in_brackets) == Number("0.5")
    assert lone_number(Apply("negate", (number_in_brackets,))) == Number("-0.5")
    assert lone_number(Apply("negate", (Number("-0.5"),))) is None
    assert lone_number(Apply("negate", (X,))) is None
    assert lone_number(X) is None


def test_rounded_operands_spread_and_exact_ones_do_not() -> None:
    tree = Apply("multiply", (Number("0.5"), Number("0.20")))

    def product(tree: Expression) -> Any:
        assert isinstance(tree, Apply)
        first, second = (part for part in tree.arguments if isinstance(part, Number))
        return (
            number(first.value.numerator) / first.value.denominator * second.value.numerator / second.value.denominator
        )

    assert close(spread(tree, product, lambda literal: True), 0)
    assert close(spread(tree, product, lambda literal: literal.text == "0.5"), number("0.0025"))
    assert close(spread(tree, product, lambda literal: False), number("0.0125"))


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(3, 20), "15e-2"), (Fraction(-1, 8), "-125e-3"), (Fraction(7), "7"), (Fraction(0), "0")],
)
def test_fractions_as_digits(value: Fraction, text: str) -> None:
    assert decimal_text(value) == text
    assert Number(text).value == value


def multiply(*factors: Expression) -> Apply:
    return Apply("multiply", factors)


@pytest.mark.parametrize(
    ("symbolic", "numeric", "pairs"),
    [
        (multiply(X, Y), multiply(Number("2"), Number("3")), [(X, "2"), (Y, "3")]),
        (multiply(X, Apply("dot", (Y, X))), multiply(Number("2"), Number("3"), Number("4")), [(X, "2"), (Y, "3"), (X, "4")]),
        (multiply(X, Y), multiply(Number("2")), None),
        (multiply(X, Y), Apply("add", (Number("2"), Number("3"))), None),
        (multiply(Number("2"), Y), multiply(Number("2.0"), Number("3")), [(Y, "3")]),
        (multiply(Number("2"), Y), multiply(Number("2.1"), Number("3")), None),
        (Apply("exp", (X,)), Apply("power", (Name("e"), Number("3"))), [(X, "3")]),
        (Apply("power", (Name("t"), X)), Apply("exp", (Number("3"),)), None),
        (multiply(X, Y), multiply(X, Number("3")), [(Y, "3")]),
        (multiply(X, Y), multiply(Y, Number("3")), None),
        (Apply("group", (X,)), Apply("negate", (Number("3"),)), [(X, "-3")]),
        (multiply(X, Y), X, None),
        (X, multiply(Number("2"), Number("3")), None),
        (Apply("add", (X, Apply("add", (Y, X)))), Apply("add", (Number("2"), Number("3"), Number("4"))), [(X, "2"), (Y, "3"), (X, "4")]),
        (multiply(X, Apply("group", (multiply(Y, X),))), multiply(Number("2"), Number("3"), Number("4")), [(X, "2"), (Y, "3"), (X, "4")]),
        (Apply("add", (X, Apply("group", (Apply("add", (Y, X)),)))), Apply("add", (Number("2"), Number("3"), Number("4"))), None),
    ],
)  # fmt: skip
def test_numbers_find_what_they_were_put_for(symbolic: Expression, numeric: Expression, pairs: Any) -> None:
    found = aligned(symbolic, numeric)
    assert (None if found is None else [(part, literal.text) for part, literal in found]) == pairs


# ---- values against each other ----------------------------------------------------------------------


def array(rows: int, columns: int, *entries: str) -> Array:
    return Array(rows, columns, tuple(map(number, entries)))


def test_numbers_are_equal_but_for_the_noise_of_computing() -> None:
    assert close("1", number("1") + number("0.9e-25"))
    assert not close("1", number("1") + number("1.1e-25"))
    assert close("1e9", number("1e9") + number("0.9e-16"))
    assert not close("1e9", number("1e9") + number("1.1e-16"))
    assert close("0", "0.9e-33")
    assert not close("0", "1.1e-33")


def test_arrays_are_equal_in_shape_and_entries() -> None:
    row, column = array(1, 2, "1", "2"), array(2, 1, "1", "2")
    assert same(row, row) == EQUAL
    assert same(row, array(1, 2, "1", "3")) == DIFFERENT
    found = same(row, column)
    assert (found.answer, found.exchanged) == (Answer.SHAPE, True)
    assert found.reason == "the left side is 1 × 2, the right side 2 × 1"
    assert not same(row, array(2, 1, "1", "3")).exchanged
    assert same(row, number("1")).reason == "one side is 1 × 2, the other a number"
    assert same(number("1"), row).reason == "one side is a number, the other 1 × 2"


def test_a_square_that_is_the_other_s_transpose_is_told() -> None:
    square = array(2, 2, "1", "2", "3", "4")
    found = same(square, square.transposed)
    assert (found.answer, found.exchanged) == (Answer.DIFFERENT, True)
    assert not same(square, array(2, 2, "1", "2", "3", "5")).exchanged


def test_a_jacobian_may_be_meant_in_either_layout() -> None:
    of, by = array(2, 1, "0", "0"), array(3, 1, "0", "0", "0")
    entries = tuple(tuple(map(number, row)) for row in (("1", "2", "3"), ("4", "5", "6")))
    matrix = array(2, 3, "1", "2", "3", "4", "5", "6")
    assert same(Jacobian(of, by, entries), matrix) == EQUAL
    assert same(matrix.transposed, Jacobian(of, by, entries)) == EQUAL
    assert same(Jacobian(of, by, entries), array(3, 2, "1", "2", "3", "4", "5", "6")).answer is Answer.UNKNOWN
    other = (entries[0], tuple(map(number, ("4", "5", "7"))))
    assert same(Jacobian(of, by, entries), Jacobian(of, by, other)) == DIFFERENT


def test_a_derivative_of_one_entry_by_one_may_be_meant_as_a_number() -> None:
    one = array(1, 1, "0")
    assert same(Jacobian(one, one, ((number("3"),),)), number("3")) == EQUAL
    assert same(Jacobian(one, one, ((number("3"),),)), number("4")).answer is Answer.UNKNOWN


# ---- a formula at several points --------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """x at a place is ``factor`` times the place's number from 1; y is 2; z exists nowhere, u is not known."""

    factor: int

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        if symbol.kind == "x":
            return number(self.factor * (1 + places.get("i", 0)))
        if symbol.kind == "z":
            raise Absent("there is no z")
        if symbol.kind == "u":
            raise Undecided("u has no value")
        return number(2)


@dataclass(frozen=True)
class Points:
    drawings: Sequence[Any]
    example: Any = None
    completions: Sequence[Any] = ()
    reading: Any = USUAL
    places: int = 1

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]:
        yield from ({"i": i, "j": j} for i in range(self.places) for j in range(self.places))

    def same_range(self, trees: Sequence[Expression], first: str, second: str) -> bool:
        return True


def index(letter: str) -> Symbol:
    return Symbol(INDEX, None, (Index(letter),))


def test_equal_at_one_point_is_not_equal_at_all() -> None:
    twice = Apply("add", (Y, Y))
    assert Comparer(Points([Point(4)])).compare(X, twice) == EQUAL
    assert Comparer(Points([Point(4), Point(5)])).compare(X, twice) == DIFFERENT
    assert Comparer(Points([Point(4), Point(5)]), points=1).compare(X, twice) == EQUAL


def test_with_many_places_each_is_tried_somewhere() -> None:
    world = Points([Point(4), Point(4)], places=2)
    assert Comparer(world).compare(X, Apply("add", (Y, Y))) == DIFFERENT
    assert Comparer(world, most_instances=2).compare(X, Apply("add", (Y, Y))) == EQUAL


def test_only_places_that_meet_the_conditions_are_asked_for() -> None:
    world = Points([Point(4)], places=2)
    on_the_diagonal = Apply("equal", (index("i"), index("j")))
    off_it = Apply("not_equal", (index("i"), index("j")))
    claim = Apply("multiply", (Y, Y, index("i")))
    assert Comparer(world).compare(X, claim) == EQUAL
    first = Apply("multiply", (Y, Y, index("j")))
    assert Comparer(world).compare(X, first) == DIFFERENT
    assert Comparer(world, (on_the_diagonal,)).compare(X, first) == EQUAL
    assert Comparer(world).compare(X, first, (on_the_diagonal,)) == EQUAL
    assert Comparer(world, (off_it,)).compare(X, first) == DIFFERENT
    assert Comparer(world, (off_it, on_the_diagonal)).compare(X, first).answer is Answer.UNKNOWN


def test_what_cannot_be_told_is_not_equal() -> None:
    comparer = Comparer(Points([Point(4)]))
    assert comparer.compare(Symbol("u"), X).reason == "u has no value"
    assert comparer.compare(Symbol("z"), X).answer is Answer.UNKNOWN
    assert not comparer.compare(Symbol("z"), X).known
    assert comparer.compare(Symbol("u"), Symbol("u")) == EQUAL
    assert comparer.compare(X, Y).known
    assert comparer.compare(X, Name("a")).reason == "a is not defined"


def test_the_example_is_a_point_of_its_own() -> None:
    assert Comparer(Points([Point(4)], Point(7))).example(X) == 7
    with pytest.raises(Undecided, match="the document gives no values"):
        Comparer(Points([Point(4)])).example(X)
    with pytest.raises(Undecided, match="nothing fits its indices"):
        Comparer(Points([Point(4)], Point(7), places=0)).example(X)
