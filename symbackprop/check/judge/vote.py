"""Where two equations define one quantity differently, the rest of the document votes for the one that fits."""

from __future__ import annotations

import re
from dataclasses import replace

from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.bind.model import ModelBuilder
from symbackprop.check.evaluate.model import Definition
from symbackprop.check.judge.own_evidence import Evidence
from symbackprop.expression import Symbol, walk

MOST_VOTES = 8
_SUPPOSING = re.compile(r"(?:若|如果|假如|例如|\b[Ii]f\b|\b[Ss]uppose\b|[Ff]or example)[^。.]{0,60}$")
"""Words before an equation that holds in a special case only: it is no rival of what holds in general."""


def vote(document: Evidence) -> Evidence:
    """Exchange a first definition for a later one where less of the document fails with it."""
    failing = document.failing()
    chains = list(document.builder.chains.values())
    for number in [number for number in failing if 0 <= number < len(chains)][:MOST_VOTES]:
        rival = chains[number]
        found = _contested(document.builder, rival)
        if found is None or _SUPPOSING.search(rival.statements[0].context.before):
            continue
        first, place, definitions = found
        definitions[place] = replace(first, tree=rival.trees[1], line=rival.line)
        other = document.renewed()
        after = other.failing()
        # The line that loses is a failure itself: only a clear gain counts.
        if sum(after.values()) + 1 < sum(failing.values()):
            _exchange(chains, first, rival)
            document, failing = other, after
        else:
            definitions[place] = first
            document = document.renewed()
    return document


def _contested(builder: ModelBuilder, rival: BoundChain) -> tuple[Definition, int, list[Definition]] | None:
    """The definition that a failing equation disagrees with, and where it stands."""
    head = rival.trees[0]
    if not isinstance(head, Symbol) or builder.is_special(head) or rival.members[1].unknown or rival.defines:
        return None
    if head in walk(rival.trees[1]):
        return None
    definitions = builder.model.definitions.get(builder.model.key(head), [])
    for place, definition in enumerate(definitions):
        if definition.head == head and head not in [node for node in rival.trees[1:2] if isinstance(node, Symbol)]:
            return definition, place, definitions
    return None


def _exchange(chains: list[BoundChain], first: Definition, rival: BoundChain) -> None:
    for chain in chains:
        if chain.defines and chain.line == first.line and chain.trees[0] == first.head:
            chain.defines = False
    rival.defines = True
