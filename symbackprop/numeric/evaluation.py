"""Precise values: of whole programs, with as many digits as it takes, and of single expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symbackprop.errors import UserError
from symbackprop.expression import Expression, Symbol, symbols
from symbackprop.numeric.arithmetic import precise
from symbackprop.numeric.program import Assignment, Program, run_generated
from symbackprop.numeric.rounding import WORKING_DIGITS
from symbackprop.numeric.stable import TEMPORARY

CERTAIN_DIGITS = 35
"""Significant digits that every value must have; what is shown has at most 30."""
MOST_DIGITS = 1600
ZERO_DIGITS = 400
"""So many digits must be tried before a value counts as 0."""
GUARD_DIGITS = 10
"""Digits that rounding errors may take of a value next to the largest one."""

_RESULT = Symbol("result", None, ())


def evaluate_surely(program: Program, values: Mapping[Symbol, Any]) -> dict[Symbol, Any]:
    """The values of all entries, each certain to ``CERTAIN_DIGITS`` significant digits.

    Where digits cancel (1 - out, with out close to 1), a fixed number of working digits would not
    do: they are doubled until two rounds agree. A value of which nothing but rounding is left at
    ``ZERO_DIGITS`` is 0.
    """
    code = compile(program.text(precise()), "<generated: precise>", "exec")
    names = tuple(program.names())
    before: list[Any] | None = None
    digits = WORKING_DIGITS
    while digits <= MOST_DIGITS:
        found = _run(code, program, values, digits)
        if before is not None and found is not None:
            settled = _settled(before, found, digits, len(program.leaves))
            if settled is not None:
                return {name: value for name, value in zip(names, settled, strict=True) if name.variant != TEMPORARY}
        before, digits = found, 2 * digits
    raise UserError("data", f"some value cannot be computed, not even with {MOST_DIGITS} digits: it is not defined")


def _run(code: Any, program: Program, values: Mapping[Symbol, Any], digits: int) -> list[Any] | None:
    """All values at a precision; None where a division by zero shows that it does not suffice."""
    arithmetic = precise(digits)
    function = run_generated(code, arithmetic)["program"]
    try:
        results: list[Any] = function([arithmetic.value(str(values[leaf])) for leaf in program.leaves])
    except (ZeroDivisionError, ValueError):
        return None
    return results


def _settled(before: list[Any], after: list[Any], digits: int, given: int) -> list[Any] | None:
    """The values on which two rounds agree, the second with ``digits`` digits; None if one of them is open yet.

    The first ``given`` values are leaves.
    """
    value = precise(digits).value
    relative = value(f"1e-{CERTAIN_DIGITS}")
    noise = max(map(abs, after), default=0) * value(f"1e{GUARD_DIGITS - digits}")
    noise_before = noise * value(f"1e{digits // 2}")
    settled = after[:given]
    for first, second in zip(before[given:], after[given:], strict=True):
        if second and abs(second - first) <= abs(second) * relative:
            settled.append(second)
        elif digits >= ZERO_DIGITS and abs(second) <= noise and abs(first) <= noise_before:
            settled.append(value("0"))
        else:
            return None
    return settled


def value_of(expression: Expression, values: Mapping[Symbol, Any]) -> Any | None:
    """The value at the given precise values; None where one of its quantities has none."""
    used = tuple(symbol for symbol in symbols(expression) if symbol.kind != "pi")
    if any(symbol not in values for symbol in used):
        return None
    program = Program(used, (Assignment(_RESULT, expression),))
    return program.function(precise(ZERO_DIGITS))([values[symbol] for symbol in used])[-1]
