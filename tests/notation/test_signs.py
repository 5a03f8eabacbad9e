"""A δ with the other sign: formulas say the same, and their signs stand where people write them."""

from __future__ import annotations

import pytest

from symbackprop.expression import (
    Apply,
    Chain,
    Expression,
    Number,
    Symbol,
    add,
    chain,
    multiply,
    negate,
    subtract,
    transform,
)
from symbackprop.forms.sympy_trees import to_sympy
from symbackprop.latex.printer import Printer
from symbackprop.notation.naming import Naming
from symbackprop.notation.signs import in_own_signs
from symbackprop.notation.table import NOTATIONS

NAMING = Naming(NOTATIONS.get("mitchell"), (2, 2, 1))
DELTA = Symbol("preactivation", 2, (0,), "adjoint")
OWN = Symbol("preactivation", 2, (0,), "negated adjoint")
HIDDEN = Symbol("preactivation", 1, (0,), "adjoint")
WEIGHT = Symbol("weight", 2, (0, 0))
OUTPUT, TARGET = Symbol("activation", 2, (0,)), Symbol("target", None, (0,))
INPUT = Symbol("activation", 1, (0,))


def tex(mathematics: Expression | Chain) -> str:
    printer = Printer(NAMING.spell, names=NAMING.can_write)
    return printer.tex(NAMING.in_own_signs(mathematics))


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (DELTA, "-\\delta_5"),
        (multiply(DELTA, INPUT), "-\\delta_5 o_3"),
        (negate(multiply(DELTA, INPUT)), "\\delta_5 o_3"),
        (subtract(WEIGHT, multiply(Symbol("learning_rate", None, ()), DELTA)), "w_{53} + \\eta \\delta_5"),
        (multiply(DELTA, HIDDEN), "\\delta_5 \\delta_3"),
        (add(DELTA, INPUT), "-\\delta_5 + o_3"),
        (add(DELTA, HIDDEN), "-(\\delta_5 + \\delta_3)"),
        (Apply("sum", (multiply(DELTA, WEIGHT), Number("1"))), None),
    ],
)
def test_signs_are_brought_to_the_front(expression: Expression, written: str | None) -> None:
    rewritten = in_own_signs(expression)
    if written is not None:
        assert tex(expression) == written
    assert not any(symbol == DELTA for symbol in leaves(rewritten))


def leaves(expression: Expression) -> list[Symbol]:
    found: list[Symbol] = []
    transform(expression, lambda part: found.append(part) if isinstance(part, Symbol) else None)
    return found


def test_a_chain_that_begins_with_delta_changes_all_its_signs() -> None:
    slope = multiply(OUTPUT, subtract(Number("1"), OUTPUT))
    recursion = chain(DELTA, multiply(subtract(OUTPUT, TARGET), slope), multiply(DELTA, WEIGHT))
    assert tex(recursion) == "\\delta_5 = (t_5 - o_5) o_5(1 - o_5) = \\delta_5 w_{53}"


def test_a_chain_that_begins_with_something_else_keeps_its_own() -> None:
    gradient = Symbol("weight", 2, (0, 0), "adjoint")
    assert tex(chain(gradient, multiply(DELTA, INPUT))) == "\\frac{\\partial E}{\\partial w_{53}} = -\\delta_5 o_3"


def test_other_notations_are_left_alone() -> None:
    naming = Naming(NOTATIONS.get("mazur"), (2, 2, 1))
    expression = multiply(DELTA, INPUT)
    assert naming.in_own_signs(expression) is expression


@pytest.mark.parametrize(
    "expression",
    [
        add(multiply(DELTA, WEIGHT), HIDDEN),
        subtract(INPUT, multiply(DELTA, subtract(HIDDEN, OUTPUT))),
        Apply("divide", (DELTA, add(HIDDEN, WEIGHT))),
        multiply(Number("3"), negate(DELTA), add(HIDDEN, DELTA)),
        Apply("power", (DELTA, Number("2"))),
    ],
)
def test_the_value_stays_the_same(expression: Expression) -> None:
    import sympy

    names = {symbol: sympy.Symbol(f"q{number}") for number, symbol in enumerate((WEIGHT, INPUT, OUTPUT, DELTA, HIDDEN))}
    hidden_own = Symbol("preactivation", 1, (0,), "negated adjoint")
    own = {**names, OWN: -names[DELTA], hidden_own: -names[HIDDEN]}
    difference = to_sympy(expression, names.__getitem__) - to_sympy(in_own_signs(expression), own.__getitem__)
    assert sympy.expand(difference) == 0 or sympy.simplify(difference) == 0
