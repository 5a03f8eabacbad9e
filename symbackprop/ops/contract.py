"""contract: the sum of a product over axes. Matrix products, outer products, Hadamard products and sums."""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.graph import Axis, Builder, Node


@dataclass(frozen=True, slots=True)
class Contract:
    """result[free axes] = sum over ``over`` of the product of all arguments."""

    over: frozenset[str] = frozenset()

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        axes = fit(arguments)
        missing = self.over - {axis.name for axis in axes}
        if missing:
            raise ValueError(f"no argument has the axes {sorted(missing)}")
        return tuple(axis for axis in axes if axis.name not in self.over)

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """One rule for all: the adjoint contracted with the other factors over what the factor lacks."""
        argument = node.arguments[position]
        factors: tuple[Node, ...] = (adjoint, *node.arguments[:position], *node.arguments[position + 1 :])
        available = fit(factors)
        if not set(argument.axes) <= set(available):
            # An axis that only this factor has was summed over: the adjoint is the same along it.
            factors = (*factors, ones_like(build, argument))
        if len(factors) == 1:
            return adjoint
        lacking = frozenset(axis.name for axis in available if axis not in argument.axes)
        return build.apply(Contract(lacking), *factors, order=argument.axes)


def fit(arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
    """All axes of the arguments, in order of appearance; one name must mean one size."""
    axes: dict[str, Axis] = {}
    for argument in arguments:
        for axis in argument.axes:
            known = axes.setdefault(axis.name, axis)
            if known.size != axis.size:
                raise ValueError(f"axis {axis.name} has size {known.size} and size {axis.size}")
    return tuple(axes.values())


def ones_like(build: Builder, node: Node) -> Node:
    """A node of ones with the axes of another, so that an adjoint can be repeated along them."""
    from symbackprop.ops.arithmetic import ONE
    from symbackprop.ops.map import Map

    return build.apply(Map(ONE), node)
