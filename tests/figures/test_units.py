"""Which units of a large layer are drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.pictures import network

from symbackprop.figures.model import Edge, Highlight, NetworkPicture, Neuron
from symbackprop.figures.units import MOST_UNITS, columns, shown_units, visible_part


@pytest.mark.parametrize("count", range(MOST_UNITS + 1))
def test_small_layers_are_whole(count: int) -> None:
    assert shown_units(count) == tuple(range(count))


def test_large_layers_show_their_ends_and_what_is_asked_for() -> None:
    assert shown_units(64) == (0, 1, 2, 3, 62, 63)
    assert shown_units(64, wanted=[30, 99]) == (0, 1, 2, 3, 30, 62, 63)


def test_edges_of_units_that_are_not_drawn_go() -> None:
    visible = visible_part(network(64, 3, values=False))
    shown = {neuron.key for neuron in visible.neurons}
    assert len([neuron for neuron in visible.neurons if neuron.kind == "input"]) == 6
    assert all({edge.source, edge.target} <= shown for edge in visible.edges)
    assert len([edge for edge in visible.edges if edge.key.startswith("w")]) == 6 * 3


def test_small_pictures_are_left_alone() -> None:
    picture = network(2, 3, 2)
    assert visible_part(picture) is picture


def test_highlighted_units_are_drawn() -> None:
    picture = replace(network(64, 2, values=False), highlight=Highlight(backward=("0.30>1.0",)))
    assert "0.30" in {neuron.key for neuron in visible_part(picture).neurons}


def test_columns_end_with_their_biases() -> None:
    assert [neuron.key for neuron in columns(network(2, 2))[0]] == ["0.0", "0.1", "bias0"]


@pytest.mark.parametrize(
    ("edges", "highlight", "message"),
    [
        ((Edge("w", "a", "nowhere"),), Highlight(), "nowhere"),
        ((), Highlight(forward=("ghost",)), "ghost"),
    ],
)
def test_unknown_keys_are_refused(edges: tuple[Edge, ...], highlight: Highlight, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NetworkPicture((Neuron("a", "a", "input", 0, 0),), edges, highlight=highlight)


def test_a_picture_without_neurons_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a neuron"):
        NetworkPicture((), ())


def test_a_key_names_one_neuron() -> None:
    with pytest.raises(ValueError, match="same key"):
        NetworkPicture((Neuron("a", "a", "input", 0, 0), Neuron("a", "b", "input", 0, 1)), ())
