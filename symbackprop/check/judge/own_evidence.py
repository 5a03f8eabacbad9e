"""How well a document agrees with itself under some conventions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.bind.model import ModelBuilder
from symbackprop.check.conventions import CHOICES, Conventions
from symbackprop.check.evaluate.abstract import ABSTRACT, ACTIVATION_LETTERS
from symbackprop.check.evaluate.array import Array, Jacobian, ShapeError
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.evaluate.evaluation import Evaluator
from symbackprop.check.evaluate.own import DocumentWorld
from symbackprop.check.evaluate.product import CONVOLUTION
from symbackprop.check.evaluate.traced import Undecided, plain
from symbackprop.check.judge.chain import updated_head
from symbackprop.check.judge.compare import Answer, Comparer
from symbackprop.check.judge.numbers import Digits, judged, lone_number
from symbackprop.derive.reverse import UPDATED
from symbackprop.expression import Apply, Expression, Number, Symbol, walk

BROKEN = 20
"""What a definition that cannot be evaluated weighs against claims that fail."""
FORWARD = 3
"""What an equation about a quantity itself, or a printed number, weighs against one about derivatives."""
STATED = 2
"""What an equation that says what δ is weighs against one that uses it."""
_FLAT = 10**6


@dataclass(frozen=True)
class Evidence:
    """A document's model under conventions, and what of the document does not hold then."""

    builder: ModelBuilder
    conventions: Conventions

    def under(self, conventions: Conventions) -> Evidence:
        """The same document under others."""
        return Evidence(self.builder, conventions)

    def renewed(self) -> Evidence:
        """The same, after the model was changed."""
        return self.under(self.conventions)

    @cached_property
    def world(self) -> DocumentWorld:
        return self.world_with()

    def world_with(self, shared: frozenset[str] = frozenset()) -> DocumentWorld:
        """The world, in which the families ``shared`` are one number a layer."""
        conventions = self.conventions
        model = replace(
            self.builder.model,
            delta_sign=-1 if conventions.delta_sign == "negative" else 1,
            count=Symbol("m") if conventions.mean == "outside" else None,
            activation=conventions.activation,
            shared=shared,
        )
        row = conventions.layout_of_vectors == "row"
        reading = conventions.reading()
        if self.builder.convolves:
            reading = replace(reading, products={**reading.products, "star": CONVOLUTION})
        return DocumentWorld.of(model, row, conventions.index_order == "from-to", reading)

    def open_conventions(self) -> frozenset[str]:
        """Which conventions the document leaves open at all."""
        model = self.builder.model
        found = set()
        nodes = [
            node
            for chain in self.builder.chains.values()
            if chain.relations
            for tree in chain.trees
            for node in walk(tree)
        ]
        if self._activations():
            found.add("activation")
        whole = {node.kind for node in nodes if isinstance(node, Symbol) and node.indices is None} - model.numbers
        if whole:
            found.add("layout")
        if any(model.ranks.get(kind) == 2 for kind in whole):
            found.add("index_order")
        if any(isinstance(node, Apply) and node.operator == "star" for node in nodes):
            found.add("product")
        divisors = [node.arguments[1] for node in nodes if isinstance(node, Apply) and node.operator == "divide"]
        if any(part == Symbol("m") for divisor in divisors for part in walk(divisor)):
            found.add("mean")
        if model.deltas:
            found.add("delta_sign")
        if any(isinstance(node, Symbol) and node.variant == UPDATED for node in nodes):
            found.add("update_order")
        return frozenset(found)

    def choices(self, key: str) -> tuple[str, ...]:
        """The values of a convention that this document may mean."""
        return self._activations() if key == "activation" else CHOICES[key]

    def _activations(self) -> tuple[str, ...]:
        """σ without a definition may be what the document differentiates it like: ``a(1 - a)``, ``1 - a^2``."""
        nodes = [node for chain in self.builder.chains.values() for tree in chain.trees for node in walk(tree)]
        letters = {
            node.variant.removeprefix(ABSTRACT) for node in nodes
            if isinstance(node, Symbol) and node.variant.startswith(ABSTRACT) and node.position is None
        }  # fmt: skip
        if not letters & ACTIVATION_LETTERS:
            return ()
        found = []
        for node in nodes:
            if isinstance(node, Apply) and node.operator == "add" and node.arguments[0] == Number("1"):
                rest = node.arguments[1:]
                if len(rest) == 1 and isinstance(rest[0], Apply) and rest[0].operator == "negate":
                    squared = any(isinstance(part, Apply) and part.operator == "power" for part in walk(rest[0]))
                    found.append("tanh" if squared else "sigmoid")
        return tuple(dict.fromkeys(found))

    def concerns(self, key: str, number: int) -> bool:
        """Formulas about single units are the same in all layouts: that one is not understood is no gain."""
        if key not in ("layout", "index_order") or not 0 <= number < _FLAT:
            return True
        return any(
            isinstance(node, Symbol) and node.indices is None and node.kind not in self._apart
            for tree in self._chains[number].trees for node in walk(tree)
        )  # fmt: skip

    @cached_property
    def _chains(self) -> list[BoundChain]:
        return list(self.builder.chains.values())

    @cached_property
    def _apart(self) -> frozenset[str]:
        """Families that are no arrays."""
        model, names = self.builder.model, self.builder.names
        return frozenset((*model.numbers, *model.told, *names.letters, INDEX, "pi", "function"))

    def failing(self, among: frozenset[int] | None = None) -> dict[int, int]:
        """Definitions that do not fit and claims that do not hold, with their weights; at one point each.

        Where units may be cut off, one point is not enough to tell two formulas apart.
        """
        comparer = Comparer(self.world, points=3 if self._has_kinks else 1, most_instances=6)
        found: dict[int, int] = {}
        definitions = [definition for found in self.world.model.definitions.values() for definition in found]
        if among is None or _FLAT in among:
            flat = self._flat() + self.world.sizes.contradictions
            found |= {_FLAT: BROKEN * flat} if flat else {}
        for number, definition in enumerate(definitions):
            if (among is None or -number - 1 in among) and self._breaks(definition.head):
                found[-number - 1] = BROKEN
        for number, chain in enumerate(self.builder.chains.values()):
            if (among is None or number in among) and chain.relations and not chain.is_condition:
                count = self._failing(chain, comparer)
                if count:
                    found[number] = count
        return found

    @property
    def _has_kinks(self) -> bool:
        definitions = (definition for found in self.world.model.definitions.values() for definition in found)
        return any(
            isinstance(node, Apply) and node.operator == "maximum"
            for definition in definitions for node in walk(definition.tree)
        )  # fmt: skip

    def _flat(self) -> int:
        """How many whole quantities come out as a single number, and matrices as vectors: little is left of them."""
        sizes = self.world.sizes
        kinds = {
            node.kind for chain in self.builder.chains.values() for tree in chain.trees for node in walk(tree)
            if isinstance(node, Symbol) and node.indices is None and node.kind not in (INDEX, "pi", "function")
        } - self._apart  # fmt: skip
        shapes = [(kind, sizes.shape(kind, position)) for kind in sorted(kinds) for position in self._some_layer(kind)]
        return sum(shape == (1, 1) or (1 in shape and _is_capital(kind)) for kind, shape in shapes)

    def _some_layer(self, kind: str) -> tuple[int | None]:
        layered = any(node.position is not None for chain in self.builder.chains.values() for tree in chain.trees
                      for node in walk(tree) if isinstance(node, Symbol) and node.kind == kind)  # fmt: skip
        return (max(1, self.world.model.depth - 1),) if layered else (None,)

    def _breaks(self, head: Symbol) -> bool:
        for places in islice(self.world.instances((head,)), 4):
            try:
                Evaluator(self.world.drawings[0], places, self.world.reading).value(head)
            except ShapeError:
                return True
            except Undecided as reason:
                if "negative number" in str(reason):
                    return True
        return False

    def _failing(self, chain: BoundChain, comparer: Comparer) -> int:
        if any(member.unknown for member in chain.members):
            return 0
        head = chain.trees[0]
        formulas = [tree for tree in chain.trees[1:] if not any(map(_is_decimal, walk(tree)))]
        if self.world.model.values:
            # With values, numbers are about these.
            formulas = [tree for tree in formulas if any(isinstance(node, Symbol) for node in walk(tree))]
            head = updated_head(head, chain.trees[1]) or head
        weight = 1
        if isinstance(head, Symbol):
            weight = STATED if self.builder.is_special(head) else FORWARD
        count = sum(comparer.compare(head, tree).answer in (Answer.DIFFERENT, Answer.SHAPE) for tree in formulas)
        return weight * count + FORWARD * sum(self._misprinted(head, tree, comparer) for tree in chain.trees[1:])

    def _misprinted(self, head: Expression, tree: Expression, comparer: Comparer) -> bool:
        """Whether a printed result is not what the model gives."""
        printed = lone_number(tree)
        if printed is None or not _is_decimal(printed):
            return False
        try:
            value = plain(comparer.example(head))
        except (Undecided, ShapeError):
            return False
        return not isinstance(value, Array | Jacobian) and judged(printed, value) is Digits.WRONG


def _is_capital(kind: str) -> bool:
    """Matrices have capital letters."""
    return re.sub(r"\\[a-z]+\{|[\\{}]", "", kind)[:1].isupper()


def _is_decimal(node: Expression) -> bool:
    return isinstance(node, Number) and "." in node.text
