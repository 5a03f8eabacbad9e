"""Error shares: what is handed on adds up; what is not, and why it is not the gradient."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.shares import SHARE, SIGNED, SIMPLIFIED, WEIGHT_TOTAL, ErrorShares, error_shares
from symbackprop.errors import UserError
from symbackprop.expression import Symbol, add, divide, multiply, symbols
from symbackprop.numeric.evaluation import value_of
from symbackprop.spec.build import build_model
from symbackprop.spec.reading import network_from

FIRST = [["0.1", "0.2"], ["0.3", "0.5"], ["0.6", "-0.1"]]
SECOND = [["0.1", "0.2", "0.4"], ["0.3", "0.5", "0.7"]]


def shares(activation: str = "sigmoid", second: Any = None, **changes: Any) -> ErrorShares:
    def exact(rows: Any) -> Any:
        return [[Decimal(value) for value in row] for row in rows]

    spec = {
        "name": "n",
        "inputs": 2,
        "layers": [
            {"size": 3, "bias": "none", "activation": activation, "weights": exact(FIRST)},
            {"size": 2, "bias": "none", "activation": activation, "weights": exact(second or SECOND)},
        ],
        "data": {"inputs": [Decimal(1), Decimal(2)], "targets": [Decimal("0.1"), Decimal("0.9")]},
        **changes,
    }
    return error_shares(build_model(network_from(spec)))


def test_shares_hand_on_the_whole_error_and_the_simplified_form_does_not() -> None:
    made = shares()
    totals = [made.values[made.total(position)] for position in (2, 1, 0)]
    simplified = [made.values[made.total(position, SIMPLIFIED)] for position in (2, 1, 0)]
    assert max(totals) - min(totals) < 1e-40
    assert simplified[0] == totals[0]
    assert abs(simplified[1] - totals[1]) > 0.01


def test_an_error_is_divided_as_the_weights_are() -> None:
    made = shares()
    error = made.errors(2).entry
    weight = made.graph.by_id["weight[2]"].entry
    entry = made.errors(1).entry(0)
    expected = add(
        *(multiply(divide(weight(i, 0), add(weight(i, 0), weight(i, 1), weight(i, 2))), error(i)) for i in range(2))
    )
    assert made.definition(entry, written_out=True) == expected
    assert made.definition(entry) == add(*(multiply(Symbol(SHARE, 2, (i, 0)), error(i)) for i in range(2)))
    assert value_of(expected, made.values) == pytest.approx(made.values[entry])


def test_shares_are_exact() -> None:
    made = shares()
    assert made.exact(Symbol(SHARE, 2, (1, 2))) == Fraction(7, 15)
    assert made.exact(Symbol(WEIGHT_TOTAL, 1, (2,))) == Fraction(1, 2)
    assert made.exact(Symbol(SHARE, 1, (2, 1))) == Fraction(-1, 5)
    for unit in range(2):
        assert sum(made.exact(Symbol(SHARE, 2, (unit, place))) or 0 for place in range(3)) == 1


def test_the_simplified_form_is_the_product_with_the_transpose() -> None:
    made = shares()
    weight = made.graph.by_id["weight[1]"].entry
    for place in range(2):
        expected = add(*(multiply(weight(unit, place), made.errors(1, SIMPLIFIED).entry(unit)) for unit in range(3)))
        assert made.definition(made.errors(0, SIMPLIFIED).entry(place)) == expected


def test_the_signed_form_lacks_the_slope() -> None:
    made = shares()
    output = made.graph.by_id["activation[2]"].entry
    for place in range(3):
        entry = made.errors(1, SIGNED).entry(place)
        gradient = adjoint_symbol(Symbol("activation", 1, (place,)))
        assert abs(made.values[entry] - made.values[gradient]) > 1e-4
        # with the factor f' = out (1 - out) of each output put in, it is the gradient
        weight = made.graph.by_id["weight[2]"].entry
        slopes = [made.values[output(unit)] * (1 - made.values[output(unit)]) for unit in range(2)]
        errors = [made.values[made.errors(2, SIGNED).entry(unit)] for unit in range(2)]
        total = sum(made.values[weight(unit, place)] * slopes[unit] * errors[unit] for unit in range(2))
        assert abs(total - made.values[gradient]) < 1e-40
        written = made.gradient_definition(entry)
        assert value_of(written, made.values) == pytest.approx(made.values[gradient])
        handed = {adjoint_symbol(Symbol("activation", 2, (unit,))) for unit in range(2)}
        assert handed <= set(symbols(written))  # δ of the next layer is written out, with its factor f'


def test_with_linear_units_and_signed_errors_it_is_the_gradient() -> None:
    made = shares("identity")
    for place in range(3):
        gradient = adjoint_symbol(Symbol("activation", 1, (place,)))
        assert abs(made.values[made.errors(1, SIGNED).entry(place)] - made.values[gradient]) < 1e-40
        assert made.values[made.errors(1, SIMPLIFIED).entry(place)] != made.values[gradient]


def test_every_sample_hands_back_its_own_errors() -> None:
    made = shares(data={"inputs": [[1, 2], [3, 1], [2, 2]], "targets": [[0, 1], [1, 0], [1, 1]]})
    assert made.errors(1).shape == (3, 3)
    assert made.errors(0, SIMPLIFIED).shape == (3, 2)
    weight = made.graph.by_id["weight[2]"].entry
    for row in range(3):
        expected = add(*(multiply(weight(unit, 1), made.errors(2, SIMPLIFIED).entry(row, unit)) for unit in range(2)))
        assert made.definition(made.errors(1, SIMPLIFIED).entry(row, 1)) == expected
    assert {node.id for node in made.graph.parameters} == {"weight[1]", "weight[2]"}


def test_weights_that_sum_to_zero_are_found_before_anything_is_divided() -> None:
    made = shares(second=[["0.1", "0.2", "-0.3"], ["0.3", "0.5", "0.7"]])
    assert made.undefined == (Symbol(WEIGHT_TOTAL, 2, (0,)),)
    assert made.exact(Symbol(SHARE, 2, (0, 1))) is None
    assert made.errors(1).entry(0) not in made.values
    assert made.errors(1, SIMPLIFIED).entry(0) in made.values
    with pytest.raises(UserError, match=r"layers\[1\].weights\[0\]: the weights that lead to this unit sum to 0"):
        made.check()
    shares().check()


def test_without_values_everything_stays_symbolic() -> None:
    made = shares(layers=[{"size": 3, "bias": "none"}, {"size": 2, "bias": "none"}], data={})
    assert not [entry for entry in made.values if entry.kind == "error"]
    assert made.undefined == ()
    assert made.exact(Symbol(SHARE, 1, (0, 0))) is None


def test_other_layers_are_refused() -> None:
    with pytest.raises(UserError, match=r"layers\[1\]: error shares are defined for dense layers"):
        shares(layers=[{"size": 3}, {"kind": "softmax"}], data={})
    with pytest.raises(UserError, match=r"layers\[1\]: error shares"):
        shares(layers=[{"size": 3}, {"size": 2, "tied": 1}], data={})
