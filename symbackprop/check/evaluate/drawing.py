"""What a formula is evaluated against: values for all quantities, and what signs mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from symbackprop.check.evaluate.traced import Traced
from symbackprop.expression import Symbol

Places = Mapping[str, int]
"""Index letter -> the place it stands for: units are counted from 0, layers as they are numbered."""

INDEX = "index"
"""The kind of a symbol that stands for an index used as a number, or in a condition."""


class Drawing(Protocol):
    """Values for all quantities at one point."""

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        """A traced number, or an Array of them; raises Undecided or ShapeError."""
        ...

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        """A named function, or its derivative of an order, applied."""
        ...

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        """How many values an index of a quantity runs over."""
        ...

    def layers(self, symbol: Symbol) -> range:
        """The layers at which a kind of quantity exists."""
        ...

    def slopes(self, of: Traced) -> Mapping[int, Any]:
        """The derivatives of a number by everything it was computed from."""
        ...


@dataclass(frozen=True)
class Reading:
    """What signs mean that a document leaves open.

    ``products`` maps the operators of products to "matrix" or "hadamard"; ``numerator`` puts
    derivatives of a number by a vector on their side. ``lenient``: two columns side by side are
    multiplied entry by entry, as loose definitions of a loss have it.
    """

    products: Mapping[str, str] = field(default_factory=dict)
    numerator: bool = False
    lenient: bool = False


USUAL = Reading()
