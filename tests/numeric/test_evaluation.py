"""Values with as many digits as it takes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from mpmath.ctx_mp import MPContext

from symbackprop.errors import UserError
from symbackprop.expression import ONE, Apply, Expression, Number, Symbol, add, divide, multiply, subtract
from symbackprop.numeric.evaluation import evaluate_surely, value_of
from symbackprop.numeric.program import Assignment, Program
from symbackprop.numeric.rounding import Rounding

X, Y = Symbol("x", None, ()), Symbol("y", None, ())
SIGMOID = divide(ONE, add(ONE, Apply("exp", (Apply("negate", (X,)),))))


def surely(expression: Expression, **values: object) -> object:
    given = {Symbol(name, None, ()): value for name, value in values.items()}
    return evaluate_surely(Program(tuple(given), (Assignment(Symbol("r"), expression),)), given)[Symbol("r")]


@pytest.mark.parametrize("z", [1, 100, 300, 800])
def test_digits_that_cancel_are_made_up_for(z: int) -> None:
    """1 - σ(z) is about e^-z; at 50 digits nothing would be left of it."""
    found = surely(subtract(ONE, SIGMOID), x=z)
    context = MPContext()
    context.dps = 1000
    exact = 1 / (1 + context.exp(z))
    assert abs(found - exact) < exact * context.mpf("1e-34")


def test_a_quotient_of_vanishing_quantities() -> None:
    """(y - t) / (y (1 - y)) at a saturated sigmoid: 0/0 at 50 digits, e^z in truth."""
    y = SIGMOID
    found = surely(divide(y, multiply(y, subtract(ONE, y))), x=300)
    context = MPContext()
    context.dps = 60
    assert abs(found / (1 + context.exp(300)) - 1) < 1e-34


def test_what_vanishes_with_every_precision_is_zero() -> None:
    tenths = add(Number("0.1"), Number("0.2"), Apply("negate", (Number("0.3"),)))
    found = surely(multiply(tenths, X), x=Decimal(3))
    assert found == 0
    assert Rounding().number(found).text == "0"


def test_what_is_not_defined_is_said() -> None:
    with pytest.raises(UserError, match="it is not defined"):
        surely(divide(ONE, subtract(X, X)), x=3)


def test_value_of_needs_all_quantities() -> None:
    assert value_of(add(X, Y), {X: 1}) is None
    assert value_of(add(X, Y), {X: 1, Y: 2}) == 3
