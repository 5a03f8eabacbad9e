"""TeX in pieces, and about how wide it prints.

This reads TeX that our own printer wrote, so it need not understand all of TeX.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from symbackprop.latex.binding import MARKS

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)
PRINTED = re.compile(rf"\\[A-Za-z]+\*?|\\.|[^\s{MARKS[0]}-{MARKS[-1]}]", re.DOTALL)

# widths are counted in digits: a digit is half an em wide
RELATION = 2.7
OPERATOR = 2.4
SCRIPT = 0.76
LETTER = 1.1
WIDE_LETTER = 2.0
FIRST_WIDE = "\u2e80"
"""from here on letters are Chinese or the like"""
QUAD = 2.0

# commands that take up no room of their own: what follows them is measured by itself
INVISIBLE = (
    r"\left \right \! \displaystyle \textstyle \limits \bigl \bigr \Bigl \Bigr \text \mathrm \mathbf \mathit \mathbb "
    r"\mathcal "
    r"\boldsymbol \operatorname \hat \tilde \bar \overline \vec \cr \label \tag"
)
WORDS = r"\exp \log \ln \sin \cos \tanh \sinh \cosh \max \min \operatorname \arg"
WIDTHS = {
    **dict.fromkeys(WORDS.split(), 3.5),
    **dict.fromkeys(INVISIBLE.split(), 0.0),
    **dict.fromkeys(r"= < > \approx \neq \leq \geq \le \ge \equiv \leftarrow \rightarrow \in".split(), RELATION),
    **dict.fromkeys(r"+ - * \cdot \times \odot \ast \circ".split(), OPERATOR),
    **dict.fromkeys(r"\sum \prod".split(), 3.0),
    **dict.fromkeys(r". , \, \; \: \  ' \prime [ ] | \vert \lvert \rvert".split(), 0.7),
    **dict.fromkeys("()", 0.8),
    **dict.fromkeys("0123456789", 1.0),
    **dict.fromkeys("ABCDEFGHIJKLNOPQRSTUVXYZ", 1.5),
    **dict.fromkeys("MWmw", 1.9),
    **dict.fromkeys("fijlrt", 0.8),
    r"\quad": QUAD,
    r"\qquad": 2 * QUAD,
}
OVER_EACH_OTHER = frozenset((r"\frac", r"\dfrac", r"\tfrac", r"\binom", r"\overset", r"\underset", r"\stackrel"))
SCRIPTS = frozenset("^_")


def tokens(tex: str) -> list[str]:
    """Commands, escaped characters, runs of white space, single characters: all that there is."""
    return TOKEN.findall(tex)


def width(tex: str) -> float:
    """About how wide the formula prints, counted in digits (half an em each)."""
    return _width(tex.translate(ZEROS))


ZEROS = "".join("0" if chr(code).isdigit() else chr(code) for code in range(128))
"""Digits are equally wide: terms that differ in nothing but their indices are measured once."""


@lru_cache(maxsize=1024)
def _width(tex: str) -> float:
    return _measure(PRINTED.findall(tex), 0, "")[0]


def _measure(pieces: Sequence[str], at: int, stop: str) -> tuple[float, int]:
    """The width up to the token ``stop`` and the place after it; of several rows the widest counts."""
    total = widest = 0.0
    while at < len(pieces):
        token = pieces[at]
        at += 1
        known = WIDTHS.get(token)
        if known is not None:
            total += known
        elif token == stop:
            break
        elif token == "{":
            inside, at = _measure(pieces, at, "}")
            total += inside
        elif token in SCRIPTS:
            script, at = _argument(pieces, at)
            if at < len(pieces) and pieces[at] in SCRIPTS:  # both scripts stand one over the other
                other, at = _argument(pieces, at + 1)
                script = max(script, other)
            total += SCRIPT * script
        elif token in OVER_EACH_OTHER:
            above, at = _argument(pieces, at)
            below, at = _argument(pieces, at)
            total += max(above, below) + 0.5
        elif token == r"\begin":
            _, at = _argument(pieces, at)
            inside, at = _measure(pieces, at, r"\end")
            _, at = _argument(pieces, at)
            total += inside + QUAD
        elif token == r"\\":
            total, widest = 0.0, max(total, widest)
        elif token == "&":  # between the columns of an environment; elsewhere it only marks a place
            total += QUAD if stop == r"\end" else 0.0
        else:
            total += WIDE_LETTER if token >= FIRST_WIDE else LETTER
    return max(total, widest), at


def _argument(pieces: Sequence[str], at: int) -> tuple[float, int]:
    """The width of what a command takes next, a group or one token, and the place after it."""
    if at >= len(pieces):
        return 0.0, at
    if pieces[at] == "{":
        return _measure(pieces, at + 1, "}")
    return WIDTHS.get(pieces[at], LETTER), at + 1
