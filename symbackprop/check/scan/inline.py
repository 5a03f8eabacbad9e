"""Formulas in running text.

Delimiters alone do not say what a formula is: ``$5 and $10`` is none, ``\\[1\\]`` is a reference, and
one forgotten ``$`` must not turn the rest of a paragraph inside out. So each pair is taken only if
what stands between reads like mathematics, or if nothing speaks against it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from symbackprop.check.scan import images
from symbackprop.check.scan.cleaning import cleaned
from symbackprop.check.scan.delimiters import MARKDOWN, Ends, Opening
from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Formula, Paragraph
from symbackprop.check.scan.words import begins_with_price, has_mathematics, is_plainly_mathematics, is_prose

_BEFORE_DISPLAY = re.compile(
    r"[ \t>]*+(?:(?:[-*+•]|\d{1,9}[.)])[ \t]++)?(?:[ \t>]|\{%[^%\n]{0,80}%\}|<\w{1,9}[^<>\n]{0,80}>){0,9}"
)
AFTER_DISPLAY = re.compile(
    r"[ \t]*(?:[,.;:，。；：、]|\{#[^}\n]{0,80}\}|\([\w:.-]{1,80}\)|\\\\|</\w{1,9}>|\{%[^%\n]{0,80}%\}){0,9}"
    r"[ \t]*(?:\n|$)"
)
"""What may follow a display in its last line: punctuation, an equation's label, tags."""
_SHORT_REFERENCE = re.compile(r"[A-Za-z0-9\u4e00-\u9fff \t/.,:;&'-]{0,40}")
_VARIABLE = re.compile(r"[A-Z_]{2,}\b|[({'\"]")
"""What follows a dollar sign in the languages of shells and pages."""

_LINK = re.compile(r"\]\((?:https?:|[#/.])")

_LINE = 4000
"""No line is looked at farther than this."""
_GLANCE = 300
"""What is quoted of a line that lost a delimiter."""
_MOST_REFUSED = 50


