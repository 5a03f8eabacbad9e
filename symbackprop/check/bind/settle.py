"""Generic neurons settled: in a formula about h1, ``w_{hO}`` starts at h1 and ``target`` is that of its output.

In notations that give each layer a letter, a letter without a number means "the neuron in question".
Where the formula names exactly one neuron of that layer, it is that one; where it names none, the
formula claims something for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symbackprop.check.bind.indices import IMPLICIT, free_indices, with_index
from symbackprop.derive.derivation import Derivation
from symbackprop.expression import Expression, Index, Symbol, walk
from symbackprop.graph import canonical_id


@dataclass(frozen=True)
class Settler:
    """``letters`` are those of layers, in the notation of the document."""

    derivation: Derivation
    letters: frozenset[str]

    def settled(self, trees: Sequence[Expression]) -> tuple[Expression, ...]:
        """The members of a chain with their generic neurons put in."""
        if not self.letters:
            return tuple(trees)
        generic = {
            letter for tree in trees for letter in free_indices(tree)
            if letter == IMPLICIT or letter.casefold() in self.letters
        }  # fmt: skip
        found = tuple(trees)
        for letter in sorted(generic):
            units = self._units(trees, self._axes(trees, letter))
            if len(units) == 1:
                found = tuple(with_index(tree, letter, next(iter(units))) for tree in found)
        return found

    def ambiguous(self, trees: Sequence[Expression]) -> bool:
        """Whether a neuron is left out and nothing says which one is meant."""
        left_out = [IMPLICIT in frozenset(free_indices(tree)) for tree in trees]
        return any(left_out) and not all(left_out)

    def _axes(self, trees: Sequence[Expression], letter: str) -> frozenset[str]:
        """The axes over which a letter runs."""
        return frozenset(
            axis for axis, index in self._places(trees) if isinstance(index, Index) and index.symbol == letter
        )

    def _units(self, trees: Sequence[Expression], axes: frozenset[str]) -> frozenset[int]:
        """The neurons that the trees name on some axes."""
        return frozenset(index for axis, index in self._places(trees) if axis in axes and isinstance(index, int))

    def _places(self, trees: Sequence[Expression]) -> list[tuple[str, int | Index]]:
        graph = self.derivation.model.graph
        found: list[tuple[str, int | Index]] = []
        for tree in trees:
            for node in walk(tree):
                if isinstance(node, Symbol) and node.indices:
                    owner = graph.by_id.get(canonical_id(Symbol(node.kind, node.position)))
                    if owner is not None and len(owner.axes) == len(node.indices):
                        found.extend(zip((axis.name for axis in owner.axes), node.indices, strict=True))
        return found
