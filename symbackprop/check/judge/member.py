"""A member of a chain, bound, as the judge sees it."""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.check.bind.binding import Bound
from symbackprop.expression import Apply, Expression, Name, Number, Symbol, transform, walk


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a chain, bound. ``line`` is where it stands."""

    bound: Bound
    line: int

    @property
    def tree(self) -> Expression:
        return self.bound.tree

    @property
    def is_missing(self) -> bool:
        return self.tree == Name("")

    @property
    def is_numeric(self) -> bool:
        """Whether there is a number in it that may be a value of the example."""
        plain = transform(self.tree, _without_bounds)
        return any(isinstance(node, Number) and not _is_structural(node) for node in walk(plain))

    @property
    def is_purely_numeric(self) -> bool:
        return not any((isinstance(node, Symbol) and node.kind != "pi") or _is_open(node) for node in walk(self.tree))

    @property
    def is_exact(self) -> bool:
        """Whether it is made of whole numbers only, which mean what they say: 1, ½, 0."""
        return self.is_purely_numeric and not any(
            isinstance(node, Number) and "." in node.text for node in walk(self.tree)
        )


def _without_bounds(tree: Expression) -> Expression | None:
    """What is summed: how far a sum runs is no value of the example."""
    if isinstance(tree, Apply) and tree.operator in ("sum", "product"):
        return transform(tree.arguments[0], _without_bounds)
    return None


def _is_structural(literal: Number) -> bool:
    """Small integers are part of formulas: 1 - out, 2 · ½."""
    return literal.text.lstrip("-") in ("0", "1", "2")


def _is_open(node: Expression) -> bool:
    return isinstance(node, Name) and node.head != "e"
