"""A term of a sum is missing.

What it finds: a step that becomes true when a term which the definition has is put back.

Why: long sums are broken over lines, and a term gets lost at the break.

Example: ``net_{h1} = w_1 i_1 + b_1`` should have ``+ w_2 i_2``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, without
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import ONE, Apply, Expression, Number, Symbol, add, walk

MOST_OPENED = 12
"""Derivatives in a definition whose own definitions are looked into."""


def _repairs(case: Case) -> Iterator[Repair]:
    definition = case.vocabulary.definition(case.head)
    if isinstance(definition, Apply) and definition.operator == "add":
        for term in definition.arguments:
            yield Repair(add(case.written, term), f"the term {case.spell(term)} is missing")
    for whole, _, _ in edited(case.written, _with_one):
        yield Repair(whole, "the term 1 is missing")
    for term in _inner_terms(case.vocabulary, definition) if definition is not None else ():
        for whole, _, _ in edited(case.written, partial(_with_term, term)):
            yield Repair(whole, f"the term {case.spell(term)} is missing")


def _inner_terms(vocabulary: Vocabulary, definition: Expression) -> Iterable[Expression]:
    """The terms of the sums inside a definition, and inside those of the derivatives that it is made of."""
    found: dict[Expression, None] = {}
    opened: set[Expression] = set()
    waiting = [definition]
    while waiting:
        for node in walk(waiting.pop(0)):
            if isinstance(node, Apply) and node.operator == "add":
                found |= dict.fromkeys(node.arguments)
            is_derivative = node.variant == ADJOINT if isinstance(node, Symbol) else _is_partial(node)
            inner = vocabulary.definition(node) if is_derivative and node not in opened else None
            if inner is not None and len(opened) < MOST_OPENED:
                opened.add(node)
                waiting.append(inner)
    return found


def _is_partial(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator == "partial"


def _with_term(term: Expression, tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Symbol) or (isinstance(tree, Apply) and tree.operator in ("add", "negate")):
        yield Apply("group", (add(tree, term),))


def _with_one(tree: Expression) -> Iterator[Expression]:
    """The 1 of ``1 + e^{-z}`` and of ``y(1 - y)``."""
    if not isinstance(tree, Number):
        yield Apply("group", (add(ONE, tree),))


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    def leave_out(node: Expression) -> Iterator[Expression]:
        if isinstance(node, Apply) and node.operator == "add":
            for place in range(len(node.arguments)):
                yield without(node, place)

    for whole, _, _ in edited(tree, leave_out):
        yield whole


ENTRY = Rule("term-missing", __doc__, 40, repairs=_repairs, slips=_slips)
