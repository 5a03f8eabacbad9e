"""Where two equations define one quantity differently, the rest of the document votes for the one that fits."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from msgspec.structs import replace as struct_replace

from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.bind.indices import without_brackets
from symbackprop.check.bind.model import ModelBuilder
from symbackprop.check.evaluate.array import ShapeError
from symbackprop.check.evaluate.model import Definition
from symbackprop.check.evaluate.traced import Undecided
from symbackprop.check.judge.compare import Comparer
from symbackprop.check.judge.own_evidence import Evidence
from symbackprop.expression import Apply, Expression, Name, Number, Symbol, walk

MOST_VOTES = 8
_SUPPOSING = re.compile(r"(?:若|如果|假如|例如|\b[Ii]f\b|\b[Ss]uppose\b|[Ff]or example)[^。.]{0,60}$")
"""Words before an equation that holds in a special case only: it is no rival of what holds in general."""


def vote(document: Evidence) -> Evidence:
    """Exchange a first definition for a later one where less of the document fails with it."""
    document, mended = _with_logistic(document)
    failing = document.failing()
    chains = list(document.builder.chains.values())
    rivals = [chains[number] for number in failing if 0 <= number < len(chains) and number not in mended]
    contested = (
        (rival, _contested(document.builder, rival))
        for rival in rivals if not _SUPPOSING.search(rival.statements[0].context.before)
    )  # fmt: skip
    for rival, found in islice(((rival, found) for rival, found in contested if found is not None), MOST_VOTES):
        first, place, definitions = found
        valued = _has_value(document, first.head)
        definitions[place] = replace(first, tree=rival.trees[1], line=rival.line)
        other = document.renewed()
        after = other.failing()
        # The line that loses is a failure itself: only a clear gain counts. What can no longer be calculated is none.
        if sum(after.values()) + 1 < sum(failing.values()) and (_has_value(other, first.head) or not valued):
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


def _with_logistic(document: Evidence) -> tuple[Evidence, frozenset[int]]:
    """``\\frac{1}{1 + e^{z}}`` as the logistic function, where its numbers and its derivative say that it is meant.

    With the numbers of the chains that lack the minus.
    """
    builder = document.builder
    kept = {kind: list(definitions) for kind, definitions in builder.model.definitions.items()}
    found = [
        (definitions, place, tree)
        for definitions in builder.model.definitions.values() for place, definition in enumerate(definitions)
        if (tree := _logistic(definition.tree)) is not None
    ]  # fmt: skip
    if not found:
        return document, frozenset()
    first = [definitions[place] for definitions, place, _ in found]
    before = sum(document.failing().values())
    for definitions, place, tree in found:
        definitions[place] = replace(definitions[place], tree=tree)
    other = document.renewed()
    lines = {(definition.line, definition.head) for definition in first}
    chains = enumerate(builder.chains.values())
    without_minus = {number: chain for number, chain in chains if (chain.line, chain.trees[0]) in lines}
    # The lines that lost the minus fail now: only a clear gain counts.
    after = sum(weight for number, weight in other.failing().items() if number not in without_minus)
    if after + len(found) < before:
        for chain in without_minus.values():
            chain.defines = False
        return other, frozenset(without_minus)
    builder.model.definitions.update(kept)
    return document.renewed(), frozenset()


def _logistic(tree: Expression) -> Expression | None:
    """The logistic function that lacks its minus; None for anything else."""
    if not (isinstance(tree, Apply) and tree.operator == "divide" and isinstance(tree.arguments[1], Apply)):
        return None
    below = tree.arguments[1]
    if below.operator != "add" or len(below.arguments) != 2 or not isinstance(below.arguments[1], Apply):
        return None
    power = below.arguments[1]
    if tree.arguments[0] != Number("1") or below.arguments[0] != Number("1") or power.operator not in ("power", "exp"):
        return None
    *base, exponent = power.arguments
    inside = without_brackets(exponent)
    if base not in ([], [Name("e")]) or not isinstance(inside, Symbol):
        return None
    mended = struct_replace(power, arguments=(*base, Apply("negate", (exponent,))))
    return struct_replace(tree, arguments=(tree.arguments[0], struct_replace(below, arguments=(Number("1"), mended))))


def _has_value(document: Evidence, head: Symbol) -> bool:
    """Whether the numbers of a document come to a value of a quantity."""
    try:
        Comparer(document.world).example(head)
    except (Undecided, ShapeError):
        return False
    return True


def _exchange(chains: list[BoundChain], first: Definition, rival: BoundChain) -> None:
    for chain in chains:
        if chain.defines and chain.line == first.line and chain.trees[0] == first.head:
            chain.defines = False
    rival.defines = True
