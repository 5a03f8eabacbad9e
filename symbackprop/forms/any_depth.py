"""The generic body of a network of any depth: one layer and the next, with symbols for layers and sizes.

Two graphs say all there is to say. In the hidden one, layer l lies between l-1 and l+1, and what
comes after layer l+1 is a remainder of which only the gradient at its input has a name: the δ of
layer l+1. In the last one, layer L ends in the loss. The reverse sweep over them gives the recursion
and its start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.functions.abstract import abstract
from symbackprop.graph import Axis, Builder, Graph, Node, Size, canonical_id
from symbackprop.layers.layer import SAMPLES
from symbackprop.ops import Contract, Map
from symbackprop.ops.arithmetic import total
from symbackprop.ops.scalar_function import ScalarFunction

Bias = Literal["none", "layer", "unit"]
LossKind = Literal["any", "sum", "mean", "direct"]

LOSS = Symbol("loss")
LOSS_PART = Symbol("loss_part")
RATE = Symbol("learning_rate")
SAMPLE_COUNT = Symbol("sample_count")
LOSS_FUNCTION = Symbol("loss_function")

_RECIPROCAL = ScalarFunction("reciprocal", 1, lambda count: 1 / count)


@dataclass(frozen=True, slots=True)
class Remainder:
    """The rest of a network as a function of one array; nothing is known of it but that it has a gradient."""

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        return ()

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """The gradient at the argument, as a quantity of its own. A remainder ends in the loss, so ∂E/∂E is 1."""
        return build.apply(RemainderGradient(), node.arguments[position])


@dataclass(frozen=True, slots=True)
class RemainderGradient:
    """The gradient of a remainder at its argument: a name and a shape, no formula."""

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        return arguments[0].axes

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        raise ValueError("nothing is known of the second derivatives of a remainder")


def symbolic_size(position: IndexValue) -> Size:
    """The number of units of a layer, as a symbol."""
    return Symbol("size", position)


@dataclass(frozen=True, slots=True)
class GenericNetwork:
    """What the layers of a network of any depth have in common.

    ``loss``: "any" (nothing is known of it), "sum" (a sum over outputs, and over samples), "mean"
    (that sum divided by the number of samples) or "direct" (nothing is known even of the last
    activation, which need not be elementwise: δ of the last layer is given). ``batch`` gives every
    quantity an axis of samples.
    ``size`` and ``samples`` may be numbers, so that every formula can be tried.
    """

    bias: Bias = "unit"
    loss: LossKind = "any"
    batch: bool = False
    layer: str = "l"
    last: str = "L"
    size: Callable[[IndexValue], Size] = symbolic_size
    samples: Size = SAMPLE_COUNT
    activation: Callable[[IndexValue], ScalarFunction] = lambda position: abstract(
        Symbol("activation_function", position)
    )
    part: ScalarFunction = field(default_factory=lambda: abstract(LOSS_FUNCTION))

    def units(self, position: IndexValue) -> Axis:
        return Axis(canonical_id(Symbol("units", position)), self.size(position))

    @property
    def cases(self) -> tuple[Axis, ...]:
        """The axis over samples, if there is one."""
        return (Axis(SAMPLES, self.samples),) if self.batch else ()

    def hidden(self) -> Graph:
        """Layer l, layer l+1's pre-activation, and the remainder. Parameters: those of l+1, then those of l."""
        here, above = Index(self.layer), Index(self.layer, 1)
        build = Builder()
        activation, own = self._layer(build, self._input(build, here), here)
        preactivation, others = self._affine(build, activation, above)
        loss = build.apply(Remainder(), preactivation, symbol=LOSS)
        build.leaf(RATE)
        return build.graph(loss, (*own, *others))

    def final(self) -> Graph:
        """Layer L and the loss."""
        here = Index(self.last)
        build = Builder()
        before = self._input(build, here)
        if self.loss == "direct":
            preactivation, own = self._affine(build, before, here)
            loss = build.apply(Remainder(), preactivation, symbol=LOSS)
        else:
            activation, own = self._layer(build, before, here)
            loss = self._loss(build, activation)
        build.leaf(RATE)
        return build.graph(loss, own)

    def _input(self, build: Builder, position: Index) -> Node:
        before = shifted(position, -1)
        return build.leaf(Symbol("activation", before), *self.cases, self.units(before))

    def _layer(self, build: Builder, before: Node, position: Index) -> tuple[Node, list[Node]]:
        preactivation, parameters = self._affine(build, before, position)
        activation = build.apply(Map(self.activation(position)), preactivation, symbol=Symbol("activation", position))
        return activation, parameters

    def _affine(self, build: Builder, before: Node, position: Index) -> tuple[Node, list[Node]]:
        """z = W a + b, and its parameters."""
        units, source = self.units(position), before.axes[-1]
        weight = build.leaf(Symbol("weight", position), units, source)
        symbol, order = Symbol("preactivation", position), (*self.cases, units)
        product = Contract(frozenset({source.name}))
        if self.bias == "none":
            return build.apply(product, weight, before, symbol=symbol, order=order), [weight]
        bias = build.leaf(Symbol("bias", position), *([units] if self.bias == "unit" else []))
        terms = build.apply(product, weight, before, order=order)
        return build.apply(Map(total(2)), terms, bias, symbol=symbol, order=order), [weight, bias]

    def _loss(self, build: Builder, output: Node) -> Node:
        if self.loss == "any":
            return build.apply(Remainder(), output, symbol=LOSS)
        parts = build.apply(Map(self.part), output, symbol=LOSS_PART)
        everything = Contract(frozenset(axis.name for axis in output.axes))
        if self.loss == "sum":
            return build.apply(everything, parts, symbol=LOSS)
        share = build.apply(Map(_RECIPROCAL), build.leaf(SAMPLE_COUNT))
        return build.apply(Contract(), share, build.apply(everything, parts), symbol=LOSS)


def shifted(index: Index, offset: int) -> Index:
    """An index further on: l, -1 -> l-1."""
    return Index(index.symbol, index.offset + offset)
