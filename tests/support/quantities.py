"""A small notation for tests of forms and of the printer: letters, layers above, indices below."""

from __future__ import annotations

from collections.abc import Callable

from symbackprop.expression import Index, IndexValue, Symbol

LETTERS = {
    "weight": "w",
    "bias": "b",
    "preactivation": "z",
    "activation": "a",
    "target": "t",
    "size": "n",
    "sample_count": "N",
    "loss": "E",
    "loss_part": "e",
    "learning_rate": "\\eta",
    "activation_function": "f",
    "loss_function": "\\ell",
}
BELOW = ("size", "activation_function")


def speller(from_first: bool = False) -> Callable[[Symbol], str]:
    """How quantities are spelled; ``from_first`` writes the index that a weight comes from before the other."""

    def spell(symbol: Symbol) -> str:
        letter = LETTERS[symbol.kind]
        if symbol.kind == "weight" and symbol.indices is None:
            letter = "W"
        if symbol.kind == "preactivation" and symbol.variant == "adjoint":
            letter = "\\delta"
        layer = "" if symbol.position is None else written(symbol.position, 0)
        if symbol.kind in BELOW:
            return f"{letter}_{{{layer}}}"
        layer += "+" if symbol.variant == "updated" else ""
        indices = [written(index, 1) for index in symbol.indices or ()]
        if from_first and symbol.kind == "weight":
            indices.reverse()
        below = ("," if any(len(index) > 1 for index in indices) else "").join(indices)
        return letter + (f"^{{{layer}}}" if layer else "") + (f"_{{{below}}}" if below else "")

    return spell


def written(index: IndexValue, base: int) -> str:
    if isinstance(index, Index):
        return index.symbol + (f"{index.offset:+d}" if index.offset else "")
    return str(index + base)
