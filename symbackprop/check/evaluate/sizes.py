"""Sizes for the axes of a document's quantities: small, and different where the document lets them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symbackprop.check.evaluate.drawing import INDEX, Places
from symbackprop.check.evaluate.model import Model
from symbackprop.check.evaluate.shapes import ONE, SIZE, Axis, Shapes
from symbackprop.expression import Expression, Index, IndexValue, Number, Symbol, walk

_CHOICES = (2, 3, 4, 5, 6, 7)


@dataclass
class Sizes:
    """Answers how large things are; a class of axes gets its size when it is first asked for."""

    model: Model
    shapes: Shapes
    _given: dict[Axis, int] = field(default_factory=dict)
    _least: dict[Axis, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for (kind, layer, place), size in self.model.sizes.items():
            for position in (None, *range(self.model.depth + 1)) if isinstance(layer, Index) else (layer,):
                axis = self.shapes.entry_axis(kind, position, place)
                self._least[axis] = max(size, self._least.get(axis, 1))

    @property
    def swapped(self) -> bool:
        return self.shapes.swapped

    def rank(self, kind: str) -> int:
        return self.model.ranks.get(kind, 0)

    def is_number(self, kind: str) -> bool:
        return kind in self.model.numbers or kind in self.model.shared

    def size(self, axis: Axis) -> int:
        root = self.shapes.root(axis)
        if root == ONE:
            return 1
        if root in self._declared:
            return self._declared[root]
        if root not in self._given:
            least = self._least.get(root, 3 if root in self._counted else 2)
            used = set(self._given.values())
            free = [size for size in _CHOICES if size >= least and size not in used]
            self._given[root] = self._least.get(root, 2) if self._least.get(root, 2) > 2 or not free else free[0]
        return self._given[root]

    @cached_property
    def contradictions(self) -> int:
        """How many of the numbers that the document declares as sizes must agree with another one, or are too small."""
        numbers = {size.text for each in self.model.declared for size in each.sizes if isinstance(size, Number)} - {"1"}
        roots = {number: self.shapes.root((SIZE, number)) for number in numbers if number.isdigit()}
        small = sum(self._least.get(root, 1) > int(number) for number, root in roots.items())
        return small + len(roots) - len({*roots.values()} - {ONE})

    @cached_property
    def _declared(self) -> dict[Axis, int]:
        """The axes that are declared with a small number, as long as no more units than that are named."""
        found = {self.shapes.root((SIZE, str(size))): size for size in _CHOICES}
        alone = Counter(self.shapes.root((SIZE, str(size))) for size in _CHOICES)
        return {root: size for root, size in found.items() if alone[root] == 1 and self._least.get(root, 1) <= size}

    @cached_property
    def _counted(self) -> frozenset[Axis]:
        """The axes whose size stands in formulas: 3 or more, since 2 is a factor of its own."""
        return frozenset(self.shapes.root((SIZE, kind)) for kind in self.model.counts)

    def count(self, kind: str) -> int | None:
        """What a letter that counts something comes to; None for other quantities."""
        return self.size((SIZE, kind)) if kind in self.model.counts else None

    def extent(self, kind: str, position: int | None, place: int) -> int:
        """How many values an index runs over."""
        return self.size(self.shapes.entry_axis(kind, position, place))

    def shape(self, kind: str, position: int | None) -> tuple[int, int]:
        """Rows and columns of a whole quantity."""
        if self.is_number(kind):
            return 1, 1
        rows, columns = self.shapes.axes(kind, position)
        return self.size(rows), self.size(columns)

    def indices_at(self, kind: str, row: int, column: int) -> tuple[int, ...]:
        """The indices of the entry that stands in a row and a column."""
        rank = self.rank(kind)
        if rank == 1:
            return (column,) if self.shapes.row else (row,)
        return (column, row) if rank == 2 and self.shapes.swapped else (row, column)

    def place_of(self, kind: str, indices: tuple[IndexValue, ...]) -> tuple[int, int]:
        """Row and column of an entry."""
        numbers = [index for index in indices if isinstance(index, int)]
        if len(numbers) == 1:
            return (0, numbers[0]) if self.shapes.row else (numbers[0], 0)
        return (numbers[1], numbers[0]) if self.shapes.swapped else (numbers[0], numbers[1])

    def exists(self, tree: Expression, places: Mapping[str, int]) -> bool:
        """Whether all layers that an expression names exist, and are themselves computed or given."""
        for node in walk(tree):
            if not isinstance(node, Symbol) or node.kind == INDEX:
                continue
            position = self._position(node.position, places)
            if position is not None and not self._first(node) <= position <= self.model.depth:
                return False
        return True

    def _position(self, position: IndexValue | None, places: Places) -> int | None:
        if not isinstance(position, Index):
            return position
        if position.symbol in places:
            return places[position.symbol] + position.offset
        return self.model.depth + position.offset if position.symbol == self.model.last else None

    def _first(self, symbol: Symbol) -> int:
        """The lowest layer at which a quantity exists."""
        return self.model.first_layer(symbol.kind)
