"""Dense networks of abstract functions, built node by node, for tests of forms."""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expression import Symbol
from symbackprop.forms.any_depth import LOSS, LOSS_FUNCTION, LOSS_PART, RATE, Bias
from symbackprop.functions.abstract import abstract
from symbackprop.graph import Axis, Builder, Graph, Node
from symbackprop.layers.layer import unit_axis
from symbackprop.ops import Contract, Map
from symbackprop.ops.arithmetic import total


def dense_network(sizes: Sequence[int], bias: Bias = "unit", samples: int | None = None) -> Graph:
    """Layers of these sizes, the input first; E is a sum of an abstract function of the outputs."""
    build = Builder()
    cases = () if samples is None else (Axis("samples", samples),)
    activation = build.leaf(Symbol("activation", 0), *cases, unit_axis(0, sizes[0]))
    parameters: list[Node] = []
    for position, size in enumerate(sizes[1:], start=1):
        units, before = unit_axis(position, size), activation.axes[-1]
        parameters.append(build.leaf(Symbol("weight", position), units, before))
        symbol, order = Symbol("preactivation", position), (*cases, units)
        product = Contract(frozenset({before.name}))
        if bias == "none":
            preactivation = build.apply(product, parameters[-1], activation, symbol=symbol, order=order)
        else:
            terms = build.apply(product, parameters[-1], activation, order=order)
            parameters.append(build.leaf(Symbol("bias", position), *([units] if bias == "unit" else [])))
            preactivation = build.apply(Map(total(2)), terms, parameters[-1], symbol=symbol, order=order)
        function = abstract(Symbol("activation_function", position))
        activation = build.apply(Map(function), preactivation, symbol=Symbol("activation", position))
    parts = build.apply(Map(abstract(LOSS_FUNCTION)), activation, symbol=LOSS_PART)
    loss = build.apply(Contract(frozenset(axis.name for axis in parts.axes)), parts, symbol=LOSS)
    build.leaf(RATE)
    return build.graph(loss, parameters)
