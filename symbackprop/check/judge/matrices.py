"""Matrices of printed numbers, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symbackprop.check.evaluate.array import Array
from symbackprop.check.evaluate.traced import plain
from symbackprop.check.judge.digit_slips import digit_slip
from symbackprop.check.judge.finding import RIGHT, Finding
from symbackprop.check.judge.numbers import Digits, lone_number
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Number

Rows = list[list[Number]]


def printed_rows(tree: Expression) -> Rows | None:
    """The numbers of a matrix that holds nothing else; None for anything else."""
    if not (isinstance(tree, Apply) and tree.operator == "matrix"):
        return None
    rows: Rows = []
    for row in tree.arguments:
        numbers = [lone_number(entry) for entry in row.arguments] if isinstance(row, Apply) else [lone_number(row)]
        found = [entry for entry in numbers if entry is not None]
        if len(found) < len(numbers):
            return None
        rows.append(found)
    return rows if rows and all(len(row) == len(rows[0]) for row in rows) else None


def judged_rows(
    rows: Rows, truth: Array, digits: Callable[[Number, Any], Digits], like: Callable[[Number, Any], str]
) -> Finding:
    """``digits`` judges one number, ``like`` writes the right one in its place."""
    if (len(rows), len(rows[0])) != truth.shape:
        return Finding(Status.WRONG, "shape", f"the matrix is {len(rows)} × {len(rows[0])}, and it should be {truth}")
    worst = RIGHT
    for place, literal in enumerate(entry for row in rows for entry in row):
        value = plain(truth.entries[place])
        found = digits(literal, value)
        if found is Digits.RIGHT:
            continue
        where = f"row {place // truth.columns + 1}, column {place % truth.columns + 1}"
        expected = like(literal, value)
        if found is Digits.WRONG:
            rule, fact = digit_slip(literal, value) or (None, "")
            message = f"{literal.text} in {where} should be {expected}" + (f": {fact}" if fact else "")
            return Finding(Status.WRONG, rule, message, expected)
        worst = Finding(Status.ROUNDING, "last-digit", f"the last digit in {where} is off: {expected}", expected)
    return worst
