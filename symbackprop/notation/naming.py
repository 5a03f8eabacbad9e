"""A notation bound to a network: how each of its quantities is spelled, and which one a spelling means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from msgspec.structs import replace

from symbackprop.errors import UserError
from symbackprop.expression import Chain, Expression, Index, IndexValue, Symbol
from symbackprop.notation.canonical import canonical
from symbackprop.notation.columns import Along, column
from symbackprop.notation.network import WHOLE_AXIS, CannotWriteError, Network, Size
from symbackprop.notation.pattern import OF, Pattern, Prepared
from symbackprop.notation.placeholders import index_text
from symbackprop.notation.reading import Reader
from symbackprop.notation.roles import (
    DELTA,
    MARKS,
    ROLES,
    ROLES_OF_KEY,
    ROLES_OF_KIND,
    WRAPPERS,
    Role,
    can_be_wrapped,
    role_kind,
    variant_of,
    words_of,
)
from symbackprop.notation.signs import chain_in_own_signs, in_own_signs
from symbackprop.notation.table import NOTATIONS, Notation
from symbackprop.notation.typed import of_text, of_tree

Mathematics = TypeVar("Mathematics", "Expression", Chain)

_WHOLE = (Index(WHOLE_AXIS),)

WRAPPER = Role(OF, OF)
"""The role of patterns that stand around the name of a quantity."""


@dataclass(frozen=True)
class Naming:
    """Spells symbols of a network of given layer sizes (input first), and reads their spellings.

    No sizes stand for a network of any depth. ``batch``: arrays hold a batch of samples, for which
    a notation may have names of its own.
    """

    notation: Notation
    sizes: Sequence[Size] = ()
    batch: bool = False

    @cached_property
    def network(self) -> Network:
        return Network(self.notation, self.sizes)

    @cached_property
    def _spelled(self) -> dict[Symbol, str]:
        return {}

    @cached_property
    def patterns(self) -> dict[tuple[str, Role], Pattern]:
        """What the notation can write: a pattern for each key of the table and each role that has it."""
        return {
            (key, role): Pattern(source, role, key)
            for key, source in self.notation.spelling.items()
            for role in (ROLES_OF_KEY.get(key, ()) if key not in WRAPPERS else (WRAPPER,))
        }

    # writing

    def spell(self, symbol: Symbol) -> str:
        """The TeX of a quantity; UserError, naming the notations that can, where this one cannot write it."""
        found = self._spelled.get(symbol)
        if found is None:
            try:
                found = self._spelled[symbol] = self._spell(symbol)
            except CannotWriteError as error:
                others = tuple(
                    other.name for other in NOTATIONS if Naming(other, self.sizes, self.batch).can_write(symbol)
                )
                raise UserError(
                    f"notation {self.notation.name}", f"cannot write {meaning(symbol)}: {error}", others
                ) from None
        return found

    def can_write(self, symbol: Symbol) -> bool:
        """Whether the notation has a name for a quantity (most have none for the adjoint of a weight)."""
        try:
            self._spelled[symbol] = self._spelled.get(symbol) or self._spell(symbol)
        except CannotWriteError:
            return False
        return True

    def role_of(self, symbol: Symbol) -> Role | None:
        """The role under which the notation writes a quantity; None where it cannot, or by a name around another."""
        try:
            return None if (role := self._pattern(symbol).role) is WRAPPER else role
        except CannotWriteError:
            return None

    def layer_text(self, position: IndexValue) -> str:
        """A layer as readers see it where it is no index of a name: "for l from L to 1"."""
        return index_text(position, self.notation.first_layer, self.notation.indices.letter)

    @cached_property
    def _prepared(self) -> dict[tuple[object, ...], Prepared | CannotWriteError]:
        """What writes the symbols of a layer, kind and variant, or why nothing does."""
        return {}

    def column(self, symbol: Symbol, place: int, size: int) -> list[str]:
        """``spell`` for the entries whose index at ``place`` is 0, 1, ... size - 1; the other indices are numbers."""
        found = self._columns.get((symbol, place, size))
        if found is None:
            found = self._columns[symbol, place, size] = self._column(symbol, place, size)
        return found

    @cached_property
    def _columns(self) -> dict[tuple[Symbol, int, int], list[str]]:
        return {}

    def _column(self, symbol: Symbol, place: int, size: int) -> list[str]:
        indices = symbol.indices or ()
        at_first = replace(symbol, indices=(*indices[:place], 0, *indices[place + 1 :]))
        first = self.spell(at_first)
        prepared = self._prepare(at_first)
        found = None if prepared.pattern.role is WRAPPER else column(prepared, at_first, Along(place, size))
        if found is not None:
            return found
        others = (replace(symbol, indices=(*indices[:place], at, *indices[place + 1 :])) for at in range(1, size))
        return [first, *map(self.spell, others)]

    def _spell(self, symbol: Symbol) -> str:
        prepared = self._prepare(symbol)
        pattern = prepared.pattern
        if pattern.role is not WRAPPER:
            return prepared.write(symbol)
        inner = words_of(symbol.variant) - {pattern.key} - pattern.marks
        return prepared.write(symbol, self._spell(replace(symbol, variant=variant_of(inner))))

    def _prepare(self, symbol: Symbol) -> Prepared:
        indices = symbol.indices
        whole = indices is not None and indices[1:] == _WHOLE
        case = (symbol.kind, symbol.variant, symbol.position, indices if indices is None else len(indices), whole)
        prepared = self._prepared.get(case)
        if prepared is None:
            try:
                prepared = self._pattern(symbol).prepared(self.network, symbol, words_of(symbol.variant))
            except CannotWriteError as error:
                prepared = error
            self._prepared[case] = prepared
        if isinstance(prepared, CannotWriteError):
            raise CannotWriteError(*prepared.args)
        return prepared

    def _pattern(self, symbol: Symbol) -> Pattern:
        """The pattern for a symbol: its role's own, or one that stands around another name."""
        words = words_of(symbol.variant)
        marks = words & set(MARKS)
        for pattern in self._patterns_of(symbol, words - marks):
            if marks <= pattern.marks:
                return pattern
        for word in WRAPPERS if can_be_wrapped(symbol.kind) and "negated" not in words else ():
            if word in words and (word, WRAPPER) in self.patterns:
                return self.patterns[word, WRAPPER]
        raise CannotWriteError("it has no name for it")

    def _patterns_of(self, symbol: Symbol, words: frozenset[str]) -> Iterator[Pattern]:
        variant = variant_of(words)
        for role in ROLES_OF_KIND.get(role_kind(symbol.kind), ()):
            own = self.notation.delta_variant if role.variant == DELTA else role.variant
            if own == variant and self._stands_at(role, symbol):
                for key in _keys(role, symbol, self.batch):
                    if (key, role) in self.patterns:
                        yield self.patterns[key, role]

    def _stands_at(self, role: Role, symbol: Symbol) -> bool:
        position = symbol.position
        if role.place in ("first", "last"):
            return position is not None and self.network.is_at(role.place, position)
        if role.place == "any layer":
            return position is not None or not role.indices
        return (position is None) == (role.place == "none") and not (role.place == "layer" and position == 0)

    # reading

    @cached_property
    def _reader(self) -> Reader:
        aliases = [
            Pattern(source, role, key)
            for key, sources in self.notation.aliases.items()
            for source in sources
            for role in (ROLES_OF_KEY[key] if key not in WRAPPERS else (WRAPPER,))
        ]
        return Reader(self.network, tuple(sorted(self.patterns.values(), key=_rank)), tuple(sorted(aliases, key=_rank)))

    def read(self, spelling: str | Expression) -> tuple[Symbol, ...]:
        """The quantities that this notation spells so: the inverse of ``spell``.

        ``spelling`` is TeX, a name as a reader of formulas holds it, or flat text (``w_jk^l``).
        """
        text = _canonical(spelling)
        return tuple(symbol for symbol in self._reader.meanings(text) if self._is_spelled(symbol, text))

    def candidates(self, spelling: str | Expression) -> tuple[Symbol, ...]:
        """What a writer may have meant: those that are spelled so, else what comes close (o1, O_1, aliases)."""
        text = _canonical(spelling)
        return self.read(text) or self._reader.meanings(text) or self._reader.loose_meanings(text)

    def _is_spelled(self, symbol: Symbol, spelling: str) -> bool:
        return self.can_write(symbol) and canonical(self.spell(symbol)) == spelling

    def in_own_signs(self, mathematics: Mathematics) -> Mathematics:
        """An expression or a chain in terms of this notation's δ, where that has the other sign."""
        if self.notation.delta_sign == 1:
            return mathematics
        return chain_in_own_signs(mathematics) if isinstance(mathematics, Chain) else in_own_signs(mathematics)


