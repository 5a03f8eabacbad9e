"""Indexed form: one equation for all entries, with sums over the axes and sizes that may be symbols."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from symbackprop.expression import (
    ONE,
    ZERO,
    Apply,
    Expression,
    Index,
    IndexValue,
    Name,
    Number,
    Symbol,
    add,
    multiply,
    walk,
)
from symbackprop.forms.application import apply_function
from symbackprop.forms.layout import NoFormError, is_unit_axis, size_of
from symbackprop.forms.scalar import at_round
from symbackprop.graph import Axis, Node
from symbackprop.ops import Composite, Contract, Gather, Map, Repeat, Scatter

Place = Mapping[str, IndexValue]
"""Axis name -> index."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters from which indices are taken, in order of preference; a notation supplies them.

    ``fixed`` gives the letter of an axis by the axis' name: it is preferred where it is free.
    """

    units: tuple[str, ...] = ("j", "k", "i", "p", "q", "r")
    cases: tuple[str, ...] = ("s", "t", "u")
    fixed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def free(self, axis: Axis, taken: Collection[str]) -> str:
        """A letter for an axis that is not in use."""
        wanted = self.fixed.get(axis.name)
        candidates = (self.units if is_unit_axis(axis) else self.cases) if wanted is None else (wanted, *self.units)
        for letter in candidates:
            if letter not in taken:
                return letter
        raise ValueError(f"all index letters are in use: {', '.join(sorted(taken))}")

    def place(self, axes: tuple[Axis, ...], taken: Collection[str] = ()) -> dict[str, IndexValue]:
        """A letter for each of some axes."""
        place: dict[str, IndexValue] = {}
        used = set(taken)
        for axis in axes:
            letter = self.free(axis, used)
            used.add(letter)
            place[axis.name] = Index(letter)
        return place


@dataclass(frozen=True, slots=True)
class IndexedForm:
    """Writes nodes with indices. ``named`` writes σ(z_j) instead of the function's formula.

    The nodes whose ids are in ``inline`` are written out, as unnamed ones always are.
    """

    letters: Letters = field(default_factory=Letters)
    named: bool = True
    inline: frozenset[str] = frozenset()

    def definition(self, node: Node, place: Place) -> Expression:
        """How the entry at a place is computed from the entries that it uses directly."""
        return self._compute(node, place, letters_in(place))

    def expand(self, node: Node, place: Place, taken: frozenset[str]) -> Expression:
        """An entry as it appears in the definition of another one; ``taken`` are the letters in use."""
        if node.operation is None or (node.symbol is not None and node.id not in self.inline):
            return entry_at(node, place)
        return self._compute(node, place, taken)

    def open_sum(self, node: Node, place: Place, taken: frozenset[str]) -> tuple[list[Axis], Place, frozenset[str]]:
        """The axes that a contraction sums over, and the place and letters inside of its sums."""
        assert isinstance(node.operation, Contract)
        over = [axis for axis in contracted(node) if axis.name in node.operation.over]
        inner = {**place, **self.letters.place(tuple(over), taken)}
        return over, inner, taken | letters_in(inner)

    def _compute(self, node: Node, place: Place, taken: frozenset[str]) -> Expression:
        rule = _RULES.get(type(node.operation))
        if rule is None:
            raise NoFormError(f"no indexed form for {type(node.operation).__name__}")
        return rule(self, node, node.operation, place, taken)

    def _leaf(self, node: Node, operation: None, place: Place, taken: frozenset[str]) -> Expression:
        return entry_at(node, place)

    def _map(self, node: Node, operation: Map, place: Place, taken: frozenset[str]) -> Expression:
        arguments = tuple(self.expand(argument, place, taken) for argument in node.arguments)
        return apply_function(operation.function, arguments, self.named)

    def _contract(self, node: Node, operation: Contract, place: Place, taken: frozenset[str]) -> Expression:
        over, inner, used = self.open_sum(node, place, taken)
        return summed(multiply(*(self.expand(argument, inner, used) for argument in node.arguments)), over, inner)

    def _composite(self, node: Node, operation: Composite, place: Place, taken: frozenset[str]) -> Expression:
        return self._compute(operation.written_out(node), place, taken)

    def _gather(self, node: Node, operation: Gather, place: Place, taken: frozenset[str]) -> Expression:
        return self.expand(node.arguments[0], operation.source(place), taken)

    def _scatter(self, node: Node, operation: Scatter, place: Place, taken: frozenset[str]) -> Expression:
        return self.expand(node.arguments[0], scatter_source(operation, place), taken)

    def _repeat(self, node: Node, operation: Repeat, place: Place, taken: frozenset[str]) -> Expression:
        inner = {name: index for name, index in place.items() if name != operation.axis.name}
        return at_round(self.expand(operation.output, inner, taken), operation, place)


_RULES: dict[type, Callable[..., Expression]] = {
    type(None): IndexedForm._leaf,
    Map: IndexedForm._map,
    Contract: IndexedForm._contract,
    Composite: IndexedForm._composite,
    Gather: IndexedForm._gather,
    Scatter: IndexedForm._scatter,
    Repeat: IndexedForm._repeat,
}


def scatter_source(operation: Scatter, place: Place) -> Place:
    """The one place that a scatter reads; NoFormError where there may be several."""
    if operation.gather.renaming is None:
        raise NoFormError("a scatter that adds up several entries has no indexed form")
    return next(iter(operation.sources(place)))


def entry_at(node: Node, place: Place) -> Symbol:
    return node.entry(*(place[axis.name] for axis in node.axes))


def contracted(node: Node) -> tuple[Axis, ...]:
    """The axes of a contraction's arguments, each once, in order of appearance."""
    return tuple(dict.fromkeys(axis for argument in node.arguments for axis in argument.axes))


def summed(body: Expression, over: list[Axis], place: Place) -> Expression:
    """The body under a sum for every axis, the first outermost."""
    for axis in reversed(over):
        body = body if body == ZERO else Apply("sum", (body, index_tree(place[axis.name]), ONE, size_of(axis)))
    return body


def index_tree(index: IndexValue) -> Expression:
    """An index as an expression: letters as names, numbers counted from 1 as readers count."""
    if isinstance(index, Index):
        return add(Name(index.symbol), Number(str(index.offset))) if index.offset else Name(index.symbol)
    return Number(str(index + 1))


def letters_in(place: Place) -> frozenset[str]:
    return frozenset(index.symbol for index in place.values() if isinstance(index, Index))


def letters_used(expression: Expression) -> frozenset[str]:
    """All index letters of an expression, bound ones and those of layers included."""
    return frozenset(_letters(expression))


def _letters(expression: Expression) -> Iterator[str]:
    for part in walk(expression):
        if isinstance(part, Symbol):
            for index in (part.position, *(part.indices or ())):
                if isinstance(index, Index):
                    yield index.symbol
        elif isinstance(part, Name):
            yield part.head


def ranges_of(axes: tuple[Axis, ...], place: Place) -> dict[str, Expression]:
    """Index letter -> its largest value, for the letters of a place."""
    ranges = {}
    for axis in axes:
        index = place.get(axis.name)
        if isinstance(index, Index) and not index.offset:
            ranges[index.symbol] = size_of(axis)
    return ranges
