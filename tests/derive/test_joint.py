"""Loss and output activation in one formula: every member of the chain has the same value."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from support.networks import drawn, recurrent

from symbackprop.derive.derivation import derive_model
from symbackprop.derive.jacobian import _signs_first, jacobian_entry
from symbackprop.derive.joint import Joint, joint_of, joint_steps, joint_sweep
from symbackprop.derive.paths import Paths
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.softmax import jacobian_chain
from symbackprop.expression import (
    ONE,
    Apply,
    Chain,
    Expression,
    Symbol,
    add,
    chain,
    multiply,
    negate,
    partial,
    subtract,
    symbols,
    walk,
)
from symbackprop.forms.scalar import definition
from symbackprop.functions.loss import LOSSES
from symbackprop.numeric.evaluation import value_of
from symbackprop.ops import Composite
from symbackprop.spec.model import Network, Order
from symbackprop.spec.reading import network_from


def network(loss: str, activation: str, rows: int = 0, targets: object = None) -> Network:
    inputs = [[1, 2], [3, -1], [0, 1]]
    given = targets or [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    return network_from(
        {
            "name": "n",
            "inputs": 2,
            "loss": loss,
            "layers": [
                {"size": 3, "activation": activation, "weights": [[1, 0], [-1, 1], [0, 2]], "biases": [0, 1, 0]}
            ],
            "data": {
                "inputs": inputs[:rows] if rows else inputs[0],
                "targets": given[:rows] if rows else given[0],  # type: ignore[index]
            },
            "training": {"learning_rate": 1},
        }
    )


def same(members: Chain | tuple[Expression, ...], values: dict[Symbol, object]) -> None:
    expressions = members.expressions if isinstance(members, Chain) else members
    found = [value_of(expression, values) for expression in expressions if not symbolic(expression)]
    assert len(found) >= 2
    assert None not in found
    assert max(found) - min(found) < 1e-30


def chained(loss: Symbol, joint: Joint, entry: Symbol) -> Expression:
    """The chain rule over the outputs that depend on a pre-activation: all of its sample, or its own."""
    outputs = [joint.output.entry(*place) for place in joint.output.places()]
    own = (entry.indices or ())[:-1] if isinstance(joint.output.operation, Composite) else entry.indices or ()
    used = [output for output in outputs if (output.indices or ())[: len(own)] == own]
    return add(*(multiply(partial(loss, output), partial(output, entry)) for output in used))


def symbolic(expression: Expression) -> bool:
    """Whether an expression holds a derivative as a symbol."""
    return isinstance(expression, Apply) and (
        expression.operator == "partial" or any(map(symbolic, expression.arguments))
    )


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("rows", [0, 2])
def test_steps_of_the_joint_form(activation: str, rows: int) -> None:
    loss = "cross_entropy" if activation == "softmax" else "binary_cross_entropy"
    derivation = derive_model(network(loss, activation, rows))
    joint = joint_of(derivation.model)
    assert joint is not None
    for place in joint.preactivation.places():
        entry = joint.preactivation.entry(*place)
        steps = joint_steps(derivation.model, joint, derivation.sweep, entry)
        same(steps.chain, dict(derivation.values))
        same((steps.chain.expressions[-1], steps.if_one), dict(derivation.values))
        assert steps.chain.expressions[0] == adjoint_symbol(entry)
        assert steps.chain.expressions[1] == chained(derivation.model.graph.loss.entry(), joint, entry)
        assert steps.total_is_one is (True if activation == "softmax" else None)
        if not rows:
            output, target = joint.output.entry(*place), joint.target.entry(*place)
            assert steps.if_one == subtract(output, target)


def test_softmax_is_multiplied_out_before_it_is_collected() -> None:
    """Inserted, cancelled, multiplied out, collected: 2 y's cancel, and -t (1 - y) comes apart."""
    derivation = derive_model(network("cross_entropy", "softmax"))
    joint = joint_of(derivation.model)
    assert joint is not None
    y, t = ([node.entry(unit) for unit in range(3)] for node in (joint.output, joint.target))
    steps = joint_steps(derivation.model, joint, derivation.sweep, joint.preactivation.entry(0))
    _, _, inserted, cancelled, expanded, collected = steps.chain.expressions
    assert sum(node.operator == "divide" for node in walk(inserted) if isinstance(node, Apply)) == 3
    assert not any(isinstance(node, Apply) and node.operator == "divide" for node in walk(cancelled))
    assert subtract(ONE, y[0]) in set(walk(cancelled))
    assert subtract(ONE, y[0]) not in set(walk(expanded))
    assert set(symbols(expanded)) == {y[0], *t}
    assert collected == subtract(multiply(y[0], add(*t)), t[0])
    assert steps.total == add(*t)


