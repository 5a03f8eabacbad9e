"""Names for the parts of a figure."""

from __future__ import annotations

from symbackprop.expression import Symbol


def key(symbol: Symbol) -> str:
    """A name for a quantity that is the same in every notation and language."""
    indices = "-".join(map(str, symbol.indices or ()))
    position = "" if symbol.position is None else f"-{symbol.position}"
    return f"{symbol.kind}{position}" + (f"-{indices}" if indices else "")
