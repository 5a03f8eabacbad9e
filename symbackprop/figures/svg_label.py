"""Sets the TeX of a label as lines of SVG text: runs of characters with their sizes and shifts.

SVG has no mathematics. Scripts become smaller runs shifted up or down, a fraction on the baseline
becomes two centred lines with a rule between them, a fraction inside a script or another fraction is
written with a slash. Where a run begins follows from the renderer's own font; widths are estimated
only to centre the pieces and to keep labels apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symbackprop.figures import text_width
from symbackprop.figures.tex_tree import Fraction, Gap, Glyphs, Node, Scripts, Tree

SCRIPT_SCALES = (1.0, 0.72, 0.58)
NARROWING = 0.75  # TeX's faces for scripts are wider than the scale says
LOWERED, RAISED = 0.2, 0.38
LOWERED_WITH_BOTH = 0.26
FRACTION_AXIS = 0.27  # how far the rule of a fraction lies above the baseline, in ems
FRACTION_SPACE = 0.2


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one size, style and height; ``space`` before them and ``rise`` over the baseline are in ems."""

    text: str
    style: str
    scale: float = 1.0
    rise: float = 0.0
    space: float = 0.0
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of runs; ``centre`` is where its middle stands, from the label's left end, ``rise`` its baseline."""

    runs: tuple[Run, ...]
    width: float
    ascent: float
    descent: float
    centre: float = 0.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of a fraction."""

    centre: float
    width: float
    rise: float = FRACTION_AXIS


@dataclass(frozen=True, slots=True)
class Setting:
    """A label as it is set: lines and rules, and the room it takes. All in ems."""

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    width: float
    ascent: float
    descent: float


def set_tree(tree: Tree) -> Setting:
    """Fractions that stand in the line itself are stacked, everything else is one line."""
    lines: list[Line] = []
    rules: list[Rule] = []
    left = 0.0
    for part in _split(_trimmed(tree)):
        if not isinstance(part, Fraction):
            setter = _Setter(part)
            lines.append(setter.line(left))
            left += setter.cursor
            continue
        numerator, denominator = _Setter(part.numerator).line(), _Setter(part.denominator).line()
        width = max(numerator.width, denominator.width) + FRACTION_SPACE
        centre = left + FRACTION_SPACE / 2 + width / 2
        over = FRACTION_AXIS + 0.2 + numerator.descent
        under = FRACTION_AXIS - 0.2 - denominator.ascent
        lines += [replace(numerator, centre=centre, rise=over), replace(denominator, centre=centre, rise=under)]
        rules.append(Rule(centre, width))
        left += width + FRACTION_SPACE
    return Setting(
        tuple(lines),
        tuple(rules),
        left,
        max((line.rise + line.ascent for line in lines), default=0.0),
        max((line.descent - line.rise for line in lines), default=0.0),
    )


def _trimmed(tree: Tree) -> Tree:
    """Without the space that an operator at either end would keep from its neighbour."""
    places = [place for place, node in enumerate(tree) if not isinstance(node, Gap)]
    return tree[places[0] : places[-1] + 1] if places else ()


def _split(tree: Tree) -> list[Tree | Fraction]:
    parts: list[Tree | Fraction] = []
    flow: list[Node] = []
    for node in tree:
        if isinstance(node, Fraction):
            parts += [tuple(flow)] if flow else []
            parts.append(node)
            flow = []
        else:
            flow.append(node)
    if flow or not parts:
        parts.append(tuple(flow))
    return parts


class _Setter:
    """Sets nodes one behind the other; ``cursor`` is where the next run would begin, in ems."""

    def __init__(self, tree: Tree) -> None:
        self.runs: list[Run] = []
        self.cursor = 0.0
        self.space = 0.0
        self.ascent = 0.0
        self.descent = 0.0
        self.row(tree, level=0, rise=0.0)

    def line(self, left: float = 0.0) -> Line:
        """The line; space at its two ends moves it but is not part of it."""
        before = self.runs[0].space if self.runs else 0.0
        width = self.cursor - before - self.space
        runs = (replace(self.runs[0], space=0.0), *self.runs[1:]) if self.runs else ()
        return Line(runs, width, self.ascent, self.descent, centre=left + before + width / 2)

    def row(self, tree: Tree, level: int, rise: float) -> None:
        for node in tree:
            if isinstance(node, Gap):
                # operators in scripts are set tight
                self._skip(node.width if level == 0 else 0.0)
            elif isinstance(node, Glyphs):
                self._put(node, level, rise)
            elif isinstance(node, Scripts):
                self._scripts(node, level, rise)
            else:
                self._slashed(node, level, rise)

    def _skip(self, width: float) -> None:
        self.space += width
        self.cursor += width

    def _put(self, glyphs: Glyphs, level: int, rise: float) -> None:
        if not glyphs.text:
            return
        scale = SCRIPT_SCALES[min(level, len(SCRIPT_SCALES) - 1)]
        last = self.runs[-1] if self.runs else None
        if (
            last is not None
            and not self.space
            and (last.style, last.scale, last.rise, last.is_value) == (glyphs.style, scale, rise, glyphs.is_value)
        ):
            self.runs[-1] = replace(last, text=last.text + glyphs.text)
        else:
            self.runs.append(Run(glyphs.text, glyphs.style, scale, rise, self.space, glyphs.is_value))
            self.space = 0.0
        self.cursor += text_width.width(glyphs.text, glyphs.style) * scale**NARROWING
        self.ascent = max(self.ascent, rise + text_width.ascent(glyphs.text) * scale)
        self.descent = max(self.descent, text_width.descent(glyphs.text) * scale - rise)

    def _scripts(self, node: Scripts, level: int, rise: float) -> None:
        self.row(node.base, level, rise)
        scale = SCRIPT_SCALES[min(level, len(SCRIPT_SCALES) - 1)]
        if node.upper and node.lower:
            # the one above begins over the one below: back by its width, and on to the end of the wider one
            start = self.cursor
            self.row(node.lower, level + 1, rise - LOWERED_WITH_BOTH * scale)
            end = self.cursor
            self._skip(start - end)
            self.row(node.upper, level + 1, rise + RAISED * scale)
            self._skip(max(0.0, end - self.cursor))
        elif node.upper:
            self.row(node.upper, level + 1, rise + RAISED * scale)
        else:
            self.row(node.lower, level + 1, rise - LOWERED * scale)
        self._skip(0.03)

    def _slashed(self, node: Fraction, level: int, rise: float) -> None:
        for part, sign in ((node.numerator, "/"), (node.denominator, "")):
            compound = any(isinstance(inner, Gap) for inner in part)
            bracketed = (Glyphs("(", "upright"), *part, Glyphs(")", "upright")) if compound else part
            self.row(bracketed, level, rise)
            self._put(Glyphs(sign, "upright"), level, rise)
