"""Numbers that remember how they were computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symbackprop.check.evaluate.traced import (
    FUNCTION_NAMES,
    Traced,
    Undecided,
    applied,
    derivatives,
    divided,
    number,
    plain,
    raised,
    renamed,
    total,
)
from symbackprop.check.judge.compare import close

STEP = number("1e-12")

ONE_ARGUMENT: dict[str, Callable[[Any], Any]] = {
    **{name: lambda x, name=name: applied(name, x) for name in FUNCTION_NAMES},  # type: ignore[misc]
    "plus itself": lambda x: x + x,
    "plus a number": lambda x: x + 3,
    "a number plus": lambda x: 3 + x,
    "minus": lambda x: x - 3,
    "from a number": lambda x: 3 - x,
    "from itself doubled": lambda x: 2 * x - x,
    "negative": lambda x: -x,
    "times itself": lambda x: x * x,
    "times a number": lambda x: x * 3,
    "over a number": lambda x: divided(x, 4),
    "a number over": lambda x: divided(number(3), x),
    "over itself plus one": lambda x: divided(x, x + 1),
    "cube": lambda x: raised(x, 3),
    "power of a half": lambda x: raised(x, number("0.5")),
    "inverse square": lambda x: raised(x, -2),
    "in the exponent": lambda x: raised(number("1.5"), x),
    "power of itself": lambda x: raised(x, x),
    "renamed": renamed,
}


@pytest.mark.parametrize("name", sorted(ONE_ARGUMENT))
def test_derivatives_are_those_of_the_values(name: str) -> None:
    """Beside central differences of the plain numbers; the traced value is the plain one."""
    function, at = ONE_ARGUMENT[name], number("0.7")
    leaf = Traced(at)
    found = function(leaf)
    assert isinstance(found, Traced)
    assert close(found.value, plain(function(at)))
    measured = (plain(function(at + STEP)) - plain(function(at - STEP))) / (2 * STEP)
    assert abs(derivatives(found).get(leaf.order, 0) - measured) < number("1e-20")


def test_functions_of_negative_numbers() -> None:
    leaf = Traced(number("-0.7"))
    for name, slope in (("absolute", -1), ("sign", 0)):
        assert derivatives(applied(name, leaf)).get(leaf.order, 0) == slope
    assert applied("sign", number("-0.7")) == -1
    assert applied("sign", number("0")) == 0
    assert applied("absolute", leaf).value == number("0.7")
    cube = raised(leaf, 3)
    assert close(cube.value, "-0.343")
    assert close(derivatives(cube)[leaf.order], "1.47")


def test_a_derivative_goes_through_all_ways_and_stops_at_what_is_held() -> None:
    """z = y² + x y with y = 2 x: dz/dx = 12 x; with y held it is y."""
    x = Traced(number("0.5"))
    y = renamed(x * 2)
    z = y * y + x * y
    assert close(derivatives(z)[x.order], "6")
    assert close(derivatives(z, frozenset({y.order}))[x.order], "1")
    assert close(derivatives(z, frozenset({y.order}))[y.order], "2.5")
    assert derivatives(y, frozenset({y.order}))[x.order] == 2
    u, v = renamed(x * 3), renamed(x * 2)
    assert close(derivatives(v * u, frozenset({v.order}))[x.order], "3")
    assert renamed(number("3")).parents == ()


def test_what_was_not_followed_has_no_derivative() -> None:
    with pytest.raises(Undecided, match=r"^a derivative of a derivative$"):
        derivatives(Traced(number(1), None) * 2)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: divided(number(1), number(0)), "a division by zero"),
        (lambda: divided(number(1), Traced(number(0))), "a division by zero"),
        (lambda: raised(number(0), -1), "a division by zero"),
        (lambda: raised(number(-2), number("0.5")), "a root of a negative number"),
        (lambda: raised(number(2), 10_001), "a power too large to evaluate"),
        (lambda: raised(number("1e200"), 1000), "a power too large to evaluate"),
        (lambda: raised(number("1e-200"), 1000), "a power too large to evaluate"),
        (lambda: raised(number(-2), Traced(number(2))), "a power of a negative number that varies"),
        (lambda: raised(number(0), Traced(number(2))), "a power of a negative number that varies"),
        (lambda: raised(number("1e10"), 9000), "a power too large to evaluate"),
        (lambda: applied("exp", number(100_000)), "an exponential too large to evaluate"),
        (lambda: applied("sinh", number(-100_000)), "an exponential too large to evaluate"),
        (lambda: applied("cosh", number(100_000)), "an exponential too large to evaluate"),
        (lambda: applied("log", number(0)), "a logarithm of zero or of a negative number"),
        (lambda: applied("sqrt", number(-1)), "a root of a negative number"),
        (lambda: applied("tanh", number(100_000)), "too large"),
        (lambda: applied("erf", number(100_000)), "too large"),
    ],
)
def test_what_is_not_evaluated_says_why(call: Callable[[], Any], reason: str) -> None:
    with pytest.raises(Undecided, match=f"^{reason}$"):
        call()


def test_bounds_are_met() -> None:
    assert applied("exp", number("99999")) > number("1e43000")
    assert raised(number(1), 10_000) == 1
    assert close(raised(number("1e10"), 8000) * number("1e-80000"), "1")
    assert raised(number(0), 0) == 1
    assert applied("sqrt", number(0)) == 0
    at_zero = Traced(number(0))
    assert derivatives(raised(at_zero, 2))[at_zero.order] == 0
    assert derivatives(raised(at_zero, 1))[at_zero.order] == 1
    assert derivatives(raised(at_zero, number("0.5")))[at_zero.order] == 0
    assert total(()) == 0
    assert total((1, 2, 3)) == 6
