"""What a document uses without saying what it is: functions, lists of values, layers that two letters name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symbackprop.check.evaluate.abstract import ABSTRACT
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.evaluate.model import Model
from symbackprop.check.evaluate.only_read import LEFT_OUT
from symbackprop.expression import Apply, Expression, Index, Symbol, walk

Spell = Callable[[Expression], str]


def unsaid(model: Model, trees: Sequence[Expression], spell: Spell) -> str | None:
    """Why what a step is about is not known well enough to call the step wrong; None where it is."""
    return _only_told(model, trees, spell) or _unknown_function(model, trees, spell) or _loose_layers(model, trees)


def is_part_of_a_number(model: Model, symbol: Symbol) -> bool:
    """``C_j`` where C is the loss and nothing says what its parts are."""
    return bool(symbol.indices) and symbol.kind in model.numbers and model.defines(symbol) is None


def _only_told(model: Model, trees: Sequence[Expression], spell: Spell) -> str | None:
    """A step about what the document gives, but not in a way that can be computed."""
    if any(isinstance(node, Symbol) and node.kind == LEFT_OUT for tree in trees for node in walk(tree)):
        return "something is left out here"
    for node in (found for tree in trees if model.told for found in model.reached_from(tree)):
        line = model.told.get(model.key(node))
        if line is not None and not model.definitions.get(model.key(node)):
            return f"what line {line} says of {spell(node)} cannot be computed with"
    return None


def _unknown_function(model: Model, trees: Sequence[Expression], spell: Spell) -> str | None:
    """A number that comes from a function of which the document gives only the letter."""
    if model.activation != "any" or any(isinstance(node, Symbol) for node in walk(trees[-1])):
        return None
    for tree in trees:
        for node in model.reached_from(tree):
            name = node.variant.removeprefix(ABSTRACT)
            if node.variant.startswith(ABSTRACT) and name not in model.functions:
                return f"nothing here says what {spell(node) or name} is"
    return None


def _loose_layers(model: Model, trees: Sequence[Expression]) -> str | None:
    """``J^h = J^f J^g``: letters of layers that nothing on the left determines may be names instead."""
    summed = {
        index.symbol
        for tree in trees for node in walk(tree) if isinstance(node, Apply) and node.operator == "sum"
        for part in node.arguments[1:] for inner in walk(part) if isinstance(inner, Symbol) and inner.kind == INDEX
        for index in inner.indices or () if isinstance(index, Index)
    }  # fmt: skip
    on_the_left = set(_layers(trees[0]))
    loose = sorted({letter for tree in trees[1:] for letter in _layers(tree)} - on_the_left - summed - {model.last})
    return f"nothing says what the layers {' and '.join(loose)} are" if len(loose) > 1 else None


def _layers(tree: Expression) -> list[str]:
    return [node.position.symbol for node in walk(tree)
            if isinstance(node, Symbol) and isinstance(node.position, Index)]  # fmt: skip
