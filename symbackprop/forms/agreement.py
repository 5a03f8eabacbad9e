"""The forms compared with each other: matrix form = indexed form = scalar form, entry by entry, at random values."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from symbackprop.errors import VerificationError
from symbackprop.expression import Symbol
from symbackprop.forms.any_depth import Remainder, RemainderGradient
from symbackprop.forms.evaluation import Evaluation, Value
from symbackprop.forms.indexed import IndexedForm, Letters
from symbackprop.forms.layout import LAYOUTS, Layout, NoFormError, placement
from symbackprop.forms.matrix import MatrixForm
from symbackprop.forms.scalar import definition
from symbackprop.graph import Graph, Node

LETTERS = Letters()
TOLERANCE = 1e-20
"""Relative; the values have 30 digits."""
_OPAQUE = (Remainder, RemainderGradient)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was compared: the quantities, their entries, and on how many drawings of values.

    ``without`` holds what has no such form, with the reason: an array of three axes is no matrix.
    """

    quantities: tuple[Symbol, ...]
    entries: int
    drawings: int
    layouts: tuple[Layout, ...]
    without: tuple[tuple[Symbol, str], ...]


@dataclass(slots=True)
class _Count:
    quantities: dict[Symbol, None] = field(default_factory=dict)
    entries: int = 0
    without: dict[tuple[Symbol, str], None] = field(default_factory=dict)


def agreement(
    graphs: Iterable[Graph],
    layouts: tuple[Layout, ...] = LAYOUTS,
    letters: Letters = LETTERS,
    seed: int = 1,
) -> Agreement:
    """Compare the forms of every named node on each graph, at values drawn anew for each.

    The sizes of the graphs must be numbers. VerificationError names the first entry that differs.
    """
    generator = random.Random(seed)
    count = _Count()
    drawings = 0
    for graph in graphs:
        drawings += 1
        _compare_graph(graph, layouts, letters, generator, count)
    return Agreement(tuple(count.quantities), count.entries, drawings, layouts, tuple(count.without))


def drawn(build: Callable[[Callable[[], int]], Graph], drawings: int = 4, seed: int = 1) -> list[Graph]:
    """Graphs from a function that asks for sizes: all 1 first, then drawn from 1 to 4."""
    generator = random.Random(seed)
    return [build((lambda: 1) if number == 0 else (lambda: generator.randint(1, 4))) for number in range(drawings)]


def _compare_graph(
    graph: Graph, layouts: tuple[Layout, ...], letters: Letters, generator: random.Random, count: _Count
) -> None:
    values: dict[Symbol, Any] = {}
    evaluations = {layout: Evaluation(graph, layout, values) for layout in LAYOUTS}
    plain = evaluations["column"]
    for node in graph.nodes:
        if node.symbol is None:
            continue
        if node.operation is None or isinstance(node.operation, _OPAQUE):
            for place in node.places():
                values[node.entry(*place)] = plain.numbers.mpf(f"{generator.uniform(0.2, 1.4):.6f}")
            continue
        for place in node.places():
            entry = node.entry(*place)
            values[entry] = plain.value(definition(graph, entry))
        count.quantities.setdefault(node.symbol)
        count.entries += len(list(node.places()))
        try:
            _compare_indexed(node, plain, letters)
            for layout in layouts:
                _compare_matrix(node, graph, evaluations[layout])
        except NoFormError as error:
            count.without.setdefault((node.symbol, str(error)))


def _compare_indexed(node: Node, evaluation: Evaluation, letters: Letters) -> None:
    place = letters.place(node.axes)
    for named in (True, False):
        written = IndexedForm(letters, named).definition(node, place)
        for indices in node.places():
            found = evaluation.at(
                **{index.symbol: at + 1 for index, at in zip(place.values(), indices, strict=True)}  # type: ignore[union-attr]
            ).value(written)
            _require(evaluation.values[node.entry(*indices)], found, node, indices, "indexed")


def _compare_matrix(node: Node, graph: Graph, evaluation: Evaluation) -> None:
    rows, columns = placement(node.axes, evaluation.layout)
    for form in _matrix_forms(graph, evaluation.layout):
        written = form.definition(node).expression
        try:
            found = evaluation.value(written)
        except ValueError as error:
            raise VerificationError(f"the {evaluation.layout} matrix form of {node.id}: {error}") from error
        for indices in node.places():
            at = dict(zip(node.axes, indices, strict=True))
            entry = _entry(found, at[rows] if rows else 0, at[columns] if columns else 0)
            _require(evaluation.values[node.entry(*indices)], entry, node, indices, f"{evaluation.layout} matrix")


def _matrix_forms(graph: Graph, layout: Layout) -> tuple[MatrixForm, ...]:
    return (MatrixForm(graph, layout), MatrixForm(graph, layout, named=False, totals="sum"))


def _entry(value: Value, row: int, column: int) -> Any:
    return value[row][column] if isinstance(value, tuple) else value


def _require(expected: Any, found: Any, node: Node, place: tuple[int, ...], form: str) -> None:
    if isinstance(found, tuple):
        found = found[0][0]
    if not abs(expected - found) <= TOLERANCE * max(1, abs(expected)):
        raise VerificationError(f"the {form} form of {node.id} at {place} gives {found}, the scalar form {expected}")
