"""A chain of a document that is its own model, bound."""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.check.bind.binding import Bound
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.statement import Statement
from symbackprop.expression import Apply, Expression, Number, Symbol, walk


@dataclass
class BoundChain:
    """A chain of the document, bound. ``defines`` says that its first step is a definition."""

    statements: list[Statement]
    members: list[Bound]
    relations: list[str]
    defines: bool = False

    @property
    def trees(self) -> list[Expression]:
        return [member.tree for member in self.members]

    @property
    def line(self) -> int:
        return self.statements[0].place.line

    @property
    def is_condition(self) -> bool:
        """``i = j``, ``m = D``: about indices alone."""
        return all(
            isinstance(node, Number) or (isinstance(node, Symbol) and node.kind == INDEX) or isinstance(node, Apply)
            for tree in self.trees for node in walk(tree)
        ) and any(isinstance(node, Symbol) for tree in self.trees for node in walk(tree))  # fmt: skip
