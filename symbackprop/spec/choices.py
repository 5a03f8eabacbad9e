"""Names that a spec may use: a field says which table they come from, and every table says its names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.loss import LOSSES
from symbackprop.functions.optimiser import OPTIMISERS
from symbackprop.functions.penalty import PENALTIES
from symbackprop.functions.vector_activation import VECTOR_ACTIVATIONS

CHOICES: dict[str, Callable[[], tuple[str, ...]]] = {
    "elementwise activation": ACTIVATIONS.names,
    "activation": lambda: tuple(sorted((*ACTIVATIONS.names(), *VECTOR_ACTIVATIONS.names()))),
    "loss": LOSSES.names,
    "optimiser": OPTIMISERS.names,
    "penalty": PENALTIES.names,
}
"""Table -> its names. Upper stages add theirs (notations, outlines) with ``offer``."""


def offer(table: str, names: Callable[[], tuple[str, ...]]) -> None:
    """Let specs choose from a table of an upper stage."""
    CHOICES[table] = names


def choices_in(extra: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names that a field with this metadata may take; None where it is not chosen from a table."""
    table = extra.get("choices")
    return CHOICES[table]() if table in CHOICES else None
