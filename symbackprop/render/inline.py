"""Lines of a document: phrases with formulas, references and other phrases filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from symbackprop.document.blocks import Inline, Message, Reference, Text
from symbackprop.expression import Apply, Chain, Name, Number, Symbol
from symbackprop.render.environment import Format
from symbackprop.render.escaping import ESCAPES, clean, guard_line_start, is_han, is_wide, plain_formula
from symbackprop.render.flavour import Flavour, fill
from symbackprop.render.formulas import TeX
from symbackprop.render.hardened import without_bars
from symbackprop.render.locale import Locale
from symbackprop.render.numbering import Numbered, Numbering

SPACED: dict[str, tuple[Callable[[str], bool], Callable[[str], bool]]] = {
    "none": (lambda character: False, lambda character: False),
    "han": (is_han, is_han),
    "wide": (is_wide, is_han),
}
"""before which opening and after which closing mark of a formula a space must stand"""
MATHEMATICS = (Number, Symbol, Name, Apply, Chain)
GUARDS: dict[str, Callable[[str], str]] = {"markdown": guard_line_start}


class Piece(NamedTuple):
    """Part of a line: words, TeX, or a number that the format may make a link."""

    kind: Literal["words", "formula", "number"]
    content: str


class Words:
    """Makes the lines of one document, in one language, format and notation."""

    def __init__(self, output_format: Format, flavour: Flavour, locale: Locale, tex: TeX, numbering: Numbering) -> None:
        self.format = output_format
        self.flavour = flavour
        self.locale = locale
        self.tex = tex
        self.numbering = numbering
        self.escape = ESCAPES[output_format.escape]
        self.escape_plain = ESCAPES.get(f"{output_format.escape} bookmark", self.escape)
        """for the places of a format that hold characters only"""
        self._spaced_before, self._spaced_after = SPACED[flavour.spacing]
        self._guard = GUARDS.get(output_format.escape, str)

    def line(self, inline: Inline) -> str:
        """The line as it stands in the file."""
        return self._guard(self._finished(inline, self.escape, self.flavour.inline_formula).strip())

    def cell(self, inline: Inline) -> str:
        """The same for the cell of a table, which a bar would end and which HTML holds where the flavour says so."""
        if isinstance(inline, MATHEMATICS):  # most cells of long tables
            return self._formula_in_cell(self.tex(inline)).strip()
        escape = ESCAPES["html"] if self.flavour.table == "html" else self.escape
        if isinstance(inline, Text):
            return escape(inline.text).strip()
        return self._finished(inline, escape, self._formula_in_cell).strip()

    def formulas_in_cells(self, texts: Sequence[str]) -> list[str]:
        """``cell`` of many formulas that are spelled already."""
        around, written = self.flavour.around_inline, "".join(texts)
        if around is None or "|" in written or "\n" in written:
            return [self._formula_in_cell(tex).strip() for tex in texts]
        before, after = around
        return [f"{before}{tex}{after}" for tex in texts]

    def _formula_in_cell(self, tex: str) -> str:
        return self.flavour.inline_formula(without_bars(tex))

    def plain(self, inline: Inline) -> str:
        """The line without marks of any format, for a front matter; formulas lose their markup."""
        pieces = self._pieces(inline)
        return clean("".join(plain_formula(text) if kind == "formula" else text for kind, text in pieces)).strip()

    def number(self, label: str) -> str:
        """The number of a labelled block, as the format refers to it."""
        numbered = self.numbering[label]
        return fill(self.format.number, {"number": str(numbered.number), "label": self.anchor(numbered)})

    def anchor(self, numbered: Numbered) -> str:
        """The label by which the format refers to a numbered block."""
        return self.format.label_prefix + numbered.anchor

    def _finished(self, inline: Inline, escape: Callable[[str], str], formula: Callable[[str], str]) -> str:
        spellings: dict[str, Callable[[str], str]] = {"words": escape, "formula": formula, "number": self.number}
        line: list[str] = []
        before: Piece | None = None
        for piece in self._pieces(inline):
            if before is not None and self._apart(before, piece):
                line.append(" ")
            line.append(spellings[piece.kind](piece.content))
            before = piece
        return "".join(line)

    def _apart(self, before: Piece, after: Piece) -> bool:
        """Whether a space must stand between two pieces that have none."""
        if before.kind == after.kind == "formula":
            return True  # else the closing mark of one and the opening mark of the other make a display
        if before.kind == "formula" and after.kind == "words":
            # a closing dollar sign before a digit closes nothing
            return self._spaced_after(after.content[0]) or after.content[0].isdigit()
        return before.kind == "words" and after.kind == "formula" and self._spaced_before(before.content[-1])

    def _pieces(self, inline: Inline) -> Iterator[Piece]:
        """The pieces in order; no words are empty."""
        yield from (piece for piece in _GATHER[type(inline)](self, inline) if piece.content)

    def _message(self, message: Message) -> Iterator[Piece]:
        for words, name in self.locale.phrase(message.key):
            yield Piece("words", words)
            if name is not None:
                if name not in message.arguments:
                    given = ", ".join(message.arguments) or "nothing"
                    raise ValueError(f"{self.locale.place}: {message.key}: wants {name!r}, was given {given}")
                yield from self._pieces(message.arguments[name])

    def _reference(self, reference: Reference) -> Iterator[Piece]:
        pattern: str = getattr(self.locale.language, self.numbering[reference.label].kind)
        before, _, after = pattern.partition("{number}")
        yield from (Piece("words", before), Piece("number", reference.label), Piece("words", after))

    def _enumeration(self, members: tuple[Inline, ...]) -> Iterator[Piece]:
        for position, member in enumerate(members):
            if position:
                last = position == len(members) - 1
                language = self.locale.language
                yield Piece("words", language.enumeration_last if last else language.enumeration)
            yield from self._pieces(member)


_GATHER: dict[type, Callable[..., Iterator[Piece]]] = {
    Text: lambda words, text: iter((Piece("words", clean(text.text)),)),
    Message: Words._message,
    Reference: Words._reference,
    tuple: Words._enumeration,
    **dict.fromkeys(
        MATHEMATICS,
        lambda words, mathematics: iter((Piece("formula", words.tex(mathematics)),)),
    ),
}
