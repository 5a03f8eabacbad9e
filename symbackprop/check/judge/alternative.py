"""Another convention under which a step would be true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from symbackprop.check.judge.compare import Comparer
from symbackprop.check.judge.values import ValueJudge
from symbackprop.expression import Expression, Symbol, walk


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Another convention: when it may be meant. ``fact`` completes "is true if ..."."""

    rule: str
    fact: str
    variants: frozenset[str] = frozenset()
    """The variants of quantities that it changes: without one of them it explains nothing."""
    kinds: frozenset[str] = frozenset()
    """Kinds of quantities that it changes."""
    words: str = ""
    """Words beside a formula that state the convention: then it is right."""
    of_head: bool = False
    """Whether the quantity has to stand on the left side."""
    beside_head: bool = False
    """Whether it must not: an equation about δ itself is wrong, not written under another convention."""

    refuted: Callable[[Expression], bool] = lambda tree: False
    """Whether a formula shows that it is not meant."""

    turn: Callable[[Expression], Expression] = lambda tree: tree
    """What formulas mean under it."""
    of_section: bool = False
    """Whether the words hold for all that follows, so that numbers are judged under it before anything else says so."""
    is_remote: bool = False
    """Whether a slip is the likelier explanation where no words state it: another network is not meant by chance."""

    def concerns(self, head: Expression, written: Expression | None = None, stated: bool = False) -> bool:
        """Whether a step is about such a quantity; what is only used in a formula does not change its meaning,

        unless the words beside it have ``stated`` so.
        """
        if (self.beside_head and self._holds(head)) or (written is not None and self.refuted(written)):
            return False
        used = written is not None and (stated or not self.of_head) and self._holds(written)
        return self._holds(head) or used

    def _holds(self, tree: Expression) -> bool:
        return any(
            isinstance(node, Symbol) and (node.variant in self.variants or node.kind in self.kinds)
            for node in walk(tree)
        )

    def terms(self) -> dict[str, Any]:
        """What every convention has, by name."""
        return {each.name: getattr(self, each.name) for each in fields(Terms)}


@dataclass(frozen=True, kw_only=True)
class Alternative(Terms):
    """A convention with what decides under it: what is true then is no plain mistake."""

    comparer: Comparer
    values: ValueJudge
