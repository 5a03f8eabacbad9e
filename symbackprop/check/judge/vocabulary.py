"""The quantities of a network that could have been meant, for naming slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from msgspec.structs import replace

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.paths import Paths
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Apply, Expression, Index, Symbol, add, multiply, partial, symbols, walk
from symbackprop.graph import Node, canonical_id

MOST_ALIKE = 24
"""Neighbours of a quantity that are tried."""

_PARTNERS = {"activation": ("preactivation",), "preactivation": ("activation",), "target": ("activation",)}


@dataclass(frozen=True)
class NetworkVocabulary:
    """What a derivation offers in place of what was written."""

    derivation: Derivation
    _paths: dict[str, Paths] = field(default_factory=dict, compare=False, repr=False)

    def alike(self, symbol: Symbol) -> Sequence[Symbol]:
        node = self._node(symbol)
        if node is None or not symbol.indices or not all(isinstance(index, int) for index in symbol.indices):
            return ()
        found: list[Symbol] = []
        for place in node.places():
            if place != symbol.indices and len(found) < MOST_ALIKE:
                found.append(replace(symbol, indices=place))
        return found

    def other_layers(self, symbol: Symbol) -> Sequence[Symbol]:
        if isinstance(symbol.position, Index):
            letter, offset = symbol.position
            return [replace(symbol, position=Index(letter, offset + change)) for change in (1, -1)]
        if symbol.position is None:
            return ()
        found = []
        for position in range(len(self.derivation.network.sizes)):
            other = replace(symbol, position=position)
            node = self._node(other)
            if position != symbol.position and node is not None and self._holds(node, other):
                found.append(other)
        return sorted(found, key=lambda other: abs(int(str(other.position)) - int(str(symbol.position))))

    def partners(self, symbol: Symbol) -> Sequence[Symbol]:
        if symbol.variant == ADJOINT:
            return ()
        found = []
        for kind in _PARTNERS.get(symbol.kind, ()):
            position = symbol.position
            if symbol.kind == "target":
                position = len(self.derivation.network.layers)
            other = replace(symbol, kind=kind, position=position)
            node = self._node(other)
            if node is not None and self._holds(node, other):
                found.append(other)
        if symbol.kind == "activation" and symbol.position == len(self.derivation.network.layers):
            found.append(Symbol("target", None, symbol.indices))
        return found

    def slopes(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        found: list[Expression] = []
        for symbol in self._neurons(trees):
            if isinstance(symbol.position, Index):
                found.append(partial(replace(symbol, kind="activation"), symbol))
            elif symbol.position is not None and symbol.position > 0:
                slope = partial(replace(symbol, kind="activation"), symbol)
                found += [slope, *self._half_slopes(slope)]
        return found

    def _half_slopes(self, slope: Expression) -> Iterator[Expression]:
        """The ``(1 - y)`` of ``y(1 - y)``, which is lost alone as well."""
        form = self.definition(slope)
        if isinstance(form, Apply) and form.operator == "multiply":
            for factor in form.arguments:
                if any(isinstance(node, Apply) and node.operator == "add" for node in walk(factor)):
                    yield (
                        factor
                        if isinstance(factor, Apply) and factor.operator == "group"
                        else Apply("group", (factor,))
                    )

    def biases(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        found: dict[Expression, None] = {}
        for symbol in self._neurons(trees):
            if isinstance(symbol.position, Index):
                indices = None if symbol.indices is None else symbol.indices[-1:]
                found[replace(symbol, kind="bias", indices=indices)] = None
                continue
            bias = self._node(Symbol("bias", symbol.position))
            if bias is not None:
                # A sample or a step in time stands before the unit; biases have none.
                indices = (symbol.indices or ())[-len(bias.axes) :] if bias.axes else ()
                found[bias.entry(*indices) if len(indices) == len(bias.axes) else
                      replace(symbol, kind="bias", indices=None)] = None  # fmt: skip
        return list(found)

    def factors(self, trees: Sequence[Expression]) -> Sequence[Expression]:
        """Whatever the definitions of the quantities in the trees are made of."""
        found: dict[Expression, None] = {}
        for tree in trees:
            definition = self.definition(tree)
            for part in symbols(definition) if definition is not None else ():
                found[part] = None
        for symbol in self._neurons(trees):
            for kind in ("activation", "preactivation"):
                other = replace(symbol, kind=kind)
                node = self._node(other)
                if node is not None and self._holds(node, other):
                    found[other] = None
                    if kind == "preactivation":
                        found[replace(other, variant=ADJOINT)] = None
        return list(found)[:MOST_ALIKE]

    def paths(self, head: Expression) -> Sequence[Sequence[Expression]]:
        """∂A/∂B through every layer between B and A."""
        derivative = self._derivative(head)
        if derivative is None:
            return ()
        of, by = derivative
        found = []
        for node in self.derivation.model.graph.nodes:
            if node.role in ("preactivation", "loss_part") and node.axes:
                through = [node.entry(*place) for place in node.places()]
                if of in through or by in through:
                    continue
                found.append([multiply(partial(of, middle), partial(middle, by)) for middle in through])
        return found

    def definition(self, tree: Expression) -> Expression | None:
        derivative = self._derivative(tree)
        if derivative is not None:
            return self._derivative_form(*derivative)
        if isinstance(tree, Symbol) and tree.indices is not None and all(isinstance(i, int) for i in tree.indices):
            node = self._node(tree)
            if node is not None and (node.operation is not None or tree.variant) and self._holds(node, tree):
                return self._defined(tree)
        return None

    def _defined(self, entry: Symbol) -> Expression | None:
        if canonical_id(entry) not in self.derivation.graph.by_id:
            if entry.variant != UPDATED:
                return None
            base = replace(entry, variant="")
            gradient = partial(self.derivation.model.graph.loss.entry(), base)
            return add(base, Apply("negate", (multiply(Symbol("learning_rate", None, ()), gradient),)))
        found = self.derivation.definition(entry)
        return None if found == entry else found

    def _derivative(self, tree: Expression) -> tuple[Symbol, Symbol] | None:
        """(of, by) where both are single entries of the network."""
        if isinstance(tree, Symbol) and tree.variant == ADJOINT:
            plain = replace(tree, variant="")
            return (self.derivation.model.graph.loss.entry(), plain) if self._is_entry(plain) else None
        if isinstance(tree, Apply) and tree.operator == "partial" and len(tree.arguments) == 2:
            of, by = tree.arguments
            if isinstance(of, Symbol) and isinstance(by, Symbol) and self._is_entry(of) and self._is_entry(by):
                return of, by
        return None

    def _derivative_form(self, of: Symbol, by: Symbol) -> Expression | None:
        """The form of a derivative that a document would show: by δ, or the local derivative."""
        loss = self.derivation.model.graph.loss.entry()
        adjoint = replace(by, variant=ADJOINT)
        if of == loss:
            if canonical_id(adjoint) not in self.derivation.graph.by_id:
                return None
            found = self.derivation.definition(adjoint)
            return _without_parts(found)
        if of.kind == "loss_part":
            return self._through_part(of, adjoint)
        paths = self._paths.setdefault("", Paths(self.derivation))
        try:
            return paths.factor(of, by).preferred
        except (KeyError, ValueError):
            return None

    def _through_part(self, part: Symbol, adjoint: Symbol) -> Expression | None:
        """∂E_o/∂x: the terms of ∂E/∂x that lead through this output."""
        if canonical_id(adjoint) not in self.derivation.graph.by_id:
            return None
        whole = _without_parts(self.derivation.definition(adjoint))
        terms = whole.arguments if isinstance(whole, Apply) and whole.operator == "add" else (whole,)
        last = len(self.derivation.network.layers)
        kept = [
            term
            for term in terms
            if any(node.position == last and node.indices == part.indices for node in symbols(term))
            or any(node.kind == "target" and node.indices == part.indices for node in symbols(term))
        ]
        return add(*kept) if kept and len(kept) < max(2, len(terms)) else None

    def _neurons(self, trees: Sequence[Expression]) -> Iterator[Symbol]:
        """The pre-activations of the neurons (or whole layers) that occur in some trees."""
        found: dict[Symbol, None] = {}
        for tree in trees:
            for node in walk(tree):
                if isinstance(node, Symbol) and node.kind in ("activation", "preactivation"):
                    found[replace(node, kind="preactivation", variant="")] = None
                elif isinstance(node, Symbol) and node.kind in ("loss_part", "target"):
                    position = len(self.derivation.network.layers)
                    found[Symbol("preactivation", position, node.indices)] = None
                elif isinstance(node, Symbol) and node.kind == "weight" and node.indices:
                    found[Symbol("preactivation", node.position, node.indices[:1])] = None
        yield from found

    def _node(self, symbol: Symbol) -> Node | None:
        return self.derivation.model.graph.by_id.get(canonical_id(Symbol(symbol.kind, symbol.position)))

    def _holds(self, node: Node, symbol: Symbol) -> bool:
        if symbol.indices is None:
            return True
        sizes = [axis.size for axis in node.axes]
        return len(sizes) == len(symbol.indices) and all(
            not isinstance(index, int) or (isinstance(size, int) and index < size)
            for index, size in zip(symbol.indices, sizes, strict=True)
        )

    def _is_entry(self, symbol: Symbol) -> bool:
        """Whether it is a single number of the network; ``b_1`` of a layer whose neurons have one each is none."""
        if symbol.variant or symbol.indices is None or not all(isinstance(index, int) for index in symbol.indices):
            return False
        node = self._node(symbol)
        return node is not None and self._holds(node, symbol)

    @cached_property
    def last(self) -> int:
        return len(self.derivation.network.layers)


def _without_parts(tree: Expression) -> Expression:
    """∂E/∂E_o is 1 and is not shown."""
    if isinstance(tree, Symbol) and tree.kind == "loss_part" and tree.variant == ADJOINT:
        return multiply()
    if isinstance(tree, Apply):
        parts = tuple(_without_parts(argument) for argument in tree.arguments)
        return multiply(*parts) if tree.operator == "multiply" else replace(tree, arguments=parts)
    return tree
