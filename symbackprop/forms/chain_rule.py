"""The chain rule in indices: a sum over everything that uses an entry, then one delta after the other away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from symbackprop.expression import Chain, Expression, Symbol, add, chain, multiply, partial
from symbackprop.forms.indexed import IndexedForm, Place, entry_at, letters_in, ranges_of, summed
from symbackprop.forms.kronecker import Rewrite, eliminate, result_of
from symbackprop.forms.local import LocalDerivative, local_derivative
from symbackprop.graph import Graph, Node

ADJOINT = "adjoint"


@dataclass(frozen=True, slots=True)
class IndexedGradient:
    """∂E/∂entry, step by step.

    ``chained`` is the sum over all users of the entry, with the local derivatives as symbols;
    ``inserted`` has them put in; ``steps`` eliminate the deltas. ``locals`` are the derivatives used.
    """

    adjoint: Symbol
    chained: Expression
    inserted: Expression
    locals: tuple[LocalDerivative, ...]
    steps: tuple[Rewrite, ...]

    @property
    def result(self) -> Expression:
        return result_of(self.inserted, self.steps)

    @property
    def chain(self) -> Chain:
        """∂E/∂entry = chain rule = derivatives inserted = one delta after the other eliminated."""
        return self._chain(step.after for step in self.steps)

    @property
    def short(self) -> Chain:
        """The same with the deltas eliminated in one go."""
        return self._chain([self.result])

    def _chain(self, last: Iterable[Expression]) -> Chain:
        # Next to the loss, the chain rule would say no more than the left side.
        trivial = len(self.locals) == 1 and self.chained == partial(self.locals[0].of, self.locals[0].by)
        members = [self.adjoint, *([] if trivial else [self.chained]), self.inserted, *last]
        return chain(*dict.fromkeys(members))


def adjoint_entry(node: Node, place: Place) -> Symbol:
    """The symbol of ∂E/∂entry."""
    return replace(entry_at(node, place), variant=ADJOINT)


def indexed_gradient(form: IndexedForm, graph: Graph, node: Node, place: Place) -> IndexedGradient:
    """The gradient of the loss by one entry, from the named quantities that use it directly.

    ``place`` gives the entry's indices. ValueError if nothing uses the node.
    """
    parts = [_part(form, graph, user, node, place) for user in users(graph, node, form.inline)]
    if not parts:
        raise ValueError(f"{node.id} is not used")
    chained = add(*(part.chained for part in parts))
    inserted = add(*(part.inserted for part in parts))
    ranges = ranges_of(node.axes, place)
    found = tuple(part.local for part in parts)
    return IndexedGradient(adjoint_entry(node, place), chained, inserted, found, eliminate(inserted, ranges))


def users(graph: Graph, node: Node, inline: frozenset[str] = frozenset()) -> list[Node]:
    """The named nodes whose definitions contain a node, each once, in the order of the graph."""
    consumers = graph.consumers()
    found: dict[str, Node] = {}
    pending = [node]
    while pending:
        for user, _ in consumers[pending.pop(0).id]:
            if user.symbol is None or user.id in inline:
                pending.append(user)
            else:
                found[user.id] = user
    return sorted(found.values(), key=graph.nodes.index)


@dataclass(frozen=True, slots=True)
class _Part:
    chained: Expression
    inserted: Expression
    local: LocalDerivative


def _part(form: IndexedForm, graph: Graph, user: Node, node: Node, place: Place) -> _Part:
    """What one user contributes: the sum over its entries of ∂E/∂user · ∂user/∂entry."""
    taken = letters_in(place)
    user_place = form.letters.place(user.axes, taken)
    local = local_derivative(form, user, user_place, node, place)
    # ∂E/∂E is 1 and is not written.
    before = [] if user is graph.loss else [adjoint_entry(user, user_place)]

    def under_sums(factor: Expression) -> Expression:
        return summed(multiply(*before, factor), list(user.axes), user_place)

    return _Part(under_sums(partial(local.of, local.by)), under_sums(local.result), local)


def _is_loss(node: Node) -> bool:
    return node.role == "loss" and not node.axes
