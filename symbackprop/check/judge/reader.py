"""What the document judge needs of whatever gives the document its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from symbackprop.check.bind.binding import Bound
from symbackprop.check.conventions import Conventions
from symbackprop.check.judge.finding import Finding
from symbackprop.check.judge.judging import ChainJudge
from symbackprop.check.statement import PhraseClaim, Role, Statement
from symbackprop.expression import Expression, Name, Number, Symbol


class Reader(Protocol):
    """A network, or the document itself."""

    @property
    def conventions(self) -> Conventions: ...

    def evident(self) -> frozenset[str]:
        """The keys of the conventions that make a difference to this document."""
        ...

    def chains_for(self, members: Sequence[Bound]) -> ChainJudge:
        """What judges a chain of these members."""
        ...

    def bound(self, members: Sequence[Expression]) -> list[Bound]:
        """Expressions bound, for what claims nothing."""
        ...

    def members(self, statements: Sequence[Statement], written: Sequence[Expression]) -> list[Bound]:
        """The members of a chain, bound."""
        ...

    def defines(self, statements: Sequence[Statement], written: Sequence[Expression], members: Sequence[Bound]) -> bool:
        """Whether the first step of a chain gives its left side a meaning; it is then known from here on."""
        ...

    def roles(self, name: Expression, role: Role | None) -> Iterable[Symbol]:
        """What a neuron's name may stand for where a value is given."""
        ...

    def enter(self, statement: Statement) -> None:
        """The chain of this statement is judged next."""
        ...

    def oddity(self, name: Name) -> str | None:
        """What is odd about the way a name is written; None if nothing is."""
        ...

    def phrase(self, claim: PhraseClaim) -> Finding:
        """Numbers in prose."""
        ...

    def reached(self, symbol: Symbol, printed: Number, steps: int) -> Finding | None:
        """A printed value of a quantity after some steps of training; None where that cannot be told."""
        ...
