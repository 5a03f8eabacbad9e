"""All equations of an array at once are the ones printed entry by entry, and cost no tree for each entry."""

from __future__ import annotations

import pytest
from support import networks

import symbackprop as sbp
from symbackprop.api import NetworkDerivation, with_options
from symbackprop.errors import UserError
from symbackprop.expression import chain
from symbackprop.forms import scalar
from symbackprop.forms.scalar import definition
from symbackprop.graph import Node
from symbackprop.latex.equations import equations
from symbackprop.latex.style import with_own_signs
from symbackprop.notation.table import NOTATIONS

DRAWN = [networks.drawn(seed) for seed in range(12)]
OTHERS = [networks.recurrent(1), networks.recurrent(2, deep=True), networks.autoencoder(1, (3, 12, 2))]
WIDE = sbp.Network("wide", inputs=12, layers=[sbp.Dense(11, "tanh"), sbp.Dense(1), sbp.Dense(12)])


def one_by_one(derivation: NetworkDerivation, node: Node) -> list[str]:
    graph = derivation.derivation.graph
    entries = (node.entry(*place) for place in node.places())
    return [
        derivation.printer.tex(with_own_signs(derivation.naming, chain(entry, definition(graph, entry))))
        for entry in entries
    ]


def named_nodes(derivation: NetworkDerivation) -> list[Node]:
    return [node for node in derivation.derivation.graph.nodes if node.symbol is not None and node.operation]


@pytest.mark.parametrize("notation", NOTATIONS.names())
def test_every_notation_prints_what_it_prints_entry_by_entry(notation: str) -> None:
    written = 0
    for network in (WIDE, DRAWN[0], DRAWN[3]):
        derivation = sbp.derive(network)
        object.__setattr__(derivation, "network", with_options(network, notation=notation))
        for node in named_nodes(derivation):
            try:
                expected = one_by_one(derivation, node)
            except UserError:  # this notation has no name for something in it
                continue
            assert list(equations(derivation.derivation.graph, derivation.naming, node)) == expected
            written += len(expected)
    assert written > 400


@pytest.mark.parametrize("network", DRAWN + OTHERS, ids=lambda network: network.name)
def test_every_kind_of_network(network: sbp.Network) -> None:
    derivation = sbp.derive(network)
    for node in named_nodes(derivation):
        try:
            expected = one_by_one(derivation, node)
        except UserError:
            continue
        assert list(equations(derivation.derivation.graph, derivation.naming, node)) == expected


def test_no_tree_is_built_for_each_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of trees follows the number of arrays; the terms in them follow the width of one sum."""

    def calls(width: int) -> int:
        count = 0
        original = scalar._compute

        def counted(*arguments: object) -> object:
            nonlocal count
            count += 1
            return original(*arguments)  # type: ignore[arg-type]

        network = sbp.Network("n", inputs=width, layers=[sbp.Dense(width), sbp.Dense(width)], notation="nielsen")
        derivation = sbp.derive(network)
        with monkeypatch.context() as patch:
            patch.setattr(scalar, "_compute", counted)
            equations_written = sum(1 for _ in derivation.equations())
        assert equations_written == 2 * (width * width + width) + 4 * width + width
        return count

    assert calls(10) == calls(20) == calls(40)
