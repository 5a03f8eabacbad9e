"""The quantities of a document's own model that could have been meant, for naming slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from symbackprop.check.bind.parameters import FREE
from symbackprop.check.bind.scripts import WHOLE
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.evaluate.model import Definition, matched
from symbackprop.check.evaluate.own import DocumentWorld
from symbackprop.expression import Apply, Expression, Index, IndexValue, Symbol, multiply, partial, transform, walk

MOST = 24


@dataclass(frozen=True)
class DocumentVocabulary:
    """What the model of a document offers in place of what was written."""

    world: DocumentWorld

    def alike(self, symbol: Symbol) -> Sequence[Symbol]:
        """Other units; for general formulas: its letters exchanged, or another letter of the document."""
        if not symbol.indices or symbol.kind == INDEX:
            return ()
        found: dict[Symbol, None] = {}
        for place, index in enumerate(symbol.indices):
            for other in self._other_indices(symbol, place, index):
                indices = (*symbol.indices[:place], other, *symbol.indices[place + 1 :])
                found[replace(symbol, indices=indices)] = None
        if len(symbol.indices) == 2:
            found[replace(symbol, indices=symbol.indices[::-1])] = None
        found.pop(symbol, None)
        return list(found)[:MOST]

    def _other_indices(self, symbol: Symbol, place: int, index: IndexValue) -> Iterator[IndexValue]:
        if isinstance(index, Index):
            yield from (Index(letter) for letter in ("i", "j", "k", "m", "n", "p", "q") if letter != index.symbol)
        elif isinstance(symbol.position, int) or symbol.position is None:
            yield from range(self.world.sizes.extent(symbol.kind, symbol.position, place))

    def other_layers(self, symbol: Symbol) -> Sequence[Symbol]:
        position = symbol.position
        if isinstance(position, Index):
            return [
                replace(symbol, position=Index(position.symbol, position.offset + change)) for change in (1, -1, 2, -2)
            ]
        if isinstance(position, int):
            depth = self.world.model.depth
            return [replace(symbol, position=other) for other in range(depth + 1) if other != position]
        return ()

    def partners(self, symbol: Symbol) -> Sequence[Symbol]:
        """The families of the same neurons: net input and output of one unit."""
        found = []
        for definition in self._definitions():
            inner = [node for node in walk(definition.tree) if isinstance(node, Symbol) and _is_quantity(node)]
            if len({node.kind for node in inner}) != 1 or definition.head.position != inner[0].position:
                continue
            pair = (definition.head.kind, inner[0].kind)
            if symbol.kind in pair and symbol.kind not in self.world.model.deltas:
                found.append(replace(symbol, kind=pair[1 - pair.index(symbol.kind)]))
        return found

    def slopes(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        """``f'(z)`` for every function that a definition applies to one quantity."""
        found: dict[Expression, None] = {}
        quantities = self._quantities(trees)
        for symbol in [*quantities, *self._fed_by(quantities)]:
            for definition in self._definitions():
                tree = definition.tree
                if not (isinstance(tree, Apply) and tree.operator == "call" and len(tree.arguments) == 2):
                    found.update(self._slope_of_formula(definition, symbol))
                    continue
                function, argument = tree.arguments
                if not (isinstance(argument, Symbol) and isinstance(function, Symbol)):
                    continue
                for pattern in (argument, definition.head):
                    found.update(self._slope(function, argument, pattern, symbol))
        return list(found)[:MOST]

    def _fed_by(self, quantities: Sequence[Symbol]) -> Iterator[Symbol]:
        """Single quantities that are computed from single ones: ``z_1`` from ``w_1``."""
        given = {symbol for symbol in quantities if _is_concrete(symbol)}
        for definition in self._definitions():
            used = {node for node in walk(definition.tree) if isinstance(node, Symbol)}
            single = _is_concrete(definition.head) and definition.head.kind not in self.world.model.numbers
            if single and given & used:
                yield definition.head

    def _slope_of_formula(self, definition: Definition, symbol: Symbol) -> dict[Expression, None]:
        """``∂a/∂z`` for ``a = 1/(1 + e^{-z})``, of the same neuron as a quantity."""
        inner = {node for node in walk(definition.tree) if isinstance(node, Symbol) and _is_quantity(node)}
        if len(inner) != 1 or isinstance(definition.tree, Symbol):
            return {}
        (argument,) = inner
        for pattern in (argument, definition.head):
            places = matched(pattern, symbol)
            if places is not None and argument.indices == definition.head.indices:
                return {partial(_put(definition.head, places), _put(argument, places)): None}
        return {}

    def _slope(self, function: Symbol, argument: Symbol, pattern: Symbol, symbol: Symbol) -> dict[Expression, None]:
        if symbol.kind in self.world.model.deltas:
            symbol = replace(symbol, kind=pattern.kind)
        places = matched(pattern, symbol)
        if places is None and symbol.indices is None and pattern.indices:
            places = matched(replace(pattern, indices=None), symbol)
            argument = replace(argument, indices=None)
        if places is None:
            return {}
        put = _put(argument, places)
        return {Apply("call", (Apply("derivative", (_put(function, places),)), put)): None}

    def biases(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        found: dict[Expression, None] = {}
        for symbol in self._quantities(trees):
            definition = self.definition(symbol)
            if isinstance(definition, Apply) and definition.operator == "add":
                found.update(dict.fromkeys(term for term in definition.arguments if isinstance(term, Symbol)))
        return list(found)

    def factors(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        found: dict[Expression, None] = {}
        quantities = self._quantities(trees)
        found.update(dict.fromkeys(quantities))
        for symbol in quantities:
            definition = self.definition(symbol)
            for node in walk(definition) if definition is not None else ():
                if isinstance(node, Symbol) and _is_quantity(node):
                    found[node] = None
                    found[Apply("transpose", (node,))] = None
        return list(found)[:MOST]

    def paths(self, head: Expression) -> Sequence[Sequence[Expression]]:
        """∂A/∂B through each unit of the families between them, for quantities named one by one."""
        if not (isinstance(head, Apply) and head.operator == "partial" and len(head.arguments) == 2):
            return ()
        of, by = head.arguments
        if not (isinstance(by, Symbol) and _is_concrete(by)):
            return ()
        found = []
        for kind, rank in self.world.model.ranks.items():
            if rank == 1 and kind not in (by.kind, getattr(of, "kind", "")) and kind in self.world.model.definitions:
                size = self.world.sizes.extent(kind, None, 0)
                units = [Symbol(kind, None, (unit,)) for unit in range(size)]
                found.append([multiply(partial(of, unit), partial(unit, by)) for unit in units])
        return found

    def definition(self, tree: Expression) -> Expression | None:
        if not isinstance(tree, Symbol):
            return None
        found = self.world.model.defines(tree)
        if found is None:
            return None
        return _put_all(found.tree, matched(found.head, tree) or {})

    def _definitions(self) -> Iterator[Definition]:
        for definitions in self.world.model.definitions.values():
            yield from definitions

    def _quantities(self, trees: Sequence[Expression]) -> list[Symbol]:
        return list(
            dict.fromkeys(
                node for tree in trees for node in walk(tree) if isinstance(node, Symbol) and _is_quantity(node)
            )
        )


def _is_quantity(symbol: Symbol) -> bool:
    return symbol.kind not in (INDEX, "pi", "function")


def _is_concrete(symbol: Symbol) -> bool:
    return not any(isinstance(index, Index) for index in (symbol.position, *(symbol.indices or ())))


def _put_all(tree: Expression, places: dict[str, IndexValue]) -> Expression:
    return transform(tree, lambda node: _put(node, places) if isinstance(node, Symbol) else None)


def _put(symbol: Symbol, places: dict[str, IndexValue]) -> Symbol:
    """A symbol with what its letters stand for."""

    def one(index: IndexValue) -> IndexValue:
        if not isinstance(index, Index) or index == WHOLE or index.symbol not in places:
            return index
        value = places[index.symbol]
        return Index(value.symbol, value.offset + index.offset) if isinstance(value, Index) else value + index.offset

    position = None if symbol.position is None else one(symbol.position)
    indices = None if symbol.indices is None else tuple(map(one, symbol.indices))
    return replace(symbol, position=position, indices=indices)


def spelled(symbol: Symbol) -> str:
    """TeX for a quantity that the document never spells in this way."""
    head, _, label = symbol.kind.removeprefix(FREE).partition("_")
    if symbol.kind == "function":
        head, label = symbol.variant.removeprefix("abstract "), ""
    lower = label + "".join(_text(index, 1) for index in symbol.indices or ())
    upper = "" if symbol.position is None else _text(symbol.position, 0)
    if symbol.kind == "function":
        lower, upper = upper, ""
    upper += "+" if symbol.variant == "updated" else ""
    return head + (f"_{{{lower}}}" if lower else "") + (f"^{{{upper}}}" if upper else "")


def _text(index: IndexValue, base: int) -> str:
    if isinstance(index, Index):
        return index.symbol + (f"{index.offset:+d}" if index.offset else "")
    return str(index + base)
