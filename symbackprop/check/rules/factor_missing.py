"""A factor of the chain rule is missing, or one too many.

What it finds: a step that becomes true when one quantity is multiplied in, or when one factor is taken out.

Why: a chain of factors is written from memory, and one link is skipped or written twice.

Example: ``\\frac{\\partial E}{\\partial w_5} = \\delta_{o1}`` should be ``\\delta_{o1} out_{h1}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import PRODUCTS, edited, times, without
from symbackprop.expression import Apply, Expression, Number, transform, walk

MOST_LEVELS = 3
"""How often the quantities of a definition are written out."""
MOST_FACTORS = 30


def _repairs(case: Case) -> Iterator[Repair]:
    for factor in dict.fromkeys(
        (*case.vocabulary.factors((case.head, case.written)), *islice(_factors_within(case), MOST_FACTORS))
    ):
        message = f"the factor {case.spell(factor)} is missing"
        yield Repair(times(case.written, factor), message)
        for whole, _, _ in edited(case.written, partial(_with, factor)):
            yield Repair(whole, message)
    for whole, old, new in edited(case.written, _leave_out):
        yield Repair(whole, f"{case.spell(old)} has a factor too many: it should be {case.spell(new)}")


def _factors_within(case: Case) -> Iterator[Expression]:
    """The factors of every product in the definition, and in those of the quantities in it."""
    definition = case.vocabulary.definition(case.head)
    if definition is None:
        return
    for _ in range(MOST_LEVELS):
        yield from (
            factor
            for node in walk(definition)
            if isinstance(node, Apply) and node.operator in PRODUCTS
            for factor in node.arguments
            if not isinstance(factor, Number)
        )
        definition = transform(definition, case.vocabulary.definition)


def _with(factor: Expression, tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator == "add":
        for place, term in enumerate(tree.arguments):
            yield Apply("add", (*tree.arguments[:place], times(term, factor), *tree.arguments[place + 1 :]), tree.span)
    elif isinstance(tree, Apply) and tree.operator == "sum":
        yield Apply("sum", (times(tree.arguments[0], factor), *tree.arguments[1:]), tree.span)


def _leave_out(node: Expression) -> Iterator[Expression]:
    if isinstance(node, Apply) and node.operator in PRODUCTS:
        for place in range(len(node.arguments)):
            yield without(node, place)


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, _leave_out):
        yield whole


ENTRY = Rule("factor-missing", __doc__, 44, repairs=_repairs, slips=_slips)
