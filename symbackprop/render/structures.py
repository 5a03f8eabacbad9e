"""Blocks as plain structures: text that is finished, which a format's template only puts in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote as percent_encode

from symbackprop.document.blocks import Block, Code, Enumeration, Figure, Formula, Heading, Message, Say, Table
from symbackprop.errors import UserError, nearest, quote
from symbackprop.render.flavour import Flavour, fill
from symbackprop.render.formulas import display
from symbackprop.render.inline import Words
from symbackprop.render.numbering import Numbered
from symbackprop.render.rows import EveryTeX, row_texts

Structure: TypeAlias = dict[str, Any]
"""What a template gets for a block: its ``kind``, and text or lists of text under other keys."""

BACKTICKS = re.compile(r"`{3,}")
# what would end the part of a page that a template engine leaves alone, and how to show it there
RAW, RAW_END, RAW_END_SHOWN = "{% raw %}", re.compile(r"\{%(?=-?\s*endraw)"), '{% endraw %}{{ "{%" }}{% raw %}'
LANGUAGE_NAME = re.compile(r"[\w+#.-]*")
NUMBER_ROOM = 6.0
"""What the number of a formula takes from its line, in digits."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a block is laid out with."""

    words: Words
    figures: Mapping[str, str]
    every: EveryTeX | None = None

    @property
    def flavour(self) -> Flavour:
        return self.words.flavour


def structure(setting: Setting, block: Block, numbered: Numbered | None) -> Structure:
    """The block as its template wants it."""
    made = _STRUCTURES[type(block)](setting, block, numbered)
    return {"kind": type(block).__name__.lower(), **made}


def _heading(setting: Setting, heading: Heading, numbered: None) -> Structure:
    words = setting.words
    plain = words.escape_plain(words.plain(heading.message))
    return {"level": heading.level, "line": words.line(heading.message), "plain": plain}


def _say(setting: Setting, say: Say, numbered: None) -> Structure:
    return {"line": setting.words.line(say.message)}


def _enumeration(setting: Setting, enumeration: Enumeration, numbered: None) -> Structure:
    return {"ordered": enumeration.ordered, "items": [setting.words.line(item) for item in enumeration.items]}


def _formula(setting: Setting, formula: Formula, numbered: Numbered | None) -> Structure:
    words, flavour = setting.words, setting.flavour
    room = words.format.long_line - (NUMBER_ROOM if numbered else 0)
    laid_out = display(formula.chains, words.tex, room)
    shown = flavour.displayed_formula(laid_out.spaced(words.format.row_space), numbered.number if numbered else None)
    made = {"rows": laid_out.rows, "display": shown, "aside": formula.aside, "anchor": None}
    return {**made, **_number(words, numbered)} if numbered else made


def _number(words: Words, numbered: Numbered) -> Structure:
    pattern: str = getattr(words.locale.language, numbered.kind)
    return {"anchor": words.anchor(numbered), "number": words.escape(pattern.replace("{number}", str(numbered.number)))}


def _table(setting: Setting, table: Table, numbered: Numbered) -> Structure:
    return {
        "header": [setting.words.cell(cell) for cell in table.header],
        "rows": row_texts(setting.words, table.rows, setting.every),
        "columns": list(table.columns or "c" * len(table.header)),
        **_caption(setting, table.caption, numbered),
    }


def _figure(setting: Setting, figure: Figure, numbered: Numbered) -> Structure:
    if figure.name not in setting.figures:
        meant = nearest(figure.name, setting.figures)
        raise UserError(f"figure {quote(figure.name)}", "was not drawn", tuple(setting.figures), meant)
    source = setting.figures[figure.name]
    path = fill(setting.flavour.image_path, {"path": percent_encode(source)})
    return {"name": figure.name, "source": source, "path": path, **_caption(setting, figure.caption, numbered)}


def _caption(setting: Setting, caption: Message, numbered: Numbered) -> Structure:
    words = setting.words
    number = _number(words, numbered)
    return {
        "label": number["number"],
        "separator": words.escape(words.locale.language.caption),
        "caption": words.line(caption),
        "plain": words.escape_plain(words.plain(caption)),
        "anchor": number["anchor"],
    }


def _code(setting: Setting, code: Code, numbered: None) -> Structure:
    text = RAW_END.sub(RAW_END_SHOWN, code.text) if RAW in setting.flavour.body else code.text
    lines = text.rstrip("\n").split("\n")
    longest = max((len(run) for run in BACKTICKS.findall(code.text)), default=2)
    language = LANGUAGE_NAME.match(code.language)
    return {
        "language": language[0] if language else "",
        "text": "\n".join(lines),
        "lines": [setting.words.escape(line.expandtabs(4)) for line in lines],
        "fence": "`" * (longest + 1),
    }


_STRUCTURES: dict[type, Callable[..., Structure]] = {
    Heading: _heading,
    Say: _say,
    Enumeration: _enumeration,
    Formula: _formula,
    Table: _table,
    Figure: _figure,
    Code: _code,
}
