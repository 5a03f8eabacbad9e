"""The value of a bound tree at one drawing of its quantities: one rule an operator.

A drawing gives every quantity a value; the quantities remember how they were computed, so that
``∂A/∂B`` is the total derivative of A by B with everything beside B held as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from symbackprop.check.deadline import check_time
from symbackprop.check.evaluate.array import (
    Array,
    Jacobian,
    Ones,
    ShapeError,
    combined,
    entries_of,
    hadamard,
    plain_array,
    scalar_if_single,
)
from symbackprop.check.evaluate.by_sum import derivative_by_sum, without_brackets
from symbackprop.check.evaluate.conditions import cases, indicator, kronecker
from symbackprop.check.evaluate.drawing import INDEX, USUAL, Drawing, Places, Reading
from symbackprop.check.evaluate.product import derivative_chain, product
from symbackprop.check.evaluate.sum import summed
from symbackprop.check.evaluate.traced import (
    FUNCTION_NAMES,
    Traced,
    Undecided,
    applied,
    divided,
    number,
    plain,
    raised,
    total,
)
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol

DEEPEST = 150

Known: TypeAlias = "dict[Symbol | int, tuple[Expression, Any]]"
"""A quantity, or the identity of another tree -> the tree and its value."""


@dataclass(frozen=True)
class Evaluator:
    """Evaluates trees at a drawing. ``tracing`` keeps how values came about, to differentiate them.

    ``known`` holds what was evaluated before with the same settings, where somebody keeps it: slips are looked for
    in trees that share most of their parts.
    """

    drawing: Drawing
    places: Places = field(default_factory=dict)
    reading: Reading = USUAL
    tracing: bool = False
    depth: int = 0
    known: Known | None = None

    def value(self, tree: Expression) -> Any:
        """A number, an Array or a Jacobian."""
        # a tree by its identity: to look at all of it would take as long as to evaluate it
        key = tree if isinstance(tree, Symbol) else id(tree)
        if self.known is not None and key in self.known:
            return self.known[key][1]
        if isinstance(tree, Number):
            result = number(tree.text)
        elif isinstance(tree, Symbol):
            result = self._symbol(tree)
        elif isinstance(tree, Name):
            raise Undecided(f"{tree.head} is not defined")
        else:
            rule = _RULES.get(tree.operator)
            if rule is None:
                raise Undecided(_NO_VALUE.get(tree.operator, f"'{tree.operator}' cannot be evaluated"))
            if self.depth > DEEPEST:
                raise Undecided("nested too deeply to evaluate")
            check_time()
            try:
                deeper = Evaluator(self.drawing, self.places, self.reading, self.tracing, self.depth + 1, self.known)
                result = rule(deeper, tree.arguments)
            except RecursionError:  # definitions that lead to definitions, each of them shallow
                raise Undecided("its definitions lead too deep to evaluate") from None
        if self.known is not None:
            self.known[key] = tree, result
        return result

    def inside(self, places: Places) -> Evaluator:
        """The same with some indices at a place."""
        return replace(self, places={**self.places, **places}, known=None)

    def _symbol(self, symbol: Symbol) -> Any:
        if symbol.kind == INDEX:
            return number(self.place(symbol) + 1)
        if symbol.kind == "pi":
            from symbackprop.check.evaluate.traced import arithmetic

            return arithmetic().functions["pi"]
        value = self.drawing.quantity(symbol, self.places)
        return value if self.tracing else plain_array(value)

    def place(self, symbol: Symbol) -> int:
        """The place of an index symbol, from 0."""
        (index,) = symbol.indices or (None,)
        if isinstance(index, Index):
            if index.symbol not in self.places:
                raise Undecided(f"the index {index.symbol} runs over nothing known")
            return self.places[index.symbol] + index.offset
        if index is None:
            raise Undecided("an index without a name")
        return index

    def whole(self, tree: Expression) -> int:
        """A whole number, as a bound of a sum is one."""
        value = plain(self.value(tree))
        if isinstance(value, Array | Jacobian) or value != int(value):
            raise Undecided("a bound that is no whole number")
        return int(value)

    def jacobian(self, of: Expression, by: Expression) -> Any:
        """The derivative of one expression by a quantity (or by an array of quantities)."""
        by = without_brackets(by)
        if not isinstance(by, Symbol):
            return derivative_by_sum(self, of, by)
        above = replace(self, tracing=True, known=None).value(of)
        below = self.drawing.quantity(by, self.places)
        rows = tuple(self._row(entry, below) for entry in entries_of(above))
        if not isinstance(below, Array):
            if isinstance(above, Array):
                return Array(above.rows, above.columns, tuple(row[0] for row in rows))
            return rows[0][0]
        if not isinstance(above, Array):
            gradient = Array(below.rows, below.columns, rows[0])
            return gradient.transposed if self.reading.numerator else gradient
        return Jacobian(above, below, rows)

    def _row(self, entry: Any, below: Any) -> tuple[Any, ...]:
        slopes = self.drawing.slopes(entry) if isinstance(entry, Traced) else {}
        row = tuple(number(slopes.get(part.order, 0)) for part in entries_of(below))
        # A derivative has no derivative of its own here: using it so is undecided, never zero.
        return tuple(Traced(value, None) for value in row) if self.tracing else row


def _add(evaluator: Evaluator, terms: tuple[Expression, ...]) -> Any:
    result = _solid(evaluator.value(terms[0]))
    for term in terms[1:]:
        result = combined(lambda left, right: left + right, result, _solid(evaluator.value(term)), "added")
    return result


def _solid(value: Any) -> Any:
    """A Jacobian as the array that it is where arrays are added."""
    if isinstance(value, Ones):
        raise Undecided("a vector of ones whose length nothing says")
    if not isinstance(value, Jacobian):
        return value
    array = value.diagonal or value.matrix
    if array is None:
        raise Undecided("a derivative of an array by an array stands alone")
    return array


def _negate(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    return hadamard(number(-1), _solid(evaluator.value(arguments[0])))


def _product(operator: str) -> Callable[[Evaluator, tuple[Expression, ...]], Any]:
    def rule(evaluator: Evaluator, factors: tuple[Expression, ...]) -> Any:
        chained = derivative_chain(evaluator, factors)
        values = [evaluator.value(factor) if value is None else value for factor, value in chained]
        meaning = evaluator.reading.products.get(operator, "")
        return product(values, operator, meaning, evaluator.reading.lenient)

    return rule


def _divide(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    above, below = (_solid(evaluator.value(argument)) for argument in arguments)
    return combined(divided, above, scalar_if_single(below), "divided")


def _power(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    base, exponent = arguments
    if isinstance(base, Name) and base.head == "e":
        return _entrywise("exp")(evaluator, (exponent,))
    if isinstance(base, Apply) and base.operator == "norm":
        return _norm_power(evaluator, base.arguments[0], evaluator.value(exponent))
    return combined(raised, _solid(evaluator.value(base)), evaluator.value(exponent), "raised to a power")


def _norm_power(evaluator: Evaluator, inner: Expression, exponent: Any) -> Any:
    square = total(entry * entry for entry in entries_of(_solid(evaluator.value(inner))))
    return raised(square, plain(exponent) / 2)


def _entrywise(name: str) -> Callable[[Evaluator, tuple[Expression, ...]], Any]:
    def rule(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
        value = _solid(evaluator.value(arguments[0]))
        if isinstance(value, Array):
            return value.map(lambda entry: applied(name, entry))
        return applied(name, value)

    return rule


def _transpose(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    value = evaluator.value(arguments[0])
    if isinstance(value, Jacobian):
        turned = tuple(zip(*value.entries, strict=True))
        return Jacobian(value.by, value.of, turned)
    return value.transposed if isinstance(value, Array | Ones) else value


def _matrix(evaluator: Evaluator, rows: tuple[Expression, ...]) -> Any:
    lines = [row.arguments for row in rows if isinstance(row, Apply)]
    values = [[evaluator.value(entry) for entry in line] for line in lines]
    width = len(values[0]) if values else 0
    if not width or any(len(line) != width for line in values):
        raise ShapeError("the rows of the matrix have different lengths")
    if any(isinstance(entry, Array | Jacobian | Ones) for line in values for entry in line):
        raise Undecided("a matrix made of arrays")
    return Array(len(values), width, tuple(entry for line in values for entry in line))


def _partial(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    if len(arguments) != 2:
        raise Undecided("a gradient that does not say by what")
    return evaluator.jacobian(*arguments)


def _call(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    function, order = arguments[0], 0
    while isinstance(function, Apply) and function.operator == "derivative":
        function, order = function.arguments[0], order + 1
    if not isinstance(function, Symbol):
        raise Undecided("a function that is not known")
    values = [_solid(evaluator.value(argument)) for argument in arguments[1:]]
    return evaluator.drawing.function(function, order, values, evaluator.places)


def _maximum(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    def larger(left: Any, right: Any) -> Any:
        return left if plain(left) >= plain(right) else right

    result = _solid(evaluator.value(arguments[0]))
    for argument in arguments[1:]:
        result = combined(larger, result, _solid(evaluator.value(argument)), "compared")
    return result


def _entry(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    """``(W^T δ)_j``: an entry of an array that is computed."""
    array = _solid(evaluator.value(arguments[0]))
    at = [evaluator.whole(index) - 1 for index in arguments[1:]]
    if not isinstance(array, Array):
        raise ShapeError("an index on a number")
    if len(at) == 1 and array.is_vector:
        at = [at[0], 0] if array.columns == 1 else [0, at[0]]
    if len(at) != 2 or not (0 <= at[0] < array.rows and 0 <= at[1] < array.columns):
        raise ShapeError(f"an array of {array} has no such entry")
    return array.at(*at)


def _same(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    return evaluator.value(arguments[0])


_NO_VALUE = {
    "at": "an expression taken at a point or an index is not computed",
    "sequence": "a list has no value of its own",
}
"""What is said of operators that are read and not evaluated."""

_RULES: dict[str, Callable[[Evaluator, tuple[Expression, ...]], Any]] = {
    "add": _add,
    "negate": _negate,
    "divide": _divide,
    "power": _power,
    "transpose": _transpose,
    "matrix": _matrix,
    "partial": _partial,
    "gradient": _partial,
    "call": _call,
    "maximum": _maximum,
    "cases": cases,
    "indicator": indicator,
    "kronecker": kronecker,
    "index": _entry,
    "sum": lambda evaluator, arguments: summed(evaluator, arguments),
    **dict.fromkeys(("group", "bracket", "brace"), _same),
    **{name: _product(name) for name in ("multiply", "star", "dot", "times", "matrix_product", "hadamard", "circle")},
    **{name: _entrywise(name) for name in FUNCTION_NAMES},
}
