"""A pattern read backwards: a regular expression over canonical spellings, and what its groups mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from symbackprop.notation.canonical import canonical, loosened
from symbackprop.notation.network import Network
from symbackprop.notation.pattern import OF, Pattern, Piece, Script, Slot, pieces_of, slots_in
from symbackprop.notation.placeholders import PLACEHOLDERS, Draft
from symbackprop.notation.roles import MARKS

_PLAIN = {"number": r"\d+", "word": r"\d|[a-z][a-z_]+"}
_SHORT = re.compile(r"\d|[A-Za-z]|\\[A-Za-z]+ ?")


@dataclass(frozen=True)
class Matcher:
    """Reads the names that one pattern writes, ``pieces`` in canonical spelling, loosened if ``loose``."""

    pattern: Pattern
    network: Network
    pieces: tuple[Piece, ...]
    loose: bool

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(_expression(self.pieces, self.network, self.loose), re.DOTALL)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The placeholders of the expression's groups, in order."""
        return tuple(slots_in(self.pieces))

    @cached_property
    def beginning(self) -> str:
        """The text that every name begins with. Most names do not, and most expressions are never compiled."""
        return _beginning(self.pieces)[0]

    def drafts(self, spelling: str) -> Iterator[tuple[Draft, frozenset[str], str]]:
        """What a canonical spelling may mean: (draft, marks, the text of what a wrapper stands around)."""
        found = self.expression.fullmatch(spelling) if spelling.startswith(self.beginning) else None
        if found is None:
            return
        words: set[str] = set()
        inner = ""
        drafts = [Draft(self.pattern.role)]
        for slot, text in zip(self.slots, found.groups(), strict=True):
            if slot.names[0] in MARKS:
                words.update(slot.names[:1] if text else ())
            elif slot.names[0] == OF:
                inner = text
            elif text:
                drafts = self._read(slot.names, text, drafts)
        for draft in drafts:
            yield draft, frozenset(words), inner

    def _read(self, names: tuple[str, ...], text: str, drafts: list[Draft]) -> list[Draft]:
        texts = [text] if len(names) == 1 else text.split(",") if "," in text else _SHORT.findall(text)
        if len(texts) != len(names):
            return []
        for name, part in zip(names, texts, strict=True):
            placeholder = PLACEHOLDERS[name]
            drafts = [found for draft in drafts for found in placeholder.read(self.network, draft, part.strip())]
        return drafts


def matcher(pattern: Pattern, network: Network, loose: bool = False) -> Matcher:
    """What reads the names that a pattern writes; ``loose``: in their loosened spelling."""
    return Matcher(pattern, network, _pieces(pattern.source, loose), loose)


@lru_cache(maxsize=4096)
def _pieces(source: str, loose: bool) -> tuple[Piece, ...]:
    text = canonical(source, pattern=True)
    return pieces_of(loosened(text) if loose else text)


def _beginning(pieces: tuple[Piece, ...]) -> tuple[str, bool]:
    """The literal text before the first placeholder, and whether there is no placeholder at all."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if isinstance(piece, Slot) or _is_optional(piece):
            return text, False
        inside, whole = _beginning(piece.content)
        text += f"{piece.sign}{{{inside}"
        if not whole:
            return text, False
        text += "}"
    return text, True


def _is_optional(script: Script) -> bool:
    return all(isinstance(part, Slot) and part.is_optional for part in script.content)


def _expression(pieces: tuple[Piece, ...], network: Network, loose: bool) -> str:
    parts: list[str] = []
    before: Piece = ""
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(re.escape(piece))
        elif isinstance(piece, Slot):
            beside = isinstance(before, Slot) and not (before.is_optional or piece.is_optional)
            parts.append((",?" if beside else "") + _slot_expression(piece, network, loose))
        else:
            content = _expression(piece.content, network, loose)
            parts.append(rf"(?:{re.escape(piece.sign)}\{{{content}\}}){'?' if _is_optional(piece) else ''}")
        before = piece
    return "".join(parts)


def _slot_expression(slot: Slot, network: Network, loose: bool) -> str:
    if slot.names[0] in MARKS:
        inner = re.escape(canonical(network.notation.marks[slot.names[0]]))
    elif slot.names[0] == OF:
        inner = ".+?"  # the shortest: what follows it in the pattern is not part of it
    else:
        inner = _text_expression(slot.names, network, loose)
    whole = f"{re.escape(slot.prefix)}({inner}){re.escape(slot.suffix)}"
    return f"(?:{whole})?" if slot.is_optional else whole


def _text_expression(names: tuple[str, ...], network: Network, loose: bool) -> str:
    kinds = [PLACEHOLDERS[name].text for name in names]
    if kinds[0].endswith("letter"):
        letters = network.letters(kinds[0].removesuffix("letter"))
        return ("(?i:%s)" if loose else "(?:%s)") % ("|".join(map(re.escape, letters)) or "(?!)")
    if kinds[0] in _PLAIN:
        return _PLAIN[kinds[0]]
    own = "".join(f"{re.escape(spelling)}|" for spelling in network.index_spellings if not spelling.isalpha())
    long = rf"(?:\d+|(?:{own}\\[A-Za-z]+|[A-Za-z])(?:[+-]\d+)?)"
    if len(names) == 1:
        return long
    shorts = "".join("0" if kind == "zero" else rf"(?:{_SHORT.pattern})" for kind in kinds)
    longs = ",".join("0" if kind == "zero" else long for kind in kinds)
    return f"(?:{longs}|{shorts})"
