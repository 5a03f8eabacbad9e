"""What programs compute instead of the formulas is equal to them, and keeps its digits."""

from __future__ import annotations

import math
import random

import pytest
import sympy

from symbackprop.expression import ONE, Apply, Symbol, add
from symbackprop.forms.sympy_trees import to_sympy
from symbackprop.functions.activation import ACTIVATIONS, Activation
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS, VectorActivation
from symbackprop.graph import Axis, Builder
from symbackprop.numeric.arithmetic import DOUBLES, SATURATING, precise
from symbackprop.numeric.program import program_of
from symbackprop.numeric.stable import stable
from symbackprop.ops import Contract, Map
from symbackprop.ops.equality import differ_at
from symbackprop.ops.scalar_function import placeholders

X = Symbol("preactivation", 1, ())


@pytest.mark.parametrize(
    "activation", [entry for entry in ACTIVATIONS if entry.logarithms], ids=lambda entry: str(entry.name)
)
def test_logarithms_of_outputs(activation: Activation) -> None:
    (x,) = placeholders(1)
    assert activation.logarithms is not None
    of_result, of_rest = (formula(x) for formula in activation.logarithms)
    assert differ_at(of_result, sympy.log(activation.formula(x)), (x,)) is None
    assert differ_at(of_rest, sympy.log(1 - activation.formula(x)), (x,)) is None


@pytest.mark.parametrize("entry", list(VECTOR_ACTIVATIONS), ids=lambda entry: str(entry.name))
@pytest.mark.parametrize("size", [1, 2, 5])
def test_vector_activations(entry: VectorActivation, size: int) -> None:
    """The numeric form, its logarithms included, against the body written out, in SymPy."""
    build = Builder()
    units = Axis("units", size)
    score = build.leaf(Symbol("preactivation"), units)
    output = build.apply(entry.over("units"), score, symbol=Symbol("activation"))
    assert entry.numeric is not None
    scores = tuple(score.entry(place) for place in range(size))
    form = entry.numeric(scores, lambda name: Symbol(name, None, (), "temporary"))
    generator = random.Random(size)
    point = {symbol: sympy.Rational(generator.randint(-3000, 3000), 1000) for symbol in scores}
    for name, value in form.temporaries:
        point[name] = to_sympy(value, point.__getitem__)
    from symbackprop.forms.scalar import expand

    for place in range(size):
        written = to_sympy(expand(entry.over("units").written_out(output), {"units": place}), point.__getitem__)
        found = to_sympy(form.results[place], point.__getitem__)
        logarithm = to_sympy(form.logarithms[place], point.__getitem__)
        assert abs((found - written).evalf(40)) < 1e-30
        assert abs((logarithm - sympy.log(written)).evalf(40)) < 1e-30


def test_log_of_one_plus_something_is_one_function() -> None:
    exponential = Apply("log", (add(ONE, Apply("exp", (X,))),))
    assert stable(exponential, {}) == Apply("softplus", (X,))
    assert stable(Apply("log", (add(ONE, X),)), {}) == Apply("log1p", (X,))
    assert stable(Apply("log", (add(X, ONE),)), {}) == Apply("log", (add(X, ONE),))


@pytest.mark.parametrize("value", [-800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0])
@pytest.mark.parametrize("arithmetic", [DOUBLES, SATURATING])
def test_softplus_keeps_all_digits(value: float, arithmetic: object) -> None:
    exact = precise().functions["softplus"](precise().value(repr(value)))
    assert arithmetic.functions["softplus"](value) == pytest.approx(float(exact), rel=1e-15, abs=0)  # type: ignore[attr-defined]


def test_saturating_functions_reach_their_limits() -> None:
    functions = SATURATING.functions
    assert functions["exp"](1e4) == math.inf
    assert functions["exp"](-1e4) == 0
    assert functions["cosh"](-1e4) == math.inf
    assert functions["sinh"](-1e4) == -math.inf
    assert functions["log"](0.0) == -math.inf
    assert functions["log1p"](-1.0) == -math.inf
    assert math.isnan(functions["log"](-1.0))


def test_program_takes_logarithms_from_preactivations() -> None:
    """-log y and -log(1 - y) of a sigmoid output stay exact where y is rounded to 1."""
    from symbackprop.functions.loss import LOSSES

    build = Builder()
    units = Axis("units", 2)
    score, target = build.leaf(Symbol("preactivation"), units), build.leaf(Symbol("target"), units)
    output = build.apply(Map(ACTIVATIONS.get("sigmoid").function), score, symbol=Symbol("activation"))
    loss = LOSSES.get("binary_cross_entropy").function
    part = build.apply(Map(loss), target, output, symbol=Symbol("loss_part"), order=output.axes)
    total = build.apply(Contract(frozenset({"units"})), part, symbol=Symbol("loss"))
    program = program_of(build.graph(total))
    values = {score.entry(0): 800, score.entry(1): -800, target.entry(0): 0, target.entry(1): 1}
    assert program.evaluate(values, SATURATING)[total.entry()] == 1600
    assert program.evaluate({**values, target.entry(0): 1, target.entry(1): 0}, SATURATING)[total.entry()] == 0
