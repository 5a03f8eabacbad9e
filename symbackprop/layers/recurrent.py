"""recurrent: a layer that sees its own output of the step before (Elman 1990).

z_t = W x_t + U h_{t-1} + b and h_t = f(z_t), for every step t, with the same W, U and b.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from symbackprop.errors import UserError
from symbackprop.expression import Index, Symbol
from symbackprop.graph import Axis, Builder, Node
from symbackprop.layers.activate import activate, outputs_of
from symbackprop.layers.dense import MOST_UNITS, Bias, add_bias, bias_problems
from symbackprop.layers.layer import Construction, LayerKind, Surroundings, Value, shape_problems, unit_axis
from symbackprop.ops import Body, Contract, Gather, Map, Repeat, along
from symbackprop.ops.arithmetic import total
from symbackprop.ops.unroll import unrolled

STEP = "t"
"""The letter for the step in time inside the body."""


class Recurrent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="recurrent", tag_field="kind"):
    """A layer whose units are joined with those before it and with their own outputs of the step before."""

    kind: ClassVar[str] = "recurrent"
    over_time: ClassVar[bool] = True

    size: Annotated[int, Meta(ge=1, le=MOST_UNITS, description="number of units")]
    activation: Annotated[str, Meta(description="name of an activation", extra={"choices": "activation"})] = "tanh"
    bias: Annotated[
        Bias, Meta(description='"none", "layer" (one number shared by all units) or "unit" (one for each unit)')
    ] = "unit"
    weights: Annotated[
        list[list[Value]] | None,
        Meta(description="weights[j][k] leads to unit j from input k of the same step; left out: symbolic"),
    ] = None
    recurrent_weights: Annotated[
        list[list[Value]] | None,
        Meta(description="recurrent_weights[j][k] leads to unit j from unit k of the step before; left out: symbolic"),
    ] = None
    biases: Annotated[
        list[Value] | Value | None,
        Meta(description="one number for each unit, or one for the layer, as bias says; left out: symbolic"),
    ] = None
    initial: Annotated[list[Value] | None, Meta(description="the outputs before the first step; left out: all 0")] = (
        None
    )

    @property
    def units(self) -> int | None:
        return self.size

    @property
    def outputs(self) -> str:
        return outputs_of(self.activation)

    def problems(self, place: str, around: Surroundings) -> Iterator[UserError]:
        rows = "rows, one for each unit of this layer"
        for name, given, columns in (
            ("weights", self.weights, around.inputs),
            ("recurrent_weights", self.recurrent_weights, self.size),
        ):
            if given is not None:
                meaning = (rows, f"numbers, one for each unit {'before' if name == 'weights' else 'of this layer'}")
                yield from shape_problems(f"{place}.{name}", given, (self.size, columns), meaning)
        if self.initial is not None:
            yield from shape_problems(f"{place}.initial", self.initial, (self.size,), ("numbers, one for each unit",))
        yield from bias_problems(place, self.bias, self.biases, self.size)

    def extend(self, construction: Construction, previous: Node, position: int) -> Node:
        time, before = previous.axes
        parts = self.parts(construction, before, position)
        operation, arguments = parts.repeat(time), parts.arguments(previous)
        if isinstance(time.size, int):
            return unrolled(construction.build, operation, *arguments)
        return construction.build.apply(operation, *arguments)

    def parts(self, construction: Construction, before: Axis, position: int) -> Parts:
        """The layer's leaves and the body of one step."""
        build = construction.build
        units = unit_axis(position, self.size)
        earlier = Axis(f"{units.name} before", units.size)
        initial = build.leaf(Symbol("initial", position), units)
        construction.set_values(initial, self.initial or [Value(0)] * self.size)
        weight = build.leaf(Symbol("weight", position), units, before)
        construction.add_parameter(weight, self.weights)
        recurrent = build.leaf(Symbol("recurrent_weight", position), units, earlier)
        construction.add_parameter(recurrent, self.recurrent_weights)
        biases = tuple(add_bias(construction, self.bias, self.biases, units, position))
        return step_body(self.activation, position, before, initial, (weight, recurrent, *biases))


@dataclass(frozen=True, slots=True)
class Parts:
    """The body of one step, and the leaves that it shares or begins with."""

    body: Body
    output: Node
    initial: Node
    shared: tuple[Node, ...]

    def repeat(self, time: Axis) -> Repeat:
        """The outputs of all steps."""
        return Repeat(self.body, time, self.output)

    def arguments(self, inputs: Node) -> tuple[Node, ...]:
        """What the repeat takes."""
        return (self.initial, inputs, *self.shared)


def step_body(activation: str, position: int, before: Axis, initial: Node, shared: tuple[Node, ...]) -> Parts:
    """One step: z_t from x_t and h_{t-1}, and h_t from z_t. ``shared``: weights, recurrent weights, biases."""
    weight, recurrent, *biases = shared
    units, earlier = recurrent.axes
    build = Builder()
    now, one_before = Index(STEP), Index(STEP, -1)
    held = build.leaf(Symbol("activation", position, (one_before,)), units)
    given = build.leaf(Symbol("activation", position - 1, (now,)), before)
    renamed = build.apply(Gather(((units.name, along(earlier.name)),), (earlier,)), held)
    terms = [
        build.apply(Contract(frozenset({before.name})), weight, given),
        build.apply(Contract(frozenset({earlier.name})), recurrent, renamed),
        *biases,
    ]
    score = build.apply(
        Map(total(len(terms))), *terms, symbol=Symbol("preactivation", position, (now,)), order=(units,)
    )
    output = activate(build, activation, score, Symbol("activation", position, (now,)))
    return Parts(Body(((held, output),), (given,), shared), output, initial, shared)


ENTRY = LayerKind("recurrent", Recurrent, "a layer that also sees its own outputs of the step before")
