"""The ½ or the 2 is lost.

What it finds: a step that is off by a factor of 2, everywhere.

Why: the ½ of the squared error is there to cancel the 2 of its derivative; one of them stays behind.

Example: ``E_{o1} = (target_{o1} - out_{o1})^2`` where the loss is half the squared error.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import PRODUCTS, edited, without
from symbackprop.expression import Apply, Expression, Number, divide, transform

_HALF = divide(Number("1"), Number("2"))
_TWO = Number("2")


def _repairs(case: Case) -> Iterator[Repair]:
    for factor, name in ((_HALF, "½"), (_TWO, "2")):
        message = f"the factor {name} is missing"
        for place, (whole, _, _) in enumerate(edited(case.written, partial(_scaled, factor))):
            if place > 20:
                break
            yield Repair(whole, message)
    for whole, _, _ in edited(case.written, _without_constant):
        yield Repair(whole, "a constant factor does not belong there")


def _scaled(factor: Expression, tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator in ("add", "negate"):
        yield Apply("multiply", (factor, Apply("group", (tree,))))
    elif not isinstance(tree, Number):
        yield Apply("multiply", (factor, tree))


def _is_constant(tree: Expression) -> bool:
    if isinstance(tree, Apply) and tree.operator == "divide":
        return all(isinstance(part, Number) for part in tree.arguments)
    return isinstance(tree, Number) and tree.text in ("2", "0.5")


def _without_constant(node: Expression) -> Iterator[Expression]:
    if isinstance(node, Apply) and node.operator in PRODUCTS:
        for place, factor in enumerate(node.arguments):
            if _is_constant(factor):
                yield without(node, place)
    elif isinstance(node, Apply) and node.operator == "divide" and node.arguments[1] == _TWO:
        yield node.arguments[0]


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    for whole, _, _ in edited(tree, _without_constant):
        yield whole
    everywhere = transform(tree, lambda node: next(_without_constant(node), None))
    if everywhere != tree:
        yield everywhere


ENTRY = Rule("constant-lost", __doc__, 36, repairs=_repairs, slips=_slips)
