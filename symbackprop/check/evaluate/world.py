"""The world of a network: random points, the example's point, and the instances of general formulas."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import Any, Protocol

from symbackprop.check.evaluate.absent import Absent
from symbackprop.check.evaluate.batch import BatchDrawing
from symbackprop.check.evaluate.drawing import INDEX, USUAL, Drawing, Places, Reading
from symbackprop.check.evaluate.network import COLUMNS, Layout, NetworkDrawing
from symbackprop.check.evaluate.traced import number
from symbackprop.derive.derivation import Derivation
from symbackprop.expression import Expression, Index, Symbol, walk
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.loss import LOSSES

POINTS = 6
POINTS_WITH_KINKS = 10
POINTS_OF_LARGE = 3
LARGE = 2_000
"""Leaves from which on fewer points are drawn."""
MOST_COMBINATIONS = 4_000


@dataclass(frozen=True)
class NetworkWorld:
    """A derivation, arranged as a document arranges it."""

    derivation: Derivation
    layout: Layout = COLUMNS
    reading: Reading = USUAL
    _points: dict[str, list[NetworkDrawing]] = field(default_factory=dict, compare=False, repr=False)

    def arranged(self, layout: Layout) -> NetworkWorld:
        """The same points under another arrangement."""
        world = replace(self, layout=layout, _points={})
        world._points["random"] = [drawing.with_layout(layout) for drawing in self.drawings]
        return world

    @property
    def drawings(self) -> Sequence[NetworkDrawing]:
        if "random" not in self._points:
            generator = random.Random(1974)
            self._points["random"] = [
                NetworkDrawing(self.derivation, self._leaves(generator), self.layout) for _ in range(self._count)
            ]
        return self._points["random"]

    @property
    def _count(self) -> int:
        if len(self._entries) > LARGE:
            return POINTS_OF_LARGE
        names = {getattr(layer, "activation", "") for layer in self.derivation.network.layers}
        kinks = any(name in ACTIVATIONS and ACTIVATIONS.get(name).kinks for name in names)
        return POINTS_WITH_KINKS if kinks else POINTS

    @cached_property
    def _entries(self) -> tuple[Symbol, ...]:
        nodes = self.derivation.model.graph.nodes
        return tuple(node.entry(*place) for node in nodes if node.operation is None for place in node.places())

    def _leaves(self, generator: random.Random) -> dict[Symbol, str]:
        """Values of moderate size and both signs; targets as the loss needs them, learning rates positive."""
        values = {leaf: f"{generator.choice((-1, 1)) * generator.uniform(0.2, 1.3):.9f}" for leaf in self._entries}
        for leaf in self._entries:
            if leaf.kind == "learning_rate":
                values[leaf] = f"{generator.uniform(0.2, 0.9):.9f}"
            elif leaf.kind == "target" and LOSSES.get(self.derivation.network.loss).needs:
                values[leaf] = f"{generator.uniform(0.2, 0.8):.9f}"
        if LOSSES.get(self.derivation.network.loss).needs == "distribution":
            targets = [leaf for leaf in self._entries if leaf.kind == "target"]
            whole = sum(number(values[leaf]) for leaf in targets)
            values |= {leaf: str(number(values[leaf]) / whole) for leaf in targets}
        return values

    def batched(self) -> BatchWorld:
        """The same network with several samples at each point; their quantities have the sample's index first."""
        generator = random.Random(11)
        points = []
        for drawing in self.drawings[:POINTS_OF_LARGE]:
            others = [
                {
                    leaf: value
                    for leaf, value in self._leaves(generator).items()
                    if leaf.kind in ("activation", "target")
                }
                for _ in range(SAMPLES - 1)
            ]
            points.append(BatchDrawing((drawing, *(drawing.another({**drawing.leaves, **own}) for own in others))))
        return BatchWorld(len(self.derivation.network.layers), tuple(points), self.reading)

    @property
    def example(self) -> NetworkDrawing | None:
        """The values that the spec gives; what they do not determine has none."""
        if "example" not in self._points:
            given: Mapping[Symbol, Any] = self.derivation.model.values
            leaves = {leaf: str(value) for leaf, value in given.items()}
            self._points["example"] = [NetworkDrawing(self.derivation, leaves, self.layout)] if leaves else []
        return next(iter(self._points["example"]), None)

    @property
    def completions(self) -> Sequence[NetworkDrawing]:
        """The given values, with others drawn for those that the spec leaves out; none if it leaves out nothing."""
        given = self.derivation.model.values
        if not given or all(leaf in given for leaf in self._entries):
            return ()
        if "completed" not in self._points:
            generator = random.Random(3)
            exact = {leaf: str(value) for leaf, value in given.items()}
            self._points["completed"] = [
                NetworkDrawing(self.derivation, {**self._leaves(generator), **exact}, self.layout) for _ in range(2)
            ]
        return self._points["completed"]

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]:
        yield from instances(self.drawings[0], len(self.derivation.network.layers), trees)

    def same_range(self, trees: Sequence[Expression], first: str, second: str) -> bool:
        return same_range(self, trees, first, second)


