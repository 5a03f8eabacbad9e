"""Hypotheses: ``h_w(x) = \\sigma(w^T x + b)`` is a function with weights in it, and ``a = h_w(x)`` names its value.

Only a name can be differentiated by, so the name is put wherever the value is written as the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from symbackprop.check.bind.binding import Bound
from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.evaluate.abstract import ABSTRACT
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.expression import Apply, Expression, Symbol, transform, walk

_PLAIN = frozenset({INDEX, "pi", "function"})


def name_hypotheses(chains: Iterable[BoundChain]) -> None:
    """Put the name of a hypothesis' value for the call; where the call is all that defines the name it stays."""
    chains = tuple(chains)
    named = dict(_named(chains))
    for chain in chains if named else ():
        head = chain.trees[0]
        defines = head in named or (head in named.values() and len(chain.trees) == 2)
        for member in chain.members[1:] if not defines else ():
            member.tree = transform(member.tree, named.get)


def _named(chains: tuple[BoundChain, ...]) -> Iterator[tuple[Expression, Symbol]]:
    hypotheses = frozenset(_hypotheses(chains))
    for chain in chains if hypotheses else ():
        head, *rest = chain.trees
        if not (chain.relations and chain.relations[0] == "=" and isinstance(head, Symbol)) or head.kind in _PLAIN:
            continue
        for tree in rest:
            arguments = tree.arguments[1:] if isinstance(tree, Apply) and _function_of(tree) in hypotheses else ()
            if arguments and all(isinstance(part, Symbol) and part.indices is not None for part in arguments):
                yield tree, head


def _hypotheses(chains: tuple[BoundChain, ...]) -> Iterator[str]:
    """The functions whose formulas hold more than their arguments."""
    for chain in chains:
        head = chain.trees[0]
        function = _function_of(head)
        if function and isinstance(head, Apply) and chain.relations:
            body = next((tree for tree in chain.trees[1:] if tree != head), head)
            inside = {node for node in walk(body) if isinstance(node, Symbol) and node.kind not in _PLAIN}
            if body is not head and inside - set(head.arguments):
                yield function


def _function_of(tree: Expression) -> str:
    """The family of the function that is called; empty where none is."""
    if isinstance(tree, Apply) and tree.operator == "call" and isinstance(tree.arguments[0], Symbol):
        return tree.arguments[0].variant.partition(ABSTRACT)[2]
    return ""


def without_probabilities(members: list[Bound]) -> list[Bound]:
    """The members of a chain, each ``P(y = 1 | x)`` replaced by what it is said to be: it has no formula of its own."""
    for place, member in enumerate(members):
        beside = place - 1 if place else 1
        if _is_probability(member.tree) and beside < len(members) and not _is_probability(members[beside].tree):
            members[place] = replace(members[beside])
    return members


def _is_probability(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator == "call" and any(
        isinstance(part, Apply) and part.operator == "given" for part in tree.arguments[1:]
    )  # fmt: skip
