"""Words in their place: what a title, an author or a label must not do to a document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

# Cc: control characters, Cs: halves of surrogate pairs, Co and Cn: characters without a meaning
UNPRINTABLE = frozenset(("Cc", "Cs", "Co", "Cn"))
# marks that turn the direction of what follows them, or cannot be seen
INVISIBLE = frozenset(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def clean(text: str) -> str:
    """One line of characters that can be seen: breaks become spaces, control characters go."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    if character in INVISIBLE or unicodedata.category(character) in UNPRINTABLE:
        return ""
    return character


# a backslash where every engine knows it (kramdown knows fewer than CommonMark, and templates look at braces
# before Markdown does), else an entity
MARKDOWN = {
    **{character: "\\" + character for character in "\\`*_[]$|"},
    **{character: f"&#{ord(character)};" for character in "{}~^@"},
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
}
# what means a block, a list, a heading or a directive where a line begins
MARKDOWN_START = re.compile(r"^(\d+(?=[.)])|)(?=[#+\-=:.)])")

HTML = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&#39;"}

LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "\u00a0": "~",
    # TeX joins these to longer dashes and to Spanish punctuation
    "--": "-{}-{}",
    "?`": r"?\textasciigrave{}",
    "!`": r"!\textasciigrave{}",
}
GREEK_NAMES = (
    "α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho "
    "σ sigma τ tau υ upsilon φ phi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Φ Phi "
    "Ψ Psi Ω Omega"
)
# signs that text fonts lack, as mathematics
LATEX_SIGNS = {
    "−": "-",
    "×": r"\times",
    "·": r"\cdot",
    "⊙": r"\odot",
    "≈": r"\approx",
    "≠": r"\neq",
    "≤": r"\leq",
    "≥": r"\geq",
    "→": r"\rightarrow",
    "←": r"\leftarrow",
    "′": r"{}^{\prime}",
    "∂": r"\partial",
    "∞": r"\infty",
    "∑": r"\sum",
    "√": r"\surd",
    "∈": r"\in",
    "∇": r"\nabla",
    "⇒": r"\Rightarrow",
    "ᵀ": r"{}^{T}",
    **{letter: "\\" + name for letter, name in re.findall(r"(\S+) (\S+)", GREEK_NAMES)},
}
LATEX_ALL = LATEX | {sign: rf"\ensuremath{{{tex}}}" for sign, tex in LATEX_SIGNS.items()}


def _replacer(table: Mapping[str, str]) -> Callable[[str], str]:
    pattern = re.compile("|".join(re.escape(key) for key in sorted(table, key=len, reverse=True)))

    @lru_cache(maxsize=256)  # the cells of a table and the words between formulas come again and again
    def replaced(text: str) -> str:
        return pattern.sub(lambda match: table[match[0]], clean(text))

    return replaced


# the rules by the name under which a format asks for one
ESCAPES: Mapping[str, Callable[[str], str]] = {
    "markdown": _replacer(MARKDOWN),
    "latex": _replacer(LATEX_ALL),
    "latex bookmark": _replacer(LATEX),
    "html": _replacer(HTML),
    "none": clean,
}


# what a formula in a place without mathematics is written with
PLAIN_SIGNS = {tex: sign for sign, tex in LATEX_SIGNS.items() if tex.startswith("\\")}
BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
FRACTION = re.compile(r"\\frac" + BRACED * 2)
MARKUP = re.compile(r"\\[A-Za-z]+\s?|[{}$]|\\.")


def plain_formula(tex: str) -> str:
    """A short formula in one line of plain characters, for a front matter or a bookmark: ``∂E/∂w_5``."""
    tex = FRACTION.sub(r"\1/\2", tex)
    return MARKUP.sub(lambda match: PLAIN_SIGNS.get(match[0].strip(), ""), tex)


def guard_line_start(line: str) -> str:
    """A line of Markdown that stays a paragraph although it begins with ``-``, ``#`` or ``1.``."""
    return MARKDOWN_START.sub(lambda match: f"{match[1]}\\", line, count=1) if line else line


def is_han(character: str) -> bool:
    """A Chinese, Japanese or Korean letter (not its punctuation)."""
    return unicodedata.east_asian_width(character) in "WF" and unicodedata.category(character).startswith("L")


def is_wide(character: str) -> bool:
    """Such a letter, or full-width punctuation."""
    return unicodedata.east_asian_width(character) in "WF"


_BEHIND_GREEK = re.compile("[\u1100-\U0010ffff]")
"""Among these are all wide letters; Greek and other letters that formulas bring along stand before them."""


def has_han(text: str) -> bool:
    """Whether fonts for Chinese are needed."""
    return not text.isascii() and any(map(is_wide, set(_BEHIND_GREEK.findall(text))))
