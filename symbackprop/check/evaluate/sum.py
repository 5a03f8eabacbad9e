"""Sums over an index, with bounds or without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from symbackprop.check.evaluate.array import ShapeError, combined, entries_of
from symbackprop.check.evaluate.conditions import holds
from symbackprop.check.evaluate.traced import Undecided, number, total
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol, walk

if TYPE_CHECKING:
    from symbackprop.check.evaluate.evaluation import Evaluator

MOST_TERMS = 20_000


def summed(evaluator: Evaluator, arguments: tuple[Expression, ...]) -> Any:
    """``Σ``: arguments are the body, the index, the lower and the upper bound, from the right optional."""
    body, *rest = arguments
    if not rest:
        return total(entries_of(evaluator.value(body)))
    indices = tuple(bound_indices(rest[0]))
    if not indices:
        raise Undecided("a sum whose index is not understood")
    result: Any = None
    for places in _places(evaluator, indices, body, rest):
        inner = evaluator.inside(places)
        if not _meets(inner, rest[0]):
            continue
        term = inner.value(body)
        result = term if result is None else combined(lambda left, right: left + right, result, term, "added")
    return number(0) if result is None else result


def bound_indices(tree: Expression) -> Iterable[str]:
    """The letters that run: ``k``, ``j, k``, ``k ≠ j`` (k runs), ``k ∈ outputs``."""
    if isinstance(tree, Symbol) and tree.kind == "index" and tree.indices:
        index = tree.indices[0]
        if isinstance(index, Index):
            yield index.symbol
    elif isinstance(tree, Apply) and tree.operator in ("sequence",):
        for part in tree.arguments:
            yield from bound_indices(part)
    elif isinstance(tree, Apply) and tree.operator in ("not_equal", "element", "less", "greater", "less_equal"):
        yield from bound_indices(tree.arguments[0])


def _meets(evaluator: Evaluator, tree: Expression) -> bool:
    if isinstance(tree, Apply) and tree.operator in ("not_equal", "less", "greater", "less_equal"):
        return holds(evaluator, tree)
    return True


def _places(
    evaluator: Evaluator, indices: tuple[str, ...], body: Expression, rest: list[Expression]
) -> Iterable[dict[str, int]]:
    ranges = [_range(evaluator, index, body, rest[1:]) for index in indices]
    count = 1
    for values in ranges:
        count *= len(values)
    if count > MOST_TERMS:
        raise Undecided("a sum of too many terms to evaluate")
    combinations: list[dict[str, int]] = [{}]
    for index, values in zip(indices, ranges, strict=True):
        combinations = [{**known, index: value} for known in combinations for value in values]
    return combinations


def _range(evaluator: Evaluator, index: str, body: Expression, bounds: list[Expression]) -> range:
    steps = _steps(evaluator, index, body)
    if steps is not None:
        return _between(evaluator, steps, bounds)
    size = extent(evaluator, index, body)
    lower = bounds[0] if bounds else None
    upper = bounds[1] if len(bounds) > 1 else None
    first = 0 if lower is None or _is_nothing(lower) else evaluator.whole(lower) - 1
    last = size if upper is None or _is_nothing(upper) else _upper(evaluator, upper, size)
    if last is None:
        raise Undecided(f"nothing says how far the index {index} runs")
    if first == -1 and upper is not None and size is not None:
        # Counted from 0: 0 … n-1.
        first, last = 0, last + 1 if last < size else last
    if size is not None and last > size:
        raise ShapeError(f"the sum over {index} runs to {last}, and there are {size}")
    return range(first, last)


def _steps(evaluator: Evaluator, index: str, body: Expression) -> range | None:
    """The layers (or steps) that an index runs over; None where it is no layer."""
    found: range | None = None
    for node in walk(body):
        if isinstance(node, Symbol) and isinstance(node.position, Index) and node.position.symbol == index:
            layers = evaluator.drawing.layers(node)
            shifted = range(layers.start - node.position.offset, layers.stop - node.position.offset)
            found = shifted if found is None else range(max(found.start, shifted.start), min(found.stop, shifted.stop))
    return found


def _between(evaluator: Evaluator, steps: range, bounds: list[Expression]) -> range:
    """The steps within the bounds that are numbers; a bound that is a letter means the last step."""
    first, last = steps.start, steps.stop
    for place, bound in enumerate(bounds):
        if not _is_nothing(bound):
            try:
                value = evaluator.whole(bound)
            except Undecided:
                continue
            first, last = (max(first, value), last) if place == 0 else (first, min(last, value + 1))
    return range(first, last)


def _is_nothing(tree: Expression) -> bool:
    return isinstance(tree, Name) and tree.head == ""


def _upper(evaluator: Evaluator, upper: Expression, size: int | None) -> int | None:
    try:
        return evaluator.whole(upper)
    except Undecided:
        # A letter for the number of units that is defined nowhere: it says what the quantities say.
        if isinstance(upper, Number) or size is None:
            raise
        return size


def extent(evaluator: Evaluator, index: str, body: Expression) -> int | None:
    """How many values an index runs over, as the quantities that carry it say."""
    found: int | None = None
    for node in walk(body):
        if not isinstance(node, Symbol) or node.indices is None or node.kind == "index":
            continue
        for position, place in enumerate(node.indices):
            if isinstance(place, Index) and place.symbol == index and place.offset == 0:
                size = evaluator.drawing.extent(node, position, evaluator.places)
                if size is None:
                    continue
                if found is not None and found != size:
                    raise ShapeError(f"the index {index} runs over {found} values in one place and {size} in another")
                found = size
    return found
