"""What in a step is not connected with the rest of the document: then it is not wrong, only undecided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from symbackprop.check.bind.indices import free_indices
from symbackprop.check.bind.parameters import FREE
from symbackprop.check.bind.scripts import WHOLE
from symbackprop.check.evaluate.abstract import ABSTRACT
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.evaluate.model import Model
from symbackprop.check.judge.finding import UNDEFINED
from symbackprop.check.judge.own_unsaid import is_part_of_a_number, unsaid
from symbackprop.check.judge.vague import vague
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Apply, Expression, Index, Symbol, partial, walk

_LINEAR = re.compile(r"\blinear neurons\b|\bneurons are linear\b|线性神经元|神经元[^。]*线性")


@dataclass
class Doubt:
    """``spell`` writes trees for the reasons."""

    model: Model
    spell: Callable[[Expression], str]
    is_zero: Callable[[Expression], bool]
    _redefined: set[str] = field(default_factory=set)
    """Families that were given another meaning so far."""
    _again: dict[Symbol, int] = field(default_factory=dict)
    """What this section defines otherwise -> the line of the first definition."""
    _heading: str = ""
    _supposed: bool = False
    """Whether the words before a formula suppose linear neurons, whatever the document computes with."""
    _connected: dict[tuple[Expression, str], bool] = field(default_factory=dict)

    def doubtful(self, trees: Sequence[Expression]) -> str | None:
        """Why a step that does not hold may still not be wrong: something in it is not connected with the rest."""
        found = vague(trees, self.model.numbers, self.spell) or self._of_samples(trees)
        if found is not None:
            return found
        for tree in trees:
            for node in walk(tree):
                if isinstance(node, Symbol) and node.kind not in (INDEX, "pi", "function") and not self._is_known(node):
                    return f"{UNDEFINED}{self.spell(node) or node.kind}"
                if isinstance(node, Symbol) and node.kind in self._redefined:
                    return f"{self.spell(node)} has more than one meaning here"
                if isinstance(node, Symbol) and node.position is None and node.kind in self._layered:
                    return f"it does not say which layer {self.spell(node)} belongs to"
                if isinstance(node, Symbol) and (is_part_of_a_number(self.model, node) or self._is_unsaid(node)):
                    return f"nothing here says what {self.spell(node)} is"
                if isinstance(node, Symbol) and self._is_left_out(node):
                    return f"nothing here says how {self.spell(node)} is computed"
        if self._supposed and any(next(self._derivatives(tree), None) for tree in trees):
            return "the words before it suppose linear neurons"
        return (
            self._otherwise(trees)
            or unsaid(self.model, trees, self.spell)
            or self.unconnected(trees)
            or self._vanishing(trees)
            or self._incomplete(trees)
            or self._direct(trees)
        )

    def enter(self, heading: str, words: str) -> None:
        """What a section defines otherwise is its own; the next one means what the document said first."""
        self._supposed = _LINEAR.search(words) is not None
        if heading != self._heading:
            self._heading = heading
            self._again.clear()

    def _otherwise(self, trees: Sequence[Expression]) -> str | None:
        """A step about what this section has defined otherwise: it is about another network, with the same letters."""
        for tree in trees if self._again else ():
            for node in self.model.reached_from(tree):
                if node in self._again:
                    return f"{self.spell(node)} is defined otherwise in line {self._again[node]}"
        return None

    def _direct(self, trees: Sequence[Expression]) -> str | None:
        """A derivative of z by w, where w stands in the formula of z and in what z is computed from."""
        for tree in trees:
            for of, by in _derivatives(tree, None):
                single = isinstance(of, Symbol) and of != self.model.loss and not _is_general(of)
                known = self.model.defines(of) if isinstance(of, Symbol) and single else None
                if known is not None and by in walk(known.tree) and self._is_behind_unit(known.tree, by):
                    return f"{self.spell(partial(of, by))} may be meant with the other quantities held fixed"
        return None

    def _is_behind_unit(self, tree: Expression, by: Symbol) -> bool:
        """Whether a quantity in an expression is itself computed from another one, single unit by single unit."""
        seen: set[Expression] = set()
        pending = [tree]
        while pending:
            for node in walk(pending.pop()):
                known = self.model.defines(node) if isinstance(node, Symbol) and node not in seen else None
                seen.add(node)
                if known is not None:
                    if by in walk(known.tree):
                        return True
                    pending.append(known.tree)
        return False

    def _of_samples(self, trees: Sequence[Expression]) -> str | None:
        """What may be meant otherwise where a document has several samples."""
        if self.model.sample and len({self.model.sample in free_indices(tree) for tree in trees}) > 1:
            return "one side is about a single sample, the other about all of them"
        if any(
            isinstance(tree, Apply) and tree.operator == "divide" and tree.arguments[0] == trees[0] for tree in trees
        ):
            return f"{self.spell(trees[0])} seems to be changed here"
        calls = [node for tree in trees for node in walk(tree) if isinstance(node, Apply) and node.operator == "call"]
        for call in calls:
            function = call.arguments[0]
            if isinstance(function, Symbol) and function.variant.startswith(ABSTRACT):
                known = function.variant.removeprefix(ABSTRACT) in self.model.functions
                sliced = any(isinstance(part, Symbol) and WHOLE in (part.indices or ()) for part in call.arguments[1:])
                if (call == trees[0] and not known) or (sliced and known and not self.model.sample):
                    return f"nothing here says what {self.spell(call)} is"
        return None

    def _vanishing(self, trees: Sequence[Expression]) -> str | None:
        """A derivative that comes out as 0: then a link between its ends is missing."""
        for tree in trees:
            for node in walk(tree):
                if self._is_derivative(node) and self.is_zero(node):
                    return f"as far as this document says, {self.spell(node)} is 0"
        return None

    def _is_derivative(self, node: Expression) -> bool:
        if isinstance(node, Symbol):
            return node.kind in self.model.deltas or node.variant == ADJOINT
        return isinstance(node, Apply) and node.operator in ("partial", "gradient") and len(node.arguments) == 2

    def redefined(self, head: Expression) -> str | None:
        """Texts use ``f`` for one function after another, and ``y`` for the output of each layer that they explain."""
        if isinstance(head, Apply) and head.operator == "call" and isinstance(head.arguments[0], Symbol):
            if all(isinstance(part, Symbol) and part.indices is None for part in head.arguments[1:]):
                return "another function of this name is defined before"
        elif isinstance(head, Symbol) and not head.variant and head.kind not in self.model.deltas:
            return self._defined_again(head)
        elif isinstance(head, Apply) and head.operator == "matrix":
            entries = [
                entry for row in head.arguments for entry in (row.arguments if isinstance(row, Apply) else (row,))
            ]
            units = [entry for entry in entries if isinstance(entry, Symbol)]
            found = [self._defined_again(unit) for unit in units] if len(units) == len(entries) else []
            return next(filter(None, found), None)
        return None

    def _defined_again(self, head: Symbol) -> str | None:
        # A sample's column may be defined by a line about all samples.
        whole = Symbol(head.kind, head.position, None, head.variant) if WHOLE in (head.indices or ()) else head
        if (known := self.model.defines(head) or self.model.defines(whole)) is None:
            return None
        self._redefined.add(head.kind)
        self._again[head] = known.line
        return f"{self.spell(head)} is defined otherwise in line {known.line}"

    def _incomplete(self, trees: Sequence[Expression]) -> str | None:
        """A derivative that may lead through a neuron whose formula is left out."""
        for tree in trees:
            for of, by in self._derivatives(tree):
                for node in self._units(self.model.reached_from(of)):
                    if self._is_left_out(node) and not self._is_behind(by, node):
                        return f"nothing here says how {self.spell(node)} is computed"
        return None

    def _units(self, found: Iterable[Symbol]) -> Iterator[Symbol]:
        """Each quantity; for "any neuron" of a layer whose neurons have formulas of their own, all of them."""
        for symbol in found:
            named = (size for (kind, _, place), size in self.model.sizes.items() if (kind, place) == (symbol.kind, 0))
            size = max(named, default=0)
            if symbol.indices is not None and len(symbol.indices) == 1 and _is_general(symbol):
                yield from (Symbol(symbol.kind, symbol.position, (unit,), symbol.variant) for unit in range(size))
            else:
                yield symbol

    def _is_behind(self, by: Symbol, left_out: Symbol) -> bool:
        """Whether a quantity comes in after a neuron, so that the neuron cannot depend on it."""
        if self.model.depends(by, left_out):
            return True
        users = [definition.tree for definitions in self.model.definitions.values() for definition in definitions
                 if by in walk(definition.tree)]  # fmt: skip
        return bool(users) and all(self.model.depends(tree, left_out) for tree in users)

    def unconnected(self, trees: Sequence[Expression]) -> str | None:
        """A derivative of something by what it does not depend on, as far as the document says."""
        for tree in trees:
            for of, by in self._derivatives(tree):
                if not self._depends(of, by) and not self._is_opaque(of):
                    on = self.spell(Symbol(by.kind, by.position, by.indices))
                    return f"nothing here says how {self.spell(of)} depends on {on}"
        return self._vanishing(trees[:1])

    def _derivatives(self, tree: Expression) -> Iterator[tuple[Expression, Symbol]]:
        """All derivatives in a tree, and those that its δ stand for."""
        yield from _derivatives(tree, self.model.loss)
        for node in walk(tree):
            if isinstance(node, Symbol) and node.kind in self.model.deltas:
                definition = self.model.defines(node)
                if definition is not None:
                    yield from _derivatives(definition.tree, self.model.loss)

    def _depends(self, of: Expression, by: Symbol) -> bool:
        key = of, by.kind
        if key not in self._connected:
            self._connected[key] = self.model.depends(of, Symbol(by.kind, by.position, by.indices))
        return self._connected[key]

    def _is_left_out(self, symbol: Symbol) -> bool:
        """A neuron without a formula, beside others of its layer that have one."""
        model = self.model
        if symbol.variant or not symbol.indices or not model.definitions.get(symbol.kind):
            return False
        if _is_general(symbol) or model.defines(symbol) is not None or symbol.position is not None:
            return False
        # What lies before all that is computed is where a sequence begins: s_0.
        first = [number for definition in model.definitions[symbol.kind] for number in definition.head.indices or ()]
        return not all(isinstance(index, int) and isinstance(number, int) and index < number
                       for index in symbol.indices for number in first)  # fmt: skip

    def _is_unsaid(self, symbol: Symbol) -> bool:
        """f of ``y = f(a)``, where each layer has a function with a name: nothing says that it stands for them."""
        return (
            symbol.variant.startswith(ABSTRACT)
            and symbol.variant.removeprefix(ABSTRACT) not in self.model.functions
            and self.model.activation == "any"
            and bool(self._used_functions)
            and symbol.variant not in self._used_functions
        )

    @cached_property
    def _used_functions(self) -> frozenset[str]:
        """The functions that definitions call."""
        return frozenset(
            node.variant
            for definitions in self.model.definitions.values() for definition in definitions
            for node in walk(definition.tree) if isinstance(node, Symbol) and node.kind == "function"
        )  # fmt: skip

    def _is_known(self, symbol: Symbol) -> bool:
        return symbol.kind.startswith(FREE) or symbol.kind in self._known or symbol.kind in self.model.deltas

    def _is_opaque(self, tree: Expression) -> bool:
        model = self.model
        return (
            isinstance(tree, Symbol) and tree.kind in model.opaque and model.defines(tree) is None and bool(model.sinks)
        )

    @cached_property
    def _layered(self) -> frozenset[str]:
        """The families that definitions use with a layer, and never without."""
        used = {
            (node.kind, node.position is not None)
            for definitions in self.model.definitions.values() for definition in definitions
            for tree in (definition.head, definition.tree) for node in walk(tree)
            if isinstance(node, Symbol) and node.kind not in (INDEX, "function")
        }  # fmt: skip
        return frozenset(kind for kind, placed in used if placed and (kind, False) not in used)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The families that some definition is about."""
        model = self.model
        found = set(model.opaque) | {symbol.kind for symbol in model.values}
        for definitions in model.definitions.values():
            for definition in definitions:
                found.add(definition.head.kind)
                found.update(node.kind for node in walk(definition.tree) if isinstance(node, Symbol))
        for function in model.functions.values():
            found.update(node.kind for node in walk(function.tree) if isinstance(node, Symbol))
        if model.rate is not None:
            found.add(model.rate.kind)
        return frozenset(found)


def _is_general(symbol: Symbol) -> bool:
    return any(isinstance(index, Index) for index in (symbol.position, *(symbol.indices or ())))


def _derivatives(tree: Expression, loss: Symbol | None) -> Iterator[tuple[Expression, Symbol]]:
    """(of, by) for every derivative in a tree, named ones (dW) too."""
    for node in walk(tree):
        if isinstance(node, Apply) and node.operator in ("partial", "gradient") and len(node.arguments) == 2:
            of, by = node.arguments
            if isinstance(by, Symbol):
                yield of, by
        elif isinstance(node, Symbol) and node.variant in (ADJOINT, UPDATED) and loss is not None:
            yield loss, Symbol(node.kind, node.position, node.indices)
