"""The networks that are measured."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symbackprop.spec.model import Network

WIDE = (64, 64, 64, 10)
SMALL = (8, 8, 8)


def sigmoid_network(sizes: tuple[int, ...]) -> Network:
    """Fully connected, sigmoid everywhere, half squared error, nothing has a value."""
    import symbackprop as sbp

    layers = [sbp.Dense(size) for size in sizes[1:]]
    return sbp.Network("network", inputs=sizes[0], layers=layers, notation="nielsen")


def sizes_of(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("-")))


def text_of(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))


def weights(sizes: tuple[int, ...]) -> int:
    return sum(before * after for before, after in pairwise(sizes))
