"""The activation of another layer.

What it finds: a step that becomes true when an activation, or its derivative, is taken from the layer of its argument.

Why: the layer stands on the function, on its argument and on the weights, and only some of them are shifted.

Example: ``\\frac{\\partial L}{\\partial z^{m-1}} = f'_m(z^{m-1}) \\odot \\ldots`` should have ``f'_{m-1}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.bind.names import FUNCTION
from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, symbol_edit
from symbackprop.expression import Expression, Symbol


def _other(vocabulary: Vocabulary, symbol: Symbol) -> Iterator[Symbol]:
    if symbol.kind == FUNCTION:
        yield from vocabulary.other_layers(symbol)


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, new in edited(case.written, symbol_edit(lambda symbol: _other(case.vocabulary, symbol))):
        yield Repair(whole, f"the activation {case.spell(old)} should be {case.spell(new)}")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, symbol_edit(lambda symbol: _other(vocabulary, symbol))):
        yield whole


ENTRY = Rule("activation-layer", __doc__, 21, repairs=_repairs, slips=_slips)
