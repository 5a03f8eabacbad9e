"""What a rule of the checker is, and the table of them (``check/rules``, one file each).

A rule knows one slip. Read backwards it repairs: from what is written to what should stand there, and
where that equals the truth, the rule names the slip. Read forwards it makes slips, to find out which one
a printed number comes from, and to test the checker with faulty documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from symbackprop.check.judge.compare import Comparer, Outcome
from symbackprop.check.judge.finding import Finding
from symbackprop.check.verdict import Status
from symbackprop.expression import Expression, Symbol
from symbackprop.registry import Registry


class Vocabulary(Protocol):
    """The quantities that could have been meant."""

    def alike(self, symbol: Symbol) -> Sequence[Symbol]:
        """The same kind of quantity in the same layer: other neurons, other weights."""
        ...

    def other_layers(self, symbol: Symbol) -> Sequence[Symbol]:
        """The same kind of quantity in another layer."""
        ...

    def partners(self, symbol: Symbol) -> Sequence[Symbol]:
        """What belongs to the same neurons: its activation, its pre-activation, its δ."""
        ...

    def slopes(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        """Derivatives of the activations of the neurons that occur in some trees."""
        ...

    def biases(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        """The biases of the neurons that occur in some trees."""
        ...

    def factors(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        """Quantities that could be a factor beside those that occur in some trees."""
        ...

    def paths(self, head: Expression) -> Sequence[Sequence[Expression]]:
        """For a derivative, its terms by the ways that lead through each layer between."""
        ...

    def definition(self, tree: Expression) -> Expression | None:
        """How a quantity or a derivative follows from others, as a document would show it."""
        ...


@dataclass(frozen=True, slots=True)
class Repair:
    """What should stand there, and the fact in one sentence."""

    tree: Expression
    message: str


@dataclass(frozen=True)
class Case:
    """A step that does not hold: ``written`` stands where something equal to ``head`` should.

    ``before`` are the members of the chain between them. ``spell`` writes a tree as TeX for messages.
    """

    head: Expression
    written: Expression
    before: tuple[Expression, ...]
    outcome: Outcome
    comparer: Comparer
    vocabulary: Vocabulary
    spell: Callable[[Expression], str]
    values: Callable[[], str] = lambda: ""
    """The two sides at the example's values, as the end of a sentence, where they have any."""


@dataclass(frozen=True)
class Rule:
    """An entry: ``page`` is the module's docstring. Rules are tried in the order of ``priority``.

    ``repairs`` yields what could have been meant; ``examine`` decides by itself; ``slips`` makes the
    mistake in a right formula; ``digits`` says whether the printed digits come from the right ones.
    """

    name: str
    page: str | None
    priority: int = 50
    status: Status = Status.WRONG
    repairs: Callable[[Case], Iterator[Repair]] | None = None
    examine: Callable[[Case], Finding | None] | None = None
    slips: Callable[[Expression, Vocabulary], Iterator[Expression]] | None = None
    digits: Callable[[str, str], str | None] | None = None
    """From printed and right digits to the fact, or None."""

    @property
    def summary(self) -> str:
        """The first line of its page."""
        return (self.page or "").strip().partition("\n")[0]


RULES: Registry[Rule] = Registry("symbackprop.check.rules", Rule, "rule")


@cache
def rules_in_order() -> tuple[Rule, ...]:
    """All rules, those first that explain more exactly."""
    return tuple(sorted(RULES, key=lambda rule: (rule.priority, rule.name)))
