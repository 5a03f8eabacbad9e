"""Activations by name: entry by entry, or over all units of a layer."""

from __future__ import annotations

from symbackprop.expression import Symbol
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS
from symbackprop.graph import Builder, Node
from symbackprop.ops import Map


def activate(build: Builder, name: str, preactivation: Node, symbol: Symbol) -> Node:
    """The activation of that name, applied to the last axis where it mixes units."""
    if name in VECTOR_ACTIVATIONS:
        operation = VECTOR_ACTIVATIONS.get(name).over(preactivation.axes[-1].name)
        return build.apply(operation, preactivation, symbol=symbol, order=preactivation.axes)
    return build.apply(Map(ACTIVATIONS.get(name).function), preactivation, symbol=symbol)


def outputs_of(name: str) -> str:
    """What the outputs of an activation satisfy: "" (nothing), "probability" or "distribution"."""
    return (VECTOR_ACTIVATIONS if name in VECTOR_ACTIVATIONS else ACTIVATIONS).get(name).outputs
