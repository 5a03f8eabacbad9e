"""Another quantity of the same neuron.

What it finds: a step that becomes true when a pre-activation is exchanged for the activation of the same
neuron, or for its δ, or the other way round.

Why: ``net``, ``out`` and ``δ`` of a neuron stand close together in every formula.

Example: ``\\frac{\\partial E}{\\partial w_5} = \\delta_{o1} net_{h1}`` should be ``\\delta_{o1} out_{h1}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, symbol_edit
from symbackprop.expression import Expression


def _repairs(case: Case) -> Iterator[Repair]:
    change = symbol_edit(lambda symbol: iter(case.vocabulary.partners(symbol)))
    for whole, old, new in edited(case.written, change):
        yield Repair(whole, f"{case.spell(old)} should be {case.spell(new)}")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, symbol_edit(lambda symbol: iter(vocabulary.partners(symbol)))):
        yield whole


ENTRY = Rule("quantity-wrong", __doc__, 24, repairs=_repairs, slips=_slips)
