"""Values of primitives at random points, to prove one composition equal to another.

Slow and short on purpose: it shares nothing with the generated programs of ``numeric``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from symbackprop.graph import Node, whole
from symbackprop.ops.contract import Contract
from symbackprop.ops.map import Map
from symbackprop.ops.scalar_function import placeholders

if TYPE_CHECKING:
    import sympy

DIGITS = 40
POINTS = 2

Point = dict[Any, Any]


def largest_difference(left: Node, right: Node) -> float:
    """The largest difference between two nodes over the same leaves, relative to the entries' size."""
    largest = 0.0
    for draw in range(POINTS):
        point: Point = {"generator": random.Random(1986 + draw)}
        for indices in left.places():
            place = dict(zip((axis.name for axis in left.axes), indices, strict=True))
            first, second = value(left, place, point), value(right, place, point)
            largest = max(largest, float(abs(first - second) / max(1, abs(first), abs(second))))
    return largest


def value(node: Node, place: Mapping[str, int], point: Point) -> sympy.Expr:
    """One entry. ``point`` holds the entries known so far; leaves are drawn when they are met first."""
    key = (node, *(place[axis.name] for axis in node.axes))
    if key not in point:
        point[key] = RULES[type(node.operation)](node, place, point)
    return point[key]


def _leaf(node: Node, place: Mapping[str, int], point: Point) -> sympy.Expr:
    import sympy

    return sympy.Rational(point["generator"].choice((-1, 1)) * point["generator"].randint(10, 2000), 1000)


def _map(node: Node, place: Mapping[str, int], point: Point) -> sympy.Expr:
    assert isinstance(node.operation, Map)
    values = [value(argument, place, point) for argument in node.arguments]
    formula = node.operation.function.expression
    return formula.xreplace(dict(zip(placeholders(len(values)), values, strict=True))).evalf(DIGITS)


def _contract(node: Node, place: Mapping[str, int], point: Point) -> sympy.Expr:
    assert isinstance(node.operation, Contract)
    axes = {axis.name: axis for argument in node.arguments for axis in argument.axes}
    places = [dict(place)]
    for name in node.operation.over:
        places = [{**inner, name: index} for inner in places for index in range(whole(axes[name]))]
    total: Any = 0
    for inner in places:
        product: Any = 1
        for argument in node.arguments:
            product = product * value(argument, inner, point)
        total = total + product
    return total


RULES: dict[type, Callable[[Node, Mapping[str, int], Point], Any]] = {
    type(None): _leaf,
    Map: _map,
    Contract: _contract,
}
"""Operation -> how one of its entries is computed; operations made of these add their own."""
