"""A label in both spellings: the TeX that TikZ sets, and the lines that SVG shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from symbackprop.figures.svg_label import Line, Setting, set_tree
from symbackprop.figures.tex_tree import as_value, parse_formula, parse_words

WORDS_ASCENT, WORDS_DESCENT = 0.72, 0.22  # the same for all words, so that neighbours share a baseline
TEX_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "\n": " ", "\r": " ",
})  # fmt: skip


class Span(NamedTuple):
    """A run as ``tspan`` wants it: shifts relative to the run before, in user units."""

    text: str
    dx: float
    dy: float
    size: float
    italic: bool
    bold: bool
    is_value: bool


@dataclass(frozen=True, slots=True)
class Label:
    tex: str
    setting: Setting

    @property
    def is_tall(self) -> bool:
        """Whether it holds a stacked fraction."""
        return bool(self.setting.rules)

    def extent(self, size: float) -> tuple[float, float]:
        """Width and height at a font size."""
        return self.setting.width * size, (self.setting.ascent + self.setting.descent) * size


EMPTY = Label("", Setting((), (), 0.0, 0.0, 0.0))


@lru_cache(maxsize=4096)
def math_label(tex: str, value: str | None = None) -> Label:
    """A formula, and its value behind an equals sign if there is one; a value alone if the formula is empty."""
    parts = [part for part in (tex, value) if part]
    if not parts:
        return EMPTY
    tree = parse_formula(f"{tex} =" if tex and value else tex)
    return Label(f"$\\displaystyle {' = '.join(parts)}$", set_tree(tree + as_value(parse_formula(value or ""))))


@lru_cache(maxsize=256)
def words_label(words: str) -> Label:
    """Words in which formulas stand between dollar signs. The words are escaped, the formulas are not."""
    if not words:
        return EMPTY
    parts = words.split("$")
    if len(parts) % 2 == 0:
        raise ValueError(f"a dollar sign without its partner: {words!r}")
    tex = "".join(f"${part}$" if position % 2 else part.translate(TEX_ESCAPES) for position, part in enumerate(parts))
    setting = set_tree(parse_words(words))
    ascent, descent = max(setting.ascent, WORDS_ASCENT), max(setting.descent, WORDS_DESCENT)
    return Label(r"\strut " + tex, replace(setting, ascent=ascent, descent=descent))


def spans(line: Line, size: float) -> Iterator[Span]:
    """The runs of a line at a font size."""
    rise = 0.0
    for run in line.runs:
        yield Span(
            run.text,
            run.space * size,
            (rise - run.rise) * size,
            run.scale * size,
            "italic" in run.style,
            "bold" in run.style,
            run.is_value,
        )
        rise = run.rise
