"""Flavours: how each place where a post is published wants its mathematics, images and front matter.

One TOML each in ``templates/flavours``. Patterns hold ``<names>`` that are filled in; everything
else in them stands as it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote as percent_encode

import msgspec

from symbackprop.errors import UserError
from symbackprop.registry import FileRegistry
from symbackprop.render.escaping import ESCAPES
from symbackprop.render.hardened import harden, rename_macros
from symbackprop.render.location import templates_folder
from symbackprop.render.marks import with_data

PLACE = re.compile(r"<(\w+)>")

Value: TypeAlias = "str | bool | int | float | list[str] | None"
"""What a key of the front matter can hold; None leaves it out."""


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with each ``<name>`` replaced; a name without a value stays as it stands."""
    return PLACE.sub(lambda match: values.get(match[1], match[0]), pattern)


class Flavour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place to publish."""

    title: str
    tried: Literal["engine", "table"] = "table"
    """"engine": tests put documents through the real engine. "table": made by this table alone."""
    note: str = ""
    inline: str = "$<tex>$"
    """also: ``<url>`` percent-encoded, ``<html>`` escaped for an attribute"""
    display: str = "$$\n<tex>\n$$"
    tag: str = r" \tag{<number>}"
    """what numbers a display, at the end of its TeX"""
    hardened: bool = False
    marked: bool = False
    """whether quantities in formulas carry the data by which a page knows them"""
    one_line: bool = False
    """whether a display must not run over lines"""
    macros: dict[str, str] = {}
    """macros that the place refuses, by one that it knows"""
    spacing: Literal["none", "han", "wide"] = "none"
    """a space between formulas and Chinese: nowhere, beside characters, or also after punctuation"""
    body: str = "<body>"
    """what stands around everything after the front matter"""
    table: Literal["pipe", "html"] = "pipe"
    image: str = "![<alt>](<path>)\n\n<caption>"
    image_path: str = "<path>"
    file_name: str = "<name>.<language>.<extension>"
    front_matter: dict[str, Value] = {}
    """a value ``"<title>"`` is the document's; one that the document lacks is left out"""
    title_in_body: bool = True

    def inline_formula(self, tex: str) -> str:
        return self._formula(self.inline, self.spell(tex, one_line=True))

    @property
    def around_inline(self) -> tuple[str, str] | None:
        """What stands before and after a formula in a line; None where the formula itself is written differently."""
        before, place, after = self.inline.strip().partition("<tex>")
        if not place or "<" in before + after or self.marked or self.hardened or self.macros:
            return None
        return before, after

    def displayed_formula(self, tex: str, number: int | None) -> str:
        tagged = tex if number is None else tex + fill(self.tag, {"number": str(number)})
        return self._formula(self.display, self.spell(tagged, one_line=self.one_line))

    def spell(self, tex: str, one_line: bool = False) -> str:
        """The TeX as this place reads it."""
        if self.marked:
            tex = with_data(tex)
        if self.macros:
            tex = rename_macros(tex, self.macros)
        if self.hardened:
            return harden(tex, one_line)
        return tex.replace("\n", " ") if one_line else tex

    def _formula(self, pattern: str, tex: str) -> str:
        if pattern.count("<") == 1:  # the common case, and no character of the TeX is read again
            return pattern.replace("<tex>", tex)
        return fill(pattern, {"tex": tex, "url": percent_encode(tex, safe=""), "html": ESCAPES["html"](tex)})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a front matter and a file name can tell of a document; words as they are, not escaped."""

    title: str
    language: str
    name: str = ""
    author: str = ""
    date: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()

    def value(self, name: str) -> Value:
        found = getattr(self, name)
        return list(found) if isinstance(found, tuple) else found


def front_matter(flavour: Flavour, facts: Facts) -> dict[str, Value]:
    """The keys of the front matter with their values; what the document does not say is left out."""
    filled: dict[str, Value] = {}
    for key, value in flavour.front_matter.items():
        match = PLACE.fullmatch(value) if isinstance(value, str) else None
        found = facts.value(match[1]) if match else value
        if found not in ("", [], None):
            filled[key] = found
    return filled


def file_name(flavour: Flavour, facts: Facts, extension: str) -> str:
    """The name under which the place wants the file."""
    if "<date>" in flavour.file_name and not facts.date:
        remedy = 'add date = "YYYY-MM-DD" to the spec or set SOURCE_DATE_EPOCH'
        raise UserError(f"{facts.name}: date", f"{flavour.title} wants a date in the file's name; {remedy}")
    values = {"name": facts.name, "language": facts.language, "date": facts.date[:10], "extension": extension}
    return fill(flavour.file_name, values)


def document_date(given: str) -> str:
    """The date of a document: the one given, else that of ``SOURCE_DATE_EPOCH``, else none.

    Never today's: the same spec gives the same bytes.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given or not epoch:
        return given
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise UserError("SOURCE_DATE_EPOCH", f"is a count of seconds since 1970, not {epoch!r}") from None


def load_flavour(path: Path) -> Flavour:
    """The flavour in a file; a ``UserError`` names what is wrong in it."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Flavour)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UserError(f"flavours/{path.name}", str(error)) from None


FLAVOURS = FileRegistry(lambda: templates_folder() / "flavours", ".toml", load_flavour, "flavour")
