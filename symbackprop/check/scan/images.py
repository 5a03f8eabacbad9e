"""Formulas given as the address of their image: ``<img src="…/equation?tex=…">``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from symbackprop.check.scan.mapped import MappedText

# Address of the service up to the formula -> whether a plus sign there is a space (query strings) or a plus.
SERVICES: dict[str, bool] = {
    r"www\.zhihu\.com/equation\?tex=": True,
    r"render\.githubusercontent\.com/render/math\?math=": True,
    r"latex\.codecogs\.com/(?:gif|svg|png)\.(?:latex|image|download)\?": False,
    r"latex\.codecogs\.com/(?:gif|svg|png)\.(?:latex|image|download)/": False,
    r"math\.now\.sh/?\?(?:from|inline)=": True,
}

ADDRESS = re.compile(r"(?:https?:)?//(?:" + "|".join(f"({service})" for service in SERVICES) + ")")
"""The beginning of such an address, up to its formula; the group that matched names the service."""

_PLUS_IS_SPACE = tuple(SERVICES.values())
_LONGEST = 20_000
_DECORATION = re.compile(r"\s*(?:\\(?:dpi\{\d+\}|fn_\w+|bg_\w+|inline|large|small|huge)\s*)+")
_CHARACTER = re.compile(r"%[0-9A-Fa-f]{2}|&(?:amp|lt|gt|quot|#39|plus|space);|\+|[^%&+]+|[\s\S]")


def formula(text: MappedText, address: re.Match[str], end: int) -> tuple[MappedText, int]:
    """The formula in an address that begins with ``address`` and reaches to ``end`` at most, and where it ends."""
    stop = _address_end(text.text, address.end(), min(end, address.end() + _LONGEST))
    plus_is_space = _PLUS_IS_SPACE[(address.lastindex or 1) - 1]
    decoded = MappedText.of_characters(_characters(text, address.end(), stop, plus_is_space))
    decoration = _DECORATION.match(decoded.text)
    return (decoded.slice(decoration.end(), len(decoded)) if decoration else decoded), stop


def _address_end(text: str, start: int, end: int) -> int:
    """An address ends at a quote, a space or at a bracket that it did not open."""
    depth = 0
    for position in range(start, end):
        character = text[position]
        if character in "\"' \t\n<>":
            return position
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return position
        if character == "&" and not html.unescape(text[position : position + 8]).startswith(tuple("<>\"'+ ")):
            return position  # the next parameter
    return end


def _characters(text: MappedText, start: int, end: int, plus_is_space: bool) -> Iterator[tuple[str, int, int]]:
    """The decoded characters, with the source stretch that encodes each."""
    encoded: list[int] = []
    first = start
    for match in _CHARACTER.finditer(text.text, start, end):
        piece = match[0]
        if len(piece) == 3 and piece[0] == "%":
            if not encoded:
                first = match.start()
            encoded.append(int(piece[1:], 16))
            if _is_complete(encoded):
                yield _one(text, bytes(encoded).decode("utf-8", "replace")[:1], first, match.end())
                encoded = []
            continue
        if encoded:  # a character cut off in the middle
            yield _one(text, "\ufffd", first, match.start())
            encoded = []
        if piece == "+" and plus_is_space:
            yield _one(text, " ", match.start(), match.end())
        elif piece[0] == "&" and len(piece) > 1:
            yield _one(text, {"&plus;": "+", "&space;": " "}.get(piece, html.unescape(piece)), *match.span())
        else:
            part = text.slice(*match.span())
            for run, begin in enumerate(part.starts):
                stop = part.starts[run + 1] if run + 1 < len(part.starts) else len(part)
                yield part.text[begin:stop], part.origins[run], part.widths[run]
    if encoded:
        yield _one(text, "\ufffd", first, end)


def _one(text: MappedText, character: str, start: int, end: int) -> tuple[str, int, int]:
    origin = text.origin(start)
    return character, origin, text.origin_end(end) - origin


def _is_complete(encoded: list[int]) -> bool:
    """Whether the bytes make one character of UTF-8 (or can make none)."""
    first = encoded[0]
    wanted = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    return len(encoded) >= wanted
