"""Shapes inferred from the definitions of a document: which axes are the same, and which vectors are columns.

Every quantity gets two axes (rows and columns), or none if it is a number; the definitions, instance by
instance, join axes that must agree. What is joined with ``ONE`` is a vector's other axis.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from symbackprop.check.bind.scripts import WHOLE
from symbackprop.check.evaluate.array import ONES
from symbackprop.check.evaluate.drawing import INDEX, Places
from symbackprop.expression import Apply, Expression, Index, IndexValue, Number, Symbol, walk

Axis: TypeAlias = Hashable
Shape: TypeAlias = "tuple[Axis, Axis] | None"
"""The axes of an expression; None for a number."""

ONE: Axis = "one"
SIZE = "size"
"""Before the name of a size that the document gives: n of ``R^n``, and of a sum that runs to n."""


class Unknown(Exception):
    """The shape of an expression does not follow from its parts."""


@dataclass
class Shapes:
    """``rank`` is the number of indices of a family (None: it is never indexed). ``row``: vectors are rows."""

    rank: Callable[[str], int | None]
    is_number: Callable[[Symbol], bool]
    row: bool = False
    swapped: bool = False
    """Whether the first index of a matrix counts its columns."""
    conflicts: int = 0
    _parent: dict[Axis, Axis] = field(default_factory=dict)

    # ---- axes --------------------------------------------------------------------------------

    def root(self, axis: Axis) -> Axis:
        while (above := self._parent.get(axis, axis)) != axis:
            self._parent[axis] = self._parent.get(above, above)
            axis = above
        return axis

    def join(self, first: Axis, second: Axis) -> None:
        one, other = self.root(first), self.root(second)
        if one == other:
            return
        if other == ONE:
            one, other = other, one
        self._parent[other] = one

    def axes(self, kind: str, position: int | None) -> tuple[Axis, Axis]:
        """The rows and columns of a whole quantity."""
        rank = self.rank(kind)
        first, second = (kind, position, 0), (kind, position, 1)
        if rank == 1:
            return (ONE, first) if self.row else (first, ONE)
        return (second, first) if rank == 2 and self.swapped else (first, second)

    def entry_axis(self, kind: str, position: int | None, place: int) -> Axis:
        """The axis that one index of a quantity runs over."""
        return self.root((kind, position, place))

    # ---- expressions -------------------------------------------------------------------------

    def learn(self, head: Symbol, tree: Expression, places: Places, scope: Hashable) -> None:
        """Join what a definition says is the same."""
        try:
            left = _Walk(self, places, scope).shape(head)
            right = _Walk(self, places, scope).shape(tree)
        except Unknown:
            return
        self.same(left, right, stretch=False)

    def same(self, left: Shape, right: Shape, stretch: bool) -> Shape:
        """Two shapes that must agree; a number, or a bias under a batch, fits without agreeing."""
        if left is None or right is None:
            return left or right
        for first, second in zip(left, right, strict=True):
            one, other = self.root(first), self.root(second)
            if stretch and (one == ONE) != (other == ONE):
                continue
            self.join(first, second)
        return (self._larger(left[0], right[0]), self._larger(left[1], right[1]))

    def _larger(self, first: Axis, second: Axis) -> Axis:
        return second if self.root(first) == ONE else first


def _counts_layers(tree: Expression, letter: str) -> bool:
    positions = (node.position for node in walk(tree) if isinstance(node, Symbol))
    return any(isinstance(position, Index) and position.symbol == letter for position in positions)


@dataclass(frozen=True)
class _Walk:
    """One formula at one instance; each of its index letters is an axis of its own."""

    shapes: Shapes
    places: Places
    scope: Hashable

    def shape(self, tree: Expression) -> Shape:
        if isinstance(tree, Number):
            return None
        if isinstance(tree, Symbol):
            return self._symbol(tree)
        if not isinstance(tree, Apply):
            raise Unknown
        rule = _RULES.get(tree.operator)
        if rule is None:
            raise Unknown
        return rule(self, tree)

    def _symbol(self, symbol: Symbol) -> Shape:
        if symbol.kind == ONES:
            raise Unknown
        if symbol.kind in (INDEX, "pi") or self.shapes.is_number(symbol):
            return None
        position = self._position(symbol.position)
        if symbol.indices is None:
            return None if self.shapes.rank(symbol.kind) == 0 else self.shapes.axes(symbol.kind, position)
        free: list[Axis] = []
        for place, index in enumerate(symbol.indices):
            axis = (symbol.kind, position, place)
            if index == WHOLE:
                free.append(axis)
            elif isinstance(index, Index):
                self.shapes.join(axis, ("letter", self.scope, index.symbol))
        if not free:
            return None
        return (free[0], ONE) if symbol.indices[0] == WHOLE else (ONE, free[0])

    def _position(self, position: IndexValue | None) -> int | None:
        if not isinstance(position, Index):
            return position
        if position.symbol not in self.places:
            raise Unknown
        return self.places[position.symbol] + position.offset

    def add(self, tree: Apply) -> Shape:
        result: Shape = None
        for term in tree.arguments:
            result = self.shapes.same(result, self.shape(term), stretch=True)
        return result

    def product(self, tree: Apply) -> Shape:
        result: Shape = None
        for factor in tree.arguments:
            result = self._times(result, self.shape(factor), tree.operator)
        return result

    def _times(self, left: Shape, right: Shape, operator: str) -> Shape:
        if left is None or right is None:
            return left or right
        if operator in ("hadamard", "circle"):
            return self.shapes.same(left, right, stretch=False)
        if operator in ("star", "dot", "times", "multiply") and self._alike(left, right):
            return self.shapes.same(left, right, stretch=False)
        self.shapes.join(left[1], right[0])
        rows, columns = self.shapes.root(left[0]), self.shapes.root(right[1])
        return None if rows == ONE == columns else (rows, columns)

    def _alike(self, left: Shape, right: Shape) -> bool:
        """Two columns, or two rows: no matrix product."""
        assert left is not None
        assert right is not None
        flat = [tuple(self.shapes.root(axis) == ONE for axis in shape) for shape in (left, right)]
        return flat[0] == flat[1] and any(flat[0])

    def first(self, tree: Apply) -> Shape:
        return self.shape(tree.arguments[0])

    def transposed(self, tree: Apply) -> Shape:
        inner = self.shape(tree.arguments[0])
        return None if inner is None else (inner[1], inner[0])

    def call(self, tree: Apply) -> Shape:
        return self.shape(tree.arguments[1]) if len(tree.arguments) == 2 else None

    def number(self, tree: Apply) -> Shape:
        for argument in tree.arguments:
            try:
                self.shape(argument)
            except Unknown:
                continue
        return None

    def total(self, tree: Apply) -> Shape:
        if len(tree.arguments) == 1:
            return self.number(tree)
        body, letter = tree.arguments[:2]
        index = letter.indices[0] if isinstance(letter, Symbol) and letter.indices else None
        if not isinstance(index, Index):
            return self.shape(body)
        upper = tree.arguments[3] if len(tree.arguments) == 4 else None
        if isinstance(upper, Symbol) and upper.kind != INDEX and upper.position is None and not upper.indices:
            self.shapes.join(("letter", self.scope, index.symbol), (SIZE, upper.kind))
        return self._over_layers(body, index.symbol) if _counts_layers(body, index.symbol) else self.shape(body)

    def _over_layers(self, body: Expression, letter: str) -> Shape:
        """A sum over layers or steps in time: its terms say something about each of them."""
        found: Shape = None
        for layer in range(1, max(self.places.values(), default=0) + 1):
            found = _Walk(self.shapes, {**self.places, letter: layer}, (self.scope, layer)).shape(body)
        return found

    def derivative(self, tree: Apply) -> Shape:
        if len(tree.arguments) != 2:  # ∇E does not say by what
            raise Unknown
        of, by = (self.shape(argument) for argument in tree.arguments)
        if of is not None and by is not None:
            raise Unknown
        return of or by

    def power(self, tree: Apply) -> Shape:
        base = tree.arguments[0]
        if isinstance(base, Apply) and base.operator == "norm":
            return self.number(tree)
        try:
            return self.shape(base)
        except Unknown:
            return self.shape(tree.arguments[1])

    def divided(self, tree: Apply) -> Shape:
        return self.shapes.same(self.shape(tree.arguments[0]), self.shape(tree.arguments[1]), stretch=True)


_RULES: Mapping[str, Callable[[_Walk, Apply], Shape]] = {
    "add": _Walk.add,
    "divide": _Walk.divided,
    "transpose": _Walk.transposed,
    "call": _Walk.call,
    "sum": _Walk.total,
    "partial": _Walk.derivative,
    "gradient": _Walk.derivative,
    "power": _Walk.power,
    "cases": _Walk.first,
    "maximum": _Walk.add,
    **dict.fromkeys(("norm", "kronecker", "indicator", "index"), _Walk.number),
    **dict.fromkeys(("negate", "group", "bracket", "brace"), _Walk.first),
    **dict.fromkeys(("exp", "log", "sqrt", "tanh", "sinh", "cosh", "erf", "sign", "absolute"), _Walk.first),
    **dict.fromkeys(("multiply", "star", "dot", "times", "matrix_product", "hadamard", "circle"), _Walk.product),
}
