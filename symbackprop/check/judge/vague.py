"""Steps that may be meant in more than one way, whatever the document says elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from symbackprop.check.bind.listing import are_alike
from symbackprop.expression import Apply, Expression, Symbol, walk


def vague(trees: Sequence[Expression], numbers: Container[str], spell: Callable[[Expression], str]) -> str | None:
    """Why a step that does not hold may still not be wrong; None where it says clearly what it means."""
    if all(are_alike(trees[0], tree) for tree in trees):
        return f"this supposes something of {spell(trees[0])}"
    if any(_sums_up_an_array(node, numbers) for tree in trees for node in walk(tree)):
        return "it does not say what the sum runs over"
    return None


def _sums_up_an_array(node: Expression, numbers: Container[str]) -> bool:
    """``\\sum \\delta_l``: over samples, over units or over both."""
    if not (isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) == 1):
        return False
    body = node.arguments[0]
    return isinstance(body, Symbol) and body.indices is None and body.kind not in numbers