@dataclass(frozen=True)
class BatchWorld:
    """A network and several samples."""

    depth: int
    drawings: Sequence[BatchDrawing]
    reading: Reading = USUAL

    @property
    def example(self) -> None:
        """No document gives the values of several samples."""
        return None

    @property
    def completions(self) -> Sequence[Drawing]:
        return ()

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]:
        yield from instances(self.drawings[0], self.depth, trees)

    def same_range(self, trees: Sequence[Expression], first: str, second: str) -> bool:
        return same_range(self, trees, first, second)


SAMPLES = 3
NOTHING: Mapping[str, int] = MappingProxyType({})


def instances(
    drawing: Drawing, depth: int, trees: Sequence[Expression], last: str = "", fixed: Mapping[str, int] = NOTHING
) -> Iterator[Places]:
    """Layers and units for the free letters, all that there are, in a fixed mixed order.

    ``last`` is the letter of the last layer; without it every letter that usually is. ``fixed`` are letters of units
    that stand for one unit throughout.
    """
    known = {**dict.fromkeys((last,) if last else LAST_LETTERS, depth), **fixed}
    layers, units = letters_of(trees, frozenset(known))
    if not layers and not units:
        yield known
        return
    found: list[dict[str, int]] = []
    for positions in product(range(depth + 1), repeat=len(layers)):
        places = {**known, **dict(zip(layers, positions, strict=True))}
        ranges = [range(_extent(drawing, trees, letter, places)) for letter in units]
        for chosen in product(*ranges):
            found.append({**places, **dict(zip(units, chosen, strict=True))})
            if len(found) > MOST_COMBINATIONS:
                break
    random.Random(7).shuffle(found)
    yield from found


def _extent(drawing: Drawing, trees: Sequence[Expression], letter: str, places: Places) -> int:
    """How many units a free letter runs over; 1 where nothing says it (the instance will not exist)."""
    return min((size for tree in trees for size in extents(drawing, tree, letter, places)), default=1)


class _Ranged(Protocol):
    @property
    def drawings(self) -> Sequence[Drawing]: ...

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]: ...


def same_range(world: _Ranged, trees: Sequence[Expression], first: str, second: str) -> bool:
    """Whether two letters run over the same number of things."""
    places = next(world.instances(trees), {})
    drawing = world.drawings[0]
    return _extent(drawing, trees, first, places) == _extent(drawing, trees, second, places)


LAST_LETTERS = ("L", "D", "last", "N_L", "n_l")
"""Letters of the last layer."""


def letters_of(trees: Sequence[Expression], known: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(letters of layers, letters of units) that are free in some trees."""
    from symbackprop.check.bind.indices import free_indices

    layers: dict[str, None] = {}
    free: dict[str, None] = {}
    for tree in trees:
        free.update(dict.fromkeys(free_indices(tree)))
        for node in walk(tree):
            if isinstance(node, Symbol) and isinstance(node.position, Index):
                layers[node.position.symbol] = None
    kept = tuple(letter for letter in layers if letter in free and letter not in known)
    return kept, tuple(letter for letter in free if letter not in layers and letter not in known)


def extents(drawing: Drawing, tree: Expression, letter: str, places: Places) -> Iterator[int]:
    """What the quantities in a tree that carry a letter say about how far it runs."""
    for node in walk(tree):
        if not isinstance(node, Symbol) or node.indices is None or node.kind == INDEX:
            continue
        for position, index in enumerate(node.indices):
            if isinstance(index, Index) and index.symbol == letter:
                try:
                    size = drawing.extent(node, position, places)
                except Absent:
                    continue
                if size is not None:
                    yield size
