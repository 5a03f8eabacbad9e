"""What a graph promises: each quantity once, after what it needs, over axes that follow, and one number at the end."""

from __future__ import annotations

import pytest

from symbackprop.expression import Chain, Name, Symbol
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.graph import Axis, Builder, Graph, Node, whole
from symbackprop.ops import Map

UNITS = Axis("units", 3)
SIGMOID = Map(ACTIVATIONS.get("sigmoid").function)


def leaf(name: str, *axes: Axis) -> Node:
    return Node(name, None, (), axes, Symbol(name))


def test_a_quantity_is_assigned_once() -> None:
    build = Builder()
    build.leaf(Symbol("x"))
    with pytest.raises(ValueError, match=r"^x is assigned twice$"):
        build.leaf(Symbol("x"))
    twice = leaf("x")
    with pytest.raises(ValueError, match=r"^x is assigned twice$"):
        Graph((twice, twice), twice).verify()


def test_a_quantity_stands_behind_what_it_needs() -> None:
    before = leaf("x")
    after = Node("y", SIGMOID, (before,), ())
    Graph((before, after), after).verify()
    with pytest.raises(ValueError, match=r"^y uses x before it is computed$"):
        Graph((after, before), after).verify()


def test_axes_follow_from_the_arguments() -> None:
    before = leaf("x", UNITS)
    with pytest.raises(ValueError, match=r"^y: its axes do not follow from its arguments$"):
        Graph((before, Node("y", SIGMOID, (before,), ())), before).verify()
    build = Builder()
    given = build.leaf(Symbol("x"), UNITS)
    with pytest.raises(ValueError, match=r"^the axes are .*, not "):
        build.apply(SIGMOID, given, order=(Axis("others", 3),))


def test_the_loss_is_one_number() -> None:
    with pytest.raises(ValueError, match=r"^the loss x is not a scalar$"):
        Graph((leaf("x", UNITS),), leaf("x", UNITS)).verify()


def test_a_name_is_given_once() -> None:
    build = Builder()
    named = build.leaf(Symbol("x"))
    with pytest.raises(ValueError, match=r"^x already has a name$"):
        build.name(named, Symbol("y"))


def test_an_entry_has_an_index_for_each_axis() -> None:
    vector = leaf("x", UNITS)
    assert vector.entry(2) == Symbol("x", None, (2,))
    assert list(vector.places()) == [(0,), (1,), (2,)]
    with pytest.raises(ValueError, match=r"^x has no entry \(0, 1\)$"):
        vector.entry(0, 1)


def test_symbolic_sizes_are_no_numbers() -> None:
    assert whole(UNITS) == 3
    with pytest.raises(ValueError, match=r"^axis units has the symbolic size "):
        whole(Axis("units", Symbol("width")))


def test_a_node_shows_its_name_and_axes() -> None:
    assert [repr(leaf("x", UNITS, Axis("samples", 2))), repr(leaf("x"))] == [
        "Node(x: units × samples)",
        "Node(x: scalar)",
    ]


def test_a_chain_has_a_relation_between_any_two() -> None:
    with pytest.raises(ValueError, match=r"one relation fewer"):
        Chain((Name("a"), Name("b")), ())
