"""The chain rule over a run of nodes: adjoints of results in, adjoints of arguments out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from symbackprop.expression import Symbol
from symbackprop.graph import Axis, Builder, Node
from symbackprop.ops.arithmetic import total
from symbackprop.ops.map import Map

ADJOINT = "adjoint"
"""The variant of the symbol of ∂E/∂quantity."""


def pull_back(
    build: Builder,
    nodes: Sequence[Node],
    adjoints: Mapping[str, Sequence[Node]],
    wanted: Collection[str],
    named: bool = False,
) -> dict[str, Node]:
    """The adjoints of the nodes ``wanted`` (ids), given what reaches some ``nodes`` from outside.

    ``nodes`` stand in order. What does not reach any of them has no entry in the answer. If
    ``named``, the adjoints of the named quantities in between are named too.
    """
    below = set(wanted)
    for node in nodes:
        if any(argument.id in below for argument in node.arguments):
            below.add(node.id)
    shares = {name: list(given) for name, given in adjoints.items()}
    for node in reversed(nodes):
        if node.id not in below or node.id not in shares or node.operation is None:
            continue
        symbol = replace(node.symbol, variant=ADJOINT) if named and node.symbol else None
        adjoint = added(build, shares[node.id], node.axes, symbol)
        for position, argument in enumerate(node.arguments):
            if argument.id in below:
                share = node.operation.adjoint(build, node, adjoint, position)
                if share is not None:
                    shares.setdefault(argument.id, []).append(share)
    return {name: added(build, shares[name], shares[name][0].axes) for name in wanted if name in shares}


def added(build: Builder, shares: Sequence[Node], axes: tuple[Axis, ...], symbol: Symbol | None = None) -> Node:
    """The sum of some nodes over the same axes; one by itself is its own sum where it needs no name."""
    if len(shares) == 1 and symbol is None:
        return shares[0]
    return build.apply(Map(total(len(shares))), *shares, symbol=symbol, order=axes)
