"""The model that a document makes of itself: definitions, functions, given values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from symbackprop.check.bind.declared import Declared
from symbackprop.check.bind.scripts import WHOLE
from symbackprop.check.evaluate.abstract import ABSTRACT
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, Symbol, walk

DEEPEST_LAYER = 3
"""How many layers (or steps) a network of any depth is drawn with."""


@dataclass(frozen=True, slots=True)
class Definition:
    """``head`` is a pattern: its letters stand for any layer or unit. ``line`` is where it stands."""

    head: Symbol
    tree: Expression
    line: int
    extents: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """``name(parameters) = tree``."""

    parameters: tuple[Name, ...]
    tree: Expression


@dataclass
class Model:
    """Everything that the document says of its quantities."""

    definitions: dict[str, list[Definition]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, int] = field(default_factory=dict)
    """What is given in a way that nothing here computes (a list of a few entries) -> the line."""
    functions: dict[str, FunctionDefinition] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    """Family -> the number of its indices, where it has any."""
    sizes: dict[tuple[str, IndexValue | None, int], int] = field(default_factory=dict)
    """(family, layer, place) -> how many units its numbers name at least."""
    from_nought: set[tuple[str, int]] = field(default_factory=set)
    """(family, place) of indices that begin at 0 in the document: ``s_0``."""
    values: dict[Symbol, Fraction] = field(default_factory=dict)
    counts: frozenset[str] = frozenset()
    """Letters that say how large something is."""
    declared: tuple[Declared, ...] = ()
    """What the document says about shapes."""
    numbers: set[str] = field(default_factory=set)
    """Families that are plain numbers."""
    loss: Symbol | None = None
    neurons: frozenset[str] = frozenset()
    """Letters of layers in names of neurons: families that end in one have an entry for each of its neurons."""
    rate: Symbol | None = None
    deltas: dict[str, str] = field(default_factory=dict)
    """Family of a δ -> the net input by which it differentiates the loss."""
    activation: str = "any"
    """What a function is that is called by a letter only."""
    delta_sign: int = 1
    count: Symbol | None = None
    """The number of samples that ``dZ`` is multiplied with where the 1/m stands in the gradients only."""
    shared: frozenset[str] = frozenset()
    """Families of which all entries of a layer are one number: a bias that the neurons share."""
    single: frozenset[str] = frozenset()
    """Families with one unit: Z of ``z^{(i)} = w^T x^{(i)} + b``."""
    sample: str = ""
    """The letter of the sample that a formula is about; none where formulas speak of one sample or of all."""
    opaque: set[str] = field(default_factory=set)
    """Losses of which the document does not say how they follow: any smooth function of the ``sinks``."""
    sinks: tuple[str, ...] = ()
    """Families that nothing else is computed from."""
    fixed: dict[str, int] = field(default_factory=dict)
    """Letters that stand for one unit throughout: the true class c of ``L = -\\log p_c``."""
    depth: int = DEEPEST_LAYER
    last: str = "L"
    _first: dict[str, int] = field(default_factory=dict)
    _computed: dict[str, int] = field(default_factory=dict)

    def add(self, definition: Definition) -> None:
        self.definitions[self.key(definition.head)].append(definition)

    @staticmethod
    def key(symbol: Symbol) -> str:
        return f"{symbol.variant} {symbol.kind}".strip()

    def defines(self, symbol: Symbol) -> Definition | None:
        """The definition that a pattern or a single quantity already has, the most special one first."""
        found = [
            definition for definition in self.definitions.get(self.key(symbol), ()) if _reaches(definition, symbol)
        ]
        return min(found, key=lambda definition: _letters(definition.head), default=None)

    def first_layer(self, kind: str) -> int:
        """The lowest layer of a family: 0 where another one looks back to it, 1 where it looks back itself."""
        if kind not in self._first:
            self._first[kind] = 0 if kind in self._looked_back_to() else self._computed_from(kind)
        return self._first[kind]

    def _computed_from(self, kind: str) -> int:
        """The lowest layer of a family at which a formula gives it."""
        if kind not in self._computed:
            self._computed[kind] = 0
            found = (self._begins(definition) for definition in self.definitions.get(kind, ()))
            self._computed[kind] = max(found, default=0)
        return self._computed[kind]

    def layers_of(self, kind: str) -> range:
        """The layers for which a letter may stand: where each layer has a formula of its own, those that have one."""
        layers = [found.head.position for found in self.definitions.get(kind, ()) if found.head.position is not None]
        numbers = [layer for layer in layers if isinstance(layer, int)]
        if not numbers or len(numbers) < len(layers):
            return range(self.first_layer(kind), self.depth + 1)
        return range(min(numbers), max(numbers) + 1)

    def _begins(self, definition: Definition) -> int:
        first = 0
        for node, back in _looks(definition):
            if back > 0:
                return 1
            if back == 0 and node.kind != definition.head.kind:
                first = max(first, self._computed_from(node.kind))
        return first

    def _looked_back_to(self) -> set[str]:
        return {
            node.kind
            for definitions in self.definitions.values()
            for definition in definitions
            for node, back in _looks(definition)
            if back > 0
        }

    def depends(self, tree: Expression, target: Symbol) -> bool:
        """Whether an expression uses a family, directly or through definitions."""
        return any(self.key(node) == self.key(target) for node in self.reached_from(tree))

    def reached_from(self, tree: Expression) -> Iterator[Symbol]:
        """The quantities that an expression uses, directly or through definitions of their families."""
        seen: set[Symbol] = set()
        opened: set[str] = set()
        pending = [tree]
        while pending:
            for node in walk(pending.pop()):
                if not isinstance(node, Symbol) or node in seen:
                    continue
                seen.add(node)
                yield node
                if node.variant == ADJOINT and self.loss is not None:
                    pending.append(self.loss)
                function = self.functions.get(node.variant.removeprefix(ABSTRACT))
                if function is not None:
                    pending.append(function.tree)
                if node.kind in self.opaque and self.defines(node) is None:
                    pending.extend(Symbol(kind) for kind in self.sinks)
                if self.key(node) not in opened:
                    opened.add(self.key(node))
                    pending.extend(definition.tree for definition in self.definitions.get(self.key(node), ()))


def _looks(definition: Definition) -> Iterator[tuple[Symbol, int]]:
    """(quantity, how many layers below the head it stands) for what a general definition uses."""
    base = definition.head.position
    if isinstance(base, Index):
        for node in walk(definition.tree):
            if isinstance(node, Symbol) and isinstance(node.position, Index) and node.position.symbol == base.symbol:
                yield node, base.offset - node.position.offset


def _reaches(definition: Definition, symbol: Symbol) -> bool:
    """Whether a definition is about a quantity: its head fits, and no layer below the first one is asked for."""
    places = matched(definition.head, symbol)
    if places is None:
        return False
    if not isinstance(symbol.position, int):
        return True
    for node in walk(definition.tree):
        if isinstance(node, Symbol) and isinstance(node.position, Index):
            base = places.get(node.position.symbol)
            if isinstance(base, int) and base + node.position.offset < 0:
                return False
    return True


def _letters(head: Symbol) -> int:
    return sum(isinstance(index, Index) for index in (head.position, *(head.indices or ())))


def matched(pattern: Symbol, symbol: Symbol) -> dict[str, IndexValue] | None:
    """What the letters of a pattern stand for in a symbol; None where it does not fit.

    An array-level pattern (no indices) fits array-level symbols, an entry-level one entries.
    """
    if (pattern.kind, pattern.variant) != (symbol.kind, symbol.variant):
        return None
    if (pattern.indices is None) != (symbol.indices is None):
        return None
    found: dict[str, IndexValue] = {}
    pairs = [(pattern.position, symbol.position), *zip(pattern.indices or (), symbol.indices or (), strict=False)]
    if len(pattern.indices or ()) != len(symbol.indices or ()):
        return None
    for place, given in pairs:
        if isinstance(place, Index) and place != WHOLE:
            value = _without(given, place.offset)
            if value is None or found.setdefault(place.symbol, value) != value:
                return None
        elif place != given:
            return None
    return found


def _without(index: IndexValue | None, offset: int) -> IndexValue | None:
    """The index less an offset; None for a number below 0."""
    if isinstance(index, Index):
        return replace_offset(index, -offset)
    return None if index is None or index - offset < 0 else index - offset


def replace_offset(index: Index, change: int) -> Index:
    return Index(index.symbol, index.offset + change)


def positions_in(trees: Mapping[int, Expression] | list[Expression]) -> Iterator[int]:
    """All layers that are named by a number."""
    values = trees.values() if isinstance(trees, Mapping) else trees
    for tree in values:
        for node in walk(tree):
            if isinstance(node, Symbol) and isinstance(node.position, int):
                yield node.position


def is_head(tree: Expression) -> bool:
    """Whether an expression may be defined: a quantity, not a derivative."""
    return isinstance(tree, Symbol) and tree.kind != "index"


def without_group(tree: Expression) -> Expression:
    while isinstance(tree, Apply) and tree.operator in ("group", "bracket", "brace"):
        tree = tree.arguments[0]
    return tree
