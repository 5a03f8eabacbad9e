"""An index stands on one side only.

What it finds: a general formula in which a letter for a neuron, a layer or a sample occurs on one side of the
equation, and no sum runs over it on the other.

Why: the sum is forgotten, or an index was renamed on one side.

Example: ``\\delta_j = \\sum_k w_{kj} \\delta_k \\sigma'(z_i)`` has an i that its left side does not have.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.check.bind.indices import IMPLICIT, free_indices
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.rule import Case, Repair, Rule, Vocabulary
from symbackprop.check.rule_edits import edited, symbol_edit
from symbackprop.expression import Apply, Expression, Index, Name, Symbol, transform, walk

STRAY = "ijkpq"
"""Letters that are left over from another formula."""


def letters_of(tree: Expression) -> frozenset[str]:
    """The letters that stand in a tree and that no sum runs over."""
    return frozenset(free_indices(transform(tree, _with_letters))) - {IMPLICIT}


def _with_letters(tree: Expression) -> Expression | None:
    """What the generator writes with plain names for letters (a sum, Kronecker's δ), as the checker reads it."""
    if not isinstance(tree, Apply) or tree.operator not in ("sum", "kronecker"):
        return None
    arguments = tuple(transform(argument, _with_letters) for argument in tree.arguments)
    letters = (0, 1) if tree.operator == "kronecker" else (1,)
    return replace(
        tree,
        arguments=tuple(
            Symbol(INDEX, None, (Index(part.head),))
            if place in letters and isinstance(part, Name) and part.head
            else part
            for place, part in enumerate(arguments)
        ),
    )


def _renamed(tree: Expression, old: str | None, new: str) -> Iterator[Expression]:
    """The tree with one index of one quantity called ``new``: the one called ``old``, or any letter."""

    def change(symbol: Symbol) -> Iterator[Symbol]:
        for place, index in enumerate(symbol.indices or ()):
            if isinstance(index, Index) and index.symbol != new and old in (None, index.symbol):
                indices = symbol.indices or ()
                yield replace(symbol, indices=(*indices[:place], index._replace(symbol=new), *indices[place + 1 :]))

    for whole, _, _ in edited(tree, symbol_edit(change)):
        yield whole


def _summed(tree: Expression, letter: str) -> Iterator[Expression]:
    """A sum over a letter put around each part in which it stands, the largest first."""
    index = Symbol(INDEX, None, (Index(letter),))

    def change(part: Expression) -> Iterator[Expression]:
        if letter in letters_of(part):
            yield Apply("sum", (part, index))

    for whole, _, _ in edited(tree, change):
        yield whole


def _repairs(case: Case) -> Iterator[Repair]:
    head, written = letters_of(case.head), letters_of(case.written)
    for letter in sorted(written - head):
        for tree in _summed(case.written, letter):
            yield Repair(tree, f"no sum runs over {letter}")
        for other in sorted(head):
            for tree in _renamed(case.written, letter, other):
                yield Repair(tree, f"the index {letter} stands on the right side only; it should be {other}")
    for letter in sorted(head - written):
        for tree in _renamed(case.written, None, letter):
            yield Repair(tree, f"the index {letter} stands on the left side only")


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    free = letters_of(tree)
    for slip in _changed(tree, free):
        if letters_of(slip) != free:
            yield slip


def _changed(tree: Expression, free: frozenset[str]) -> Iterator[Expression]:
    """Sums forgotten, and letters of one quantity exchanged for those of a sum or of another formula."""
    for whole, _, _ in edited(tree, _without_sum):
        yield whole
    used = {
        index.symbol
        for node in walk(tree)
        if isinstance(node, Symbol)
        for index in node.indices or ()
        if isinstance(index, Index)
    }
    stray = [letter for letter in STRAY if letter not in used][:1]
    for letter in sorted(used & free):
        for other in (*sorted(used - {letter}), *stray):
            yield from _renamed(tree, letter, other)


def _without_sum(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Apply) and tree.operator == "sum" and len(tree.arguments) > 1:
        yield tree.arguments[0]


ENTRY = Rule("free-index", __doc__, 19, repairs=_repairs, slips=_slips)
