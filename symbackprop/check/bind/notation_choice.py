"""In which notation a document about a network writes."""

from __future__ import annotations

from collections.abc import Iterable

from symbackprop.check.bind.names import NetworkNames
from symbackprop.derive.derivation import Derivation
from symbackprop.expression import Name
from symbackprop.notation.table import NOTATIONS, Notation

CLEARLY = 3
"""How many names more another notation has to spell: a few lines say nothing, and what is strange in the network's own
notation is still looked up in the others."""


def best_notation(derivation: Derivation, names: Iterable[Name]) -> Notation:
    """The notation that spells most of the names: the network's own, unless another one does clearly better."""
    names = tuple(dict.fromkeys(names))
    own = NOTATIONS.get(derivation.network.notation)
    counts = {own.name: _bound(derivation, own, names)}
    if counts[own.name] * 5 >= len(names) * 4:
        return own
    for notation in NOTATIONS:
        counts.setdefault(notation.name, _bound(derivation, notation, names))
    best = max(counts, key=lambda name: counts[name])
    return NOTATIONS.get(best) if counts[best] - counts[own.name] >= CLEARLY else own


def _bound(derivation: Derivation, notation: Notation, names: Iterable[Name]) -> int:
    resolver = NetworkNames(derivation, notation)
    return sum(resolver.strictly(name) for name in names)
