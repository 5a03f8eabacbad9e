"""Definitions that lead back to themselves: ``z^l = \\sum_k w^l a_k^l`` beside ``a^l = \\sigma(z^l)``.

One of them is a slip, and where the document writes the formula again without going round, that one is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.evaluate.model import Definition, Model
from symbackprop.expression import Expression, Index, Symbol, walk

if TYPE_CHECKING:
    from symbackprop.check.bind.model import ModelBuilder

_FARTHEST = 3
"""Layers above the one where a search begins that are still looked at."""


def break_cycles(builder: ModelBuilder) -> None:
    """Exchange definitions that lead back to themselves for later formulas of the same quantity that do not."""
    model = builder.model
    for key, definitions in model.definitions.items():
        for place, definition in enumerate(definitions):
            if not leads_back(model, definition):
                continue
            for rival in _rivals(builder, key):
                definitions[place] = Definition(_head(rival), rival.trees[1], rival.line)
                if not leads_back(model, definitions[place]):
                    for chain in builder.chains.values():
                        if chain.line == definition.line and chain.trees[0] == definition.head:
                            chain.defines = False
                    rival.defines = True
                    break
                definitions[place] = definition


def leads_back(model: Model, definition: Definition) -> bool:
    """Whether a general formula uses its own quantity at the same layer, directly or through other formulas."""
    seen: set[tuple[str, int]] = set()
    pending: list[tuple[Expression, Symbol, int]] = [(definition.tree, definition.head, 0)]
    while pending:
        tree, head, above = pending.pop()
        for node in walk(tree):
            if not isinstance(node, Symbol) or _is_single(node):
                continue
            layer = above + _offset(node) - _offset(head)
            key = model.key(node)
            if layer < 0 or layer > _FARTHEST or (key, layer) in seen:
                continue
            if key == model.key(definition.head):
                return True
            seen.add((key, layer))
            pending.extend((found.tree, found.head, layer) for found in model.definitions.get(key, ()))
    return False


def _rivals(builder: ModelBuilder, key: str) -> Iterator[BoundChain]:
    for chain in builder.chains.values():
        if chain.relations[:1] == ["="] and not chain.defines and not chain.members[1].unknown:
            head = chain.trees[0]
            if isinstance(head, Symbol) and builder.model.key(head) == key and not _is_single(head):
                yield chain


def _head(chain: BoundChain) -> Symbol:
    head = chain.trees[0]
    assert isinstance(head, Symbol)
    return head


def _offset(symbol: Symbol) -> int:
    return symbol.position.offset if isinstance(symbol.position, Index) else 0


def _is_single(symbol: Symbol) -> bool:
    """Whether a quantity is one layer or one unit by number, which leads back to no other one."""
    return any(isinstance(index, int) for index in (symbol.position, *(symbol.indices or ())))
