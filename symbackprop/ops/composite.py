"""A named composition of primitives, with the form in which people write its derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from symbackprop.errors import VerificationError
from symbackprop.expression import Expression, Symbol
from symbackprop.graph import Axis, Builder, Node
from symbackprop.kept import kept
from symbackprop.ops.evaluation import RULES, Point, largest_difference, value
from symbackprop.ops.pullback import pull_back

Body = Callable[[Builder, tuple[Node, ...], str], Node]
"""(builder, arguments, axis) -> result"""

Form = Callable[[Builder, tuple[Node, ...], Node, Node, str], Node]
"""(builder, arguments, result, adjoint of the result, axis) -> what it adds to the adjoint of the argument"""


@dataclass(frozen=True, slots=True)
class NumericForm:
    """The entries of a composite along its axis as a program computes them.

    ``temporaries`` come first, in order; ``logarithms`` give log of each result.
    """

    temporaries: tuple[tuple[Symbol, Expression], ...]
    results: tuple[Expression, ...]
    logarithms: tuple[Expression, ...]


Numeric = Callable[[tuple[Expression, ...], Callable[[str], Symbol]], NumericForm]
"""(the argument's entries, a maker of temporary quantities) -> the results"""

PROOF_SIZES = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Composite:
    """A quantity with one name that several primitives compute, mixing the entries along ``axis``.

    ``forms`` holds, per argument, the form in which people write what the adjoint hands back. A
    form is used only after it was checked against the derivative of ``body`` at random points.
    ``numeric``, for compositions of one argument, says how programs compute it.
    """

    name: str
    axis: str
    body: Body
    forms: tuple[Form | None, ...] = ()
    numeric: Numeric | None = None

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        return self.body(Builder(), arguments, self.axis).axes

    def written_out(self, node: Node) -> Node:
        """The same quantity as primitives over the node's own arguments."""
        return _written_out(self, node)

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """The preferred form, once proved; where there is none, the derivative of the body."""
        form = self.forms[position] if position < len(self.forms) else None
        if form is None:
            return derived_adjoint(self, build, node.arguments, adjoint, position)
        prove(self.name, self.body, form, position, len(node.arguments))
        return form(build, node.arguments, node, adjoint, self.axis)


@lru_cache(maxsize=1024)
def _written_out(composite: Composite, node: Node) -> Node:
    return composite.body(Builder(), node.arguments, composite.axis)


def _value(node: Node, place: Mapping[str, int], point: Point) -> Any:
    assert isinstance(node.operation, Composite)
    return value(node.operation.written_out(node), place, point)


RULES[Composite] = _value


def derived_adjoint(
    composite: Composite, build: Builder, arguments: tuple[Node, ...], adjoint: Node, position: int
) -> Node | None:
    """What the adjoint hands back, by the adjoint rules of the primitives alone."""
    before = len(build.nodes)
    result = composite.body(build, arguments, composite.axis)
    wanted = arguments[position].id
    return pull_back(build, build.nodes[before:], {result.id: [adjoint]}, {wanted}).get(wanted)


@cache
@kept
def prove(name: str, body: Body, form: Form, position: int, count: int) -> bool:
    """Compare a form with the derivative of the body, for several sizes, at random points.

    True, or VerificationError where they differ.
    """
    for size in PROOF_SIZES:
        build = Builder()
        axis = Axis("entries", size)
        arguments = tuple(build.leaf(Symbol(f"argument {number}"), axis) for number in range(count))
        composite = Composite(name, axis.name, body)
        result = body(build, arguments, axis.name)
        adjoint = build.leaf(Symbol("adjoint"), *result.axes)
        derived = derived_adjoint(composite, build, arguments, adjoint, position)
        written = form(build, arguments, result, adjoint, axis.name)
        if derived is None or set(derived.axes) != set(written.axes) or largest_difference(derived, written) > 1e-25:
            raise VerificationError(f"{name}: the preferred form of its adjoint is not its adjoint, at size {size}")
    return True
