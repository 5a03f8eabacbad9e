"""Printed digits against the truth, operands against what they stand for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from symbackprop.check.evaluate.traced import number
from symbackprop.check.judge.compare import close
from symbackprop.check.judge.numbers import (
    Digits,
    aligned,
    is_whole,
    judged,
    last_place,
    lone_number,
    significant,
    spread,
)
from symbackprop.expression import Apply, Expression, Name, Number, Span, Symbol

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
        ("100", "100.00000000000000000000000000005", Digits.RIGHT), ("0.0", "-0.06", Digits.TRUNCATED), ("0.593", "0.5932", Digits.RIGHT), ("0.29", "0.31", Digits.WRONG),
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
    signed = lone_number(Apply("negate", (Number("0.5", span=Span(3, 6)),)))
    assert signed is not None
    assert signed.span == Span(3, 6)


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


def test_both_ends_of_what_a_rounded_number_stands_for_count() -> None:
    """1/x is further off at the lower end; with 400 digits, and with none, half of a last digit is still exact."""

    def reciprocal(tree: Expression) -> Any:
        assert isinstance(tree, Number)
        return 1 / (number(tree.value.numerator) / tree.value.denominator)

    assert close(spread(Number("2"), reciprocal, lambda literal: False), number("1") / 6)
    assert close(spread(Number("-2e1"), reciprocal, lambda literal: False), number("1") / 60)
    long = spread(Number("1." + "0" * 450), reciprocal, lambda literal: False)
    assert long < number("1e-30")


def multiply(*factors: Expression) -> Apply:
    return Apply("multiply", factors)


def negate(term: Expression) -> Apply:
    return Apply("negate", (term,))


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
        (multiply(X, multiply(Y, multiply(X, Y))), multiply(*map(Number, "2345")), [(X, "2"), (Y, "3"), (X, "4"), (Y, "5")]),
        # a minus sign in front of a product is that of the negative value that was put in first
        (multiply(X, Y), negate(multiply(Number("0.3"), Number("0.2"))), [(X, "-0.3"), (Y, "0.2")]),
        (multiply(X, Y), negate(Apply("group", (multiply(Number("0.3"), Number("0.2")),))), [(X, "-0.3"), (Y, "0.2")]),
        (multiply(X, Y, X), negate(Apply("times", tuple(map(Number, "234")))), [(X, "-2"), (Y, "3"), (X, "4")]),
        (Apply("add", (X, Y)), Apply("add", (Number("2"), negate(Number("3")))), [(X, "2"), (Y, "-3")]),
        (Apply("add", (X, multiply(Y, X))), Apply("add", (Number("2"), negate(multiply(Number("3"), Number("4"))))), [(X, "2"), (Y, "-3"), (X, "4")]),
        (negate(multiply(X, Y)), negate(multiply(Number("3"), Number("4"))), [(X, "3"), (Y, "4")]),
        (negate(multiply(X, Y)), multiply(Number("3"), Number("4")), None),
        (multiply(X, Y), negate(multiply(negate(Number("3")), Number("4"))), None),
        (multiply(X, Y), negate(Apply("add", (Number("3"), Number("4")))), None),
        (Apply("exp", (X,)), negate(Apply("exp", (Number("3"),))), None),
        (multiply(X, Y), negate(Y), None),
    ],
)  # fmt: skip
def test_numbers_find_what_they_were_put_for(symbolic: Expression, numeric: Expression, pairs: Any) -> None:
    found = aligned(symbolic, numeric)
    assert (None if found is None else [(part, literal.text) for part, literal in found]) == pairs
