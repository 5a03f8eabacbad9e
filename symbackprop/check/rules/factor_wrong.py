"""The factors are not those of the chain rule.

What it finds: a product, or a single quantity, where the definition shows a product of others, and no single change
makes it right.

Why: a line is copied from another neuron and only half changed, or steps between are left out.

Example: ``\\frac{\\partial E_{o2}}{\\partial out_{h1}} = w_5`` should be ``\\delta_{o2} w_7``.
"""

from __future__ import annotations

from symbackprop.check.judge.finding import Finding
from symbackprop.check.rule import Case, Rule
from symbackprop.check.rule_edits import PRODUCTS
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Symbol


def _is_product(tree: Expression) -> bool:
    return isinstance(tree, Symbol) or (isinstance(tree, Apply) and tree.operator in (*PRODUCTS, "partial"))


def _examine(case: Case) -> Finding | None:
    definition = case.vocabulary.definition(case.head)
    if definition is None or not _is_product(definition) or not _is_product(case.written):
        return None
    expected = case.spell(definition)
    return Finding(Status.WRONG, "factor-wrong", f"the factors should be {expected}{case.values()}", expected)


ENTRY = Rule("factor-wrong", __doc__, 90, examine=_examine)
