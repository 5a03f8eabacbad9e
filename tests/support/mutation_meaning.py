"""Whether a change of a formula changes what it says: decided without the checker.

The formula is evaluated at random values of the leaves by the evaluator that the generator's forms are
compared with; a partial derivative is a central difference of the graph.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from support.values import evaluation

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.expression import Apply, Expression, Symbol, transform
from symbackprop.forms.evaluation import Evaluation
from symbackprop.forms.layout import Layout
from symbackprop.forms.scalar import definition

STEP = "1e-10"
TOLERANCE = "1e-12"


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
        """Whether two formulas have different values; None where one of them cannot be evaluated."""
        try:
            return not _close(self._value(first), self._value(second), self.drawn.numbers.mpf(TOLERANCE))
        except (
            UnknownError,
            KeyError,
            IndexError,
            TypeError,
            ValueError,
            AttributeError,
            ZeroDivisionError,
            AssertionError,
        ):
            return None

    def _value(self, tree: Expression) -> Any:
        return self.drawn.value(transform(tree, self._without_partials))

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


def _close(first: Any, second: Any, tolerance: Any) -> bool:
    if isinstance(first, tuple) != isinstance(second, tuple):
        return False
    if isinstance(first, tuple):
        return len(first) == len(second) and all(
            _close(*pair, tolerance=tolerance) for pair in zip(first, second, strict=True)
        )
    return bool(abs(first - second) <= tolerance * (1 + abs(first)))
