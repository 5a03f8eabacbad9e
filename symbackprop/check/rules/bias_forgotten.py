"""The bias is left out.

What it finds: a step that becomes true when the bias of the neuron is added; or a printed number that comes
out without it.

Why: the bias hangs on no weight in most figures.

Example: ``net_{h1} = w_1 i_1 + w_2 i_2`` should end with ``+ b_1``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import PRODUCTS, edited, without
from symbackprop.expression import Apply, Expression, Symbol, add


def _repairs(case: Case) -> Iterator[Repair]:
    for bias in case.vocabulary.biases((case.written, case.head)):
        message = f"the bias {case.spell(bias)} is missing"
        yield Repair(add(case.written, bias), message)
        for whole, _, _ in edited(case.written, partial(_with, bias)):
            yield Repair(whole, message)


def _with(bias: Expression, tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and (tree.operator in PRODUCTS or tree.operator in ("add", "sum")):
        yield add(tree, bias)


def _is_bias(tree: Expression) -> bool:
    if isinstance(tree, Apply) and tree.operator in PRODUCTS:
        return any(_is_bias(factor) for factor in tree.arguments)
    return isinstance(tree, Symbol) and tree.kind == "bias" and not tree.variant


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    def leave_out(node: Expression) -> Iterator[Expression]:
        if isinstance(node, Apply) and node.operator == "add":
            for place, term in enumerate(node.arguments):
                if _is_bias(term):
                    yield without(node, place)

    for whole, _, _ in edited(tree, leave_out):
        yield whole


ENTRY = Rule("bias-forgotten", __doc__, 32, repairs=_repairs, slips=_slips)
