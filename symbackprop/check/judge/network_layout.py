"""Which conventions a document about a network shows: above all, whether its vectors are columns or rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from symbackprop.check.bind.binding import Binder
from symbackprop.check.evaluate.world import NetworkWorld
from symbackprop.check.judge.compare import Answer, Comparer
from symbackprop.check.statement import Statement
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Apply, Expression, Symbol, walk

MOST_TRIED = 60
_ARRAYS = frozenset({"activation", "preactivation", "weight", "target", "share"})

Pair = tuple[Expression, Expression]


def fitting_layout(pairs: Iterable[Pair], binder: Binder, layouts: Sequence[tuple[str, NetworkWorld]]) -> str:
    """The layout under which fewest equations between arrays fail; the first one where nothing speaks."""
    bound = [(binder.bind(left), binder.bind(right)) for left, right in pairs]
    known = [(left.tree, right.tree) for left, right in bound if not left.unknown and not right.unknown]
    telling = list(islice((pair for pair in known if any(map(_multiplies, pair))), MOST_TRIED))
    if not telling:
        return layouts[0][0]
    return min(layouts, key=lambda layout: _failing(telling, layout[1]))[0]


def evident_conventions(statements: Iterable[Statement], binder: Binder) -> frozenset[str]:
    """The conventions that make a difference to what is stated: products of arrays, δ, updates."""
    found: set[str] = set()
    for statement in statements:
        if statement.claim is not None and statement.claim.steps:
            found.add("update_order")
        for written in (statement.left, statement.right):
            tree = binder.bind(written).tree if written is not None else None
            for node in walk(tree) if tree is not None else ():
                if isinstance(node, Symbol) and node.variant == UPDATED:
                    found.add("update_order")
                elif isinstance(node, Symbol) and node.variant == ADJOINT and node.kind == "preactivation":
                    found.add("delta_sign")
            if tree is not None and _multiplies(tree):
                found.add("layout")
    return frozenset(found)


def _failing(pairs: Sequence[Pair], world: NetworkWorld) -> int:
    comparer = Comparer(world, points=1, most_instances=3)
    return sum(comparer.compare(*pair).answer in (Answer.SHAPE, Answer.DIFFERENT) for pair in pairs)


def _multiplies(tree: Expression) -> bool:
    """Whether whole arrays are multiplied in a tree: only then rows differ from columns."""
    return any(
        isinstance(node, Apply) and node.operator in ("multiply", "star", "dot", "times", "matrix_product")
        and sum(any(_is_array(part) for part in walk(factor)) for factor in node.arguments) > 1
        for node in walk(tree)
    )  # fmt: skip


def _is_array(node: Expression) -> bool:
    return isinstance(node, Symbol) and node.kind in _ARRAYS and node.indices is None
