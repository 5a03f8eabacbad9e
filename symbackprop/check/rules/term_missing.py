"""A term of a sum is missing.

What it finds: a step that becomes true when a term which the definition has is put back.

Why: long sums are broken over lines, and a term gets lost at the break.

Example: ``net_{h1} = w_1 i_1 + b_1`` should have ``+ w_2 i_2``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, without
from symbackprop.expression import ONE, Apply, Expression, Number, add


def _repairs(case: Case) -> Iterator[Repair]:
    definition = case.vocabulary.definition(case.head)
    if isinstance(definition, Apply) and definition.operator == "add":
        for term in definition.arguments:
            yield Repair(add(case.written, term), f"the term {case.spell(term)} is missing")
    for whole, _, _ in edited(case.written, _with_one):
        yield Repair(whole, "the term 1 is missing")


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
