r"""TeX spelled so that a Markdown engine which knows no mathematics leaves it whole.

Such an engine takes ``_`` and ``*`` for emphasis, ``\\`` and ``\{`` for escapes, ``|`` for a table,
``<`` for HTML, a line that begins with ``-`` for a list. Each has a spelling that means the same
to KaTeX and MathJax and nothing to Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from symbackprop.render.tex_tokens import tokens

# token -> the same without punctuation that Markdown reads
SPELLINGS = {
    "_": " _ ",
    "*": r"\ast ",
    "|": r"\vert ",
    "<": r"\lt ",
    ">": r"\gt ",
    "~": r"\nobreakspace ",
    r"\{": r"\lbrace ",
    r"\}": r"\rbrace ",
    r"\|": r"\Vert ",
    r"\\": r"\cr ",
    r"\,": r"\thinspace ",
    r"\:": r"\mskip 4mu ",
    r"\;": r"\mskip 5mu ",
    r"\!": r"\negthinspace ",
    r"\ ": r"\space ",
}
BARS = {"|": r"\vert ", r"\|": r"\Vert "}

PRIMES = re.compile(r"('+)(\s*\^\s*(?:\{([^{}]*)\}|(\\[A-Za-z]+|.)))?")
TEXT = re.compile(r"(\\(?:text|mbox)\{[^{}]*\})")
"""words inside a formula, where the spellings above mean nothing"""
TEMPLATE_BRACE = re.compile(r"\{(?=[{%#:])")
LINK = re.compile(r"\](?=[(\[:])")
TYPOGRAPHY = re.compile(r"-(?=-)|\.(?=\.)|\((?=(?:c|p|r|tm)\))")
"""dashes, ellipses and signs that an engine would make of plain characters"""
LINE_START = re.compile(r"^(?=[=+\-#>]|\d+[.)](?:\s|$))", re.MULTILINE)
LINE_OPENER = r"\displaystyle "
"""changes nothing in a display, not even the space around a sign, which an empty group would"""
SPACES = re.compile(r"[ \t]+")


def harden(tex: str, one_line: bool = False) -> str:
    """The same formula in the spelling that survives; ``one_line`` where a line break would show."""
    pieces = TEXT.split(tex)
    pieces[::2] = map(_spelled, pieces[::2])
    spelled = LINK.sub("] ", TEMPLATE_BRACE.sub("{ ", "".join(pieces)))
    spelled = TYPOGRAPHY.sub(lambda match: match[0] + " ", spelled)
    lines = [SPACES.sub(" ", line).strip() for line in spelled.split("\n")]
    return " ".join(lines) if one_line else LINE_START.sub(lambda match: LINE_OPENER, "\n".join(lines))


def _spelled(tex: str) -> str:
    return "".join(SPELLINGS.get(token, token) for token in tokens(PRIMES.sub(_prime, tex)))


def _prime(match: re.Match[str]) -> str:
    """Primes, and a superscript that follows them, as one superscript."""
    power = match[3] if match[3] is not None else match[4] or ""
    return "^{" + " ".join([r"\prime"] * len(match[1]) + [power] * bool(power)) + "}"


def without_bars(tex: str) -> str:
    """For the cell of a table, which a bar would end."""
    return "".join(BARS.get(token, token) for token in tokens(tex)).strip() if "|" in tex else tex


def rename_macros(tex: str, macros: Mapping[str, str]) -> str:
    """Macros that a site refuses, by one that it knows: ``{"operatorname": "mathrm"}``."""
    if not any("\\" + name in tex for name in macros):
        return tex
    return "".join("\\" + macros[token[1:]] if token[1:] in macros else token for token in tokens(tex))
