"""Formulas of the last layer that hold for every layer: ``z_L = a_{L-1} W_L`` before ``z_l = a_{l-1} W_l``."""

from __future__ import annotations

from symbackprop.check.bind.indices import with_index
from symbackprop.check.evaluate.model import Definition, Model
from symbackprop.expression import Expression, Index, Symbol


def generalise(model: Model, head: Symbol, tree: Expression, line: int) -> None:
    """Put the general formula in the place of the same one for the last layer."""
    letter = head.position
    if not isinstance(letter, Index) or letter.symbol == model.last:
        return
    definitions = model.definitions.get(model.key(head), [])
    for place, known in enumerate(definitions):
        last = known.head.position
        if isinstance(last, Index) and last.symbol == model.last:
            same = with_index(known.head, model.last, Index(letter.symbol)) == head
            if same and with_index(known.tree, model.last, Index(letter.symbol)) == tree:
                definitions[place] = Definition(head, tree, line)
