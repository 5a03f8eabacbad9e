"""Networks drawn at random: sizes, activations, biases, losses, rows, penalties, tied weights."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.spec.model import Network
from symbackprop.spec.reading import network_from

SMOOTH_LOSSES = ("half_squared_error", "sum_of_squared_errors", "mean_squared_error")


def number(generator: random.Random, low: float = -1.5, high: float = 1.5) -> Decimal:
    return Decimal(f"{generator.uniform(low, high):.4f}")


def matrix(generator: random.Random, rows: int, columns: int) -> list[list[Decimal]]:
    return [[number(generator) for _ in range(columns)] for _ in range(rows)]


def drawn(seed: int, **changes: Any) -> Network:
    """A network with values for everything; ``changes`` replace keys of its spec."""
    return network_from({**drawn_spec(seed), **changes})


def drawn_spec(seed: int) -> dict[str, Any]:
    generator = random.Random(seed)
    sizes = [generator.randint(1, 4) for _ in range(generator.randint(2, 4))]
    layers: list[dict[str, Any]] = [_layer(generator, *pair) for pair in pairwise(sizes)]
    loss = generator.choice((*SMOOTH_LOSSES, "cross_entropy", "binary_cross_entropy"))
    if loss == "cross_entropy":
        if generator.random() < 0.5:
            layers[-1]["activation"] = "softmax"
        else:
            layers.append({"kind": "softmax"})
    elif loss == "binary_cross_entropy":
        layers[-1]["activation"] = "sigmoid"
    elif generator.random() < 0.3:
        layers[-1]["activation"] = "softmax"
    rows = generator.choice((None, 1, 3))
    data = {
        "inputs": matrix(generator, rows or 1, sizes[0]),
        "targets": [[number(generator, 0.05, 0.95) for _ in range(sizes[-1])] for _ in range(rows or 1)],
    }
    return {
        "name": f"drawn-{seed}",
        "inputs": sizes[0],
        "layers": layers,
        "loss": loss,
        "data": {name: values if rows else values[0] for name, values in data.items()},
        "penalties": generator.choice(({}, {"l2": Decimal("0.1")}, {"l1": Decimal("0.05"), "l2": Decimal("0.2")})),
        "training": {"learning_rate": Decimal("0.3"), "reduction": generator.choice(("mean", "sum"))},
    }


def _layer(generator: random.Random, before: int, size: int) -> dict[str, Any]:
    bias = generator.choice(("none", "layer", "unit"))
    layer: dict[str, Any] = {
        "size": size,
        "activation": generator.choice(ACTIVATIONS.names()),
        "bias": bias,
        "weights": matrix(generator, size, before),
    }
    if bias != "none":
        values = [number(generator) for _ in range(size)]
        layer["biases"] = values if bias == "unit" else values[0]
    return layer


def autoencoder(seed: int, sizes: tuple[int, ...], bias: str = "unit") -> Network:
    """A network whose second half uses the weights of its first half, transposed; targets are the inputs."""
    generator = random.Random(seed)
    encoder = [_layer(generator, *pair) for pair in pairwise(sizes)]
    decoder = [
        {"size": size, "tied": position, "activation": generator.choice(ACTIVATIONS.names()), "bias": "none"}
        for position, size in reversed(list(enumerate(sizes[:-1], start=1)))
    ]
    return network_from(
        {
            "name": "autoencoder",
            "inputs": sizes[0],
            "layers": [*encoder, *decoder],
            "data": {"inputs": matrix(generator, 2, sizes[0]), "targets": "inputs"},
            "penalties": {"l2": Decimal("0.01")},
            "training": {"learning_rate": Decimal("0.3")},
        }
    )


def recurrent(seed: int, steps: int = 3, deep: bool = False, loss: str = "half_squared_error") -> Network:
    """A recurrent network with values for everything: one or two recurrent layers, and a dense one on top."""
    generator = random.Random(seed)
    sizes = [generator.randint(1, 3) for _ in range(4 if deep else 3)]
    layers = []
    for before, size in pairwise(sizes[:-1]):
        layer = _layer(generator, before, size)
        initial = [number(generator) for _ in range(size)] if generator.random() < 0.5 else None
        given = {} if initial is None else {"initial": initial}
        layers.append({"kind": "recurrent", "recurrent_weights": matrix(generator, size, size), **layer, **given})
    layers.append(_layer(generator, sizes[-2], sizes[-1]))
    if loss == "cross_entropy":
        layers[-1]["activation"] = "softmax"
    return network_from(
        {
            "name": f"recurrent-{seed}",
            "inputs": sizes[0],
            "layers": layers,
            "loss": loss,
            "data": {
                "inputs": matrix(generator, steps, sizes[0]),
                "targets": [[number(generator, 0.05, 0.95) for _ in range(sizes[-1])] for _ in range(steps)],
            },
            "penalties": {"l2": Decimal("0.1")} if seed % 2 else {},
            "training": {"learning_rate": Decimal("0.1")},
        }
    )
