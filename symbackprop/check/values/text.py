"""Values given in running text and lists: "w1 = 0.15, w2=0.20", "学习率 η 为 0.5", "i1, i2 = 0.05, 0.10"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from symbackprop.check.deadline import check_time
from symbackprop.check.scan.mapped import MappedText, join
from symbackprop.check.scan.pieces import Paragraph
from symbackprop.check.scan.placing import Placer
from symbackprop.check.statement import Context, Role, Statement
from symbackprop.check.values.language import LANGUAGES, NUMBER, alternatives
from symbackprop.check.values.masking import COVERED, FORMULA, REST, masked

PLAIN_NAME = (
    r"[A-Za-zα-ωΑ-Ωϵ][A-Za-z0-9α-ω]{0,11}(?:_(?:\{[\w, ]{1,12}\}|[A-Za-z0-9]{1,10}))?"
    r"(?:\^(?:\{[\w()\[\], ]{1,8}\}|[(\[]\w{1,3}[)\]]|\w))?"
)
"""A name as it is typed without dollar signs: ``w1``, ``w_{11}``, ``out_h1``, ``η``."""

_NAME = rf"(?:{COVERED}|(?<![A-Za-z0-9_\\^/*+=<>.|\-{{}}\ufffd])(?<![-+*/×·=<>] ){PLAIN_NAME})"
_END = rf"(?! [A-Za-z](?![A-Za-z]))(?![A-Za-z_%％‰{FORMULA}{REST}(]|\s*[-+*/×·^=＝\\<>])"
_SINGLE = re.compile(
    rf"(?P<names>{_NAME}(?:\s*[=＝]\s*{PLAIN_NAME}){{0,5}})\s*(?P<relation>[=＝])\s*(?P<numbers>{NUMBER}){_END}"
)
_LISTED = re.compile(
    rf"(?:^|[,;，；、])[ \t]{{0,9}}+(?P<names>{COVERED}|{PLAIN_NAME})\s?(?P<relation>[:：])\s*(?P<numbers>{NUMBER})"
    r"(?=\s*(?:$|[,;，；、。)）\n]|\.\s))",
    re.MULTILINE,
)
_STRONG = re.compile(rf"[A-Za-z]+_|[A-Za-z]{{1,5}}\d|[α-ωΑ-Ωϵ]|{FORMULA}")
NAME_TEX = re.compile(
    r"(?:\\(?:text|mathrm|mathbf|mathit|boldsymbol|bm|hat|operatorname)\s?\{\\?[A-Za-z0-9]{1,12}\}|\\?[A-Za-z]{1,12}\d{0,3})"
    r"(?:\s?[_^]\s?(?:\{[^{}=]{1,20}(?:\{[^{}=]{1,20}\}[^{}=]{0,9})?\}|\\?[A-Za-z]{1,9}|[0-9+*]{1,3})){0,3}+'{0,2}"
)
"""A name in TeX, with its scripts, and nothing else."""
_OPERATOR_BEFORE = re.compile(r"[-+*/×·=<>^_\\]\s*$")
_SENTENCE = re.compile(r"[。\n]|\.\s")
_ROLE_BEFORE = 160
_UPDATED_BEFORE = 24


Formulas: TypeAlias = dict[tuple[int, int], MappedText]
"""The formulas of a paragraph by their stretches."""


@cache
def _worded() -> re.Pattern[str]:
    words = "|".join(sorted({word for language in LANGUAGES for word in language.values.equals}, key=len, reverse=True))
    return re.compile(rf"(?P<names>{_NAME})\s?(?P<relation>(?:{words})(?![A-Za-z]))\s?:?\s?(?P<numbers>{NUMBER}){_END}")


@cache
def _together() -> re.Pattern[str]:
    """Several names, a relation, as many numbers."""
    words = "|".join(sorted({word for language in LANGUAGES for word in language.values.equals}, key=len, reverse=True))
    between = r"\s?+(?:[,，、]\s?+(?:and\s)?+|and\s|[和与及]\s?+)"
    return re.compile(
        rf"[(（]?(?P<names>{_NAME}(?:{between}{_NAME}){{1,19}}+)[)）]?\s?(?P<relation>[=＝]|(?:{words})(?![A-Za-z]))\s?"
        rf"[(（\[]?(?P<numbers>{NUMBER}(?:{between}{NUMBER}){{1,19}}+)[)）\]]?{_END}"
    )


@cache
def _updated() -> re.Pattern[str]:
    return re.compile(alternatives(word for language in LANGUAGES for word in language.values.updated), re.IGNORECASE)


@cache
def _roles() -> tuple[re.Pattern[str], tuple[Role, ...]]:
    """One expression for all words that say what a number is, with a group each."""
    pairs = [(word, role) for language in LANGUAGES for role, words in language.roles.items() for word in words]
    pairs.sort(key=lambda pair: len(pair[0]), reverse=True)
    pattern = "|".join(f"({alternatives((word,))})" for word, _ in pairs)
    return re.compile(pattern, re.IGNORECASE), tuple(role for _, role in pairs)


@dataclass(frozen=True, slots=True)
class Value:
    """A name and its number, each a stretch of a paragraph."""

    name: tuple[int, int]
    number: tuple[int, int]


def value_statements(paragraph: Paragraph, placer: Placer, heading: str) -> Iterator[Statement]:
    """The values of a paragraph as statements."""
    words = masked(paragraph)
    if not any(character.isdigit() for character in words):
        return
    text = paragraph.text
    formulas = {(formula.start, formula.end): formula.tex for formula in paragraph.formulas}
    roles = Roles(words)
    for value in sorted(_values(words, formulas), key=lambda value: (value.number, value.name)):
        check_time()
        start, end = value.name[0], value.number[1]
        if _updated().search(words, max(0, start - _UPDATED_BEFORE), start):
            continue
        context = Context(heading, text.text[max(0, start - 300) : start].strip(), text.text[end : end + 200].strip())
        tex = value_tex(formulas.get(value.name) or text.slice(*value.name), text.slice(*value.number))
        apart = value.number[0] < start or any(map(str.isdigit, words[value.name[1] : value.number[0]]))
        place = placer.place(text, value.number[0] if apart else start, end)
        yield from placer.value(tex, place, context, roles.before(start))


def value_tex(name: MappedText, number: MappedText) -> MappedText:
    """The formula that a value stands for."""
    origin = number.origin(0)
    return join((name, MappedText("=", (0,), (origin,), (0,)), number))


class Roles:
    """The words of a text that say what numbers are."""

    def __init__(self, words: str) -> None:
        pattern, roles = _roles()
        found = [(match.start(), roles[(match.lastindex or 1) - 1]) for match in pattern.finditer(words)]
        self.starts = [start for start, _ in found]
        self.roles = [role for _, role in found]
        self.bounds = [match.end() for match in _SENTENCE.finditer(words)]

    def before(self, position: int) -> Role | None:
        """What the nearest word before a value calls it, in the same sentence."""
        nearest = bisect_left(self.starts, position) - 1
        sentence = bisect_right(self.bounds, position)
        begin = max(self.bounds[sentence - 1] if sentence else 0, position - _ROLE_BEFORE)
        return self.roles[nearest] if nearest >= 0 and self.starts[nearest] >= begin else None


def _values(words: str, formulas: Formulas) -> Iterator[Value]:
    numbers: set[int] = set()
    for pattern in (_together(), _SINGLE, _worded(), _LISTED):
        for match in pattern.finditer(words):
            check_time()
            found = [value for value in _of_match(words, match) if value.number[0] not in numbers]
            numbers.update(value.number[0] for value in found)
            for value in found:
                if words[value.name[0]] != FORMULA or _is_lone_name(formulas.get(value.name)):
                    yield value


def _of_match(words: str, match: re.Match[str]) -> Iterator[Value]:
    names = [name.span() for name in re.finditer(rf"{COVERED}|{PLAIN_NAME}", match["names"]) if name[0] != "and"]
    numbers = [number.span() for number in re.finditer(NUMBER, match["numbers"])]
    shift, offset = match.start("names"), match.start("numbers")
    symbolic = match["relation"] in "=＝"
    if len(numbers) == 1:
        numbers *= len(names)  # b1 = b2 = 0.35
    if len(numbers) != len(names) or _OPERATOR_BEFORE.search(words, max(0, shift - 3), shift):
        return
    for name, number in zip(names, numbers, strict=True):
        if symbolic or _STRONG.match(match["names"], name[0]):
            yield Value((name[0] + shift, name[1] + shift), (number[0] + offset, number[1] + offset))


def _is_lone_name(tex: MappedText | None) -> bool:
    return tex is not None and NAME_TEX.fullmatch(tex.text) is not None
