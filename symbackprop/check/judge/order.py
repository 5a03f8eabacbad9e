"""Steps of an algorithm in their order: a weight that gets a new value before the old one is used up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbackprop.check.statement import Origin, Statement
from symbackprop.check.verdict import Status, Verdict
from symbackprop.expression import Apply, Name, walk

ASSIGNED = "assignment-as-equation"


def with_update_order(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Where a step sends the error back through a weight that a step above it has updated, the update says so.

    Both steps stand under one heading; what is only noted is no finding that fails a check.
    """
    found = list(verdicts)
    for place, verdict in enumerate(found):
        if verdict.status is Status.NOTE and verdict.rule == ASSIGNED:
            user = next((later for later in found[place + 1 :] if _uses(later.statement, verdict.statement)), None)
            if user is not None:
                line = user.statement.place.line
                fact = f"line {line} then sends the error back through the updated value (sequential order)"
                found[place] = replace(verdict, message=f"{verdict.message}; {fact}")
    return found


def _uses(later: Statement, update: Statement) -> bool:
    """Whether a step under the same heading computes a derivative with the transposed weight of an update."""
    if later.origin is not Origin.DISPLAY or later.context.heading != update.context.heading:
        return False
    if not update.context.heading or later.right is None or not _is_derivative(later):
        return False
    return any(
        isinstance(node, Apply) and node.operator == "transpose" and any(part == update.left for part in walk(node))
        for node in walk(later.right)
    )


def _is_derivative(statement: Statement) -> bool:
    head = statement.chain.expressions[0] if statement.chain is not None else None
    if isinstance(head, Name):
        return head.head == "delta"
    return isinstance(head, Apply) and head.operator in ("partial", "gradient")
