"""From a spelling to the quantities that it may mean: the patterns of a notation, read backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.notation.canonical import canonical, loosened
from symbackprop.notation.matching import Matcher, matcher
from symbackprop.notation.network import WHOLE_AXIS, Network
from symbackprop.notation.pattern import OF, Pattern
from symbackprop.notation.placeholders import Draft
from symbackprop.notation.roles import DELTA, Role, can_be_wrapped, variant_of, words_of

DEEPEST = 3
"""How many wrappers may stand around each other (the velocity of dW)."""


@dataclass(frozen=True)
class Reader:
    """Reads names with the patterns by which a notation writes them, and with its aliases."""

    network: Network
    patterns: tuple[Pattern, ...]
    aliases: tuple[Pattern, ...] = ()

    @cached_property
    def _matchers(self) -> tuple[Matcher, ...]:
        return tuple(matcher(pattern, self.network) for pattern in (*self.patterns, *self.aliases))

    @cached_property
    def _loose_matchers(self) -> tuple[Matcher, ...]:
        return tuple(matcher(pattern, self.network, loose=True) for pattern in (*self.patterns, *self.aliases))

    @cached_property
    def _known(self) -> dict[tuple[str, bool], tuple[Symbol, ...]]:
        return {}

    def meanings(self, spelling: str) -> tuple[Symbol, ...]:
        """The quantities that a pattern or an alias spells so."""
        return self._meanings(canonical(spelling), False)

    def loose_meanings(self, spelling: str) -> tuple[Symbol, ...]:
        """The same, where fonts, capital layer letters and nested scripts make no difference."""
        return self._meanings(loosened(canonical(spelling)), True)

    def _meanings(self, text: str, loose: bool) -> tuple[Symbol, ...]:
        key = text, loose
        if key not in self._known:
            self._known[key] = tuple(dict.fromkeys(self._read(text, loose, 0)))
        return self._known[key]

    def _read(self, text: str, loose: bool, depth: int) -> Iterator[Symbol]:
        if depth > DEEPEST or not text:
            return
        for found in self._loose_matchers if loose else self._matchers:
            for draft, words, inner in found.drafts(text):
                if found.pattern.role.key == OF:
                    yield from self._wrapped(found.pattern.key, inner, words, loose, depth)
                    continue
                symbol = finished(draft, found.pattern, self.network)
                if symbol is not None:
                    yield replace(symbol, variant=variant_of(words_of(symbol.variant) | words))

    def _wrapped(self, word: str, inner: str, marks: frozenset[str], loose: bool, depth: int) -> Iterator[Symbol]:
        for symbol in self._read(inner, loose, depth + 1):
            words = words_of(symbol.variant)
            if word not in words and not words & marks and can_be_wrapped(symbol.kind):
                yield replace(symbol, variant=variant_of(words | marks | {word}))


_LAYERED = ("layer", "any layer")


def finished(draft: Draft, pattern: Pattern, network: Network) -> Symbol | None:
    """The symbol that a draft describes; None where it lacks an index, or where the network has no such entry."""
    role = draft.role
    position = _position(draft, network)
    if position is None and role.place not in ("none", "any layer"):
        return None
    if position is None and role.indices and role.place == "any layer":
        return None
    indices: tuple[IndexValue, ...] | None = None
    if pattern.shape not in ("array", "batch"):
        names = ("sample", *role.indices) if pattern.shape in ("sample", "vector") else role.indices
        known = {**draft.indices, **({"unit": Index(WHOLE_AXIS)} if pattern.shape == "vector" else {})}
        if not all(name in known for name in names):
            return None
        indices = None if role.written_whole else tuple(known[name] for name in names)
        if not _exists(role, position, draft, network):
            return None
    variant = network.notation.delta_variant if role.variant == DELTA else role.variant
    return Symbol(draft.kind or role.kind, position, indices, variant) if _is_layer(role, position, network) else None


def _position(draft: Draft, network: Network) -> IndexValue | None:
    if draft.role.place == "first":
        return 0
    if draft.role.place == "last":
        return network.last
    is_layered = draft.role.place in _LAYERED and not draft.role.written_whole
    if draft.position is None and network.hides_layers and is_layered:
        return network.last
    return draft.position


def _is_layer(role: Role, position: IndexValue | None, network: Network) -> bool:
    if role.place in ("none", "time") or position is None or isinstance(position, Index):
        return True
    return not isinstance(network.last, int) or (0 if role.place != "layer" else 1) <= position <= network.last


def _exists(role: Role, position: IndexValue | None, draft: Draft, network: Network) -> bool:
    """Whether the units that the indices name are there, as far as sizes are known."""
    if role.place == "time" or (role.place == "none" and "unit" not in role.indices) or not network.sizes:
        return True
    layer = network.last if position is None else position
    if isinstance(layer, Index) or not isinstance(network.last, int) or layer > network.last:
        return True
    source = 0 if role.kind == "recurrent_weight" else 1
    for name, behind in (("unit", 0), ("to", 0), ("from", source)):
        size, index = network.sizes[layer - behind], draft.indices.get(name, 0)
        if isinstance(size, int) and isinstance(index, int) and index >= size:
            return False
    return True
