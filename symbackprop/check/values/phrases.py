"""Numbers in prose that a phrase ties to a quantity: "after 10000 steps the error is 0.000035085"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Paragraph
from symbackprop.check.scan.placing import Placer
from symbackprop.check.statement import Context, Origin, PhraseClaim, PhraseKind, Statement
from symbackprop.check.values.language import LANGUAGES, NUMBER, alternatives, compiled, counts, multipliers
from symbackprop.check.values.masking import FORMULA, masked
from symbackprop.expression import Number, Span

_NUMBER = re.compile(NUMBER)
_ASIDE = re.compile(r"[(（][^()（）\n]{0,40}[)）]")
_SENTENCE_END = re.compile(r"[。！？!?]|\.(?=\s|$)|\n\s*\n")
_CLAUSE_END = re.compile(r"[，。；！？,;!?]|\.(?=\s|$)")
_POWER = re.compile(r"\s?(?:×|\\times|\\cdot|\*)\s?10\^\{?([-−]?\d+)\}?")
_NOT_ALONE = re.compile(r"[A-Za-z]|\s?(?:[%％‰]|[-+*/×^=<>]|\\|[个只种层维位元])")
_LARGEST_COUNT = 10**9
_CLAUSE = 80


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled claim."""

    kind: PhraseKind
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    targets: re.Pattern[str] | None


@cache
def _phrases() -> tuple[Phrase, ...]:
    def optional(pattern: str) -> re.Pattern[str] | None:
        return re.compile(pattern, re.IGNORECASE) if pattern else None

    return tuple(
        Phrase(claim.kind, compiled(language, claim.pattern), optional(claim.unless), optional(claim.targets))
        for language in LANGUAGES
        for claim in language.claims
    )


@cache
def _steps() -> tuple[tuple[re.Pattern[str], int | None], ...]:
    return tuple((compiled(language, steps.pattern), steps.count) for language in LANGUAGES for steps in language.steps)


def phrase_statements(
    paragraph: Paragraph, placer: Placer, heading: str, given: frozenset[int] = frozenset()
) -> Iterator[Statement]:
    """The claims of a paragraph as statements; numbers at the places ``given`` were read as values already."""
    words = masked(paragraph)
    if not any(character.isdigit() for character in words):
        return
    timeline = Timeline(words)
    taken: set[int] = set()
    for phrase in _phrases():
        for match in phrase.pattern.finditer(words):
            numbers = _numbers(words, match, paragraph.text)
            kind = _kind(phrase, words, match)
            first = match.start("numbers")
            if kind is None or first in taken or not _are_plausible(kind, numbers):
                continue
            if any(number.span is not None and number.span.start in given for number in numbers):
                continue
            taken.add(first)
            yield _statement(paragraph, placer, heading, kind, match, numbers, timeline.at(match.start(), first))


def _statement(
    paragraph: Paragraph, placer: Placer, heading: str, kind: PhraseKind, match: re.Match[str],
    numbers: tuple[Number, ...], steps: int | None,
) -> Statement:  # fmt: skip
    text = paragraph.text
    start, end = match.span("numbers")
    place = placer.place(text, start, end)
    span = Span(place.start, place.end)
    context = Context(heading, text.text[max(0, start - 300) : start].strip(), text.text[end : end + 200].strip())
    claim = PhraseClaim(kind, numbers, steps, span)
    return Statement(
        place, text.text[start:end], Origin.PROSE, formula=placer.next_number(), context=context, claim=claim
    )


def _numbers(words: str, match: re.Match[str], text: MappedText) -> tuple[Number, ...]:
    """The numbers of a phrase without those in asides; none if the last goes on as something else."""
    start, end = match.span("numbers")
    if _NOT_ALONE.match(words, end):
        return ()
    covered = _ASIDE.sub(lambda aside: " " * len(aside[0]), words[start:end])
    return tuple(
        Number(
            plain_number(number[0]),
            span=Span(text.origin(start + number.start()), text.origin_end(start + number.end())),
        )
        for number in _NUMBER.finditer(covered)
    )


def plain_number(text: str) -> str:
    """A number as it is typed, in the form of ``Number.text``."""
    power = _POWER.search(text)
    if power is not None:
        text = f"{text[: power.start()]}e{power[1]}"
    return text.replace("−", "-").replace("–", "-").removeprefix("+").strip()


def _kind(phrase: Phrase, words: str, match: re.Match[str]) -> PhraseKind | None:
    """What the phrase claims, seen in its clause; None where other words forbid it."""
    begin = max(0, match.start() - _CLAUSE)
    for end in _CLAUSE_END.finditer(words, begin, match.start()):
        begin = end.end()
    clause = words[begin : match.start("numbers")]
    if FORMULA in words[match.start() : match.start("numbers")] and phrase.kind is not PhraseKind.LEARNING_RATE:
        return None
    if phrase.unless is not None and phrase.unless.search(clause):
        return None
    if phrase.targets is not None and phrase.targets.search(clause):
        return PhraseKind.TARGETS
    return phrase.kind


def _are_plausible(kind: PhraseKind, numbers: tuple[Number, ...]) -> bool:
    """Results have decimals; "the error is 2" tells of something else."""
    if kind in (PhraseKind.ERROR, PhraseKind.OUTPUTS):
        return any("." in number.text or "e" in number.text for number in numbers)
    return bool(numbers)


@cache
def _sequel() -> re.Pattern[str]:
    return re.compile(alternatives(word for language in LANGUAGES for word in language.sequel.words), re.IGNORECASE)


class Timeline:
    """Where a text says how many steps were made."""

    def __init__(self, words: str) -> None:
        self.words = words
        found: dict[int, tuple[int, int]] = {}
        for pattern, fixed in _steps():
            for match in pattern.finditer(words):
                count = fixed if fixed is not None else _count(match)
                if count is not None and match.start() not in found:
                    found[match.start()] = (match.end(), count)
        self.starts = sorted(found)
        self.counts = [found[start][1] for start in self.starts]
        self.ends = [match.end() for match in _SENTENCE_END.finditer(words)]

    def at(self, start: int, numbers: int) -> int | None:
        """The count that holds for a claim: said before it in its sentence, else behind it there.

        What an earlier sentence said holds on only where this one takes it up ("at this point").
        """
        place = bisect_right(self.starts, numbers) - 1
        sentence = bisect_right(self.ends, start)
        if place >= 0 and bisect_right(self.ends, self.starts[place]) == sentence:
            return self.counts[place]
        following = place + 1
        if following < len(self.starts) and bisect_right(self.ends, self.starts[following]) == sentence:
            return self.counts[following]
        begin = max(self.ends[sentence - 1] if sentence else 0, numbers - _CLAUSE)
        taken_up = _sequel().search(self.words, begin, max(begin, numbers)) is not None
        return self.counts[place] if place >= 0 and taken_up else None


def _count(match: re.Match[str]) -> int | None:
    text = re.sub(r"[,，\s]", "", match["count"]).lower()
    known = {word.lower().replace(" ", ""): count for word, count in counts().items()}
    base = int(text) if text.isdigit() else known.get(text)
    factor = match["factor"]
    if base is None:
        return None
    value = base * (multipliers()[factor.lower()] if factor else 1)
    return value if value <= _LARGEST_COUNT else None
