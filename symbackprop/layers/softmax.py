"""softmax: a layer without parameters that turns scores into a distribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from symbackprop.errors import UserError
from symbackprop.expression import Symbol
from symbackprop.graph import Node
from symbackprop.layers.activate import activate, outputs_of
from symbackprop.layers.layer import Construction, LayerKind, Surroundings, unit_axis
from symbackprop.ops import Gather, along


class Softmax(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="softmax", tag_field="kind"):
    """y_i = e^{x_i} / sum_k e^{x_k} over the outputs of the layer before.

    A dense layer with activation = "softmax" does the same in one layer.
    """

    kind: ClassVar[str] = "softmax"
    over_time: ClassVar[bool] = False

    @property
    def units(self) -> int | None:
        return None

    @property
    def outputs(self) -> str:
        return outputs_of(self.kind)

    def problems(self, place: str, around: Surroundings) -> Iterator[UserError]:
        return iter(())

    def extend(self, construction: Construction, previous: Node, position: int) -> Node:
        build = construction.build
        units = unit_axis(position, previous.axes[-1].size)
        renamed = Gather(((previous.axes[-1].name, along(units.name)),), (units,))
        scores = build.apply(renamed, previous, order=(*previous.axes[:-1], units))
        return activate(build, self.kind, scores, Symbol("activation", position))


ENTRY = LayerKind("softmax", Softmax, "the outputs of the layer before, turned into a distribution")
