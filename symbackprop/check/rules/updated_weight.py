"""A weight that is already updated stands in a formula for the original one, or the other way round.

What it finds: a step that becomes true when the mark of the update is taken away or put on.

Why: the gradients of one step belong to the weights before it.

Example: ``\\frac{\\partial E}{\\partial out_{h1}} = \\delta_{o1} w_5^+ + \\delta_{o2} w_7`` should have ``w_5``.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, symbol_edit
from symbackprop.derive.reverse import UPDATED
from symbackprop.expression import Expression, Symbol, transform

_PARAMETERS = frozenset({"weight", "bias"})


def _turned(symbol: Symbol) -> Iterator[Symbol]:
    if symbol.kind in _PARAMETERS and symbol.variant in ("", UPDATED):
        yield replace(symbol, variant="" if symbol.variant else UPDATED)


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, new in edited(case.written, symbol_edit(_turned)):
        yield Repair(whole, f"{case.spell(old)} should be {case.spell(new)}")

    whole = transform(case.written, _original)
    if whole != case.written:
        yield Repair(whole, "the weights in it should be the original ones")


def _original(tree: Expression) -> Expression | None:
    return replace(tree, variant="") if isinstance(tree, Symbol) and tree.variant == UPDATED else None


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, symbol_edit(_turned)):
        yield whole


ENTRY = Rule("updated-weight", __doc__, 18, repairs=_repairs, slips=_slips)
