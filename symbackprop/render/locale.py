"""The phrases of a language: ``templates/locale/<tag>.toml``.

The table ``[language]`` says how the language joins and numbers things; every other table holds
phrases, which a message names by their path: ``[forward] start = "..."`` is ``forward.start``.
A phrase may hold ``{names}``, which the message fills; nothing else is read in it (``{{`` and
``}}`` stand for braces), so that a phrase can reach into nothing.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from symbackprop.errors import UserError, quote, unknown
from symbackprop.registry import FileRegistry
from symbackprop.render.location import templates_folder


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a language writes what every document needs."""

    name: str
    tag: str
    enumeration: str
    """between the members of an enumeration"""
    enumeration_last: str
    """before its last member"""
    equation: str
    """a reference to an equation, ``{number}`` in it"""
    figure: str
    table: str
    caption: str
    """between the number of a figure or table and its caption"""


class Part(NamedTuple):
    """A piece of a phrase: words, then the name of what is filled in after them, if anything is."""

    words: str
    field: str | None


class Locale:
    """One language: its table and its phrases."""

    def __init__(self, language: Language, phrases: Mapping[str, str], place: str) -> None:
        self.language = language
        self.phrases = phrases
        self.place = place
        self._parsed: dict[str, tuple[Part, ...]] = {}

    def phrase(self, key: str) -> tuple[Part, ...]:
        """The pieces of the phrase, or of its table's ``other``; else a ``UserError`` with the nearest key.

        So a function that someone adds need not have words of its own.
        """
        if key not in self.phrases and (other := f"{key.rpartition('.')[0]}.other") in self.phrases:
            return self.phrase(other)
        if key not in self._parsed:
            if key not in self.phrases:
                error = unknown(self.place, key, self.phrases, "no phrase")
                raise UserError(error.place, error.fact, nearest=error.nearest)
            self._parsed[key] = tuple(_parse(self.phrases[key], f"{self.place}: {key}"))
        return self._parsed[key]

    def fields(self, key: str) -> frozenset[str]:
        """The names that the phrase wants filled."""
        return frozenset(part.field for part in self.phrase(key) if part.field is not None)


def _parse(phrase: str, place: str) -> Iterator[Part]:
    try:
        pieces = list(string.Formatter().parse(phrase))
    except ValueError as error:
        raise UserError(place, f"{error} in {quote(phrase)}") from None
    for words, field, specification, conversion in pieces:
        if field is not None and (not field.isidentifier() or specification or conversion):
            raise UserError(place, f"a placeholder is a plain name in braces, {quote('{' + field + '}')} is not")
        yield Part(words, field)


def load_locale(path: Path) -> Locale:
    """The locale in a file; a ``UserError`` names what is wrong in it."""
    place = f"locale/{path.name}"
    try:
        content = msgspec.toml.decode(path.read_bytes())
        language = msgspec.convert(content.pop("language", {}), Language)
    except msgspec.ValidationError as error:
        raise UserError(f"{place}: language", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(place, f"is not TOML: {error}") from None
    return Locale(language, dict(_flatten(content, place, "")), place)


def _flatten(table: Mapping[str, object], place: str, path: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from _flatten(value, place, key)
        elif isinstance(value, str):
            yield key, value
        else:
            raise UserError(f"{place}: {key}", f"a phrase is a text, this is {quote(value)}")


def differences(first: Locale, second: Locale) -> list[str]:
    """What two languages do not share: keys, and placeholders of a key. Empty where they agree."""
    found = [
        f"{locale.place}: {key}: not there, but in {other.place}"
        for locale, other in ((first, second), (second, first))
        for key in other.phrases
        if key not in locale.phrases
    ]
    for key in first.phrases:
        if key in second.phrases and first.fields(key) != second.fields(key):
            ours, theirs = sorted(first.fields(key)), sorted(second.fields(key))
            found.append(f"{key}: {first.place} has the placeholders {ours}, {second.place} {theirs}")
    return found


LOCALES = FileRegistry(lambda: templates_folder() / "locale", ".toml", load_locale, "language")
