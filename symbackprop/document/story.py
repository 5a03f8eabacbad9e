"""What every outline tells from: a derivation, and the few ways in which it puts mathematics into lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.paths import Factor, Path, Paths
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.verification import Verification
from symbackprop.document.blocks import Inline, Message, Text
from symbackprop.document.rows import EntryRows, Row, rows_of
from symbackprop.expression import Apply, Chain, Expression, Number, Symbol, chain, multiply, partial, transform
from symbackprop.forms.algebra import flatten
from symbackprop.forms.indexed import Letters
from symbackprop.forms.layout import Layout
from symbackprop.notation.naming import Naming
from symbackprop.notation.table import Notation
from symbackprop.numeric.evaluation import value_of
from symbackprop.numeric.rounding import Rounding
from symbackprop.numeric.training import Training
from symbackprop.spec.model import Form, Order

Detail = Literal["full", "brief"]


def say(key: str, **arguments: Inline) -> Message:
    """A phrase with its arguments."""
    return Message(key, arguments)


def counted(key: str, count: int, **arguments: Inline) -> Message:
    """A phrase that depends on a number: ``key.one`` or ``key.many``."""
    return Message(f"{key}.{'one' if count == 1 else 'many'}", {"count": Text(f"{count:,}"), **arguments})


@dataclass(frozen=True)
class Story:
    """A derivation to be told: with which rounding, in which detail, verified how."""

    derivation: Derivation
    verification: Verification
    notation: Notation
    detail: Detail = "full"
    order: Order = "simultaneous"
    layout: Layout | None = None
    """The only layout that the story can be told in, whatever the network or the notation prefers."""

    @cached_property
    def paths(self) -> Paths:
        return Paths(self.derivation)

    @property
    def rounding(self) -> Rounding:
        return Rounding.of(self.derivation.network.numbers)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The layouts in which matrices are shown, the main one first."""
        if self.layout is not None:
            return (self.layout,)
        wanted = self.derivation.network.about.layout
        own = self.notation.layout
        if wanted == "both":
            return (own, "row" if own == "column" else "column")
        return (wanted or own,)

    @cached_property
    def naming(self) -> Naming:
        """The notation, bound to this network."""
        network = self.derivation.network
        return Naming(self.notation, network.sizes, len(self.derivation.output.axes) > 1)

    @property
    def letters(self) -> Letters:
        """The index letters of the notation."""
        letters = self.notation.indices
        return Letters(
            (letters.unit, letters.before, letters.after, letters.other, "q", "r"), (letters.sample, "u", "v")
        )

    def shows(self, form: Form) -> bool:
        return form in self.derivation.network.about.forms

    @property
    def values(self) -> Mapping[Symbol, Any]:
        return self.derivation.values_after(self.order)

    @property
    def loss(self) -> Symbol:
        return self.derivation.model.graph.loss.entry()

    @property
    def depth(self) -> int:
        """The number of layers, the input not counted."""
        return len(self.derivation.network.layers)

    @property
    def numeric(self) -> bool:
        """Whether every quantity has a value."""
        return self.derivation.model.complete

    @property
    def iterations(self) -> int:
        return self.derivation.network.training.iterations

    def training(self, order: Order) -> Training:
        """The loop in an update order, for as many iterations as the spec says (one at least)."""
        return self.derivation.train(order, max(1, self.iterations))

    def entries(self, kind: str, position: int | None = None, variant: str = "") -> tuple[Symbol, ...]:
        """All entries of a quantity, () if the network has no such quantity."""
        return self.derivation.graph.entries(Symbol(kind, position, None, variant))

    @property
    def loop(self) -> str:
        """What is counted in training, as phrases name it: updates, or rounds through the samples."""
        return "rounds" if self.derivation.model.samples else "training"

    def rows(self, entries: tuple[Symbol, ...], row: Callable[[Symbol], Row], *shown: Symbol) -> EntryRows:
        """A table's rows, one for each entry of an array; the first shows the definitions of ``shown``."""
        return rows_of(self.derivation.graph, entries, row, shown, self.values)

    def number(self, entry: Symbol) -> Number | None:
        """The rounded value of an entry, if it has one."""
        return self.rounding.number(self.values[entry]) if entry in self.values else None

    def value(self, expression: Expression) -> Number | None:
        """The rounded value of an expression, if all its quantities have one."""
        found = value_of(expression, self.values)
        return None if found is None else self.rounding.number(found)

    def substituted(self, expression: Expression) -> Expression:
        """The expression with every known quantity replaced by its rounded value."""

        def put_in(node: Expression) -> Expression | None:
            return self.number(node) or node if isinstance(node, Symbol) else None

        return transform(expression, put_in)

    def evaluated(self, *members: Expression) -> Chain:
        """``first = ... = last = last with numbers = value``, as far as there are values.

        Equal neighbours are written once. Zeros and ones that are put in are not simplified away.
        """
        last = members[-1]
        written = list(joined(*members).expressions)
        for member in (self.substituted(last), self.value(last)):
            if member is not None and member != written[-1]:
                written.append(member)
        return chain(*written)

    def evaluated_in(self, order: Order, *members: Expression) -> Chain:
        """``evaluated`` with the values of an update order."""
        return replace(self, order=order).evaluated(*members)

    def defined(self, entry: Symbol) -> Chain:
        """An entry = its definition = numbers put in = value."""
        return self.evaluated(entry, self.derivation.definition(entry))

    def product(self, left: Expression, symbolic: Expression, parts: Sequence[Expression], result: Symbol) -> Chain:
        """left = symbolic = the values of its parts multiplied = the value of ``result``.

        Where a part has no value, the parts stand there as formulas.
        """
        numbers = [self.value(part) for part in parts]
        known = [number for number in numbers if number is not None]
        value = self.number(result)
        if len(known) < len(parts) or value is None:
            return joined(left, symbolic, multiply(*parts))
        if len(known) == 1:
            return joined(left, symbolic, value)
        # A factor 1 stays: the reader counts the factors.
        return Chain((*joined(left, symbolic).expressions, Apply("multiply", tuple(known)), value), ("=", "=", "="))

    # ---- factors and paths ---------------------------------------------------------------------

    def factor_symbol(self, factor: Factor) -> Expression:
        return partial(factor.of, factor.by)

    def factor_line(self, factor: Factor) -> Chain:
        """∂of/∂by = SymPy's derivative = the form people write = numbers = value."""
        return self.evaluated(self.factor_symbol(factor), factor.derivative, factor.preferred)

    def term_symbol(self, path: Path, top: Symbol) -> Expression:
        """What one way contributes: ∂E_part/∂top where it ends in one part of the loss, else the product."""
        if path.part is not None:
            return partial(path.part, top)
        return multiply(partial(self.loss, path.through), self.factor_symbol(path.factor))

    def term_value(self, path: Path) -> Expression:
        """What one way contributes, in known quantities: δ of the entry on the way, times the factor."""
        return multiply(adjoint_symbol(path.through), path.factor.preferred)


def joined(*members: Expression) -> Chain:
    """A chain of equalities in which neighbours that look the same are written once."""
    kept: list[Expression] = []
    for member in map(flatten, members):
        if not kept or member != kept[-1]:
            kept.append(member)
    return chain(*kept)
