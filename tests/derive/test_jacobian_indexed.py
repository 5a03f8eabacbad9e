"""The softmax Jacobian for any i and j: put in for every pair, each member is the entry of the Jacobian."""

from __future__ import annotations

from itertools import product

import pytest

from symbackprop.derive.derivation import derive_model
from symbackprop.derive.jacobian import jacobian_entry
from symbackprop.derive.jacobian_indexed import jacobian_indexed
from symbackprop.expression import (
    Apply,
    Expression,
    Index,
    Name,
    Number,
    Symbol,
    add,
    multiply,
    partial,
    subtract,
    transform,
)
from symbackprop.forms.algebra import flatten
from symbackprop.forms.indexed import Letters
from symbackprop.forms.kronecker import substitute
from symbackprop.numeric.evaluation import value_of
from symbackprop.spec.reading import network_from

SIZE = 3


def put_in(expression: Expression, places: dict[str, int]) -> Expression:
    """The formula for chosen units: sums term by term, Kronecker's δ as 1 or 0."""

    def concrete(part: Expression) -> Expression | None:
        if not isinstance(part, Apply):
            return None
        if part.operator == "sum":
            body, index, lower, upper = part.arguments
            assert (lower, upper) == (Number("1"), Number(str(SIZE)))
            assert isinstance(index, Name)
            return add(*(substitute(body, index.head, Number(str(unit + 1))) for unit in range(SIZE)))
        if part.operator == "kronecker":
            first, second = part.arguments
            return Number("1" if first == second else "0")
        return None

    for letter, unit in places.items():
        expression = substitute(expression, letter, Number(str(unit + 1)))
    return flatten(transform(expression, concrete))


@pytest.mark.parametrize("rows", [0, 2])
def test_every_member_holds_for_every_pair_of_units(rows: int) -> None:
    inputs, targets = [[1, 2], [3, -1]], [[0, 1, 0], [1, 0, 0]]
    weights = [[1, 0], [-1, 1], [0, 2]]
    spec = {
        "name": "n",
        "inputs": 2,
        "loss": "cross_entropy",
        "layers": [{"size": SIZE, "activation": "softmax", "weights": weights, "biases": [0, 1, 0]}],
        "data": {"inputs": inputs, "targets": targets} if rows else {"inputs": inputs[0], "targets": targets[0]},
    }
    made = derive_model(network_from(spec))
    output = made.model.output
    chain = jacobian_indexed(output, Letters())
    *row, first, second = ("s", "j", "k") if rows else ("j", "k")
    above = Symbol("activation", 1, tuple(map(Index, (*row, first))))
    below = Symbol("preactivation", 1, tuple(map(Index, (*row, second))))
    delta = Apply("kronecker", (Name(first), Name(second)))
    other = Symbol("activation", 1, below.indices)
    assert chain.expressions[0] == partial(above, below)
    assert chain.expressions[2] == subtract(multiply(delta, above), multiply(above, other))
    assert chain.expressions[3] == multiply(above, subtract(delta, other))
    for at, (i, j) in product(range(max(rows, 1)), product(range(SIZE), repeat=2)):
        sample = (at,) if rows else ()
        entry = jacobian_entry(output, output.entry(*sample, i), output.arguments[0].entry(*sample, j))
        assert entry is not None
        expected = value_of(entry, made.values)
        places = {**dict.fromkeys(row, at), first: i, second: j}
        for member in chain.expressions[1:]:
            found = value_of(put_in(member, places), made.values)
            assert found is not None
            assert abs(found - expected) < 1e-35, member
