"""dense: every unit is joined with every unit before it; then an activation.

z_j = sum_k w_jk a_k + b_j and a_j = f(z_j), as in Rumelhart, Hinton & Williams 1986, equations 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from symbackprop.errors import UserError
from symbackprop.expression import Symbol
from symbackprop.graph import Axis, Node
from symbackprop.layers.activate import activate, outputs_of
from symbackprop.layers.layer import Construction, LayerKind, Surroundings, Value, shape_problems, unit_axis
from symbackprop.ops import Contract, Gather, Map, along
from symbackprop.ops.arithmetic import total

MOST_UNITS = 4096

Bias = Literal["none", "layer", "unit"]


class Dense(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="dense", tag_field="kind"):
    """A fully connected layer."""

    kind: ClassVar[str] = "dense"
    over_time: ClassVar[bool] = False

    size: Annotated[int, Meta(ge=1, le=MOST_UNITS, description="number of units")]
    activation: Annotated[str, Meta(description="name of an activation", extra={"choices": "activation"})] = "sigmoid"
    bias: Annotated[
        Bias, Meta(description='"none", "layer" (one number shared by all units) or "unit" (one for each unit)')
    ] = "unit"
    weights: Annotated[
        list[list[Value]] | None,
        Meta(description="weights[j][k] leads to unit j of this layer from unit k before; left out: symbolic"),
    ] = None
    biases: Annotated[
        list[Value] | Value | None,
        Meta(description="one number for each unit, or one for the layer, as bias says; left out: symbolic"),
    ] = None
    tied: Annotated[
        int | None,
        Meta(description="number of an earlier dense layer (from 1) whose weights this layer uses, transposed"),
    ] = None

    @property
    def units(self) -> int | None:
        return self.size

    @property
    def outputs(self) -> str:
        return outputs_of(self.activation)

    def problems(self, place: str, around: Surroundings) -> Iterator[UserError]:
        if self.tied is not None:
            yield from self._tied_problems(place, self.tied, around)
        elif self.weights is not None:
            meaning = ("rows, one for each unit of this layer", "numbers, one for each unit before")
            yield from shape_problems(f"{place}.weights", self.weights, (self.size, around.inputs), meaning)
        yield from bias_problems(place, self.bias, self.biases, self.size)

    def _tied_problems(self, place: str, tied: int, around: Surroundings) -> Iterator[UserError]:
        """The layer it shares with must be dense, earlier, own its weights, and have the mirrored shape."""
        inside = f"{place}.tied"
        if self.weights is not None:
            yield UserError(f"{place}.weights", f"values are given, but the layer uses those of layer {tied}")
        if not 1 <= tied < around.position:
            yield UserError(inside, f"there is no earlier layer {tied}; layers are counted from 1")
            return
        other = around.layers[tied - 1]
        if other is not None and not (isinstance(other, Dense) and other.tied is None):
            yield UserError(inside, f"layer {tied} has no weights of its own in a dense layer")
            return
        shapes = (around.sizes[tied], around.sizes[tied - 1]), (around.inputs, self.size)
        if all(size is not None for shape in shapes for size in shape) and shapes[0] != shapes[1]:
            (source_to, source_from), (before, units) = shapes
            yield UserError(
                inside,
                f"the weights of layer {tied} are {source_to} × {source_from}; transposed they lead from {source_to} "
                f"units to {source_from}, but this layer has {before} inputs and {units} units",
            )

    def extend(self, construction: Construction, previous: Node, position: int) -> Node:
        build = construction.build
        before, units = previous.axes[-1], unit_axis(position, self.size)
        order = (*previous.axes[:-1], units)
        weight = self._weight(construction, before, units, position)
        terms = [build.apply(Contract(frozenset({before.name})), weight, previous, order=order)]
        terms.extend(add_bias(construction, self.bias, self.biases, units, position))
        preactivation = build.apply(
            Map(total(len(terms))), *terms, symbol=Symbol("preactivation", position), order=order
        )
        return activate(build, self.activation, preactivation, Symbol("activation", position))

    def _weight(self, construction: Construction, before: Axis, units: Axis, position: int) -> Node:
        build = construction.build
        if self.tied is not None:
            shared = construction.parameter(Symbol("weight", self.tied))
            access = ((shared.axes[0].name, along(before.name)), (shared.axes[1].name, along(units.name)))
            return build.apply(Gather(access, (units, before)), shared)
        weight = build.leaf(Symbol("weight", position), units, before)
        construction.add_parameter(weight, self.weights)
        return weight


def bias_problems(place: str, bias: Bias, biases: list[Value] | Value | None, size: int) -> Iterator[UserError]:
    """What is wrong with the values of a layer's biases."""
    if biases is None:
        return
    if bias == "none":
        yield UserError(f"{place}.biases", 'values are given, but bias is "none"', ("layer", "unit"))
    else:
        shape = (size,) if bias == "unit" else ()
        yield from shape_problems(f"{place}.biases", biases, shape, ("numbers, one for each unit",))


def add_bias(
    construction: Construction, bias: Bias, biases: list[Value] | Value | None, units: Axis, position: int
) -> Iterator[Node]:
    """The leaf for a layer's biases, if it has any."""
    if bias != "none":
        leaf = construction.build.leaf(Symbol("bias", position), *([units] if bias == "unit" else []))
        construction.add_parameter(leaf, biases)
        yield leaf


ENTRY = LayerKind("dense", Dense, "every unit joined with every unit before it, then an activation")
