"""The softmax Jacobian from its definition, by the two cases that posts distinguish: i = j and i ≠ j."""

from __future__ import annotations

from symbackprop.expression import (
    ONE,
    ZERO,
    Apply,
    Chain,
    Expression,
    Number,
    Symbol,
    add,
    chain,
    divide,
    multiply,
    negate,
    partial,
    power,
    subtract,
)
from symbackprop.forms.scalar import expand
from symbackprop.graph import Node, whole
from symbackprop.ops import Composite


def jacobian_chain(node: Node, of: int, by: int, row: tuple[int, ...] = ()) -> Chain:
    """∂y_i/∂a_j by the quotient rule, step by step, down to y_i (1 - y_i) or -y_i y_j.

    ``of`` and ``by`` are i and j counted from 0; ``row`` is the sample or step, where there is one.
    """
    if not isinstance(node.operation, Composite) or node.operation.name != "softmax":
        raise ValueError(f"{node.id} is no softmax")
    places = [(*row, place) for place in range(whole(node.axes[-1]))]
    names = [axis.name for axis in node.axes]
    scores = [expand(node.arguments[0], dict(zip(names, place, strict=True))) for place in places]
    exponentials = [Apply("exp", (score,)) for score in scores]
    total = add(*exponentials)
    outputs = [node.entry(*place) for place in places]
    steps = _same if of == by else _different
    return chain(partial(outputs[of], scores[by]), *steps(exponentials, total, outputs, of, by))


def _same(
    exponentials: list[Apply], total: Expression, outputs: list[Symbol], of: int, by: int
) -> tuple[Expression, ...]:
    """i = j: the numerator depends on a_j as well."""
    own = exponentials[of]
    return (
        divide(subtract(multiply(own, total), multiply(own, own)), power(total, Number("2"))),
        multiply(divide(own, total), divide(subtract(total, own), total)),
        multiply(outputs[of], subtract(ONE, outputs[of])),
    )


def _different(
    exponentials: list[Apply], total: Expression, outputs: list[Symbol], of: int, by: int
) -> tuple[Expression, ...]:
    """i ≠ j: only the sum depends on a_j."""
    own, other = exponentials[of], exponentials[by]
    # the vanished term of the quotient rule is shown, so it must not be simplified away
    vanished = Apply("multiply", (ZERO, total))
    return (
        divide(Apply("add", (vanished, negate(multiply(own, other)))), power(total, Number("2"))),
        negate(multiply(divide(own, total), divide(other, total))),
        negate(multiply(outputs[of], outputs[by])),
    )
