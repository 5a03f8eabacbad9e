"""A quantity of the wrong layer.

What it finds: a step that becomes true when one quantity is taken from another layer.

Why: layer numbers shift by one between the forward and the backward pass.

Example: ``\\delta^l = ((W^l)^T \\delta^{l+1}) \\odot \\sigma'(z^l)`` should have ``W^{l+1}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.bind.names import FUNCTION
from symbackprop.check.judge.finding import Finding, undecided
from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, symbol_edit
from symbackprop.expression import Expression


def _examine(case: Case) -> Finding | None:
    """``o_k`` may be written of any layer: no slip, where it holds for one of them."""
    for whole, old, new in _edits(case):
        if case.spell(old) == case.spell(new) and case.comparer.compare(case.head, whole).equal:
            return undecided(f"it holds if {case.spell(new)} is that of another layer")
    return None


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, new in _edits(case):
        yield Repair(whole, f"{case.spell(old)} should be {case.spell(new)}")


def _edits(case: Case) -> Iterator[tuple[Expression, Expression, Expression]]:
    change = symbol_edit(lambda symbol: iter(() if symbol.kind == FUNCTION else case.vocabulary.other_layers(symbol)))
    return edited(case.written, change)


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, symbol_edit(lambda symbol: iter(vocabulary.other_layers(symbol)))):
        yield whole


ENTRY = Rule("layer-wrong", __doc__, 22, repairs=_repairs, examine=_examine, slips=_slips)
