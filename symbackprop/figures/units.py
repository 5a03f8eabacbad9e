"""Which units of a layer are drawn: all of a small one, the first and the last of a large one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from symbackprop.figures.model import NetworkPicture, Neuron

MOST_UNITS = 10
FIRST_UNITS, LAST_UNITS = 4, 2


def shown_units(count: int, wanted: Collection[int] = ()) -> tuple[int, ...]:
    """The places, from 0, of the units that are drawn of a layer of ``count``; ``wanted`` ones always are.

    Whoever builds a picture of a large network need not describe the others.
    """
    if count <= MOST_UNITS:
        return tuple(range(count))
    ends = {*range(FIRST_UNITS), *range(count - LAST_UNITS, count)}
    return tuple(sorted(ends | {unit for unit in wanted if 0 <= unit < count}))


def columns(picture: NetworkPicture) -> dict[int, list[Neuron]]:
    """The neurons of each layer from top to bottom, biases last."""
    layers: defaultdict[int, list[Neuron]] = defaultdict(list)
    for neuron in picture.neurons:
        layers[neuron.layer].append(neuron)
    return {
        layer: sorted(layers[layer], key=lambda neuron: (neuron.kind == "bias", neuron.unit))
        for layer in sorted(layers)
    }


def visible_part(picture: NetworkPicture) -> NetworkPicture:
    """The picture without the units that an ellipsis stands for, and without their edges."""
    highlighted = picture.highlight.keys
    wanted = {neuron.key for neuron in picture.neurons if neuron.key in highlighted}
    for edge in picture.edges:
        if edge.is_among(highlighted):
            wanted |= {edge.source, edge.target}
    kept: set[str] = set()
    for neurons in columns(picture).values():
        units = [neuron for neuron in neurons if neuron.kind != "bias"]
        asked = [place for place, neuron in enumerate(units) if neuron.key in wanted]
        kept.update(units[place].key for place in shown_units(len(units), asked))
        kept.update(neuron.key for neuron in neurons if neuron.kind == "bias")
    if len(kept) == len(picture.neurons):
        return picture
    return replace(
        picture,
        neurons=tuple(neuron for neuron in picture.neurons if neuron.key in kept),
        edges=tuple(edge for edge in picture.edges if edge.source in kept and edge.target in kept),
    )
