"""The chain rule for one entry, factor by factor: how it reaches the loss, and by which paths.

A quantity that is used once hands its derivative on through one factor. A run of such factors is
what a textbook multiplies; where a quantity is used several times, the run ends in a sum.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.jacobian import jacobian_entry
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.expression import Expression, Symbol, symbols, transform
from symbackprop.forms.algebra import fill, function_tree, hole
from symbackprop.forms.scalar import definition
from symbackprop.graph import Graph, Node
from symbackprop.kept import kept
from symbackprop.ops import Composite, Map
from symbackprop.spec.error import TRANSPARENT


@dataclass(frozen=True, slots=True)
class Factor:
    """A local derivative ∂of/∂by: the definition that is differentiated, and what comes out.

    ``derivative`` is SymPy's result; ``preferred`` the form in which people write it.
    """

    of: Symbol
    by: Symbol
    definition: Expression
    derivative: Expression
    preferred: Expression


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a branching quantity: the entry that uses it, the factor, and the loss part it ends in.

    ``part`` is None where the way ends in several parts of the loss.
    """

    through: Symbol
    factor: Factor
    part: Symbol | None


@dataclass(frozen=True, slots=True)
class Run:
    """From an entry towards the loss while there is one way only.

    ``factors`` lead from the far end back to the entry: their product is ∂top/∂entry, where ``top``
    is the loss itself or the entry at which the ways part. ``paths`` are those ways.
    """

    entry: Symbol
    top: Symbol
    factors: tuple[Factor, ...]
    paths: tuple[Path, ...]


class Paths:
    """The uses of every entry, and the runs and factors made from them.

    Quantities of the roles in ``transparent`` are written out: factors pass through them.
    """

    def __init__(self, derivation: Derivation, transparent: Collection[str] = TRANSPARENT) -> None:
        self.derivation = derivation
        self.transparent = transparent
        self.graph: Graph = derivation.model.graph
        self.loss = self.graph.loss.entry()

    @cached_property
    def uses(self) -> Mapping[Symbol, tuple[Symbol, ...]]:
        """Entry -> the entries whose definitions contain it."""
        found: dict[Symbol, list[Symbol]] = {}
        for node in self.graph.nodes:
            if node.symbol is None or node.operation is None or node.role in self.transparent:
                continue
            for place in node.places():
                entry = node.entry(*place)
                for used in symbols(self.definition(entry)):
                    found.setdefault(used, []).append(entry)
        return {entry: tuple(users) for entry, users in found.items()}

    def definition(self, entry: Symbol) -> Expression:
        return definition(self.graph, entry, self._transparent)

    @cached_property
    def _transparent(self) -> frozenset[str]:
        """Ids of the nodes that factors pass through, and of their adjoints."""
        return frozenset(node.id for node in self.derivation.graph.nodes if node.role in self.transparent)

    def run(self, entry: Symbol) -> Run:
        """Follow an entry towards the loss until it is reached or the ways part."""
        factors: list[Factor] = []
        here = entry
        while here != self.loss and len(self.uses.get(here, ())) == 1:
            above = self.uses[here][0]
            factors.append(self.factor(above, here))
            here = above
        ways = () if here == self.loss else self.uses.get(here, ())
        paths = tuple(Path(user, self.factor(user, here), self.loss_part(user)) for user in ways)
        return Run(entry, here, tuple(reversed(factors)), paths)

    def factor(self, of: Symbol, by: Symbol) -> Factor:
        """The local derivative of an entry by one that its definition contains; SymPy differentiates."""
        written = self.definition(of)
        used = tuple(symbol for symbol in symbols(written) if symbol.kind != "pi")
        holes: dict[Expression, Symbol] = {symbol: hole(number) for number, symbol in enumerate(used)}
        shape = transform(written, lambda part: holes.get(part) if isinstance(part, Symbol) else None)
        tree = fill(_derivative(shape, used.index(by), len(used)), used)
        return Factor(of, by, written, tree, self._preferred(of, by) or tree)

    def loss_part(self, entry: Symbol) -> Symbol | None:
        """The only part of the loss that an entry reaches, if there is just one."""
        parts = self._parts(entry)
        return parts.pop() if len(parts) == 1 else None

    def _parts(self, entry: Symbol) -> set[Symbol]:
        found: set[Symbol] = set()
        pending, seen = [entry], {entry}
        while pending:
            for user in self.uses.get(pending.pop(), ()):
                if user == self.loss:
                    found.update(self._parts_with(seen))
                elif user not in seen:
                    seen.add(user)
                    pending.append(user)
        return found

    def _parts_with(self, entries: set[Symbol]) -> set[Symbol]:
        return {part for part, used in self._quantities_of_parts.items() if not entries.isdisjoint(used)}

    @cached_property
    def _quantities_of_parts(self) -> Mapping[Symbol, tuple[Symbol, ...]]:
        """Part of the loss -> the entries that its definition contains."""
        parts = (node.entry(*place) for node in self.graph.roles(TRANSPARENT[0]) for place in node.places())
        return {part: symbols(definition(self.graph, part)) for part in parts}

    def _preferred(self, of: Symbol, by: Symbol) -> Expression | None:
        """The proved form that people write: of an activation, or of the loss by an output."""
        if of == self.loss:
            return definition(self.derivation.graph, adjoint_symbol(by), self._transparent)
        node: Node = self.graph.node(of)
        if isinstance(node.operation, Composite):
            return jacobian_entry(node, of, by)
        if not isinstance(node.operation, Map) or len(node.arguments) != 1 or node.arguments[0].symbol is None:
            return None
        local = node.operation.function.derivative(0)
        return fill(function_tree(local), (by, of) if local.uses_result else (by,))


@lru_cache(maxsize=4096)
@kept
def _derivative(shape: Expression, position: int, count: int) -> Expression:
    """The derivative of a formula with holes by one of them: the neurons of a layer share it."""
    import sympy

    from symbackprop.forms.sympy_trees import to_sympy, to_tree

    names = {hole(number): sympy.Symbol(f"q{number}", real=True) for number in range(count)}
    derivative = sympy.diff(to_sympy(shape, names.__getitem__), names[hole(position)])
    return to_tree(derivative, {name: symbol for symbol, name in names.items()})
