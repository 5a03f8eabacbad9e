"""The error E of a network: parts of the loss, their sums over units and rows, and penalties on weights."""

from __future__ import annotations

from decimal import Decimal

from symbackprop.expression import Symbol
from symbackprop.functions.loss import LOSSES
from symbackprop.functions.penalty import PENALTIES, Penalty
from symbackprop.graph import Axis, Builder, Node, whole
from symbackprop.layers.layer import TIME, Construction
from symbackprop.ops import Contract, Map
from symbackprop.ops.arithmetic import scaled, total
from symbackprop.spec.model import Network

LOSS_PART = Symbol("loss_part")
"""One output's part of the loss."""
ROW_LOSS = {"samples": Symbol("sample_loss"), TIME: Symbol("step_loss")}
"""The loss of one sample, or of one step in time."""
DATA_LOSS = Symbol("data_loss")
"""What E would be without penalties."""
LOSS = Symbol("loss")
"""E itself."""


TRANSPARENT = tuple(symbol.kind for symbol in (LOSS_PART, *ROW_LOSS.values(), DATA_LOSS))
"""The roles between the outputs and E; their derivatives are mere numbers."""


def penalty_symbol(name: str) -> Symbol:
    """A penalty, coefficient included."""
    return Symbol(f"{name}_penalty")


def coefficient_symbol(name: str) -> Symbol:
    return Symbol(f"{name}_coefficient")


def add_error(construction: Construction, network: Network, target: Node, output: Node) -> Node:
    """E and everything it is made of. Names that would say the same twice are left out."""
    build = construction.build
    penalties = [name for name, coefficient in network.penalties.items() if coefficient is not False]
    loss = LOSSES.get(network.loss)
    *rows, units = output.axes
    symbol = DATA_LOSS if penalties else LOSS
    result = build.apply(Map(loss.function), target, output, symbol=LOSS_PART, order=output.axes)
    result = _reduced(build, result, units, loss.mean, ROW_LOSS[rows[0].name] if rows else symbol)
    if rows:
        mean = network.training.reduction == "mean" and rows[0].name != TIME
        result = _reduced(build, result, rows[0], mean, symbol)
    if not penalties:
        return result
    terms = [_penalty(construction, PENALTIES.get(name), network.penalties[name]) for name in penalties]
    return build.apply(Map(total(1 + len(terms))), result, *terms, symbol=LOSS)


def _reduced(build: Builder, node: Node, axis: Axis, mean: bool, symbol: Symbol) -> Node:
    """The sum or mean along an axis."""
    operation = Contract(frozenset({axis.name}))
    if not mean:
        return build.apply(operation, node, symbol=symbol)
    return build.apply(Map(scaled(1, whole(axis))), build.apply(operation, node), symbol=symbol)


def _penalty(construction: Construction, penalty: Penalty, coefficient: Decimal | bool) -> Node:
    """coefficient · sum of the parts of all weights; a weight that is used twice counts once."""
    build = construction.build
    factor = build.leaf(coefficient_symbol(penalty.name))
    if isinstance(coefficient, Decimal):
        construction.set_values(factor, coefficient)
    sums = []
    for weight in construction.parameters:
        if weight.role != "bias":
            parts = build.apply(Map(penalty.function), weight)
            sums.append(build.apply(Contract(frozenset(axis.name for axis in weight.axes)), parts))
    everything = build.apply(Map(total(len(sums))), *sums) if len(sums) > 1 else sums[0]
    return build.apply(Contract(), factor, everything, symbol=penalty_symbol(penalty.name))
