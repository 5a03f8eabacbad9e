"""What formulas show without anything here computing it: lists, dots, products over steps."""

from __future__ import annotations

from symbackprop.expression import Apply, Expression, Symbol, walk

LEFT_OUT = "dots"
"""The family of what a formula leaves out: ``x_1 + \\cdots + x_n``."""
_OPERATORS = frozenset({"sequence", "product", "given", "differential", "floor", "ceiling", "angle"})


def is_only_read(tree: Expression) -> bool:
    """Whether an expression shows what nothing here computes."""
    return any(
        node.operator in _OPERATORS if isinstance(node, Apply) else isinstance(node, Symbol) and node.kind == LEFT_OUT
        for node in walk(tree)
    )
