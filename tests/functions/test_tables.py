"""Every activation, loss, penalty and optimiser: formulas, preferred derivatives, kinks, what they need."""

from __future__ import annotations

import random

import pytest
import sympy
from autograd import grad
from support.peer import ACTIVATE, LOSS, PENALTY

from symbackprop.errors import VerificationError
from symbackprop.functions.activation import ACTIVATIONS, Activation
from symbackprop.functions.loss import LOSSES, Loss
from symbackprop.functions.optimiser import OPTIMISERS, Optimiser, arguments_of
from symbackprop.functions.penalty import PENALTIES, Penalty
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS
from symbackprop.ops.equality import differ_at
from symbackprop.ops.scalar_function import ScalarFunction, placeholders

STEP = sympy.Rational(1, 10**15)


def by_name(entry: object) -> str:
    return str(entry.name)  # type: ignore[attr-defined]


def points(count: int, low: int, high: int) -> list[tuple[sympy.Rational, ...]]:
    generator = random.Random(7)
    return [tuple(sympy.Rational(generator.randint(low, high), 1000) for _ in range(count)) for _ in range(6)]


def check_derivatives(function: ScalarFunction, low: int = -4000, high: int = 4000) -> None:
    """Each derivative as it is used, against SymPy's diff and against central differences."""
    variables = placeholders(function.arity)
    for position in range(function.arity):
        local = function.derivative(position)
        values = (*variables, function.expression) if local.uses_result else variables
        written = local.formula(*values)
        assert (
            differ_at(sympy.sympify(written), sympy.diff(function.expression, variables[position]), variables) is None
        )
        for point in points(function.arity, low, high):
            at = dict(zip(variables, point, strict=True))
            ahead = {**at, variables[position]: at[variables[position]] + STEP}
            behind = {**at, variables[position]: at[variables[position]] - STEP}
            difference = (function.expression.subs(ahead) - function.expression.subs(behind)) / (2 * STEP)
            derivative = sympy.sympify(written).subs(at)
            assert float(difference.evalf(40)) == pytest.approx(float(derivative.evalf(40)), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("activation", list(ACTIVATIONS), ids=by_name)
def test_activations(activation: Activation) -> None:
    check_derivatives(activation.function)
    (x,) = placeholders(1)
    for (point,) in points(1, -4000, 4000):
        value = float(point)
        assert float(activation.formula(x).subs(x, point).evalf()) == pytest.approx(
            float(ACTIVATE[activation.name](value))
        )
        derivative = activation.function.plain_derivative(0).subs(x, point)
        assert float(derivative.evalf()) == pytest.approx(float(grad(ACTIVATE[activation.name])(value)), rel=1e-10)
        if activation.outputs == "probability":
            assert 0 < float(activation.formula(x).subs(x, point)) < 1


@pytest.mark.parametrize("activation", [entry for entry in ACTIVATIONS if entry.kinks], ids=by_name)
def test_at_a_kink_the_derivative_is_that_of_the_branch_taken(activation: Activation) -> None:
    (x,) = placeholders(1)
    for kink in activation.kinks:
        local = activation.function.derivative(0)
        values = (sympy.Integer(kink), activation.formula(sympy.Integer(kink)))[: 1 + local.uses_result]
        left = activation.function.plain_derivative(0).subs(x, kink - sympy.Rational(1, 10**9))
        right = activation.function.plain_derivative(0).subs(x, kink + sympy.Rational(1, 10**9))
        assert sympy.sympify(local.formula(*values)) == left
        assert left != right


def test_only_functions_with_kinks_have_jumps() -> None:
    (x,) = placeholders(1)
    for activation in ACTIVATIONS:
        if not activation.kinks:
            derivative = activation.function.plain_derivative(0)
            step = sympy.Rational(1, 10**9)
            assert abs(float(derivative.subs(x, step)) - float(derivative.subs(x, -step))) < 1e-6, activation.name


@pytest.mark.parametrize("loss", list(LOSSES), ids=by_name)
def test_losses(loss: Loss) -> None:
    low, high = (50, 950) if loss.needs else (-4000, 4000)
    check_derivatives(loss.function, low, high)
    target, output = placeholders(2)
    import numpy

    for point in points(2, low, high):
        parts = float(loss.part(target, output).subs({target: point[0], output: point[1]}).evalf())
        assert parts == pytest.approx(float(LOSS[loss.name](*(numpy.array([float(value)]) for value in point))))


@pytest.mark.parametrize("penalty", list(PENALTIES), ids=by_name)
def test_penalties(penalty: Penalty) -> None:
    check_derivatives(penalty.function)
    (weight,) = placeholders(1)
    for (point,) in points(1, -4000, 4000):
        assert float(penalty.part(weight).subs(weight, point)) == pytest.approx(
            float(PENALTY[penalty.name](float(point)))
        )


def test_a_weight_of_zero_stays_under_l1() -> None:
    assert PENALTIES.get("l1").function.plain_derivative(0).subs(placeholders(1)[0], 0) == 0


@pytest.mark.parametrize("optimiser", list(OPTIMISERS), ids=by_name)
def test_optimisers(optimiser: Optimiser) -> None:
    assert optimiser.steps[-1][0] == "value"
    assert "learning_rate" in optimiser.hyperparameters
    for number, (renewed, formula) in enumerate(optimiser.steps):
        assert renewed in ("value", *optimiser.states)
        assert optimiser.function(number).arity == len(arguments_of(formula))


def test_one_step_of_each_optimiser() -> None:
    def run(name: str, **given: float) -> dict[str, float]:
        for renewed, formula in OPTIMISERS.get(name).steps:
            given[renewed] = formula(*(given[argument] for argument in arguments_of(formula)))  # type: ignore[assignment]
        return given

    start = {"value": 1.0, "gradient": 2.0, "velocity": 3.0, "learning_rate": 0.1, "momentum": 0.5}
    assert run("sgd", **start)["value"] == pytest.approx(0.8)
    assert run("momentum", **start)["velocity"] == pytest.approx(1.3)
    assert run("momentum", **start)["value"] == pytest.approx(2.3)
    assert run("nesterov", **start)["value"] == pytest.approx(1 + 0.5 * 1.3 - 0.2)


def test_a_wrong_preferred_form_is_refused() -> None:
    wrong = Activation("wrong", lambda x: sympy.tanh(x), lambda x, y: 1 - y)
    with pytest.raises(VerificationError, match="wrong: the preferred form of its derivative is not its derivative"):
        wrong.function.derivative(0)


def test_names_do_not_clash() -> None:
    assert not set(ACTIVATIONS.names()) & set(VECTOR_ACTIVATIONS.names())


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_flat_branches_are_those_with_one_value(name: str) -> None:
    """Two points far out on either side: the same value there, with any number of digits, is a flat branch."""
    function = ACTIVATIONS.get(name)
    x = sympy.Symbol("x", real=True)
    formula = function.formula(x)
    flat = any(formula.subs(x, sign * 3) == formula.subs(x, sign * 5) for sign in (-1, 1))
    assert function.has_flat_branch == flat
