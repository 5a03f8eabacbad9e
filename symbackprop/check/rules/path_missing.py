"""A path of the sum is missing.

What it finds: a derivative that counts only some of the ways by which the quantity reaches the loss.

Why: a hidden neuron reaches the error through every output; the first one is easily taken for all of them.

Example: ``\\frac{\\partial E_{total}}{\\partial out_{h1}} = \\delta_{o1} w_5`` should end with ``+ \\delta_{o2} w_7``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

from msgspec.structs import replace

from symbackprop.check.judge.finding import Finding
from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, without
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, add, walk

MOST_PATHS = 8


def _examine(case: Case) -> Finding | None:
    for terms in case.vocabulary.paths(case.head):
        if not 1 < len(terms) <= MOST_PATHS:
            continue
        for missing in _missing(len(terms)):
            rest = [term for place, term in enumerate(terms) if place not in missing]
            if rest and case.comparer.compare(add(*rest), case.written).equal:
                lost = ", ".join(case.spell(terms[place]) for place in missing)
                whole = case.vocabulary.definition(case.head) or add(*terms)
                return Finding(Status.WRONG, "path-missing", f"the sum lacks {lost}", case.spell(whole))
    return None


def _repairs(case: Case) -> Iterator[Repair]:
    """A path missing from a sum inside the formula: the δ of a hidden neuron has it in brackets."""
    definition = case.vocabulary.definition(case.head)
    if definition is None:
        return
    for inner in walk(definition):
        whole = case.vocabulary.definition(inner) if isinstance(inner, Apply) and inner.operator == "partial" else None
        if not (isinstance(whole, Apply) and whole.operator == "add"):
            continue
        for term in whole.arguments:
            for changed, _, _ in edited(case.written, partial(_with_term, term)):
                yield Repair(changed, f"the sum lacks {case.spell(term)}")


def _with_term(term: Expression, tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator in ("add", "multiply", "dot", "star"):
        yield Apply("group", (add(tree, term),))
        # The only path that is left stands without brackets, at the front of a product.
        for count in range(2, len(tree.arguments)) if tree.operator != "add" else ():
            front = replace(tree, arguments=tree.arguments[:count])
            yield replace(tree, arguments=(Apply("group", (add(front, term),)), *tree.arguments[count:]))


def _missing(count: int) -> Iterator[tuple[int, ...]]:
    """Which terms may be missing: one of them, or all but one."""
    yield from combinations(range(count), 1)
    if count > 2:
        yield from combinations(range(count), count - 1)


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    def leave_out(node: Expression) -> Iterator[Expression]:
        if isinstance(node, Apply) and node.operator == "add" and _are_paths(node.arguments):
            for place in range(len(node.arguments)):
                yield without(node, place)

    for whole, _, _ in edited(tree, leave_out):
        yield whole


def _are_paths(terms: Sequence[Expression]) -> bool:
    """Whether every term is a product or a derivative, as the shares of a chain rule are."""
    return all(isinstance(term, Apply) and term.operator in ("multiply", "star", "dot", "partial") for term in terms)


ENTRY = Rule("path-missing", __doc__, 34, repairs=_repairs, examine=_examine, slips=_slips)
