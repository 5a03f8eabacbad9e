"""Verification: right gradients pass, wrong ones do not, and saturated units do not get in its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sympy
from support.networks import drawn

from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.derive.verification import DIRECTIONS, RANDOM_POINTS, verify
from symbackprop.errors import VerificationError
from symbackprop.expression import Symbol
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.numeric.arithmetic import Arithmetic
from symbackprop.numeric.program import Program
from symbackprop.ops import Map
from symbackprop.ops.scalar_function import ScalarFunction
from symbackprop.spec.reading import network_from

DATA = {"inputs": [1], "targets": [0, 1]}
SMALL_DATA = {"inputs": [1], "targets": [0]}


def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[dict[Symbol, Any]]:
    """A list to which every evaluation of a program adds the values of its leaves."""
    seen: list[dict[Symbol, Any]] = []
    original = Program.function

    def noting(program: Program, arithmetic: Arithmetic) -> Callable[..., Any]:
        run = original(program, arithmetic)

        def once(values: Sequence[Any]) -> Any:
            seen.append({leaf: Decimal(str(value)) for leaf, value in zip(program.leaves, values, strict=True)})
            return run(values)

        return once

    monkeypatch.setattr(Program, "function", noting)
    return seen


def saturated(activation: str, loss: str, weight: int) -> Derivation:
    return derive_model(
        network_from(
            {
                "name": "n",
                "inputs": 1,
                "loss": loss,
                "layers": [{"size": 2, "activation": activation, "bias": "none", "weights": [[weight], [-weight]]}],
                "data": {"inputs": [1], "targets": [0, 1]},
            }
        )
    )


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("sigmoid", "binary_cross_entropy"),
        ("softmax", "cross_entropy"),
        *((name, "half_squared_error") for name in ACTIVATIONS.names()),
    ],
)
@pytest.mark.parametrize("weight", [100, 300, 900])
def test_saturated_units_are_verified_at_their_own_values(activation: str, loss: str, weight: int) -> None:
    found = verify(saturated(activation, loss, weight))
    assert found.at_example
    assert found.points == 3
    assert 0 < found.largest < Decimal("1e-30")
    assert found.method == "each"


@pytest.mark.parametrize(("weight", "digits"), [(100, 60), (300, 240), (900, 960)])
def test_as_many_digits_are_taken_as_an_output_close_to_one_needs(weight: int, digits: int) -> None:
    assert verify(saturated("sigmoid", "binary_cross_entropy", weight)).digits == digits


def test_a_division_by_zero_at_every_precision_is_told() -> None:
    with pytest.raises(VerificationError, match=r"^with 960 digits something is still divided by 0: ") as caught:
        verify(saturated("sigmoid", "binary_cross_entropy", 5000))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("first", ["sigmoid", "relu"])
def test_kinks_are_those_of_a_unit_s_own_layer(first: str) -> None:
    """The pre-activation of one layer is 0: that is a kink where this layer has the activation relu."""
    layers = [
        {"size": 1, "activation": first, "weights": [[1]], "biases": [1]},
        {"size": 2, "activation": "relu" if first == "sigmoid" else "tanh", "weights": [[0], [0]]},
    ]
    layers[1]["biases"] = [0, Decimal("0.5")]
    found = verify(derive_model(network_from({"name": "n", "inputs": 1, "layers": layers, "data": DATA})))
    on_it = (Symbol("preactivation", 2, (0,)),)
    assert found.kinks == (on_it if first == "sigmoid" else ())
    assert found.at_example is (first == "relu")


def test_a_unit_on_its_kink_is_left_out_and_said() -> None:
    found = verify(saturated("relu", "half_squared_error", 0))
    assert not found.at_example
    assert len(found.kinks) == 2


def test_a_wrong_gradient_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A derivative that is off by a factor, as if SymPy had made a mistake."""
    derivation = derive_model(drawn(3, loss="half_squared_error", layers=[{"size": 2}], data={}, penalties={}))
    original = ScalarFunction.derivative

    def wrong(function: ScalarFunction, position: int) -> ScalarFunction:
        right = original(function, position)
        if function.name != "sigmoid":
            return right
        return replace(right, name="wrong", formula=lambda *values: 2 * right.formula(*values))

    monkeypatch.setattr(ScalarFunction, "derivative", wrong)
    assert any(isinstance(node.operation, Map) for node in derivation.model.graph.nodes)
    with pytest.raises(VerificationError, match="differs from central differences of the loss"):
        verify(derivation)


