"""Networks that a document sets beside the one it is about: with linear units, or with tied weights."""

from __future__ import annotations

import msgspec

from symbackprop.layers.dense import Dense
from symbackprop.spec.model import Network


def linear(network: Network) -> Network:
    """The network with linear units in all layers."""
    layers = [msgspec.structs.replace(layer, activation="identity") for layer in network.layers]
    return msgspec.structs.replace(network, layers=layers)


def tied(network: Network) -> Network | None:
    """An autoencoder whose decoder uses the encoder's weights; None for what is none, or has no free weights."""
    layers, half = list(network.layers), len(network.layers) // 2
    free = all(isinstance(layer, Dense) and layer.tied is None for layer in layers)
    if len(layers) % 2 or not free or network.sizes != network.sizes[::-1]:
        return None
    for place in range(half, len(layers)):
        layers[place] = msgspec.structs.replace(layers[place], weights=None, tied=len(layers) - place)
    return msgspec.structs.replace(network, layers=layers)
