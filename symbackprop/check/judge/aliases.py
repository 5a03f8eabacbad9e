"""Two spellings of one quantity, noted where the second one first appears, each kind of difference once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from symbackprop.check.bind.spelling import head_spelling, script_spelling, shown, spelling
from symbackprop.expression import Expression, Index, Name, Symbol
from symbackprop.notation.canonical import canonical


@dataclass
class Aliases:
    """What every quantity has been called so far."""

    first: dict[Symbol, Name] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    """A part of a spelling -> one that was already noted, or stated, to mean the same."""

    def equate(self, left: Expression, right: Expression, meanings: dict[Name, Symbol]) -> None:
        """``a^0 = x`` says itself that two names mean one thing."""
        if isinstance(left, Name) and isinstance(right, Name) and meanings.get(left) == meanings.get(right):
            self._joined(left, right)

    def note(self, meanings: Iterable[tuple[Name, Symbol]]) -> str | None:
        """The remark on names that differ from what the same quantity was called before; None if there are none."""
        for name, symbol in meanings:
            if any(isinstance(index, Index) for index in (symbol.position, *(symbol.indices or ()))):
                continue
            known = self.first.setdefault(symbol, name)
            if canonical(spelling(known)) == canonical(spelling(name)):
                continue
            if not self._joined(known, name):
                continue
            return f"{shown(name)} is also written {shown(known)}"
        return None

    def _joined(self, first: Name, second: Name) -> bool:
        """Note that two spellings mean the same; False where that was known."""
        one, other = (self._root(part) for part in _differing(first, second))
        self.same[one] = other
        return one != other

    def _root(self, part: str) -> str:
        while (known := self.same.get(part, part)) != part:
            part = known
        return part


def _differing(first: Name, second: Name) -> tuple[str, str]:
    """What differs between two spellings, numbers left aside: ``o1`` and ``O_1`` whatever the neuron."""
    if canonical(head_spelling(first)) != canonical(head_spelling(second)):
        parts = [canonical(head_spelling(name)) for name in (first, second)]
    else:
        parts = ["|".join(_scripts(name)) for name in (first, second)]
    one, other = (re.sub(r"\d+", "#", part) for part in parts)
    return one, other


def _scripts(name: Name) -> list[str]:
    return [script_spelling(script) if script is not None else "" for script in (name.subscript, name.superscript)]
