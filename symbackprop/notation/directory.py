"""The entries of a graph by the names that readers may use for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from symbackprop.errors import UserError, nearest, quote
from symbackprop.expression import Symbol
from symbackprop.graph import Graph, Node, whole
from symbackprop.notation.naming import Naming, plain


def _bare(name: str) -> str:
    return re.sub(r"[\\{}_^ ]", "", name)


@dataclass(frozen=True)
class Directory:
    """All entries of a graph by the names that readers may use for them."""

    graph: Graph
    naming: Naming

    @cached_property
    def entries(self) -> dict[str, Symbol]:
        """Every entry that the notation has a name for, by its plain name."""
        nodes = (node for node in self.graph.nodes if node.symbol is not None)
        entries = (node.entry(*place) for node in nodes for place in node.places())
        return {plain(self.naming.spell(entry)): entry for entry in entries if self.naming.can_write(entry)}

    @cached_property
    def _typed(self) -> dict[str, Symbol]:
        """The same by what is left of a name when no scripts are typed: ``w5+``."""
        return {_bare(name): entry for name, entry in self.entries.items()}

    def find(self, name: str, place: str = "quantity") -> Symbol:
        """The entry that a name means ("w5", "w_5", "w_{5}"); UserError where there is none."""
        entry = next(filter(self._holds, self.naming.candidates(name)), None) or self._typed.get(_bare(name))
        if entry is None:
            fact = f"there is no {quote(name)} in this network"
            raise UserError(place, fact, self.entries, nearest(name, self.entries))
        return entry

    def _holds(self, symbol: Symbol) -> bool:
        """Whether the graph has this entry."""
        try:
            node: Node = self.graph.node(symbol)
        except KeyError:
            return False
        indices = symbol.indices
        if indices is None or len(indices) != len(node.axes):
            return False
        return all(
            isinstance(index, int) and 0 <= index < whole(axis) for index, axis in zip(indices, node.axes, strict=True)
        )