class Scanner:
    """Goes through one paragraph. ``run`` stops where a display is not ended; the caller then finds more text
    for it (``extend``) or gives it up (``give_up``), and runs on.
    """

    def __init__(self, text: MappedText, tokens: re.Pattern[str] = MARKDOWN) -> None:
        self.tokens = tokens
        self.position = 0
        self.formulas: list[Formula] = []
        self.skipped: list[tuple[int, int]] = []
        self.pending: Opening | None = None
        self.text = text
        self.ends = Ends(text.text)
        self.refused: Counter[int] = Counter()
        """How many opening brackets were refused for one closing bracket, by its place."""

    @property
    def paragraph(self) -> Paragraph:
        """What was found."""
        return Paragraph(self.text, tuple(self.formulas), tuple(self.skipped))

    def extend(self, text: MappedText) -> None:
        """Go on with a longer text, of which the one so far is the beginning."""
        self.text = text
        self.ends = Ends(text.text)
        if self.pending is not None:
            self.position = self.pending.start
        self.pending = None

    def give_up(self) -> None:
        """Take the pending delimiter for a stray one; the line it stands in is not read."""
        opening = self.pending
        assert opening is not None
        self.pending = None
        shown = self.text.text[opening.start : opening.end]
        self._stray(opening.start, opening.end, _unclosed(shown, opening.closing))

    def run(self) -> Opening | None:
        """Scan to the end, or to the next display that is not ended."""
        while self.pending is None:
            match = self.tokens.search(self.text.text, self.position)
            if match is None:
                return None
            self.position = match.end()
            _HANDLERS[match.lastgroup or ""](self, match)
        return self.pending

    def _add(self, start: int, inner: tuple[int, int], end: int, display: bool, doubled: bool = False) -> None:
        tex = cleaned(self.text.slice(*inner), doubled).stripped()
        if tex.text:
            self.formulas.append(Formula(tex, start, end, display))
        self.position = end

    def _skip(self, start: int, end: int) -> None:
        self.skipped.append((start, end))
        self.position = end

    def _stray(self, start: int, end: int, problem: str, stop: int | None = None) -> None:
        """A delimiter without its partner: what is left of its line, up to ``stop`` at most, is not read."""
        line_end = self._line_end(end)
        if not self.text.text[end:line_end].strip():
            line_end = self._line_end(line_end + 1)  # alone on its line: the line below is what it opened
        stop = min(line_end, start + _GLANCE, len(self.text) if stop is None else stop)
        tex = self.text.slice(start, stop).stripped()
        self.formulas.append(Formula(tex, start, start + len(tex), False, problem))
        self.position = end

    def _stands_alone(self, start: int, end: int) -> bool:
        """Whether nothing but list marks and punctuation shares the lines of a formula."""
        text = self.text.text
        before = text.rfind("\n", max(0, start - _LINE), start) + 1
        alone = start - before < _LINE and _BEFORE_DISPLAY.fullmatch(text, before, start) is not None
        return alone and AFTER_DISPLAY.match(text, end) is not None

    def _line_end(self, position: int) -> int:
        """Where the line ends; a very long one is cut."""
        end = self.text.text.find("\n", position, position + _LINE)
        return end if end >= 0 else min(len(self.text), position + _LINE)

    def begin(self, match: re.Match[str]) -> None:
        """A bare environment."""
        end = self.ends.environment(match.start())
        if end is None:
            self.pending = Opening(match.start(), match.end(), f"\\end{{{match['environment']}}}")
        else:
            doubled = match[0].startswith("\\\\")
            self._add(match.start(), (match.start(), end[1]), end[1], True, doubled)

    def doubled(self, match: re.Match[str]) -> None:
        self._bracketed(match, "\\\\")

    def bracket(self, match: re.Match[str]) -> None:
        self._bracketed(match, "\\")

    def _bracketed(self, match: re.Match[str], escape: str) -> None:
        start, inner = match.span()
        display = match[0][-1] == "["
        closing = escape + ("]" if display else ")")
        end = self.ends.find(closing, inner)
        markdown = self.tokens is MARKDOWN
        if end is None:
            rest = self.text.text[inner : min(self._line_end(inner), inner + _GLANCE)]
            if display and (not rest.strip() or not markdown):
                self.pending = Opening(start, inner, closing)
            elif has_mathematics(rest) and not is_prose(rest):
                self._stray(start, inner, _unclosed(match[0], closing))
        elif not markdown or not self._is_escaped_bracket(display, inner, end):
            self._add(start, (inner, end[0]), end[1], display, doubled=escape == "\\\\")

    def _is_escaped_bracket(self, display: bool, inner: int, end: tuple[int, int]) -> bool:
        """Whether the bracket is a bracket of the text that Markdown is told to leave alone."""
        if self.refused[end[0]] >= _MOST_REFUSED:
            return True
        content = self.text.text[inner : min(end[0], inner + _LINE)]
        refused = is_prose(content) or (
            display and _SHORT_REFERENCE.fullmatch(content) is not None and not self._stands_alone(inner - 2, end[1])
        )
        self.refused[end[0]] += refused
        return refused

    def escape(self, match: re.Match[str]) -> None:
        """An escaped character is itself."""

    def fenced(self, match: re.Match[str]) -> None:
        """GitHub's $`...`$."""
        length = len(match["fence"])
        end = self.ends.backticks(length, match.end())
        if end is not None and self.text.text.startswith("$", end + length):
            self._add(match.start(), (match.end(), end), end + length + 1, False)
        else:
            self.position = match.start() + 1

    def code(self, match: re.Match[str]) -> None:
        length = len(match[0])
        end = self.ends.backticks(length, match.end())
        if end is not None:
            self._skip(match.start(), end + length)

    def double(self, match: re.Match[str]) -> None:
        start, inner = match.span()
        end = self.ends.find("$$", inner)
        if end is None:
            self.pending = Opening(start, inner, "$$")
            return
        content = self.text.text[inner : end[0]]
        if not content.strip():
            # "$$ $$": nothing, or the end of one display that lost its beginning and the beginning of the next
            self.position = end[0] if self.ends.count("$$", start) % 2 else end[1]
        elif self.ends.count("$$", start) % 2 and is_prose(content):
            self._stray(start, inner, _unclosed("$$", "$$"), end[0])
        else:
            self._add(start, (inner, end[0]), end[1], self._stands_alone(start, end[1]))

    def single(self, match: re.Match[str]) -> None:
        start, inner = match.span()
        end = self.ends.find("$", inner)
        if end is not None and self._is_pair(start, inner, end[0]):
            self._add(start, (inner, end[0]), end[1], False)
            return
        rest = self.text.text[inner : min(self._line_end(inner), inner + _GLANCE, end[0] if end else len(self.text))]
        if has_mathematics(rest) and not begins_with_price(rest) and _VARIABLE.match(rest) is None:
            self._stray(start, inner, _unclosed("$", "$"), inner + len(rest))

    def _is_pair(self, start: int, inner: int, end: int) -> bool:
        """Whether two dollar signs stand around a formula."""
        content = self.text.text[inner:end]
        if not content.strip():
            return False
        if self.tokens is not MARKDOWN:
            return True
        opens, closes = not content[0].isspace(), not content[-1].isspace()
        followed_by_digit = self.text.text[end + 1 : end + 2].isdigit()
        if _LINK.search(content) is not None:
            return False
        mathematics = is_plainly_mathematics(content)
        if begins_with_price(content) and (followed_by_digit or (opens and not closes and not mathematics)):
            return False
        return not is_prose(content) and (opens == closes or mathematics)

    def image(self, match: re.Match[str]) -> None:
        address = images.ADDRESS.search(self.text.text, *match.span())
        if address is None:
            self._skip(*match.span())
        else:
            self._address(address, match.start(), match.end())

    def address(self, match: re.Match[str]) -> None:
        address = images.ADDRESS.match(self.text.text, match.start())
        assert address is not None
        self._address(address, match.start(), None)

    def _address(self, address: re.Match[str], start: int, end: int | None) -> None:
        tex, stop = images.formula(self.text, address, len(self.text) if end is None else end)
        end = stop if end is None else end
        breaks = tex.text.rstrip().endswith("\\\\")  # how the editor there marks a display
        if tex.text.strip():
            self.formulas.append(Formula(tex.stripped(), start, end, breaks or self._stands_alone(start, end)))
        self.position = end

    def script(self, match: re.Match[str]) -> None:
        """MathJax's own element, as saved pages have it."""
        end = self.ends.find("</script>", match.end())
        if end is not None:
            self._add(match.start(), (match.end(), end[0]), end[1], "mode=display" in match[0])

    def role(self, match: re.Match[str]) -> None:
        """The math role of reStructuredText."""
        end = self.ends.find("`", match.end())
        if end is None:
            self._stray(*match.span(), _unclosed(match[0], "`"))
        else:
            self._add(match.start(), (match.end(), end[0]), end[1], False)

    def verbatim(self, match: re.Match[str]) -> None:
        """LaTeX's \\verb|...|."""
        end = self.text.text.find(match["fence"], match.end(), self._line_end(match.end()))
        if end >= 0:
            self._skip(match.start(), end + 1)

    def skip(self, match: re.Match[str]) -> None:
        self._skip(*match.span())


_HANDLERS: dict[str, Callable[[Scanner, re.Match[str]], None]] = {
    "begin": Scanner.begin,
    "doubled": Scanner.doubled,
    "bracket": Scanner.bracket,
    "escape": Scanner.escape,
    "fenced": Scanner.fenced,
    "code": Scanner.code,
    "double": Scanner.double,
    "single": Scanner.single,
    "image": Scanner.image,
    "script": Scanner.script,
    "address": Scanner.address,
    "role": Scanner.role,
    "verbatim": Scanner.verbatim,
    **dict.fromkeys(("tag", "link", "web", "template", "hidden"), Scanner.skip),
}


def _unclosed(opening: str, closing: str) -> str:
    return f"'{opening.strip()}' is not closed: its paragraph has no '{closing}' that belongs to it"


def scan(text: MappedText, tokens: re.Pattern[str] = MARKDOWN) -> Paragraph:
    """A text that has no more to offer: a heading, a cell of a table."""
    scanner = Scanner(text, tokens)
    while scanner.run() is not None:
        scanner.give_up()
    return scanner.paragraph