def test_without_a_sum_of_targets_nothing_is_multiplied_out() -> None:
    derivation = derive_model(network("binary_cross_entropy", "sigmoid"))
    joint = joint_of(derivation.model)
    assert joint is not None
    steps = joint_steps(derivation.model, joint, derivation.sweep, joint.preactivation.entry(0))
    assert steps.total is None
    assert len(steps.chain.expressions) == 4
    assert steps.chain.expressions[-1] == subtract(joint.output.entry(0), joint.target.entry(0))


@pytest.mark.parametrize("order", ["simultaneous", "sequential"])
def test_the_joint_sweep_updates_as_the_plain_one_does(order: Order) -> None:
    spec = {"optimiser": "momentum", "learning_rate": 1, "momentum": Decimal("0.5")}
    layers = [{"size": 2}, {"size": 2, "activation": "softmax"}]
    made = network_from({"name": "n", "inputs": 2, "loss": "cross_entropy", "layers": layers, "training": spec})
    derivation = derive_model(made)
    joint, plain = joint_sweep(derivation.model, order), derivation.sweep_in(order)
    assert joint.updates.keys() == plain.updates.keys() == {"weight[1]", "bias[1]", "weight[2]", "bias[2]"}
    assert joint.initial == plain.initial
    for name, renewed in joint.updates.items():
        for place in renewed.places():
            entry = renewed.entry(*place)
            assert definition(joint.graph, entry) == definition(plain.graph, entry), name
    error = adjoint_symbol(Symbol("activation", 1, (0,)))
    assert definition(joint.graph, error) == definition(plain.graph, error)


def test_targets_that_do_not_sum_to_one_leave_their_sum() -> None:
    derivation = derive_model(network("cross_entropy", "softmax", targets=[[1, 1, 0]]))
    joint = joint_of(derivation.model)
    assert joint is not None
    entry = joint.preactivation.entry(0)
    steps = joint_steps(derivation.model, joint, derivation.sweep, entry)
    targets = [joint.target.entry(place) for place in range(3)]
    assert steps.total_is_one is False
    assert steps.total == add(*targets)
    assert steps.chain.expressions[-1] == subtract(multiply(joint.output.entry(0), add(*targets)), targets[0])
    same(steps.chain, dict(derivation.values))
    assert value_of(steps.if_one, derivation.values) != derivation.values[adjoint_symbol(entry)]


def test_targets_without_values_leave_the_question_open() -> None:
    spec = network("cross_entropy", "softmax")
    open_spec = network_from(
        {"name": "n", "inputs": 2, "loss": "cross_entropy", "layers": [{"size": 3, "activation": "softmax"}]}
    )
    derivation = derive_model(open_spec)
    joint = joint_of(derivation.model)
    assert joint is not None
    steps = joint_steps(derivation.model, joint, derivation.sweep, joint.preactivation.entry(1))
    assert steps.total_is_one is None
    assert spec.loss == open_spec.loss


def test_squared_error_has_no_joint_form() -> None:
    assert joint_of(derive_model(network("half_squared_error", "softmax")).model) is None
    assert joint_of(derive_model(network("half_squared_error", "sigmoid")).model) is None


