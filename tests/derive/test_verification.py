"""Verification: right gradients pass, wrong ones do not, and saturated units do not get in its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from support.networks import drawn

from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.derive.verification import DIRECTIONS, RANDOM_POINTS, verify
from symbackprop.errors import VerificationError
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.numeric.arithmetic import Arithmetic
from symbackprop.numeric.program import Program
from symbackprop.ops import Map
from symbackprop.ops.scalar_function import ScalarFunction
from symbackprop.spec.reading import network_from


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
    assert found.largest < Decimal("1e-30")


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


def test_large_networks_are_verified_in_random_directions() -> None:
    found = verify(derive_model(network_from({"name": "n", "inputs": 12, "layers": [{"size": 12}]})))
    assert found.method == "directions"
    assert found.parameters == 156


def test_the_number_of_forward_passes_does_not_grow_with_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two for each direction and point, whatever the number of parameters."""
    passes: list[int] = []
    original = Program.function

    def counted(program: Program, arithmetic: Arithmetic) -> Callable[..., Any]:
        run = original(program, arithmetic)

        def once(values: Sequence[Any]) -> Any:
            passes.append(len(values))
            return run(values)

        return once

    monkeypatch.setattr(Program, "function", counted)

    def count(width: int) -> int:
        passes.clear()
        found = verify(derive_model(network_from({"name": "n", "inputs": width, "layers": [{"size": width}]})))
        assert found.method == "directions"
        return len(passes)

    assert count(11) == count(22) == RANDOM_POINTS * (2 * DIRECTIONS + 1)
