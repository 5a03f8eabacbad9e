"""A closed form is bounded: how long it would be is told before it is written."""

from __future__ import annotations

import pytest

import symbackprop as sbp
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.errors import UserError
from symbackprop.expression import Symbol, walk
from symbackprop.forms.scalar import closed_form, closed_size


def network(*sizes: int) -> sbp.Network:
    layers = [sbp.Dense(size) for size in sizes[1:]]
    return sbp.Network("sized", inputs=sizes[0], layers=layers, notation="nielsen")


@pytest.mark.parametrize("sizes", [(2, 2, 2), (3, 4, 3), (2, 3, 1, 2), (3, 3, 3, 3)])
def test_the_size_that_is_told_bounds_the_form(sizes: tuple[int, ...]) -> None:
    derivation = sbp.derive(network(*sizes)).derivation
    for parameter in derivation.parameters:
        entry = adjoint_symbol(parameter)
        written = sum(isinstance(part, Symbol) for part in walk(closed_form(derivation.graph, entry)))
        assert written <= closed_size(derivation.graph.node(entry)) <= 4 * written + 20


def test_a_form_that_nobody_could_read_is_refused_with_its_size() -> None:
    gradient = sbp.derive(network(64, 64, 64, 10)).gradients[0]
    with pytest.raises(UserError, match=r"closed form: would hold up to about 10\^9 quantities; .* the δ form"):
        assert gradient.closed_form
    assert list(gradient.forms()) == ["factors", "delta"]
