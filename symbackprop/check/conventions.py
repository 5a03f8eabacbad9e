"""What a document leaves open: one vector of conventions, given or inferred, and printed in the report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from symbackprop.check.evaluate.drawing import Reading
from symbackprop.check.evaluate.network import Layout
from symbackprop.errors import UserError, raise_all, unknown
from symbackprop.spec.model import Order

CHOICES: Mapping[str, tuple[str, ...]] = {
    "delta_sign": ("derivative", "negative"),
    "update_order": ("simultaneous", "sequential"),
    "layout": ("column", "row"),
    "index_order": ("to-from", "from-to"),
    "weight_layer": ("arrival", "departure"),
    "product": ("matrix", "hadamard"),
    "mean": ("inside", "outside"),
    "activation": ("any", "sigmoid", "tanh", "relu"),
}
"""Key -> the values it may have, the usual one first."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """The conventions that a document is read under.

    ``delta_sign``: δ is the derivative of the loss by the pre-activation, or minus that.
    ``update_order``: whether updates use the original weights throughout.
    ``layout``: vectors are columns or rows. ``index_order``: what the indices of a weight mean.
    ``weight_layer``: whether a weight counts with the layer it leads to or the one it leaves.
    ``product``: what a product of two arrays without ⊙ is.
    ``mean``: whether the 1/m of a batch belongs to δ and dZ too, or stands in the gradients of the weights only.
    ``activation``: what σ, f or g is where the document does not say it.
    """

    delta_sign: str = "derivative"
    update_order: str = "simultaneous"
    layout_of_vectors: str = "column"
    index_order: str = "to-from"
    weight_layer: str = "arrival"
    product: str = "matrix"
    mean: str = "inside"
    activation: str = "any"

    def layout(self) -> Layout:
        """The part that arranges a network's quantities."""
        order: Order = "sequential" if self.update_order == "sequential" else "simultaneous"
        return Layout(
            self.layout_of_vectors == "row", self.index_order == "from-to",
            -1 if self.delta_sign == "negative" else 1, order,
        )  # fmt: skip

    def reading(self) -> Reading:
        """What ``*`` between arrays means."""
        return Reading({"star": "hadamard"} if self.product == "hadamard" else {})

    def with_other_sign(self) -> Conventions:
        return replace(self, delta_sign="negative" if self.delta_sign == "derivative" else "derivative")

    def with_other_order(self) -> Conventions:
        other = "sequential" if self.update_order == "simultaneous" else "simultaneous"
        return replace(self, update_order=other)

    def other_order_fact(self) -> str:
        """What the other order of updates does."""
        if self.update_order == "simultaneous":
            return "the error goes back through weights that are already updated (sequential order)"
        return "all updates use the original weights (simultaneous order)"

    def as_mapping(self, keys: Collection[str] = CHOICES) -> dict[str, str]:
        """Key -> value, as the report prints them: those with one of the ``keys``, and those that are not the usual."""
        values = {key: getattr(self, _FIELDS.get(key, key)) for key in CHOICES}
        return {key: value for key, value in values.items() if key in keys or value != CHOICES[key][0]}

    def changed(self, given: Mapping[str, str]) -> Conventions:
        """These conventions with some of them given; UserErrors for keys or values that do not exist."""
        problems: list[UserError] = []
        for key, value in given.items():
            if key not in CHOICES:
                problems.append(unknown("convention", key, CHOICES, "unknown convention"))
            elif value not in CHOICES[key]:
                problems.append(unknown(f"convention {key}", value, CHOICES[key]))
        raise_all(problems)
        return replace(self, **{_FIELDS.get(key, key): value for key, value in given.items()})


_FIELDS = {"layout": "layout_of_vectors"}


def parse_conventions(settings: Iterable[str]) -> dict[str, str]:
    """``KEY=VALUE`` settings of the command line."""
    found = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise UserError("--convention", f"'{setting}' is not KEY=VALUE", tuple(CHOICES))
        found[key.strip()] = value.strip()
    return found
