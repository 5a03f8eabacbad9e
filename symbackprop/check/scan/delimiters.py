"""The marks in running text at which a formula may begin, and how to find what ends it.

Everything here goes forward only: no text is searched twice for an end that is not there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TypeAlias

from symbackprop.check.scan.images import ADDRESS

ENVIRONMENTS = (
    "equation", "align", "alignat", "aligned", "alignedat", "gather", "gathered", "multline", "flalign", "eqnarray",
    "displaymath", "math", "split", "cases", "array", "matrix", "pmatrix", "bmatrix", "subequations", "dmath", "dgroup",
)  # fmt: skip
"""Environments that may stand in running text without any other delimiter."""

_BEGIN = rf"\\{{1,2}}begin\s{{0,9}}\{{\s{{0,9}}(?P<environment>(?:{'|'.join(ENVIRONMENTS)})\*?)\s{{0,9}}\}}"

MARKDOWN = re.compile(
    rf"""
      (?P<begin>{_BEGIN})
    | (?P<doubled>\\\\[(\[])
    | (?P<bracket>\\[(\[])
    | (?P<escape>\\[\s\S])
    | (?P<fenced>\$(?P<fence>`+))
    | (?P<code>`+)
    | (?P<double>\$\$)
    | (?P<single>\$)
    | (?P<image><img\s[^<>]{{0,20000}}>)
    | (?P<script><script\s[^<>]{{0,200}}math/tex[^<>]{{0,200}}>)
    | (?P<tag></?[A-Za-z][\w:-]*+(?:\s++[\w:@.-]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+)*+\s*+/?>)
    | (?P<address>{ADDRESS.pattern})
    | (?P<link>\]\((?!{ADDRESS.pattern})<?[^()\s<>]{{0,2000}})
    | (?P<web>https?://[A-Za-z0-9./?=&%\#~:+,;@!_-]*)
    | (?P<template>\{{%[^%\n]{{0,500}}%\}}|\{{\{{[^{{}}\n]{{0,500}}\}}\}})
    """,
    re.VERBOSE,
)
"""What the scanner stops at in Markdown, the group telling what it is."""

LATEX = re.compile(
    rf"""
      (?P<begin>{_BEGIN})
    | (?P<escape>\\\\|\\[^A-Za-z(\[])
    | (?P<bracket>\\[(\[])
    | (?P<verbatim>\\(?:verb|lstinline)\*?(?P<fence>[^\sA-Za-z*]))
    | (?P<hidden>\\(?:label|ref|eqref|cite[a-z]*|includegraphics|url|href|input|include|usepackage)\s{{0,9}}
        (?:\[[^\]]{{0,400}}\])?\{{[^{{}}]{{0,400}}\}})
    | (?P<double>\$\$)
    | (?P<single>\$)
    """,
    re.VERBOSE,
)
"""What it stops at in LaTeX."""

RESTRUCTURED = re.compile(
    r"""
      (?P<role>:math:`)
    | (?P<code>``)
    | (?P<web>https?://[A-Za-z0-9./?=&%\#~:+,;@!_-]*)
    | (?P<hidden>:[\w:-]{1,40}:`[^`\n]{0,400}`)
    | (?P<escape>\\[\s\S])
    """,
    re.VERBOSE,
)
"""What it stops at in reStructuredText."""

_ENDS: dict[str, re.Pattern[str]] = {
    "`": re.compile(r"(`)"),
    "$": re.compile(r"\\[\s\S]|(\$)"),
    "$$": re.compile(r"\\[\s\S]|(\$\$)"),
    r"\)": re.compile(r"(\\\))|\\[\s\S]"),
    r"\]": re.compile(r"(\\\])|\\[\s\S]"),
    r"\\)": re.compile(r"(\\\\\))"),
    r"\\]": re.compile(r"(\\\\\])"),
    "</script>": re.compile(r"(</script>)"),
}
_ENVIRONMENT_EDGE = re.compile(r"\\{1,2}(begin|end)\s{0,9}\{\s{0,9}([A-Za-z]{1,20}\*?)\s{0,9}\}")
_BACKTICKS = re.compile(r"`+")

_Environments: TypeAlias = dict[str, tuple[list[int], list[tuple[int, int]]]]


@dataclass(frozen=True, slots=True)
class Opening:
    """A delimiter of a display that nothing ends in this text; ``closing`` is what would."""

    start: int
    end: int
    closing: str


class Ends:
    """Finds in one text the delimiters that end a formula; each kind is looked for once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[str, list[tuple[int, int]]] = {}
        self._backticks: dict[int, list[int]] | None = None
        self._environments: _Environments | None = None

    def all(self, closing: str) -> list[tuple[int, int]]:
        """All places of a delimiter that are not escaped."""
        if closing not in self._found:
            self._found[closing] = [match.span() for match in _ENDS[closing].finditer(self.text) if match[1]]
        return self._found[closing]

    def find(self, closing: str, position: int) -> tuple[int, int] | None:
        """The next ``closing`` from ``position`` on."""
        found = self.all(closing)
        place = bisect_left(found, (position, position))
        return found[place] if place < len(found) else None

    def count(self, closing: str, position: int) -> int:
        """How many of them there are from ``position`` on."""
        found = self.all(closing)
        return len(found) - bisect_left(found, (position, position))

    def backticks(self, length: int, position: int) -> int | None:
        """Where the next run of exactly so many backticks begins."""
        if self._backticks is None:
            self._backticks = {}
            for match in _BACKTICKS.finditer(self.text):
                self._backticks.setdefault(len(match[0]), []).append(match.start())
        runs = self._backticks.get(length, [])
        place = bisect_left(runs, position)
        return runs[place] if place < len(runs) else None

    def environment(self, begin: int) -> tuple[int, int] | None:
        """The \\end that belongs to the \\begin at ``begin``, where it has one."""
        if self._environments is None:
            self._environments = _paired(self.text)
        name = _ENVIRONMENT_EDGE.match(self.text, begin)
        if name is None or name[2] not in self._environments:
            return None
        begins, ends = self._environments[name[2]]
        place = bisect_left(begins, begin)
        return ends[place] if place < len(begins) and begins[place] == begin else None


def _paired(text: str) -> _Environments:
    """For each environment's name the places of its \\begin (in order), and of the \\end that belongs to each.

    The pairs are looked for name by name, so that one that is not closed leaves the others alone; of two
    that are open when an \\end comes, it closes the inner one.
    """
    pending: dict[str, list[int]] = {}
    pairs: dict[str, list[tuple[int, tuple[int, int]]]] = {}
    for match in _ENVIRONMENT_EDGE.finditer(text):
        if match[1] == "begin":
            pending.setdefault(match[2], []).append(match.start())
        elif pending.get(match[2]):
            pairs.setdefault(match[2], []).append((pending[match[2]].pop(), match.span()))
    found: _Environments = {}
    for name, closed in pairs.items():
        closed.sort()
        found[name] = ([begin for begin, _ in closed], [end for _, end in closed])
    return found
