"""What a notation can be asked to write: the roles that quantities play, each with its place and its indices.

A role's ``key`` is the name of its pattern in a notation's table; the pattern of the whole array has
the key with ``_array`` behind it. In a batch that of the whole batch ends in ``_batch``, that of the
array of one sample in ``_vector``, that of an entry in ``_sample``. Adding a quantity to the product
is adding a line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Literal

Place = Literal["none", "first", "last", "layer", "any layer", "time"]
"""What the position of a role's symbols is: nothing; the input layer; the last layer; a layer behind the
input; any layer, or none; a time step."""

ADJOINT = "adjoint"
NEGATED_ADJOINT = "negated adjoint"
DELTA = "delta"
"""Stands for the adjoint whose sign a notation gives to its δ."""
VELOCITY = "velocity"
DERIVATIVE = "derivative"
UPDATED = "updated"
MARKS = (UPDATED,)
"""Words of a variant that are written as a mark on the same name."""
WRAPPERS = (ADJOINT, VELOCITY)
"""Words of a variant that a notation may write around the name of the quantity: dW around W."""
SHAPES = ("array", "batch", "sample", "vector")
"""The endings of keys."""
WORDS = (UPDATED, "negated", ADJOINT, VELOCITY, DERIVATIVE)
"""Every word of a variant, in the order in which they are joined."""


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of quantity at a certain place of the network.

    ``indices`` are those of an entry; ``array`` is the key of the whole array's pattern without its
    ending ("" where there is none). ``sampled``: in a batch a sample index comes first. ``only_entry``:
    the whole array of this kind has another role. ``written_whole``: a scalar that stands in formulas as
    a quantity of its own and not as an entry.
    """

    key: str
    kind: str
    indices: tuple[str, ...] = ()
    place: Place = "none"
    variant: str = ""
    array: str = ""
    sampled: bool = False
    only_entry: bool = False
    written_whole: bool = False

    @property
    def is_parameter(self) -> bool:
        """Whether a notation may count it with the layer it leaves instead of the one it leads to."""
        return self.kind in ("weight", "recurrent_weight", "bias")

    def pattern_keys(self) -> Iterator[str]:
        """Every key under which this role may have a pattern."""
        yield self.key
        if self.array:
            yield f"{self.array}_array"
        if self.sampled:
            yield f"{self.key}_sample"
            yield f"{self.key}_vector"
            yield f"{self.array}_batch"


def _vector(key: str, kind: str, place: Place, variant: str = "") -> Role:
    return Role(key, kind, ("unit",), place, variant, array=key, sampled=True)


def _scalar(key: str, place: Place = "none", variant: str = "") -> Role:
    return Role(key, key.removesuffix("_at_time"), (), place, variant)


def _whole(key: str, place: Place = "none", variant: str = "") -> Role:
    return Role(key, key.removesuffix("_derivative"), (), place, variant, written_whole=True)


def _matrix(key: str, place: Place) -> Role:
    return Role(key, key, ("to", "from"), place, array=key)


# Where several roles of a kind fit, the first one that a table has a pattern for is used.
ROLES: tuple[Role, ...] = (
    _vector("input", "activation", "first"),
    _vector("output", "activation", "last"),
    _vector("activation", "activation", "any layer"),
    _vector("output_preactivation", "preactivation", "last"),
    _vector("preactivation", "preactivation", "layer"),
    _vector("delta", "preactivation", "layer", DELTA),
    _matrix("weight", "layer"),
    _matrix("recurrent_weight", "layer"),
    _vector("initial", "initial", "layer"),
    Role("bias_layer", "bias", (), "layer", only_entry=True),
    Role("bias_unit", "bias", ("unit",), "layer", array="bias"),
    _vector("target", "target", "none"),
    _vector("loss_part", "loss_part", "none"),
    _scalar("loss"),
    _scalar("learning_rate"),
    _scalar("momentum"),
    _scalar("data_loss"),
    Role("sample_loss", "sample_loss", ("sample",)),
    Role("step_loss", "step_loss", ("sample",)),
    _scalar("penalty"),
    _scalar("coefficient"),
    _whole("size", "any layer"),
    _whole("sample_count"),
    _whole("depth"),
    Role("steps", "step_count", written_whole=True),
    _whole("activation_function", "any layer"),
    _whole("activation_function_derivative", "any layer", DERIVATIVE),
    _whole("loss_function"),
    _whole("loss_function_derivative", variant=DERIVATIVE),
    _vector("share", "share", "any layer"),
    # networks over time
    _vector("input_at_time", "input", "time"),
    _vector("state", "state", "time"),
    _vector("state_preactivation", "state_preactivation", "time"),
    _vector("state_delta", "state_preactivation", "time", DELTA),
    _vector("output_at_time", "output", "time"),
    _vector("output_preactivation_at_time", "output_preactivation", "time"),
    _vector("target_at_time", "target", "time"),
    _vector("loss_part_at_time", "loss_part", "time"),
    _scalar("loss_at_time", "time"),
    _matrix("weight_input", "none"),
    _matrix("weight_hidden", "none"),
    _matrix("weight_output", "none"),
    Role("bias_hidden", "bias_hidden", ("unit",), array="bias_hidden"),
    Role("bias_output", "bias_output", ("unit",), array="bias_output"),
    # what a figure writes into a unit
    Role("neuron", "neuron", ("unit",), "any layer"),
)


def _by_kind() -> dict[str, tuple[Role, ...]]:
    found: dict[str, tuple[Role, ...]] = {}
    for role in ROLES:
        found[role.kind] = (*found.get(role.kind, ()), role)
    return found


ROLES_OF_KIND: Mapping[str, tuple[Role, ...]] = _by_kind()
ROLES_OF_KEY: Mapping[str, tuple[Role, ...]] = {
    key: tuple(role for role in ROLES if key in role.pattern_keys()) for role in ROLES for key in role.pattern_keys()
}
"""Pattern key -> the roles that it writes."""


NAMED_KINDS = ("penalty", "coefficient")
"""Kinds of which there are several, each with its name before it: l2_penalty."""


def role_kind(kind: str) -> str:
    """The kind under which the roles of a symbol are found."""
    return next((named for named in NAMED_KINDS if kind.endswith(f"_{named}")), kind)


def can_be_wrapped(kind: str) -> bool:
    """Whether quantities of a kind have an adjoint or a velocity that may have a name: a learning rate has none."""
    return any(role.indices or role.is_parameter for role in ROLES_OF_KIND.get(role_kind(kind), ()))


def words_of(variant: str) -> frozenset[str]:
    return frozenset(variant.split())


def variant_of(words: Set[str]) -> str:
    """The words of a variant in their order."""
    return " ".join((*(word for word in WORDS if word in words), *sorted(words - set(WORDS))))
