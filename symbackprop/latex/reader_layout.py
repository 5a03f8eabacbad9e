"""Where one formula of a display ends and the next begins: rows, cells, words and commas between formulas."""

from __future__ import annotations

from dataclasses import dataclass, field

from symbackprop.expression import Span
from symbackprop.latex.reader_environments import CASES, LAYOUTS, SYSTEMS
from symbackprop.latex.tokens import Token, escaped_twice, partners, without_null_delimiters

_ARGUMENTS = {"frac": 2, "_": 1, "^": 1, "style": 1, "sqrt": 1, "braced": 1, "annotated": 2, "grid": 1}
"""How many braces that follow belong to a command."""

OPERATORS = frozenset({"+", "-", "product", "hadamard", "slash", "relation"})
_ENDS = frozenset({"row", "comma", "semicolon", "period", "end", "}", "&"})
_SCRIPTS = frozenset({"_", "^", "sub", "sup", "'"})


@dataclass(slots=True)
class Segment:
    """Tokens between two separators of a line. ``separator`` is what stands before them."""

    separator: Token | None
    tokens: list[Token] = field(default_factory=list)
    related: bool = False
    words: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """The segments of one row of a display."""

    segments: list[Segment]


WORD_KINDS = frozenset({"words", "connective", "bare"})


