"""What stops the reader, in words for the reader's user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from symbackprop.latex.tokens import Token


class NotRead(Exception):
    """Why a formula could not be read, and the offset of the place."""

    def __init__(self, kind: str, fact: str, offset: int) -> None:
        super().__init__(fact)
        self.kind = kind
        self.fact = fact
        self.offset = offset


def missing(tokens: Sequence[Token], at: int) -> NoReturn:
    """There is no operand where one must stand."""
    kind, value, start, _ = tokens[at]
    before = tokens[at - 1] if at else None
    if kind in _STRANGE or (kind in _OPENERS and _closes_nothing(tokens[:at], kind)):
        unexpected(tokens, at)
    if before is None:
        raise NotRead("missing", "something is missing at the beginning", start)
    if kind in ("close", "}") and before[0] in ("open", "{"):
        raise NotRead("empty", f"nothing stands between '{before[1]}' and '{value}'", before[2])
    raise NotRead("missing", f"something is missing after '{before[1] or before[0]}'", before[2])


def _closes_nothing(before: Sequence[Token], kind: str) -> bool:
    return sum((token[0] == _OPENERS[kind]) - (token[0] == kind) for token in before) <= 0


def unexpected(tokens: Sequence[Token], at: int) -> NoReturn:
    """A token stands here that does not belong here."""
    kind, value, start, _ = tokens[at]
    if kind == "close" and value in ("|", "‖"):
        raise NotRead("bar", "a value at a point (a bar with a subscript) is not read", start)
    if kind == "connective":
        value = value.partition(" ")[2]
    problem, fact = _UNEXPECTED.get(kind, ("unexpected", "'{}' is not expected here"))
    raise NotRead(problem, fact.format(value or kind), start)


CLOSING = frozenset({"}", "close", "end", "&", "row", "end of formula"})
_OPENERS = {"close": "open", "}": "{", "end": "begin"}
_STRANGE = frozenset({"words", "connective", "character", "command", "comment", "escaped"})

_UNEXPECTED = {
    "}": ("unbalanced", "'{}' closes nothing"),
    "close": ("unbalanced", "'{}' closes nothing"),
    "end": ("unbalanced", "\\end{{{}}} ends nothing"),
    "escaped": ("escaped", "'\\\\{}' is escaped twice: to TeX it is a line break and letters"),
    "words": ("words", "words stand in the formula: {}"),
    "connective": ("words", "words stand in the formula: {}"),
    "character": ("character", "the character {!r} is not mathematics"),
    "command": ("command", "the command {} is not known"),
    "row": ("line break", "a line break stands inside braces or brackets"),
    "end of formula": ("missing", "the formula ends too early"),
    "_": ("script", "a second subscript, or one with nothing before it"),
    "sub": ("script", "a second subscript, or one with nothing before it"),
    "^": ("script", "a second superscript, or one with nothing before it"),
    "sup": ("script", "a second superscript, or one with nothing before it"),
    "bar": ("bar", "a vertical bar that is no absolute value"),
}
