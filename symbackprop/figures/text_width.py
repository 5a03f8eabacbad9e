"""How much room characters take in a serif face, in ems. Rather a little too wide than too narrow."""

from __future__ import annotations

import unicodedata

_WIDTHS = {
    0.25: " .,:;'|!·ı′",
    0.35: "il()[]/I",
    0.42: "jtfr{}Jȷ",
    0.47: "ceszvyaκιϵ",
    0.50: "0123456789bdgkopq?*∗",
    0.58: "hnux∂σηνωαβγδ√",
    0.70: "wEFLPSTBZÜ",
    0.78: "+=−<>≈≠≤≥×÷±⊙⊗⊕∼≡∝ACDGHKNOQRUVXY∇Δ",
    0.88: "m",
    1.00: "MW→←⇒↦∞…⋯∑∏",
}
WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}
OTHER_WIDTH = 0.6
BOLD_WIDENS = 1.1

ASCENDERLESS = frozenset("acemnorsuvwxzıgpqy∼−·,.;:αγεικμνοπρστυχωϵη")
DESCENDERS = frozenset("gjpqy()[]{}|/,;ȷβγζημξρφϕχψ")
WIDE = frozenset("WF")


def is_wide(character: str) -> bool:
    """Chinese and the like: as wide as high."""
    return unicodedata.east_asian_width(character) in WIDE


def width(text: str, style: str) -> float:
    """The width of a piece of text, in ems."""
    ems = sum(_character_width(character) for character in text)
    return ems * BOLD_WIDENS if "bold" in style else ems


def _character_width(character: str) -> float:
    known = WIDTH.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if is_wide(character) else OTHER_WIDTH


def ascent(text: str) -> float:
    """How far the text reaches above its baseline, in ems."""
    if any(map(is_wide, text)):
        return 0.86
    return 0.46 if all(character in ASCENDERLESS for character in text) else 0.68


def descent(text: str) -> float:
    """How far the text reaches below its baseline, in ems."""
    return 0.21 if any(character in DESCENDERS or is_wide(character) for character in text) else 0.02
