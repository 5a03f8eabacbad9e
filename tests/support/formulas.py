"""Formulas that were meant, and formulas that reached a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import msgspec

from symbackprop.document.blocks import Document, Formula, Message, Say, Table
from symbackprop.expression import Chain, Name
from symbackprop.render.environment import choose_format
from symbackprop.render.flavour import Flavour
from symbackprop.render.formulas import TeX
from symbackprop.render.locale import Locale
from symbackprop.render.renderer import render

# each holds something that some Markdown engine takes for its own
TRAPS = (
    r"w_{1} * i_{1} * o_{1}",
    r"a_1 b_1 c_1",
    r"a_{i}_b",
    r"\{a, b\}",
    r"\left\{a\right\}",
    r"|x| + |y|",
    r"\|x\|_2",
    r"a < b > c",
    r"a<b>c",
    r"i<j",
    r"f'(x) + f''(x)",
    r"f'^{2}",
    r"{{a}}",
    r"\frac{{{a}}}{{b}}",
    r"{:a}",
    r"{#a}",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
    r"\begin{cases} a, & a > 0 \\ 0, & a \le 0 \end{cases}",
    r"[a](b)",
    r"a^{[1]}(x)",
    r"[a][b]",
    r"x\,y\;z\!w\:v",
    r"a~b~c",
    r"~~a~~",
    r"-(t - o)",
    r"+ a",
    r"= a",
    r"w_5^+",
    r"w_{5}^{*}",
    r"*a* + **b** * c",
    r"E_{\text{总}}",
    r"\text{总误差} = 1",
    r"a--b---c",
    r"a...b",
    r"a:b:c",
    r"(c) + (r) + (tm)",
    r"a \quad {} + b",
    r"1. a",
    r"2) a",
    r"# a",
    r"> a",
    r"\mathbb{1}[k=y]",
    r"\overset{!}{=} a",
    r"0.15 \times 10^{-3}",
)

INLINE, DISPLAY, END = "\ue000", "\ue001", "\ue002"
MARKED = re.compile(f"([{INLINE}{DISPLAY}])(.*?){END}", re.DOTALL)

Found = tuple[str, str]
"""A formula: "inline" or "display", and its TeX without the spaces that mean nothing."""


def trap_document() -> Document:
    """Every trap in a line, as a display, in two rows of one display, and in a table."""
    formulas = [Name(tex) for tex in TRAPS]
    lines = [Say(Message("nested", {"what": formula})) for formula in formulas]
    pairs = [Say(Message("nested", {"what": tuple(formulas[start : start + 5])})) for start in range(0, len(TRAPS), 5)]
    displays = [Formula((Chain((formula,), ()),), str(number)) for number, formula in enumerate(formulas)]
    aligned = [Formula((Chain((Name("E"), formula), ("=",)),) * 2) for formula in formulas]
    cells = Table(
        Message("weight"), (Message("weight"), Message("value")), tuple((formula, Name("0")) for formula in formulas)
    )
    return Document(Message("forward"), (*lines, *pairs, *displays, *aligned, cells), date="2026-01-02")


def meant(document: Document, flavour: Flavour, locale: Locale, tex: TeX, figures: Mapping[str, str]) -> list[Found]:
    """The formulas of a document in order, as the flavour spells them."""
    marked = msgspec.structs.replace(
        flavour, inline=f"{INLINE}<tex>{END}", display=f"{DISPLAY}<tex>{END}", table="pipe"
    )
    text = render(document, choose_format("md"), locale, tex, marked, figures, "name")
    return [("inline" if mark == INLINE else "display", squeezed(formula)) for mark, formula in MARKED.findall(text)]


def squeezed(tex: str) -> str:
    return " ".join(tex.split())


class _Page(HTMLParser):
    """The text of a page; a tag leaves a mark, since a formula with a tag in it is broken."""

    TAG = "\ue003"
    SKIPPED = ("code", "pre", "script", "style", "head", "title", "nav", "header", "footer")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SKIPPED:
            self.skipping.append(tag)
        self.pieces.append(self.TAG)

    def handle_endtag(self, tag: str) -> None:
        if self.skipping and self.skipping[-1] == tag:
            self.skipping.pop()
        self.pieces.append(self.TAG)

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.pieces.append(data)


DOLLARS = re.compile(r"\$\$(?P<display>[^$]+)\$\$|\$(?P<inline>[^$]+)\$")
BRACKETS = re.compile(r"\\\[(?P<display>.+?)\\\]|\\\((?P<inline>.+?)\\\)", re.DOTALL)


def reached(html: str, marks: re.Pattern[str]) -> list[Found]:
    """The formulas that a script on the page would find."""
    page = _Page()
    page.feed(html)
    found = marks.finditer("".join(page.pieces))
    return [(match.lastgroup or "", squeezed(match[match.lastgroup or 0])) for match in found]
