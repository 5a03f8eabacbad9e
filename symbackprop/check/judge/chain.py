"""Chains that mean something else than they say: equations run together, assignments, a ∂ that got lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from symbackprop.check.bind.binding import Bound
from symbackprop.check.evaluate.array import ShapeError
from symbackprop.check.evaluate.traced import Undecided
from symbackprop.check.judge.digits import close_to
from symbackprop.check.judge.member import Member
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.rule_edits import is_open_fraction, joined_fraction
from symbackprop.derive.reverse import UPDATED
from symbackprop.expression import Apply, Expression, Number, Symbol, transform, walk


def glued_parts(members: Sequence[Member]) -> list[list[Member]] | None:
    """``a = 1b = 2c = 3`` as a = 1, b = 2, c = 3; None where no number runs into a name."""
    parts: list[list[Member]] = []
    current = [members[0]]
    for member in members[1:-1]:
        glued = _glued(member.tree)
        if glued is None:
            current.append(member)
            continue
        number, rest = glued
        parts.append([*current, _part(member, number)])
        current = [_part(member, rest)]
    return [*parts, [*current, members[-1]]] if parts else None


def _glued(tree: Expression) -> tuple[Expression, Expression] | None:
    """The decimal number at the front of a product, with its sign, and what follows it."""
    if isinstance(tree, Apply) and tree.operator == "negate":
        glued = _glued(tree.arguments[0])
        return None if glued is None else (Apply("negate", (glued[0],)), glued[1])
    if not (isinstance(tree, Apply) and tree.operator == "multiply" and isinstance(tree.arguments[0], Number)):
        return None
    if "." not in tree.arguments[0].text:
        return None
    rest = tree.arguments[1:]
    return tree.arguments[0], rest[0] if len(rest) == 1 else structs.replace(tree, arguments=rest)


def _part(member: Member, tree: Expression) -> Member:
    return replace(member, bound=Bound(tree))


def updated_head(head: Expression, member: Expression) -> Symbol | None:
    """The new value of a parameter that stands on both sides of an equation; None where it does not."""
    if isinstance(head, Symbol) and not head.variant and head != member and head in walk(member):
        return structs.replace(head, variant=UPDATED)
    return None


def begins_with(values: ValueJudge, head: Expression, change: Apply) -> bool:
    """Whether a sum of numbers starts from the value of a quantity, and ends elsewhere."""
    start = change.arguments[0]
    try:
        before, after = values.value(head), values.value(change)
    except (Undecided, ShapeError):
        return False
    return isinstance(start, Number) and close_to(start, before) and not close_to(start, after)


def mended(tree: Expression) -> Expression | None:
    """The tree with the ∂ put in that it lacks; None where it lacks none."""
    found = transform(tree, lambda node: joined_fraction(node) if is_open_fraction(node) else None)
    return found if found != tree else None
