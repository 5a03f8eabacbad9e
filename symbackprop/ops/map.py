"""map: a scalar function applied entry by entry."""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.graph import Axis, Builder, Node
from symbackprop.ops.contract import Contract, fit
from symbackprop.ops.scalar_function import ScalarFunction


@dataclass(frozen=True, slots=True)
class Map:
    """result[i] = function(argument_0[i], argument_1[i], ...).

    An argument that lacks an axis of the result is repeated along it.
    """

    function: ScalarFunction

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        expected = self.function.arity + self.function.uses_result
        if len(arguments) != expected:
            raise ValueError(f"{self.function.name} takes {expected} arguments, not {len(arguments)}")
        return fit(arguments)

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """Chain rule: adjoint · ∂function/∂argument, summed over the axes along which it was repeated."""
        local = self.function.derivative(position)
        if local.is_zero:
            return None
        argument = node.arguments[position]
        lacking = frozenset(axis.name for axis in node.axes if axis not in argument.axes)
        if local.is_one and not lacking:
            return adjoint
        factors = [adjoint]
        if not local.is_one:
            factors.append(build.apply(Map(local), *node.arguments, *([node] if local.uses_result else [])))
        return build.apply(Contract(lacking), *factors, order=argument.axes)
