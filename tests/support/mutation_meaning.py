"""Whether a change of a formula changes what it says: decided without the checker.

The formula is evaluated at random values of the leaves by the evaluator that the generator's forms are
compared with; a partial derivative is a central difference of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, product
from typing import Any

from msgspec import structs
from support.values import evaluation

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, Number, Symbol, transform, walk
from symbackprop.forms.evaluation import Evaluation
from symbackprop.forms.layout import Layout
from symbackprop.forms.scalar import definition
from symbackprop.forms.shapes import WHOLE

STEP = "1e-10"
TOLERANCE = "1e-12"
LAST = frozenset({"L", "D"})
"""Letters of the last layer."""
UNITS, MOST_PLACES = 3, 120


class UnknownError(Exception):
    """The formula holds something that this evaluator has no value for."""


class Meaning:
    """Compares formulas about one network."""

    def __init__(self, derivation: Derivation, layout: Layout = "column") -> None:
        self.derivation = derivation
        self.layout = layout
        self._slopes: dict[tuple[Symbol, Symbol], Symbol] = {}

    @cached_property
    def drawn(self) -> Evaluation:
        return evaluation(self.derivation.graph, self.layout, seed=7)

    def differ(self, first: Expression, second: Expression) -> bool | None:
        """Whether two formulas have different values; None where one of them cannot be evaluated.

        Letters for any layer or unit stand for each of them in turn.
        """
        found = {self._differ_at(places, first, second) for places in self._places(first, second)}
        return True if True in found else False if False in found else None

    def _places(self, *trees: Expression) -> Iterator[dict[str, int]]:
        """Values for the free letters: layers by their number, units counted from 0."""
        nodes = [node for tree in trees for node in walk(tree)]
        symbols = [node for node in nodes if isinstance(node, Symbol)]
        layers = sorted({node.position.symbol for node in symbols if isinstance(node.position, Index)})
        units = {index.symbol for node in symbols for index in node.indices or () if isinstance(index, Index)} - {
            WHOLE.symbol
        }
        applied = [node for node in nodes if isinstance(node, Apply)]
        units |= {_letter(side) for node in applied if node.operator == "kronecker" for side in node.arguments} - {""}
        running = {_letter(node.arguments[1]) for node in applied if node.operator == "sum"}
        depth = len(self.derivation.network.layers)
        ranges = [(depth,) if letter in LAST else range(depth + 1) for letter in layers]
        free = sorted(units - running - set(layers))
        for values in islice(product(*ranges, *(range(UNITS) for _ in free)), MOST_PLACES):
            yield dict(zip((*layers, *free), values, strict=True))

    def _differ_at(self, places: dict[str, int], first: Expression, second: Expression) -> bool | None:
        drawn = self.drawn.at(**{letter: value + 1 for letter, value in places.items()})
        sizes = self.derivation.network.sizes
        values: list[Any] = []
        try:
            for tree in (first, second):
                values.append(self._value(_put(tree, places, sizes), drawn))
            return not _close(*values, tolerance=self.drawn.numbers.mpf(TOLERANCE))
        except ValueError as error:
            # What had a value and has shapes that do not fit now is something else.
            return True if values and "there is no" not in str(error) else None
        except (
            UnknownError,
            KeyError,
            IndexError,
            TypeError,
            AttributeError,
            ZeroDivisionError,
            AssertionError,
        ):
            return None

    def _value(self, tree: Expression, drawn: Evaluation) -> Any:
        return drawn.value(transform(tree, self._without_partials))

    def _without_partials(self, tree: Expression) -> Expression | None:
        if not isinstance(tree, Apply) or tree.operator != "partial":
            return None
        of, by = tree.arguments
        if not (isinstance(of, Symbol) and isinstance(by, Symbol)):
            raise UnknownError
        if of.kind == "loss" and by.variant == "":
            return adjoint_symbol(by)
        return self._slope(of, by)

    def _slope(self, of: Symbol, by: Symbol) -> Symbol:
        """∂of/∂by as a quantity of its own, with its value."""
        if (of, by) not in self._slopes:
            step = self.drawn.numbers.mpf(STEP)
            above, below = (self._shifted(of, by, shift) for shift in (step, -step))
            name = Symbol("slope", len(self._slopes), ())
            self._values[name] = (above - below) / (2 * step)
            self._slopes[of, by] = name
        return self._slopes[of, by]

    @property
    def _values(self) -> dict[Symbol, Any]:
        values = self.drawn.values
        assert isinstance(values, dict)
        return values

    def _shifted(self, of: Symbol, by: Symbol, shift: Any) -> Any:
        """The value of one quantity where another is a little larger."""
        graph = self.derivation.graph
        values = dict(self._values)
        shifted = replace(self.drawn, values=values)
        values[by] = values[by] + shift
        seen = False
        for node in graph.nodes:
            if node.symbol is None:
                continue
            entries = [node.entry(*place) for place in node.places()]
            if by in entries:
                seen = True
            elif seen and node.operation is not None:
                for entry in entries:
                    values[entry] = shifted.value(definition(graph, entry))
            if of in entries:
                break
        return values[of]


def _put(tree: Expression, places: Mapping[str, int], sizes: Sequence[int]) -> Expression:
    """The tree with values for letters, and its sums written out."""

    def value(index: IndexValue) -> IndexValue:
        known = isinstance(index, Index) and index.symbol in places
        return places[index.symbol] + index.offset if known and isinstance(index, Index) else index

    def put(node: Expression) -> Expression | None:
        if isinstance(node, Name):
            return Number(str(places[node.head] + 1)) if node.head in places else None
        if isinstance(node, Apply):
            return _written_out(node, places, sizes) if node.operator == "sum" else None
        if not isinstance(node, Symbol):
            return None
        indices = None if node.indices is None else tuple(map(value, node.indices))
        position = None if node.position is None else value(node.position)
        if node.kind == "size" and isinstance(position, int):
            return Number(str(sizes[position]))
        return structs.replace(node, position=position, indices=indices)

    return transform(tree, put)


def _written_out(tree: Apply, places: Mapping[str, int], sizes: Sequence[int]) -> Expression:
    """The terms of a sum; UnknownError where its bounds are no numbers."""
    body, letter, *bounds = tree.arguments
    found = [_put(bound, places, sizes) for bound in bounds]
    if len(found) != 2 or not all(isinstance(bound, Number) for bound in found):
        raise UnknownError
    lower, upper = (int(bound.value) for bound in found if isinstance(bound, Number))
    terms = [_put(body, {**places, _letter(letter): place - 1}, sizes) for place in range(lower, upper + 1)]
    return Apply("add", tuple(terms))


def _letter(tree: Expression) -> str:
    """The letter that a sum of the generator runs over."""
    return tree.head if isinstance(tree, Name) else ""


def _close(first: Any, second: Any, tolerance: Any) -> bool:
    if isinstance(first, tuple) != isinstance(second, tuple):
        return False
    if isinstance(first, tuple):
        return len(first) == len(second) and all(
            _close(*pair, tolerance=tolerance) for pair in zip(first, second, strict=True)
        )
    return bool(abs(first - second) <= tolerance * (1 + abs(first)))
