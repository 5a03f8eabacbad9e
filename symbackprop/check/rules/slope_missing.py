"""The derivative of the activation is missing.

What it finds: a step that becomes true when the factor σ'(net), that is ∂out/∂net, of a neuron in it is put in.

Why: the step from ∂E/∂out to ∂E/∂net looks like no step where the activation is left out of the figure.

Example: ``\\delta_{o1} = -(target_{o1} - out_{o1})`` should go on with ``out_{o1}(1 - out_{o1})``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import PRODUCTS, edited, times, without
from symbackprop.expression import Apply, Expression, Symbol, walk


def _is_slope(tree: Expression) -> bool:
    """``out(1 - out)``'s second factor, ``∂out/∂net``, ``σ'(z)``."""
    if not isinstance(tree, Apply):
        return False
    if tree.operator == "call":
        return isinstance(tree.arguments[0], Apply) and tree.arguments[0].operator == "derivative"
    if tree.operator == "partial":
        kinds = [part.kind for part in tree.arguments if isinstance(part, Symbol)]
        return kinds == ["activation", "preactivation"]
    inner = tree.arguments[0] if tree.operator in ("group", "bracket") else None
    return isinstance(inner, Apply) and inner.operator == "add" and _is_complement(inner)


def _is_complement(tree: Apply) -> bool:
    kinds = {node.kind for node in walk(tree) if isinstance(node, Symbol)}
    return kinds == {"activation"} and len(tree.arguments) == 2


def _primed(node: Expression) -> Iterator[Expression]:
    """``σ(z)`` as ``σ'(z)``"""
    if isinstance(node, Apply) and node.operator == "call" and isinstance(node.arguments[0], Symbol):
        yield Apply("call", (Apply("derivative", node.arguments[:1]), *node.arguments[1:]), node.span)


def _repairs(case: Case) -> Iterator[Repair]:
    for whole, old, new in edited(case.written, _primed):
        yield Repair(whole, f"{case.spell(old)} should be {case.spell(new)}")
    for slope in case.vocabulary.slopes((case.written, case.head)):
        message = f"the factor {case.spell(slope)} is missing"
        for operator in ("multiply", "hadamard"):
            yield Repair(times(case.written, slope, operator), message)
        for whole, _, _ in edited(case.written, partial(_with, slope)):
            yield Repair(whole, message)


def _with(slope: Expression, tree: Expression) -> Iterator[Expression]:
    """The factor inside a sum: in one of its terms."""
    if isinstance(tree, Apply) and tree.operator in ("add", "sum"):
        for place, term in enumerate(tree.arguments[: None if tree.operator == "add" else 1]):
            arguments = (*tree.arguments[:place], times(term, slope), *tree.arguments[place + 1 :])
            yield Apply(tree.operator, arguments, tree.span)


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    def leave_out(node: Expression) -> Iterator[Expression]:
        if isinstance(node, Apply) and node.operator in PRODUCTS:
            for place, factor in enumerate(node.arguments):
                if _is_slope(factor):
                    yield without(node, place)

    for whole, _, _ in edited(tree, leave_out):
        yield whole


ENTRY = Rule("slope-missing", __doc__, 30, repairs=_repairs, slips=_slips)
