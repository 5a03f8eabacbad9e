"""Backpropagation through time for T steps: the general step, put in at every step of networks with T steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace
from support.networks import drawn, recurrent

from symbackprop.derive.derivation import derive_model
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.through_time import STEPS, ThroughTime, through_time
from symbackprop.errors import UserError
from symbackprop.expression import ZERO, Apply, Expression, Index, Symbol, multiply, transform
from symbackprop.forms.algebra import flatten
from symbackprop.numeric.evaluation import value_of


def at_step(expression: Expression, step: int, steps: int) -> Expression:
    """The expression at step t (from 0): the initial state before the first step, nothing after the last."""

    def put_in(part: Expression) -> Expression | None:
        if not isinstance(part, Symbol) or not part.indices or not isinstance(part.indices[0], Index):
            return None
        number = step + part.indices[0].offset
        if number >= steps:
            return ZERO
        if number < 0:
            return Symbol("initial", part.position, part.indices[1:])
        return replace(part, indices=(number, *part.indices[1:]))

    return flatten(transform(expression, put_in))


def written_out(expression: Expression, steps: int) -> Expression:
    """A sum over t from 1 to T as its terms."""

    def put_in(part: Expression) -> Expression | None:
        if isinstance(part, Apply) and part.operator == "sum":
            body, _, _, upper = part.arguments
            assert upper == STEPS
            terms = tuple(at_step(body, step, steps) for step in range(steps))
            return flatten(Apply("add", terms)) if steps > 1 else terms[0]
        return None

    return transform(expression, put_in)


def check(general: ThroughTime, values: Mapping[Symbol, Any], steps: int) -> None:
    for layer in general.layers:
        for entry, expression in (*layer.forward(), *layer.backward()):
            for step in range(steps):
                left = at_step(entry, step, steps)
                assert isinstance(left, Symbol)
                found = value_of(at_step(expression, step, steps), values)
                assert found is not None
                assert abs(found - values[left]) < 1e-30, (left, expression)


@pytest.mark.parametrize("steps", [1, 2, 4])
@pytest.mark.parametrize("deep", [False, True])
def test_the_general_step_holds_at_every_step(steps: int, deep: bool) -> None:
    for seed in range(3):
        network = recurrent(seed + 20, steps, deep)
        network = replace_penalties(network)
        general, derivation = through_time(network), derive_model(network)
        assert len(general.layers) == (2 if deep else 1)
        check(general, derivation.values, steps)
        for parameter in derivation.parameters:
            total = written_out(general.gradient(parameter), steps)
            found = value_of(total, derivation.values)
            assert found is not None
            assert abs(found - derivation.values[adjoint_symbol(parameter)]) < 1e-30, parameter


def replace_penalties(network: Any) -> Any:
    import msgspec

    return msgspec.structs.replace(network, penalties={})


def test_the_recursion_reads_as_people_write_it() -> None:
    """∂E/∂h_t = what comes from the next step through U, and from this step's output through V."""
    network = recurrent(3, 2)
    general = through_time(network)
    (layer,) = general.layers
    (first, expression), *_ = layer.backward()
    t = Index("t")
    assert first == Symbol("activation", 1, (t, 0), "adjoint")
    later = [
        multiply(Symbol("preactivation", 1, (Index("t", 1), k), "adjoint"), Symbol("recurrent_weight", 1, (k, 0)))
        for k in range(network.sizes[1])
    ]
    own = [
        multiply(Symbol("preactivation", 2, (t, k), "adjoint"), Symbol("weight", 2, (k, 0)))
        for k in range(network.sizes[2])
    ]
    assert expression == flatten(Apply("add", (*later, *own)))


def test_a_shared_weight_collects_a_term_from_every_step() -> None:
    network = recurrent(2, 2)
    gradient = through_time(network).gradient(Symbol("recurrent_weight", 1, (0, 0)))
    assert isinstance(gradient, Apply)
    assert gradient.operator == "sum"
    t = Index("t")
    assert gradient.arguments[0] == multiply(
        Symbol("preactivation", 1, (t, 0), "adjoint"), Symbol("activation", 1, (Index("t", -1), 0))
    )


def test_other_networks_have_no_steps() -> None:
    with pytest.raises(UserError, match=r"^layers: no layer is recurrent, so there are no steps in time$"):
        through_time(drawn(1))
