"""Letters below a quantity that count its layers or steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symbackprop.check.bind.scripts import Scripts
from symbackprop.expression import Index


def counting_in(found: Iterable[Scripts]) -> frozenset[str]:
    """Small letters with an offset below: the t of ``h_{t-1}`` counts in ``h_t`` too."""
    return frozenset(
        index.symbol for scripts in found for index in scripts.indices
        if isinstance(index, Index) and index.offset and index.symbol.islower()
    )  # fmt: skip


def last_below_in(read: Sequence[tuple[str, Scripts]]) -> str | None:
    """L of ``a_{L-1}`` beside ``a_{l-1}``: the last of the layers that are counted below."""
    first = [scripts.indices[0] for _, scripts in read if scripts.indices]
    counted = {index.symbol for index in first if isinstance(index, Index) and index.offset}
    return next((letter for letter in sorted(counted) if letter.isupper() and letter.lower() in counted), None)
