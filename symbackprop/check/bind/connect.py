"""Connecting a model: where a definition writes out what has a name, the name is put in.

``y = f(xW + b)`` beside ``z = xW + b`` means that y is computed from z; only then has ∂L/∂z a meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symbackprop.check.evaluate.array import Array, ShapeError
from symbackprop.check.evaluate.evaluation import Evaluator
from symbackprop.check.evaluate.model import Definition, Model
from symbackprop.check.evaluate.own import DocumentWorld
from symbackprop.check.evaluate.traced import Undecided
from symbackprop.check.judge.compare import same
from symbackprop.expression import Apply, Expression, Index, IndexValue, Symbol, transform, walk

_WHOLE = frozenset({"group", "bracket", "brace"})


def connect(world: DocumentWorld) -> bool:
    """Put names into the definitions of a model where the values agree; whether anything was changed."""
    model = world.model
    changed = False
    for kind, definitions in model.definitions.items():
        for place, definition in enumerate(definitions):
            tree = _connected(world, definition)
            if tree != definition.tree:
                model.definitions[kind][place] = replace(definition, tree=tree)
                changed = True
    return changed


def _connected(world: DocumentWorld, definition: Definition) -> Expression:
    names = list(_names(world.model, definition))
    if not names:
        return definition.tree

    def named(tree: Expression) -> Expression | None:
        if tree == definition.tree or not isinstance(tree, Apply) or tree.operator in _WHOLE:
            return None
        if not any(isinstance(node, Symbol) for node in walk(tree)):
            return None
        return next((symbol for symbol in names if _agree(world, tree, symbol)), None)

    return transform(definition.tree, named)


def _names(model: Model, definition: Definition) -> Iterator[Symbol]:
    """Other quantities at the place of the head, as a whole and entry by entry, that are not computed from it."""
    head = definition.head
    for kind, definitions in model.definitions.items():
        for other in definitions:
            if kind == head.kind or other.head.variant or kind in model.deltas:
                continue
            if _uses(model, other.tree, head):
                continue
            if (other.head.position is None) != (head.position is None):
                continue
            for indices in dict.fromkeys((head.indices, other.head.indices)):
                if indices is None or len(indices) == len(head.indices or indices) or _same_letters(indices, head):
                    yield Symbol(kind, head.position, indices)


def _same_letters(indices: tuple[IndexValue, ...], head: Symbol) -> bool:
    """Whether two quantities are of the same unit or sample, one of them beside a fixed number: ``Y_{1i}``, ``z_i``."""
    return {index for index in indices if isinstance(index, Index)} == {
        index for index in head.indices or () if isinstance(index, Index)
    }


def _uses(model: Model, tree: Expression, head: Symbol) -> bool:
    """Whether an expression uses the head at its own layer, directly or through others."""
    pending, seen = [tree], set()
    while pending:
        for node in walk(pending.pop()):
            if not isinstance(node, Symbol) or node.kind in seen:
                continue
            if isinstance(node.position, Index) and node.position.offset:
                continue
            if node.kind == head.kind:
                return True
            seen.add(node.kind)
            pending.extend(found.tree for found in model.definitions.get(node.kind, ()))
    return False


def _agree(world: DocumentWorld, tree: Expression, symbol: Symbol) -> bool:
    """Whether a part of a definition has the value of a named quantity wherever both exist."""
    met = 0
    for places in list(world.instances((tree, symbol)))[:3]:
        evaluator = Evaluator(world.drawings[0], places, replace(world.reading, lenient=True))
        try:
            left, right = evaluator.value(tree), evaluator.value(symbol)
        except (Undecided, ShapeError):
            continue
        if isinstance(left, Array) != isinstance(right, Array) or not same(left, right).equal:
            return False
        met += 1
    return met > 0
