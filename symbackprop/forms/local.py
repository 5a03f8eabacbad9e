"""Local derivatives in indices: the indexed definition of a quantity, differentiated by an entry of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symbackprop.expression import ZERO, Expression, Symbol, add, multiply, transform
from symbackprop.forms.algebra import flatten
from symbackprop.forms.application import apply_function
from symbackprop.forms.indexed import (
    IndexedForm,
    Place,
    entry_at,
    index_tree,
    letters_in,
    ranges_of,
    scatter_source,
    summed,
)
from symbackprop.forms.kronecker import Rewrite, eliminate, kronecker, result_of
from symbackprop.forms.layout import NoFormError
from symbackprop.graph import Builder, Node
from symbackprop.ops import Composite, Contract, Gather, Map, Scatter

_SEED = Symbol("seed")


@dataclass(frozen=True, slots=True)
class LocalDerivative:
    """∂of/∂by: the definition that was differentiated, what came out, and the deltas eliminated from it.

    ``raw`` still has a delta for every place where "is this that entry?" has to be asked. Where
    people have a preferred form (softmax: y_i (δ_{ij} - y_j)), ``preferred`` is that form with the
    deltas of its own, and ``preferred_steps`` eliminate them; the form was proved by the operation.
    """

    of: Symbol
    by: Symbol
    definition: Expression
    raw: Expression
    steps: tuple[Rewrite, ...]
    preferred: Expression | None = None
    preferred_steps: tuple[Rewrite, ...] = ()

    @property
    def derived(self) -> Expression:
        """What differentiation gives, deltas under sums eliminated."""
        return result_of(self.raw, self.steps)

    @property
    def result(self) -> Expression:
        """The derivative as people write it."""
        return self.derived if self.preferred is None else result_of(self.preferred, self.preferred_steps)


def local_derivative(form: IndexedForm, of: Node, of_place: Place, by: Node, by_place: Place) -> LocalDerivative:
    """The derivative of one entry by one entry of a node that its definition uses.

    What else the definition uses is held fixed: the derivative is a local one.
    """
    taken = letters_in(of_place) | letters_in(by_place)
    definition = form.definition(of, of_place)
    raw = _Differentiation(form, by, by_place).derivative(of, of_place, taken)
    ranges = {**ranges_of(of.axes, of_place), **ranges_of(by.axes, by_place)}
    preferred = _preferred(form, of, of_place, by, by_place)
    return LocalDerivative(
        entry_at(of, of_place),
        entry_at(by, by_place),
        definition,
        raw,
        eliminate(raw, ranges),
        preferred,
        () if preferred is None else eliminate(preferred, ranges),
    )


def deltas(node: Node, place: Place, other: Place) -> Expression:
    """1 if two places of a node are the same, else 0."""
    names = [axis.name for axis in node.axes]
    return multiply(*(kronecker(index_tree(place[name]), index_tree(other[name])) for name in names))


def _preferred(form: IndexedForm, of: Node, of_place: Place, by: Node, by_place: Place) -> Expression | None:
    """What a composite's form hands back for an adjoint that is 1 at one entry and 0 elsewhere."""
    operation = of.operation
    if not isinstance(operation, Composite) or by not in of.arguments or not any(operation.forms):
        return None
    build = Builder()
    seed = build.leaf(_SEED, *of.axes)
    share = operation.adjoint(build, of, seed, of.arguments.index(by))
    if share is None:
        return ZERO

    def put_in(part: Expression) -> Expression | None:
        if isinstance(part, Symbol) and part.kind == _SEED.kind and part.indices is not None:
            at = dict(zip((axis.name for axis in of.axes), part.indices, strict=True))
            return deltas(of, at, of_place)
        return None

    taken = letters_in(of_place) | letters_in(by_place)
    return flatten(transform(form.expand(share, by_place, taken), put_in))


@dataclass(frozen=True, slots=True)
class _Differentiation:
    """Differentiates definitions by one entry, ``by`` at ``by_place``."""

    form: IndexedForm
    by: Node
    by_place: Place

    def derivative(self, node: Node, place: Place, taken: frozenset[str]) -> Expression:
        """The derivative of what a node computes at a place."""
        rule = _RULES.get(type(node.operation))
        if rule is None:
            raise NoFormError(f"no derivative in indices for {type(node.operation).__name__}")
        return rule(self, node, node.operation, place, taken)

    def argument(self, node: Node, place: Place, taken: frozenset[str]) -> Expression:
        """The derivative of an entry that a definition uses."""
        if node is self.by:
            return deltas(node, place, self.by_place)
        if node.operation is None or (node.symbol is not None and node.id not in self.form.inline):
            return ZERO
        return self.derivative(node, place, taken)

    def map(self, node: Node, operation: Map, place: Place, taken: frozenset[str]) -> Expression:
        """Chain rule for a scalar function; its own derivative comes from SymPy."""
        function = operation.function
        arguments = tuple(self.form.expand(argument, place, taken) for argument in node.arguments)
        terms = []
        for position, argument in enumerate(node.arguments[: function.arity]):
            inner = self.argument(argument, place, taken)
            if inner == ZERO:
                continue
            local = function.derivative(position)
            values = (*arguments, self.form.expand(node, place, taken)) if local.uses_result else arguments
            terms.append(multiply(inner, apply_function(local, values, self.form.named)))
        return add(*terms)

    def contract(self, node: Node, operation: Contract, place: Place, taken: frozenset[str]) -> Expression:
        """Product rule under the sums."""
        over, inner, used = self.form.open_sum(node, place, taken)
        factors = [self.form.expand(argument, inner, used) for argument in node.arguments]
        terms = []
        for position, argument in enumerate(node.arguments):
            derived = self.argument(argument, inner, used)
            if derived != ZERO:
                terms.append(multiply(*factors[:position], derived, *factors[position + 1 :]))
        return summed(add(*terms), over, inner)

    def composite(self, node: Node, operation: Composite, place: Place, taken: frozenset[str]) -> Expression:
        return self.derivative(operation.written_out(node), place, taken)

    def gather(self, node: Node, operation: Gather, place: Place, taken: frozenset[str]) -> Expression:
        return self.argument(node.arguments[0], operation.source(place), taken)

    def scatter(self, node: Node, operation: Scatter, place: Place, taken: frozenset[str]) -> Expression:
        return self.argument(node.arguments[0], scatter_source(operation, place), taken)


_RULES: dict[type, Callable[..., Expression]] = {
    Map: _Differentiation.map,
    Contract: _Differentiation.contract,
    Composite: _Differentiation.composite,
    Gather: _Differentiation.gather,
    Scatter: _Differentiation.scatter,
}
