"""Backpropagation for any number of layers of any size: derived once, from the generic layer.

The reverse sweep runs over the two graphs of ``forms.any_depth``. Out of it come the forward
equations, δ of the last layer, δ of a layer from that of the next one, and the gradients; each as
entries, as lines and as whole matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property

from symbackprop.derive.reverse import ADJOINT, UPDATED, Sweep, reverse_sweep
from symbackprop.expression import Apply, Chain, Expression, Index, Symbol, chain, multiply, partial, transform
from symbackprop.forms.any_depth import LOSS_PART, RATE, GenericNetwork
from symbackprop.forms.indexed import IndexedForm, Letters, Place, entry_at
from symbackprop.forms.kronecker import factors
from symbackprop.forms.layout import Layout
from symbackprop.forms.levels import Levels, levels
from symbackprop.forms.matrix import MatrixForm, Totals
from symbackprop.forms.shapes import Dimension
from symbackprop.graph import Node, canonical_id
from symbackprop.spec.model import Order

_TRANSPARENT = frozenset({LOSS_PART.kind, f"{ADJOINT} {LOSS_PART.kind}"})
"""Nodes that are written out: the parts of the loss, and what they hand back."""

_DIMENSIONS: tuple[Dimension, Dimension] = ("rows", "columns")


@dataclass(frozen=True)
class AnyDepth:
    """The derivation for a generic network in one layout.

    ``letters`` supplies the indices; ``ones`` and ``totals`` say how sums over rows are written
    (see ``forms.matrix``).
    """

    network: GenericNetwork = field(default_factory=GenericNetwork)
    layout: Layout = "column"
    letters: Letters = field(default_factory=Letters)
    ones: bool = True
    totals: Totals = "ones"

    @cached_property
    def hidden(self) -> Sweep:
        """Layer l and what it needs of layer l+1, swept: the gradients."""
        return _swept(self.network, False, "simultaneous")

    @cached_property
    def final(self) -> Sweep:
        """Layer L and the loss, swept."""
        return _swept(self.network, True, "simultaneous")

    @cached_property
    def indexed(self) -> IndexedForm:
        return IndexedForm(self.letters, inline=_TRANSPARENT)

    def matrix(self, sweep: Sweep, inline: frozenset[str] = frozenset()) -> MatrixForm:
        """The matrix form of a swept graph."""
        written_out = inline | _TRANSPARENT
        return MatrixForm(sweep.graph, self.layout, True, self.ones, self.totals, self.letters, written_out)

    # ---- quantities of the generic layer ------------------------------------------------------

    @property
    def parameters(self) -> tuple[str, ...]:
        """The roles of the parameters of a layer."""
        return ("weight",) if self.network.bias == "none" else ("weight", "bias")

    def node(self, kind: str, variant: str = "", last: bool = False) -> Node:
        """A quantity of layer l, or of layer L."""
        sweep = self.final if last else self.hidden
        return sweep.graph.node(Symbol(kind, self._position(last), None, variant))

    def _position(self, last: bool) -> Index:
        return Index(self.network.last if last else self.network.layer)

    def place(self, node: Node) -> Place:
        """The indices under which an entry of a quantity is written."""
        return self.letters.place(node.axes)

    def equation(self, node: Node, inline: frozenset[str] = frozenset(), sweep: Sweep | None = None) -> Chain:
        """A whole array and how it is computed."""
        form = self.matrix(sweep or self.hidden, inline)
        return chain(form.quantity(node).expression, form.definition(node).expression)

    # ---- forward ------------------------------------------------------------------------------

    @property
    def forward(self) -> tuple[Chain, ...]:
        """z^l and a^l as whole arrays."""
        return tuple(self.equation(self.node(kind)) for kind in ("preactivation", "activation"))

    @property
    def forward_entries(self) -> tuple[Chain, ...]:
        """z^l and a^l entry by entry."""
        found = []
        for node in (self.node("preactivation"), self.node("activation")):
            place = self.place(node)
            found.append(chain(entry_at(node, place), self.indexed.definition(node, place)))
        return tuple(found)

    @property
    def loss(self) -> Chain | None:
        """E as a sum over the entries of the output; None where nothing is known of it."""
        if self.network.loss in ("any", "direct"):
            return None
        node = self.final.graph.loss
        return chain(node.entry(), self.indexed.definition(node, {}))

    # ---- backward -----------------------------------------------------------------------------

    @property
    def start(self) -> Chain:
        """δ^L as a whole array; alone where it is given."""
        delta = self.node("preactivation", ADJOINT, last=True)
        if self.network.loss == "direct":
            return Chain((self.matrix(self.final).quantity(delta).expression,), ())
        if self.network.loss == "any":
            return self.equation(delta, sweep=self.final)
        adjoint = self.node("activation", ADJOINT, last=True)
        return self.equation(delta, frozenset({adjoint.id}), self.final)

    @property
    def start_entry(self) -> Chain:
        """δ^L, one entry: its own chain rule, and the loss put in where it is known."""
        if self.network.loss == "direct":
            delta = self.node("preactivation", ADJOINT, last=True)
            return Chain((entry_at(delta, self.place(delta)),), ())
        outer = self.gradient("preactivation", last=True).entry
        if self.network.loss == "any":
            return outer.chain
        inner = self.gradient("activation", last=True).entry
        return chain(*outer.chain.expressions, _inserted(outer.result, inner.adjoint, inner.result))

    @property
    def recursion(self) -> Chain:
        """δ^l from δ^{l+1}, as whole arrays."""
        return self.passed_back("simultaneous")

    def passed_back(self, order: Order) -> Chain:
        """What is handed on as δ^l in an update order: in the sequential one, through the new weights."""
        sweep = _swept(self.network, False, order)
        delta, adjoint = (
            sweep.graph.node(Symbol(kind, self._position(False), None, ADJOINT))
            for kind in ("preactivation", "activation")
        )
        return self.equation(delta, frozenset({adjoint.id}), sweep)

    @property
    def recursion_entry(self) -> Chain:
        """δ^l_j from δ^{l+1}: the sum over the next layer, its common factor taken out, and the sum as a product.

        With samples the local derivatives have deltas of their own, which ``gradient`` shows.
        """
        outer, inner = self.gradient("preactivation").entry, self.gradient("activation").entry
        activation, preactivation = self.node("activation"), self.node("preactivation")
        place = self.place(preactivation)
        result = _inserted(outer.result, inner.adjoint, inner.result)
        product = self._entry(self.recursion.expressions[-1], preactivation, place)
        if self.network.batch:
            return chain(outer.adjoint, result, product)
        step = partial(entry_at(activation, place), entry_at(preactivation, place))
        return chain(outer.adjoint, _under_sum(inner.chained, step), multiply(step, inner.result), result, product)

    def gradient(self, kind: str, last: bool = False) -> Levels:
        """∂E/∂(quantity of layer l, or L) on all levels."""
        forward = self.network.final() if last else self.network.hidden()
        node = forward.node(Symbol(kind, self._position(last)))
        form = self.matrix(self.final if last else self.hidden)
        return levels(self.indexed, form, forward, node, self.place(node))

    def update(self, kind: str) -> Chain:
        """A parameter after the update, as a whole array."""
        return self.equation(self.node(kind, UPDATED))

    def _entry(self, expression: Expression, node: Node, place: Place) -> Expression:
        """One entry of a matrix expression, with the indices of a place."""
        shapes = self.matrix(self.hidden).shapes
        for dimension, axis in zip(_DIMENSIONS, shapes.of(expression), strict=True):
            if axis is not None:
                expression = shapes.take(expression, dimension, place[axis.name])
        return sums_last(expression)


@cache
def _swept(network: GenericNetwork, last: bool, order: Order) -> Sweep:
    graph = network.final() if last else network.hidden()
    return reverse_sweep(graph, graph.parameters, graph.by_id[canonical_id(RATE)], order == "sequential")


def sums_last(expression: Expression) -> Expression:
    """A product with its sums and matrix products behind the other factors, where they need no brackets."""

    def is_long(part: Expression) -> bool:
        return isinstance(part, Apply) and part.operator in ("sum", "matrix_product")

    return multiply(*sorted(factors(expression), key=is_long))


def _under_sum(total: Expression, factor: Expression) -> Expression:
    """The sum with one more factor inside."""
    if isinstance(total, Apply) and total.operator == "sum":
        return Apply("sum", (_under_sum(total.arguments[0], factor), *total.arguments[1:]))
    return multiply(total, factor)


def _inserted(expression: Expression, symbol: Symbol, value: Expression) -> Expression:
    """The product with a value in the place of a symbol."""
    inserted = transform(expression, lambda part: value if part == symbol else None)
    return sums_last(multiply(*factors(inserted)))
