"""Python source from trees: the value is that of the tree, however long, deep or signed it is."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from symbackprop.expression import Apply, Expression, Number, Symbol, add, divide, multiply, negate, power, subtract
from symbackprop.numeric.arithmetic import DOUBLES
from symbackprop.numeric.inlining import inlined
from symbackprop.numeric.program import Assignment, Program, run_generated
from symbackprop.numeric.source import LONGEST_SUM, source

X, Y, Z = (Symbol(name, None, ()) for name in "xyz")
VALUES = {X: 0.5, Y: -2.0, Z: 3.0}
NAMES = {X: "x", Y: "y", Z: "z"}


def value(expression: Expression) -> float:
    text = f"x, y, z = {', '.join(map(repr, VALUES.values()))}\nresult = {source(expression, NAMES)}"
    result: float = run_generated(text, DOUBLES)["result"]
    return result


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (subtract(X, subtract(Y, Z)), 5.5),
        (add(negate(power(Y, Number("2"))), X), -3.5),
        (power(Number("-2"), Number("2")), 4.0),
        (power(Number("-2"), Number("3")), -8.0),
        (power(add(X, Y), Number("2")), 2.25),
        (negate(add(X, Y)), 1.5),
        (divide(X, multiply(Y, Z)), 0.5 / -6),
        (multiply(X, negate(Y)), 1.0),
        (Apply("maximum", (X,)), 0.5),
        (Apply("maximum", (X, Y, Z)), 3.0),
        (Apply("cases", (X, Apply("greater", (X, Y)), Z)), 0.5),
        (Apply("cases", (X, Apply("less", (X, Y)), Y, Apply("less_equal", (Z, Y)), Z)), 3.0),
        (Apply("sign", (Y,)), -1),
        (Apply("absolute", (Y,)), 2.0),
        (Apply("sqrt", (multiply(Y, Y),)), 2.0),
    ],
)
def test_values(expression: Expression, expected: float) -> None:
    assert value(expression) == pytest.approx(expected)


@pytest.mark.parametrize("count", [2, LONGEST_SUM, LONGEST_SUM + 1, 50_000])
def test_long_sums_compile(count: int) -> None:
    generator = random.Random(count)
    signs = [generator.random() < 0.5 for _ in range(count)]
    terms = tuple(negate(X) if minus else X for minus in signs)
    assert value(Apply("add", terms)) == 0.5 * (count - 2 * sum(signs))


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(ValueError, match="no Python source"):
        source(Apply("matrix", ()), NAMES)


def test_inlining_keeps_values_and_what_is_asked_for() -> None:
    once, twice, constant, kept, result = (Symbol(name, None, ()) for name in ("once", "twice", "one", "kept", "r"))
    program = Program(
        (X, Y),
        (
            Assignment(constant, Number("1")),
            Assignment(once, add(X, Y)),
            Assignment(twice, multiply(constant, once, X)),
            Assignment(kept, negate(twice)),
            Assignment(result, add(twice, kept, constant)),
        ),
    )
    short = inlined(program, (kept, result))
    assert [line.entry for line in short.assignments] == [twice, kept, result]
    assert short.assignments[0].value == multiply(add(X, Y), X)
    given = {X: 0.5, Y: -2.0}
    long_values, short_values = program.evaluate(given, DOUBLES), short.evaluate(given, DOUBLES)
    assert all(short_values[entry] == long_values[entry] for entry in short_values)


def test_inlining_does_not_nest_without_end() -> None:
    entries = [Symbol("e", number, ()) for number in range(500)]
    lines = [Assignment(entries[0], X)]
    lines += [Assignment(new, Apply("exp", (negate(old),))) for old, new in pairwise(entries)]
    short = inlined(Program((X,), tuple(lines)), (entries[-1],))
    assert 1 < len(short.assignments) < 100
    assert short.evaluate({X: 0.5}, DOUBLES)[entries[-1]] == pytest.approx(0.567143290409784)
