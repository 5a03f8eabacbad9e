"""Conditions on numbers and indices, and what depends on them: cases, indicators, Kronecker's δ."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symbackprop.check.evaluate.array import Array, combined, plain_array
from symbackprop.check.evaluate.traced import Undecided, number
from symbackprop.expression import Apply, Expression

if TYPE_CHECKING:
    from symbackprop.check.evaluate.evaluation import Evaluator


def holds(evaluator: Evaluator, condition: Expression) -> bool:
    """Whether a condition between numbers or indices holds."""
    compare, left, right = _compared(evaluator, condition)
    if isinstance(left, Array) or isinstance(right, Array):
        raise Undecided("a condition between arrays")
    return compare(left, right)


def _compared(evaluator: Evaluator, condition: Expression) -> tuple[Callable[[Any, Any], bool], Any, Any]:
    if not isinstance(condition, Apply) or condition.operator not in _COMPARISONS:
        raise Undecided("a condition in words")
    left, right = (evaluator.value(side) for side in condition.arguments)
    return _COMPARISONS[condition.operator], plain_array(left), plain_array(right)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "less": lambda left, right: bool(left < right),
    "less_equal": lambda left, right: bool(left <= right),
    "greater": lambda left, right: bool(left > right),
    "greater_equal": lambda left, right: bool(left >= right),
    "equal": lambda left, right: bool(left == right),
    "not_equal": lambda left, right: bool(left != right),
}


def cases(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    for position in range(0, len(arguments) - 1, 2):
        if holds(evaluator, arguments[position + 1]):
            return evaluator.value(arguments[position])
    if len(arguments) % 2:
        return evaluator.value(arguments[-1])
    raise Undecided("a case that is not given")


def indicator(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    """``[z > 0]``; between arrays, entry by entry."""
    compare, left, right = _compared(evaluator, arguments[0])
    return combined(lambda first, second: number(int(compare(first, second))), left, right, "compared")


def kronecker(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    return number(int(holds(evaluator, Apply("equal", arguments))))
