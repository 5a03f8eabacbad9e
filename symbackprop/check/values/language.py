"""The tables of words and phrases, one a language, and the regular expressions made of them.

A text is searched with the tables of all languages: posts mix them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from symbackprop.check.statement import PhraseKind, Role
from symbackprop.registry import FileRegistry

NUMBER = (
    r"[-+−–]?(?:\d+\.\d+|\.\d+|\d+)(?:[eE][-+−]?\d{1,4}"
    r"|\s?(?:×|\\times|\\cdot|\*)\s?10\^\{?[-−]?\d{1,4}\}?)?(?![\d]|\.\d)"
)
"""A number as people type it, with a power of ten or without."""


class Steps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase that says how many updates were made: the ``count`` given here, or the one it holds."""

    pattern: str
    count: int | None = None


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase that ties numbers to a quantity, ``unless`` its clause holds other words.

    Where ``targets`` is found in the clause, the numbers are what is wished for.
    """

    kind: PhraseKind
    pattern: str
    unless: str = ""
    targets: str = ""


class Values(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a value is given, and the words that say it is not the first one."""

    equals: list[str]
    separators: list[str]
    updated: list[str]


class Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Titles of columns (or rows) by what stands in them."""

    name: list[str]
    value: list[str]
    steps: list[str]
    error: list[str]


class Sequel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words by which a sentence goes on with the step count of the sentence before."""

    words: list[str]


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of ``languages/``."""

    name: str
    words: dict[str, list[str]]
    values: Values
    roles: dict[Role, list[str]]
    sequel: Sequel
    counts: dict[str, int]
    multipliers: dict[str, int]
    steps: list[Steps]
    claims: list[Claim]
    table: Headers


def _load(path: Path) -> Language:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Language)


LANGUAGES = FileRegistry(lambda: Path(__file__).parent / "languages", ".toml", _load, "language of phrases")


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longer ones first; letters stand free of other letters."""
    ordered = sorted(set(words), key=len, reverse=True)
    return "|".join(rf"(?<![A-Za-z]){word}(?![A-Za-z])" if word[0].isascii() else word for word in ordered)


@cache
def counts() -> dict[str, int]:
    """Whole numbers as words, of all languages."""
    return {word: count for language in LANGUAGES for word, count in language.counts.items()}


@cache
def multipliers() -> dict[str, int]:
    """What may follow a number in digits and multiply it."""
    return {word: factor for language in LANGUAGES for word, factor in language.multipliers.items()}


@cache
def list_pattern() -> str:
    """One number or several, with asides in brackets ("vs 0.01") after each."""
    separators = "|".join(word for language in LANGUAGES for word in language.values.separators)
    aside = r"(?:\s?[(（][^()（）\n]{0,40}[)）])?"
    between = rf"\s?+(?:[,，、;]\s?+(?:and\s)?+|(?:{separators})\s?+)"
    several = rf"{NUMBER}{aside}(?:{between}{NUMBER}{aside}){{0,19}}+"
    return rf"\[\s?{several}\s?\]|[(（]\s?{several}\s?[)）]|[\[(（]?{several}"


def compiled(language: Language, pattern: str) -> re.Pattern[str]:
    """A phrase's pattern with its placeholders filled in."""
    count_words = "|".join(sorted(map(re.escape, counts()), key=len, reverse=True))
    factors = "|".join(sorted(map(re.escape, multipliers()), key=len, reverse=True))
    places = {
        "number": rf"(?P<numbers>{NUMBER})",
        "numbers": rf"(?P<numbers>{list_pattern()})",
        "count": rf"(?P<count>\d{{1,3}}(?:[,，]\d{{3}})+(?!\d)|\d{{1,9}}|{count_words})\s?(?P<factor>{factors})?",
        **{name: "|".join(sorted(words, key=len, reverse=True)) for name, words in language.words.items()},
    }
    filled = re.sub(r"<([a-z]+)>", lambda match: places[match[1]], pattern)
    return re.compile(filled, re.IGNORECASE)
