"""A paragraph's words, with everything else covered: same length, so that every position stays."""

from __future__ import annotations

import re

from symbackprop.check.scan.pieces import Formula, Paragraph

FORMULA = "\ufffc"
"""Begins the cover of a formula that is not merely numbers."""
REST = "\ufffb"
"""Covers its other characters, so that no search begins in the middle of one."""
COVERED = f"{FORMULA}{REST}*+"
"""The regular expression for a formula so covered."""

_DECIMAL = r"[-+]?[\d.]+(?:[eE][-+]?\d+|\s?(?:\\times|\\cdot|×)\s?10\^\{?[-−]?\d+\}?)?"
_ONLY_NUMBERS = re.compile(rf"[\[(]?\s*{_DECIMAL}(?:\s*,\s*{_DECIMAL})*\s*[\])]?")
_LIST_MARK = re.compile(r"^[ \t>]*[-*+•](?=\s)", re.MULTILINE)
_DELIMITERS = "$\\([])` "


def masked(paragraph: Paragraph) -> str:
    """The paragraph's text with code, tags and formulas covered; numbers in dollar signs are bared."""
    parts: list[str] = []
    position = 0
    text = paragraph.text.text
    covers = [(formula.start, formula.end, _cover(text, formula)) for formula in paragraph.formulas]
    covers += [(start, end, " " * (end - start)) for start, end in paragraph.skipped]
    for start, end, cover in sorted(covers):
        if start < position:
            continue
        parts += (text[position:start], cover)
        position = end
    parts.append(text[position:])
    return _LIST_MARK.sub(lambda mark: " " * len(mark[0]), "".join(parts))


def _cover(text: str, formula: Formula) -> str:
    shown = text[formula.start : formula.end]
    if shown[:1] in "$\\" and _ONLY_NUMBERS.fullmatch(formula.tex.text):
        start = len(shown) - len(shown.lstrip(_DELIMITERS))
        end = len(shown.rstrip(_DELIMITERS))
        return " " * start + shown[start:end] + " " * (len(shown) - end)
    return FORMULA + REST * (len(shown) - 1)
