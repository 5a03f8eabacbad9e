"""Why the transpose: answered by the shapes of the factors, and by reading the indices of the sum."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from symbackprop.expression import Apply, Expression, Index
from symbackprop.forms.contraction import matrix_product
from symbackprop.forms.indexed import IndexedForm, Place
from symbackprop.forms.layout import transpose
from symbackprop.forms.matrix import MatrixForm
from symbackprop.forms.shapes import FactorShape, Shape, Shapes
from symbackprop.graph import Axis, Node


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to multiply the factors. ``result`` is None where the inner sizes differ."""

    product: Expression
    factors: tuple[FactorShape, ...]
    result: FactorShape | None
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How one factor's indices are read.

    ``stored`` and ``needed`` are the letters of the factor's rows and columns (None for a
    dimension of size 1): as it is laid out by itself, and as the product asks for.
    """

    factor: Expression
    stored: tuple[str | None, str | None]
    needed: tuple[str | None, str | None]

    @property
    def is_transposed(self) -> bool:
        return self.stored != self.needed


@dataclass(frozen=True, slots=True)
class IndexReading:
    """The entry's formula, the letters it is summed over, and what follows for each factor.

    A product of matrices sums over the second index of its left factor and the first of its right one.
    """

    entry: Expression
    summed: tuple[str, ...]
    factors: tuple[Reading, ...]


def by_shapes(shapes: Shapes, written: Expression) -> tuple[Arrangement, ...]:
    """All arrangements of a product of two factors: both orders, each factor as it is or transposed.

    Exactly one of them is wanted where all sizes are different symbols.
    """
    first, second = (_untransposed(factor) for factor in _factors(written))
    wanted = shapes.of(written)
    found = []
    for left, right in ((first, second), (second, first)):
        for turned in product((False, True), repeat=2):
            pair = tuple(transpose(part) if turn else part for part, turn in zip((left, right), turned, strict=True))
            found.append(_arrangement(shapes, pair, wanted))
    return tuple(found)


def by_indices(indexed: IndexedForm, matrix: MatrixForm, node: Node, place: Place) -> IndexReading:
    """The reading of the product by which a node is computed; ValueError if it is no product of two factors."""
    written = _product_in(matrix.definition(node).expression)
    entry = indexed.definition(node, place)
    letters = _letters(entry, node, place)
    readings = []
    for factor in _factors(written):
        plain = _untransposed(factor)
        readings.append(
            Reading(plain, _named(matrix.shapes.of(plain), letters), _named(matrix.shapes.of(factor), letters))
        )
    summed = [letter for letter in letters.values() if letter not in _letters_of(place)]
    return IndexReading(entry, tuple(summed), tuple(readings))


def _arrangement(shapes: Shapes, pair: tuple[Expression, ...], wanted: Shape) -> Arrangement:
    written = matrix_product(*pair)
    factors = tuple(shapes.stated(part) for part in pair)
    try:
        shape = shapes.of(written)
    except ValueError:
        return Arrangement(written, factors, None, False)
    return Arrangement(written, factors, shapes.stated(written), shape == wanted)


def _product_in(expression: Expression) -> Expression:
    """The product of two factors in a definition."""
    pending = [expression]
    while pending:
        part = pending.pop(0)
        if isinstance(part, Apply):
            if part.operator == "matrix_product":
                return part
            pending.extend(part.arguments)
    raise ValueError("there is no product of matrices here")


def _factors(written: Expression) -> tuple[Expression, Expression]:
    if not isinstance(written, Apply) or written.operator != "matrix_product" or len(written.arguments) != 2:
        raise ValueError("this is no product of two matrices")
    return written.arguments[0], written.arguments[1]


def _untransposed(expression: Expression) -> Expression:
    turned = isinstance(expression, Apply) and expression.operator == "transpose"
    return expression.arguments[0] if isinstance(expression, Apply) and turned else expression


def _letters(entry: Expression, node: Node, place: Place) -> dict[str, str]:
    """Axis name -> letter: those of the node's place, and those that the sums of the definition bind."""
    found = {name: index.symbol for name, index in place.items() if isinstance(index, Index)}
    for axis, letter in zip(_summed_axes(node), _bound(entry), strict=False):
        found[axis.name] = letter
    return found


def _summed_axes(node: Node) -> list[Axis]:
    """The axes that a definition sums over, outermost first, as the indexed form opens them."""
    from symbackprop.forms.indexed import contracted
    from symbackprop.ops import Contract

    found: list[Axis] = []
    if isinstance(node.operation, Contract):
        found.extend(axis for axis in contracted(node) if axis.name in node.operation.over)
    for argument in node.arguments:
        if argument.symbol is None:
            found.extend(_summed_axes(argument))
    return found


def _bound(expression: Expression) -> list[str]:
    """The letters that sums bind, outermost first."""
    if not isinstance(expression, Apply):
        return []
    own = [expression.arguments[1]] if expression.operator == "sum" else []
    letters = [getattr(index, "head", "") for index in own]
    for part in expression.arguments:
        letters.extend(_bound(part))
    return letters


def _letters_of(place: Place) -> set[str]:
    return {index.symbol for index in place.values() if isinstance(index, Index)}


def _named(shape: Shape, letters: dict[str, str]) -> tuple[str | None, str | None]:
    rows, columns = (letters.get(axis.name) if axis is not None else None for axis in shape)
    return rows, columns
