"""Whether a document about a network writes its vectors as columns or as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from symbackprop.check.bind.binding import Binder
from symbackprop.check.evaluate.world import NetworkWorld
from symbackprop.check.judge.compare import Answer, Comparer
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
