"""Another neuron or weight than the one that is meant.

What it finds: a step that becomes true when one quantity is exchanged for its neighbour of the same layer:
another neuron, another weight; on either side.

Why: the formulas for h1, h2, o1, o2 are copied from each other, and one index keeps its old value.

Example: ``net_{o2} = w_7 out_{h1} + w_6 out_{h2} + b_2`` should have ``w_8`` in place of ``w_6``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, symbol_edit
from symbackprop.expression import Expression


def _repairs(case: Case) -> Iterator[Repair]:
    change = symbol_edit(lambda symbol: iter(case.vocabulary.alike(symbol)))
    for whole, old, new in edited(case.written, change):
        yield Repair(whole, f"{case.spell(old)} should be {case.spell(new)}")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, symbol_edit(lambda symbol: iter(vocabulary.alike(symbol)))):
        yield whole


ENTRY = Rule("index-wrong", __doc__, 20, repairs=_repairs, slips=_slips)
