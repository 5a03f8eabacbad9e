"""The precise value of a single expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symbackprop.expression import Expression, Symbol, symbols
from symbackprop.numeric.arithmetic import precise
from symbackprop.numeric.program import Assignment, Program

_RESULT = Symbol("result", None, ())


def value_of(expression: Expression, values: Mapping[Symbol, Any]) -> Any | None:
    """The value at the given precise values; None where one of its quantities has none."""
    used = tuple(symbol for symbol in symbols(expression) if symbol.kind != "pi")
    if any(symbol not in values for symbol in used):
        return None
    program = Program(used, (Assignment(_RESULT, expression),))
    return program.function(precise())([values[symbol] for symbol in used])[-1]