@pytest.mark.parametrize(("factor", "is_right"), [("1e-29", False), ("1e-31", True)])
def test_differences_count_in_proportion_to_the_gradient(
    monkeypatch: pytest.MonkeyPatch, factor: str, is_right: bool
) -> None:
    """A derivative that is off by such a part of itself."""
    original = ScalarFunction.derivative

    def slightly_off(function: ScalarFunction, position: int) -> ScalarFunction:
        right = original(function, position)
        off = 1 + sympy.Rational(factor)
        return replace(right, name=f"off {factor}", formula=lambda *values: off * right.formula(*values))

    monkeypatch.setattr(
        ScalarFunction, "derivative",
        lambda function, position: (slightly_off if function.name == "sigmoid" else original)(function, position),
    )  # fmt: skip
    layers = [{"size": 1, "weights": [[3]], "biases": [0]}]
    derivation = derive_model(network_from({"name": "n", "inputs": 1, "layers": layers, "data": SMALL_DATA}))
    if is_right:
        assert verify(derivation).largest > Decimal("1e-32")
    else:
        with pytest.raises(VerificationError, match="differs from central differences of the loss"):
            verify(derivation)


@pytest.mark.parametrize(("inputs", "method"), [(9, "each"), (10, "directions")])
def test_a_hundred_parameters_are_still_verified_one_by_one(inputs: int, method: str) -> None:
    layers = [{"size": 10, "activation": "identity"}]
    assert verify(derive_model(network_from({"name": "n", "inputs": inputs, "layers": layers}))).method == method


def test_large_networks_are_verified_in_random_directions() -> None:
    found = verify(derive_model(network_from({"name": "n", "inputs": 12, "layers": [{"size": 12}]})))
    assert found.method == "directions"
    assert found.parameters == 156


def test_points_are_drawn_anew_for_every_quantity_and_directions_go_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise errors of two gradients could cancel. The same network is verified at the same points always."""
    seen = evaluated(monkeypatch)

    def verified() -> list[dict[Symbol, Any]]:
        seen.clear()
        layers = [{"size": 12, "activation": "sigmoid"}]
        spec = {"name": "n", "inputs": 12, "loss": "binary_cross_entropy", "layers": layers}
        verify(derive_model(network_from(spec)))
        return list(seen)

    once = verified()
    assert once == verified()
    base, *moved = once
    forward, backward = moved[0], moved[1]
    parameters = [leaf for leaf in base if forward[leaf] != backward[leaf]]
    assert len(parameters) == 156
    signs = [forward[leaf] > base[leaf] for leaf in parameters]
    assert 40 < sum(signs) < 116
    assert all(
        abs(abs(point[leaf] - base[leaf]) - Decimal("1e-20")) < Decimal("1e-40")
        for point in (forward, backward)
        for leaf in parameters
    )
    drawn_values = [base[leaf] for leaf in parameters]
    assert len(set(drawn_values)) > 150
    assert -1.5 <= min(drawn_values) < -1.2
    assert 1.2 < max(drawn_values) <= 1.5
    targets = [value for leaf, value in base.items() if leaf.kind == "target"]
    assert len(targets) == 12
    assert 0.1 <= min(targets) < max(targets) <= 0.9


def test_the_number_of_forward_passes_does_not_grow_with_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two for each direction and point, whatever the number of parameters."""
    passes = evaluated(monkeypatch)

    def count(width: int) -> int:
        passes.clear()
        found = verify(derive_model(network_from({"name": "n", "inputs": width, "layers": [{"size": width}]})))
        assert found.method == "directions"
        return len(passes)

    assert count(11) == count(22) == RANDOM_POINTS * (2 * DIRECTIONS + 1)
