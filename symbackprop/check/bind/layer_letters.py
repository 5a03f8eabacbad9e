"""Letters that tell layers apart: ``O_j = f(I_j)`` for the hidden layer j, ``O_k = f(I_k)`` for the output layer k.

Where one family has a formula of its own for each letter, and a layer is summed up from the one below it, then i, j and
k are layers as well as indices: O_j and O_k are different quantities, and ``w_{jk}`` and ``w_{kj}`` are the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from symbackprop.check.bind.scripts import CORE_LETTERS, LAYER_LETTERS
from symbackprop.check.statement import Statement
from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, walk

_LETTERS = CORE_LETTERS - LAYER_LETTERS


def layer_letters(groups: Iterable[Sequence[Statement]]) -> frozenset[str]:
    """The letters that tell layers apart; none in documents whose letters stand for any unit."""
    formulas: dict[str, dict[str, str]] = defaultdict(dict)
    summed: set[tuple[str, str]] = set()
    for name, letter, tree in _definitions(groups):
        formulas[name.head].setdefault(letter, _skeleton(tree))
        summed.update(_summed(tree, letter))
    found: set[str] = set()
    for head, by_letter in formulas.items():
        if len(set(by_letter.values())) > 1 and any((head, letter) in summed for letter in by_letter):
            found.update(by_letter)
    return frozenset(found)


def by_layers(family: str, indices: list[IndexValue], letters: frozenset[str]) -> tuple[str, list[IndexValue]]:
    """The family and the indices of a quantity, where each of its letters names a layer: those in one order."""
    named = sorted((index.symbol[:1], place) for place, index in enumerate(indices) if isinstance(index, Index))
    label = "".join(letter for letter, _ in named)
    if not named or len(named) < len(indices) or not letters.issuperset(label):
        return family, indices
    return f"{family}_{label}", [indices[place] for _, place in named]


def _definitions(groups: Iterable[Sequence[Statement]]) -> Iterator[tuple[Name, str, Expression]]:
    for group in groups:
        first = group[0]
        letter = _letter_of(first.left)
        if letter and isinstance(first.left, Name) and first.relation == "=" and first.right is not None:
            yield first.left, letter, first.right


def _letter_of(tree: Expression | None) -> str:
    """j of ``O_j``; empty for anything else, and for what has a meaning of its own."""
    if not isinstance(tree, Name) or tree.superscript is not None or tree.primes or tree.head.startswith("delta"):
        return ""
    below = tree.subscript
    plain = isinstance(below, Name) and below == Name(below.head) and below.head in _LETTERS
    return below.head if plain and isinstance(below, Name) else ""


def _summed(tree: Expression, letter: str) -> Iterator[tuple[str, str]]:
    """(O, j) of ``Σ_j w_{kj} O_j`` in a formula for the letter k."""
    for node in walk(tree):
        if isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) > 1:
            inside = [part for part in walk(node.arguments[0]) if isinstance(part, Name)]
            weighted = any(_holds_pair(part, letter) for part in inside)
            for part in inside if weighted else ():
                below = _letter_of(part)
                if below and below != letter:
                    yield part.head, below


def _holds_pair(name: Name, letter: str) -> bool:
    """Whether a name has two letters below it, one of them the given one."""
    below = name.subscript
    return isinstance(below, Name) and len(below.head) == 2 and letter in below.head and set(below.head) <= _LETTERS


def _skeleton(tree: Expression) -> str:
    """A formula without its indices."""
    return " ".join(
        node.operator if isinstance(node, Apply) else getattr(node, "head", "number")
        for node in walk(tree) if not (isinstance(node, Name) and node.head in _LETTERS)
    )  # fmt: skip
