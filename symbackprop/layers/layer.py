"""What a layer is, and the table of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from symbackprop.errors import UserError
from symbackprop.expression import Symbol
from symbackprop.graph import Axis, Builder, Node, Size
from symbackprop.registry import Registry

Value = Decimal
"""A number as it is written: exact, with a known number of digits."""


@dataclass(slots=True)
class Construction:
    """A graph under construction: the builder, and what was said of its leaves so far.

    ``parameters`` are the leaves that training changes, weights before biases of the same layer.
    ``values`` holds the given values of leaves by entry.
    """

    build: Builder
    parameters: list[Node] = field(default_factory=list)
    values: dict[Symbol, Value] = field(default_factory=dict)

    def add_parameter(self, node: Node, given: Any = None) -> None:
        """Let training change a leaf, which has the given values if there are any."""
        self.parameters.append(node)
        if given is not None:
            self.set_values(node, given)

    def parameter(self, symbol: Symbol) -> Node:
        """The parameter of that name."""
        return next(node for node in self.parameters if node.symbol == symbol)

    def set_values(self, node: Node, given: Any) -> None:
        """Store the entries of a nested list (or one number, for a scalar) under their symbols."""
        for place in node.places():
            value = given
            for index in place:
                value = value[index]
            self.values[node.entry(*place)] = value


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the check of a layer may look at: its own number, all layers, and all numbers of units.

    ``layers`` and ``sizes`` hold None for what could not be read; ``sizes`` begins with the input.
    """

    position: int
    sizes: Sequence[int | None]
    layers: Sequence[Layer | None]

    @property
    def inputs(self) -> int | None:
        """The number of units that come in."""
        return self.sizes[self.position - 1]


class Layer(Protocol):
    """The part of a spec that describes one layer, and how it extends a graph."""

    kind: ClassVar[str]

    over_time: ClassVar[bool]
    """Whether it needs its inputs as a sequence in time."""

    @property
    def units(self) -> int | None:
        """The number of units it puts out; None: as many as come in."""
        ...

    @property
    def outputs(self) -> str:
        """What its outputs satisfy: "" (nothing), "probability" or "distribution"."""
        ...

    def problems(self, place: str, around: Surroundings) -> Iterator[UserError]:
        """What is wrong with its values."""
        ...

    def extend(self, construction: Construction, previous: Node, position: int) -> Node:
        """Put its nodes behind ``previous`` (last axis: units) and answer its activation."""
        ...


@dataclass(frozen=True, slots=True)
class LayerKind:
    """An entry of the table: the name written as ``kind`` in a spec, and the type read for it."""

    name: str
    layer: type[Any]
    summary: str


LAYERS = Registry("symbackprop.layers", LayerKind, "layer kind")


def unit_axis(position: int, size: Size) -> Axis:
    """The axis over the units of a layer; layer 0 is the input."""
    return Axis(f"units[{position}]", size)


SAMPLES = "samples"
TIME = "time"
"""The names of the axes that may stand before the units."""


def shape_problems(place: str, given: Any, shape: Sequence[int | None], meaning: Sequence[str]) -> Iterator[UserError]:
    """What is wrong with a nested list of numbers: its shape (None: any length), or a number in it.

    ``meaning`` says what each dimension holds, in words: "rows, one for each unit".
    """
    if not shape:
        yield from _number_problems(place, given)
        return
    noun, comma, whose = meaning[0].partition(",")
    expected = f"a list of {meaning[0]}" if shape[0] is None else f"{shape[0]} {meaning[0]}"
    if shape[0] == 1:
        expected = f"1 {noun.removesuffix('s')}{comma}{whose}"
    if not isinstance(given, list):
        yield UserError(place, f"expected {expected}, got one number")
        return
    if shape[0] is not None and len(given) != shape[0]:
        yield UserError(place, f"expected {expected}, got {len(given)}")
    if not given:
        yield UserError(place, f"expected {expected}, got an empty list")
    for position, item in enumerate(given):
        yield from shape_problems(f"{place}[{position}]", item, shape[1:], meaning[1:])


def _number_problems(place: str, given: Any) -> Iterator[UserError]:
    if isinstance(given, list):
        yield UserError(place, f"expected one number, got a list of {len(given)}")
    elif not given.is_finite():
        yield UserError(place, f"{given} is not a finite number")
    elif given and not -LARGEST_EXPONENT <= given.adjusted() <= LARGEST_EXPONENT:
        yield UserError(
            place, f"{given:.3e} is out of range: magnitudes go from 1e-{LARGEST_EXPONENT} to 1e{LARGEST_EXPONENT}"
        )
    elif len(given.as_tuple().digits) > MOST_DIGITS:
        yield UserError(place, f"more than {MOST_DIGITS} digits")


LARGEST_EXPONENT = 100
MOST_DIGITS = 40
