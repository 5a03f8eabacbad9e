"""Documents that write formulas for any one sample with bare names: a for a^{(i)}, L(a, y) for the loss of a sample.

That is read so only where the network has one output neuron: then a^{(i)} is a number, the capital letter A is the
row of all of them, and x^{(i)} is a column of X.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from symbackprop.check.bind.indices import free_indices
from symbackprop.check.bind.scripts import Scripts
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Expression, Index, Symbol, partial, transform

PARAMETERS = frozenset(
    {"w", "W", "b", "\\theta", "\\Theta", "\\beta", "\\omega"}
    | {f"\\{font}{{{letter}}}" for font in ("mathbf", "boldsymbol", "bm") for letter in ("w", "W", "b", "\\theta")}
)
"""Families that are the same for all samples."""
_FIRST_LETTER = re.compile(r"(?:\\[a-z]+\{)*([A-Za-z])")


@dataclass(frozen=True, slots=True)
class Samplewise:
    """What bare names mean in a document about single samples; empty where they mean what they say."""

    letter: str = ""
    bare: frozenset[str] = frozenset()
    """Families that mean any one sample where they stand bare."""
    alone: frozenset[str] = frozenset()
    """Families of one number a sample."""
    losses: frozenset[str] = frozenset()
    """Those of them that are losses."""
    numbers: frozenset[str] = frozenset()
    """Families of numbers that are the same for all samples: the bias."""


NOTHING = Samplewise()


def capital_of(family: str) -> str:
    """``Z`` of ``z``, ``\\hat{Y}`` of ``\\hat{y}``; the Greek letters stay."""
    found = _FIRST_LETTER.match(family)
    if found is None:
        return family
    return family[: found.start(1)] + found[1].upper() + family[found.end(1) :]


def capital_families(families: Iterable[str]) -> frozenset[str]:
    """The families with a capital letter, also those of which there are only derivatives: Z of dZ beside z."""
    found = frozenset(families)
    changes = {family[1:] for family in found if family[:1] == "d" and not is_small(family[1:])}
    return frozenset(
        family for family in found | changes
        if not is_small(family) and (family in found or family in map(capital_of, found))
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """One name of a document: its family and what its scripts say."""

    family: str
    scripts: Scripts
    is_placed: bool = False
    """Whether it belongs to a layer or a step."""

    @property
    def is_bare(self) -> bool:
        return self.scripts == Scripts()


def is_small(family: str) -> bool:
    found = _FIRST_LETTER.match(family)
    return found is None or found[1].islower()


def of_one_sample(trees: Sequence[Expression], samplewise: Samplewise) -> list[Expression]:
    """``dw = x dz`` beside a loss of each sample: dw is the derivative of that loss here, not of the mean of all."""
    letter = samplewise.letter
    if len(samplewise.losses) != 1 or not any(letter in free_indices(tree) for tree in trees):
        return list(trees)
    loss = Symbol(next(iter(samplewise.losses)), None, (Index(letter),))

    def single(node: Expression) -> Expression | None:
        if isinstance(node, Symbol) and node.variant == ADJOINT:
            return partial(loss, replace(node, variant=""))
        return None

    return [tree if letter in free_indices(tree) else transform(tree, single) for tree in trees]


def sample_of(arguments: Sequence[Expression], letter: str) -> int | Index:
    """The sample that the arguments of a loss belong to."""
    for argument in arguments:
        if isinstance(argument, Symbol) and argument.indices:
            return argument.indices[-1]
    return Index(letter)
