"""A paragraph as a reader sees it, for the words around a formula: no template tags, no addresses of images."""

from __future__ import annotations

import re

from symbackprop.check.scan.pieces import Formula, Paragraph

_TAG = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")


def without_tags(text: str) -> str:
    """The text without the tags that keep templates away from formulas."""
    return _TAG.sub("", text)


def told_words(paragraph: Paragraph) -> tuple[str, list[tuple[int, int]]]:
    """The text, and the stretch of each formula in it; a formula given as an image stands there as its TeX."""
    text = paragraph.text.text
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length = last = 0
    for formula in paragraph.formulas:
        words, shown = without_tags(text[last : formula.start]), _shown(text, formula)
        places.append((length + len(words), length + len(words) + len(shown)))
        parts += (words, shown)
        length += len(words) + len(shown)
        last = formula.end
    parts.append(without_tags(text[last:]))
    return "".join(parts), places


def _shown(text: str, formula: Formula) -> str:
    typed = text[formula.start : formula.end]
    return f"${formula.tex.text}$" if typed.startswith("<") or "://" in typed else typed
