"""Programs made shorter before they are run many times: what is used once is written where it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from symbackprop.expression import Apply, Expression, Number, Symbol, add, multiply, negate, walk
from symbackprop.numeric.program import Assignment, Program

DEEPEST = 24
"""Levels of brackets; Python's own parser gives up near 100."""


def inlined(program: Program, keep: Collection[Symbol]) -> Program:
    """The same program without the entries that are constants or used only once, those of ``keep`` aside."""
    uses = Counter(part for line in program.assignments for part in walk(line.value) if isinstance(part, Symbol))
    kept = frozenset(keep)
    values: dict[Symbol, Expression] = {}
    depths: dict[Symbol, int] = {}
    lines = []
    for line in program.assignments:
        value, depth = _written(line.value, values, depths)
        if line.entry not in kept and (isinstance(value, Number) or (uses[line.entry] == 1 and depth < DEEPEST)):
            values[line.entry], depths[line.entry] = value, depth
        else:
            lines.append(Assignment(line.entry, value))
    return Program(program.leaves, tuple(lines))


def _written(
    expression: Expression, values: dict[Symbol, Expression], depths: dict[Symbol, int]
) -> tuple[Expression, int]:
    """An expression with known entries written out, and how deep its brackets then are."""
    if isinstance(expression, Symbol):
        return values.get(expression, expression), depths.get(expression, 0)
    if not isinstance(expression, Apply):
        return expression, 0
    parts = [_written(argument, values, depths) for argument in expression.arguments]
    depth = 1 + max((depth for _, depth in parts), default=0)
    arguments = tuple(part for part, _ in parts)
    if arguments == expression.arguments:
        return expression, depth
    flat = _FLAT.get(expression.operator)
    return flat(*arguments) if flat else Apply(expression.operator, arguments), depth


_FLAT: dict[str, Callable[..., Expression]] = {"add": add, "multiply": multiply, "negate": negate}
