"""A story in which the error shares have names and values too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from msgspec import structs

from symbackprop.derive.shares import ERROR, SHARE, ErrorShares, error_shares
from symbackprop.document.story import Story
from symbackprop.expression import Apply, Expression, Symbol, transform
from symbackprop.forms.scalar import definition
from symbackprop.graph import Node, canonical_id, whole

NAMED = "share"
"""The kind under which notations spell what a unit receives; in the graph its variants have names of their own."""


@dataclass(frozen=True)
class Shares:
    """The errors handed back in one variant, under the names that readers see."""

    derived: ErrorShares
    variant: str = ""

    def entries(self, position: int) -> tuple[Symbol, ...]:
        """What the units of a layer receive."""
        node = self.derived.errors(position, self.variant)
        return tuple(_named(node.entry(*place)) for place in node.places())

    def definition(self, entry: Symbol) -> Expression:
        """What a unit receives in terms of what the next layer has."""
        own = structs.replace(entry, kind=ERROR, variant=self.variant)
        return transform(self.derived.definition(own, written_out=True), _shown)

    def matrix(self, position: int) -> Expression:
        """The matrix by which the errors of a layer are handed back, entry by entry."""
        graph = self.derived.graph
        factor = graph.by_id[canonical_id(Symbol("weight" if self.variant else SHARE, position))]
        units, before = (range(whole(axis)) for axis in factor.axes)
        between = [node.id for node in graph.nodes if node.role != "weight"]
        rows = []
        for source in before:
            cells = (definition(graph, factor.entry(to, source), between) for to in units)
            rows.append(Apply("row", tuple(cells)))
        return Apply("matrix", tuple(rows))

    @cached_property
    def values(self) -> Mapping[Symbol, Any]:
        """The values of what the units receive."""
        return {
            _named(entry): value
            for entry, value in self.derived.values.items()
            if entry.kind == ERROR and entry.variant == self.variant
        }


def _named(entry: Symbol) -> Symbol:
    return structs.replace(entry, kind=NAMED, variant="")


def _shown(part: Expression) -> Expression | None:
    return _named(part) if isinstance(part, Symbol) and part.kind == ERROR else None


@dataclass(frozen=True)
class ShareStory(Story):
    """A story in which the shares have values too."""

    shares: Shares = field(kw_only=True)

    @property
    def values(self) -> Mapping[Symbol, Any]:
        return {**super().values, **self.shares.values}


def told(story: Story, variant: str = "") -> ShareStory:
    """The story with the shares of one variant; UserError where they are not defined."""
    derived = error_shares(story.derivation.model)
    derived.check()
    shares = Shares(derived, variant)
    return ShareStory(story.derivation, story.verification, story.notation, story.detail, story.order, shares=shares)


def share_nodes(story: Story) -> tuple[Node, ...]:
    """The shares, for the table of symbols."""
    derived = error_shares(story.derivation.model)
    errors = ((position, derived.errors(position)) for position in range(story.depth, -1, -1))
    return tuple(replace(node, symbol=Symbol(NAMED, position)) for position, node in errors)
