"""What binding needs of whatever knows the quantities of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from symbackprop.expression import Expression, Name, Symbol


class Names(Protocol):
    """What knows the quantities of the document."""

    def resolve(self, name: Name) -> Expression | None:
        """What a name means: a quantity, or what stands for it."""
        ...

    def function(self, name: Name, arguments: tuple[Expression, ...]) -> Symbol | None:
        """The function that a name without primes means before these arguments."""
        ...

    def is_function(self, name: Name) -> bool:
        """Whether a name before a bracket is applied to what is in it, though it is no usual name of a function."""
        ...

    def called(self, function: Expression, arguments: tuple[Expression, ...]) -> Expression | None:
        """What a call stands for, where it names a quantity: the loss of one output."""
        ...

    def change(self, symbol: Expression) -> Expression:
        """What ``Δw`` stands for."""
        ...

    def is_loss(self, symbol: Symbol) -> bool:
        """Whether a quantity may be written with what it depends on: ``J(W, b)``."""
        ...

    def of_last_layer(self, name: Name) -> Symbol | None:
        """The quantity of the last layer, where a name that has layers stands without one."""
        ...

    def indexed(self, array: Name, items: Sequence[Expression]) -> Symbol | None:
        """The quantity that a name with index brackets means."""
        ...