class Layout:
    """Cuts the tokens of a display into lines and segments. Braces and matrices are kept whole."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens = without_null_delimiters(tokens)
        self.partners = partners(tokens)
        self.skipped: set[int] = set()
        self.segment = Segment(None)
        self.lines = [Line([self.segment])]
        self.depth = 0

    def cut(self) -> list[Line]:
        tokens, at, count = self.tokens, 0, len(self.tokens)
        while at < count:
            kind = tokens[at][0]
            action = _ACTIONS.get(kind)
            if action is None:
                self.segment.tokens.append(tokens[at])
                at += 1
            else:
                at = action(self, at)
        return [line for line in self.lines if any(map(_says_something, line.segments))]

    def take(self, at: int, end: int) -> int:
        """Keep the tokens up to ``end`` as they are; blank lines in them are no rows."""
        self.segment.tokens.extend(token for token in self.tokens[at:end] if token[:2] != ("row", "blank"))
        return end

    def separate(self, at: int) -> int:
        """A separator: what follows is a segment of its own."""
        if self.depth:
            return self.take(at, at + 1)
        self.segment = Segment(self.tokens[at])
        self.lines[-1].segments.append(self.segment)
        return at + 1

    def command(self, at: int) -> int:
        """A command with its braces; a font around a whole formula is looked through."""
        end = at + 1
        last = self.partners.get(end)
        if self.tokens[at][0] == "style" and not self.depth and last is not None and self._holds_rows(end, last):
            return end
        for _ in range(_ARGUMENTS[self.tokens[at][0]]):
            if end < len(self.tokens) and self.tokens[end][0] == "{" and end in self.partners:
                end = self.partners[end] + 1
        return self.take(at, end)

    def brace(self, at: int) -> int:
        """Braces around whole formulas (``\\boxed{a = b}``) are looked through, others are kept."""
        if at in self.skipped:
            return at + 1
        end = self.partners.get(at)
        if end is None:
            return self.take(at, at + 1)
        following = self.tokens[end + 1][0] if end + 1 < len(self.tokens) else ""
        empty = end == at + 1 and following not in _SCRIPTS and not self._expects_argument()
        if empty or (following not in _SCRIPTS and not self.depth and self._holds_rows(at, end)):
            self.skipped.add(end)
            return at + 1
        return self.take(at, end + 1)

    def _expects_argument(self) -> bool:
        """Whether the last token taken may still want braces (they are then empty by mistake)."""
        return bool(self.segment.tokens) and self.segment.tokens[-1][0] in (*_ARGUMENTS, "}")

    def _holds_rows(self, at: int, end: int) -> bool:
        """Whether relations or layouts stand in these braces, at their own level."""
        at += 1
        while at < end:
            kind, value, _, _ = self.tokens[at]
            if kind in ("relation", "row") or (kind == "begin" and value in LAYOUTS):
                return True
            at = self.partners.get(at, at) + 1 if kind in ("{", "begin", "open") else at + 1
        return False

    def opening(self, at: int) -> int:
        """``\\left\\{ \\begin{aligned}`` at the start of a line holds rows; other brackets are part of a formula."""
        end = self.partners.get(at)
        if end is None:
            return self.take(at, at + 1)
        if self.tokens[at][1] == "{" and self.tokens[at + 1][0] == "begin":
            if not self.segment.tokens and not self.depth and self._is_system(at + 1):
                self.skipped.add(end)
                return at + 1
            return self.take(at, end + 1)
        self.depth += 1
        return self.take(at, at + 1)

    def closing(self, at: int) -> int:
        if at in self.skipped:
            return at + 1
        self.depth = max(0, self.depth - 1)
        return self.take(at, at + 1)

    def begin(self, at: int) -> int:
        end = self.partners.get(at)
        value = self.tokens[at][1]
        if end is None:
            # The row it stands in has a problem; the rows after it may still be read.
            return self.take(at, at + 1)
        if not self.depth and (value in LAYOUTS or (not self.segment.tokens and self._is_system(at))):
            self.skipped.add(end)
            return at + 1
        return self.take(at, end + 1)

    def _is_system(self, at: int) -> bool:
        """Whether a cases or an array environment holds equations: a relation before the first cell ends."""
        value = self.tokens[at][1]
        if value in LAYOUTS:
            return True
        if value not in CASES | SYSTEMS:
            return False
        end = self.partners.get(at, at)
        at += 1
        cells = 0
        while at < end:
            kind = self.tokens[at][0]
            if kind == "relation" and (cells == 0 or value not in CASES):
                return True
            if kind in ("row", "comma"):
                return False
            cells += kind == "&"
            at = self.partners.get(at, at) + 1 if kind in ("{", "begin", "open") else at + 1
        return False

    def end(self, at: int) -> int:
        return at + 1 if at in self.skipped else self.take(at, at + 1)

    def row(self, at: int) -> int:
        """A line break; inside a bracket only where the formula plainly goes on."""
        if escaped_twice(self.tokens, at):
            self.segment.tokens.append(("escaped", self.tokens[at + 1][1], *self.tokens[at][2:]))
            return at + 1
        following = self.tokens[at + 1][0] if at + 1 < len(self.tokens) else ""
        before = self.segment.tokens[-1][0] if self.segment.tokens else ""
        while following == "&":
            at += 1
            following = self.tokens[at + 1][0] if at + 1 < len(self.tokens) else ""
        if self.depth and (before in OPERATORS or following in OPERATORS or following == "close"):
            return at + 1
        self.depth = 0
        self.segment = Segment(None)
        self.lines.append(Line([self.segment]))
        return at + 1

    def cell(self, at: int) -> int:
        """An alignment mark; between two whole formulas it separates them, as a wide space does."""
        following = self.tokens[at + 1][0] if at + 1 < len(self.tokens) else ""
        before = self.segment.tokens[-1][0] if self.segment.tokens else "relation"
        if self.depth or before in OPERATORS or following in OPERATORS or following in ("&", "row"):
            return at + 1
        return self.separate(at)

    def space(self, at: int) -> int:
        """A wide space inside a formula is only a space; after a comma it separates more than the comma does."""
        before = self.segment.separator
        if not self.segment.tokens and before is not None and before[0] == "comma":
            self.segment.separator = self.tokens[at]
        return at + 1 if self.depth else self.cell(at)

    def relation(self, at: int) -> int:
        if not self.depth:
            self.segment.related = True
        return self.take(at, at + 1)

    def comment(self, at: int) -> int:
        """``// ...`` up to the end of the line."""
        end = at
        while end < len(self.tokens) and self.tokens[end][0] != "row" and end not in self.skipped:
            end += 1
        self.segment.words.append(Span(self.tokens[at][2], self.tokens[end - 1][3]))
        return end

    def words(self, at: int) -> int:
        """Words are a name where an operand belongs or where scripts follow; else they stand between formulas."""
        if self.depth:
            return self.take(at, at + 1)
        following = self.tokens[at + 1][0] if at + 1 < len(self.tokens) else "row"
        script = at > 0 and self.tokens[at - 1][0] in ("_", "^")
        if script or following in _SCRIPTS or (self.tokens[at][0] == "bare" and following == "open"):
            return self.take(at, at + 1)
        if self.tokens[at][0] == "words":
            before = self.segment.tokens[-1][0] if self.segment.tokens else ""
            ends = following in OPERATORS or (before in OPERATORS and following in _ENDS)
            if (not before or before in OPERATORS) and ends:
                return self.take(at, at + 1)
        return self.separate(at)


def _says_something(segment: Segment) -> bool:
    return bool(segment.tokens or segment.words or (segment.separator and segment.separator[0] in WORD_KINDS))


_ACTIONS = {
    **dict.fromkeys(_ARGUMENTS, Layout.command),
    "{": Layout.brace,
    "}": Layout.end,
    "open": Layout.opening,
    "close": Layout.closing,
    "begin": Layout.begin,
    "end": Layout.end,
    "row": Layout.row,
    "&": Layout.cell,
    "quad": Layout.space,
    "gap": Layout.space,
    "relation": Layout.relation,
    "comment": Layout.comment,
    "words": Layout.words,
    "connective": Layout.words,
    "bare": Layout.words,
    **dict.fromkeys(("comma", "semicolon", "period", "colon", "implies"), Layout.separate),
}


def without_aside(tokens: list[Token]) -> list[Token]:
    """``y_k (= O_k)``: an equation whose right side stands in brackets, without the brackets."""
    if not tokens or tokens[-1][0] != "close":
        return tokens
    for at in range(1, len(tokens) - 2):
        if tokens[at][:2] == ("open", "(") and tokens[at + 1][0] == "relation":
            closed = partners(tokens).get(at) == len(tokens) - 1
            return [*tokens[:at], *tokens[at + 1 : -1]] if closed else tokens
    return tokens
