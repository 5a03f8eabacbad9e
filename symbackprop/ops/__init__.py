"""The primitives. Everything that a network computes is composed of them."""

from symbackprop.ops.composite import Composite
from symbackprop.ops.contract import Contract
from symbackprop.ops.gather import Affine, Gather, Scatter, Stack, along
from symbackprop.ops.map import Map
from symbackprop.ops.repeat import Body, Repeat

__all__ = ["Affine", "Body", "Composite", "Contract", "Gather", "Map", "Repeat", "Scatter", "Stack", "along"]