def _canonical(spelling: str | Expression) -> str:
    return of_text(spelling) if isinstance(spelling, str) else of_tree(spelling)


def _rank(pattern: Pattern) -> int:
    """Where a pattern is tried: in the order of the roles."""
    return ROLES.index(pattern.role) if pattern.role in ROLES else len(ROLES)


def _keys(role: Role, symbol: Symbol, batch: bool) -> tuple[str, ...]:
    """The pattern keys for a symbol of a role, the preferred one first."""
    if symbol.indices is None:
        if role.array:
            whole = f"{role.array}_array"
            return (f"{role.array}_batch", whole) if batch and role.sampled else (whole,)
        return () if role.indices or role.only_entry else (role.key,)
    extra = len(symbol.indices) - len(role.indices)
    if extra == 0:
        return (role.key,)
    if extra != 1 or not role.sampled:
        return ()
    entry = f"{role.key}_sample"
    return (f"{role.key}_vector", entry) if symbol.indices[1:] == _WHOLE else (entry,)


def meaning(symbol: Symbol) -> str:
    """A quantity in words, for messages."""
    words = [*symbol.variant.split(), *symbol.kind.split("_")]
    if symbol.indices is None and any(role.array for role in ROLES_OF_KIND.get(symbol.kind, ())):
        words.append("array")
    place = "" if symbol.position is None else f" of layer {index_text(symbol.position, 0)}"
    indices = ", ".join(index_text(index, 1) for index in symbol.indices or ())
    return " ".join(words) + (f" [{indices}]" if indices else "") + place


_FONT = re.compile(r"\\(?:mathbf|boldsymbol|mathrm)\{([^{}]*)\}")
_ACCENT = re.compile(r"\\(hat|mathcal)\{([^{}]*)\}")


def plain(tex: str) -> str:
    """A spelling without TeX, as one types it: ``\\delta_{o1}`` is ``delta_o1``, ``\\hat{y}_1`` is ``hat(y)_1``."""
    return re.sub(r"[\\{} ]", "", _ACCENT.sub(r"\1(\2)", _FONT.sub(r"\1", tex)))