def test_every_joint_form_has_a_network() -> None:
    for loss in LOSSES:
        for activation in loss.joint:
            assert isinstance(joint_of(derive_model(network(loss.name, activation)).model), Joint)


def test_the_joint_sweep_names_its_step() -> None:
    model = derive_model(recurrent(4, 3, loss="cross_entropy")).model
    (step,) = [step for step in joint_sweep(model).steps if step.target.id == "preactivation[2]"]
    assert step.rule == "joint"
    assert [premise.id for premise in step.premises] == ["activation[2]"]


def test_wrong_joint_forms_are_refused() -> None:
    from symbackprop.derive import joint
    from symbackprop.errors import VerificationError
    from symbackprop.functions.loss import Loss

    entry = LOSSES.get("cross_entropy")
    wrong = Loss(
        entry.name, entry.part, needs=entry.needs, joint={"softmax": lambda target, output, total: output - target}
    )
    with pytest.raises(VerificationError, match="the joint form is not their derivative"):
        joint.prove(wrong, "softmax")
    assert joint.prove(entry, "softmax")


@pytest.mark.parametrize("rows", [0, 2])
def test_softmax_jacobian_by_the_quotient_rule(rows: int) -> None:
    derivation = derive_model(network("cross_entropy", "softmax", rows))
    output = derivation.model.output
    for row, of, by in product(range(max(rows, 1)), range(3), range(3)):
        prefix = (row,) if rows else ()
        steps = jacobian_chain(output, of, by, prefix)
        same(steps, dict(derivation.values))
        upper, score = output.entry(*prefix, of), output.arguments[0].entry(*prefix, by)
        assert steps.expressions[0] == partial(upper, score)
        assert steps.expressions[-1] == jacobian_entry(output, upper, score)


def test_softmax_jacobian_as_people_write_it() -> None:
    output = derive_model(network("cross_entropy", "softmax")).model.output
    first, second = output.entry(0), output.entry(1)
    score = output.arguments[0].entry
    assert jacobian_entry(output, first, score(1)) == negate(multiply(first, second))
    assert jacobian_entry(output, first, score(0)) == multiply(first, subtract(ONE, first))
    assert jacobian_entry(output.arguments[0], first, score(0)) is None


def test_minus_signs_stand_before_a_product() -> None:
    a, b, c = (Symbol(kind) for kind in "abc")
    assert _signs_first(multiply(negate(a), b), b) == negate(multiply(b, a))
    assert _signs_first(multiply(a, negate(b)), a) == negate(multiply(a, b))
    assert _signs_first(Apply("multiply", (negate(a), c, negate(b))), b) == multiply(b, a, c)
    assert _signs_first(negate(a), a) == negate(a)


def test_a_softmax_layer_of_its_own_has_the_same_jacobian() -> None:
    made = network_from(
        {
            "name": "n",
            "inputs": 2,
            "loss": "cross_entropy",
            "layers": [
                {"size": 2, "activation": "identity", "weights": [[1, 2], [3, 4]], "bias": "none"},
                {"kind": "softmax"},
            ],
            "data": {"inputs": [1, -1], "targets": [0, 1]},
        }
    )
    derivation = derive_model(made)
    output = derivation.model.output
    assert output.axes[-1].name == "units[2]"
    score = derivation.model.graph.by_id["activation[1]"]
    for of, by in product(range(2), range(2)):
        steps = jacobian_chain(output, of, by)
        same(steps, dict(derivation.values))
        assert steps.expressions[0] == partial(output.entry(of), score.entry(by))
        factor = Paths(derivation).factor(output.entry(of), score.entry(by))
        assert factor.preferred == steps.expressions[-1]
        same(chain(factor.derivative, factor.preferred), dict(derivation.values))


def test_jacobian_chain_is_for_softmax_only() -> None:
    with pytest.raises(ValueError, match="is no softmax"):
        jacobian_chain(
            derive_model(drawn(1, loss="half_squared_error", layers=[{"size": 1}], data={})).model.output, 0, 0
        )
