"""Is a stretch of text mathematics or prose? Asked only where the delimiters leave it open."""

from __future__ import annotations

import re

from symbackprop.latex.reader_words import listed

_TEXT = re.compile(r"\\(?:text|textrm|textbf|textit|textnormal|mbox|hbox|mathrm|operatorname|intertext|tag|label)\*?\s*"
                   r"\{[^{}]{0,400}\}")  # fmt: skip
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WORD = re.compile(r"[A-Za-z][a-z]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_BRACED = re.compile(r"\{[^{}]{0,80}\}")
_CHINESE_SENTENCE = re.compile(r"[，。；！？、：][\s\u4e00-\u9fff]|[\u4e00-\u9fff][，。；！？、：]")
_MARKS = re.compile(r"\\[A-Za-z]{2}|[_^=<>+*/{}∂∑≈≠⊙×·]|[α-ωΑ-Ω]")
_PLAIN_MARKS = re.compile(r"\\[A-Za-z]{2}|[_^=]")
_PRICE = re.compile(
    r"\d[\d,]*+(?:\.\d++)?(?:\s?(?:[kKmMbB%]|bn|mn|million|billion|thousand|USD|dollars?|bucks)(?![A-Za-z]))?(?![\w\\^_=])"
)

_FUNCTION_WORDS = listed(
    "the of is are was were we that this these with to it by from which can be has have not its their our you they "
    "there here so then hence thus where when because since into over after before only also but"
)
_WEAK_WORDS = listed("a an and or if for in on at as all no let")

_LONGEST = 4000
"""No more of a stretch than this is looked at."""
_RUN_OF_WORDS = re.compile(r"(?:[A-Za-z][a-z]+[ ]){3}[A-Za-z][a-z]+")


def has_mathematics(text: str) -> bool:
    """Whether anything here is written as mathematics is: a command, a script, a relation, a Greek letter."""
    return _MARKS.search(text, 0, _LONGEST) is not None


def is_plainly_mathematics(text: str) -> bool:
    """Whether a command, a script or an equals sign stands here; a slash or a star may be anything."""
    return _PLAIN_MARKS.search(text, 0, _LONGEST) is not None


def is_prose(text: str) -> bool:
    """Whether this reads as words of a language rather than as a formula (whose words stand in \\text)."""
    if not text or text.isspace():
        return False
    plain = _TEXT.sub(" ", text[:_LONGEST])
    if _is_chinese_prose(plain):
        return True
    plain = _COMMAND.sub(" ", plain)
    words = [word.lower() for word in _WORD.findall(plain)]
    strong = sum(word in _FUNCTION_WORDS for word in words)
    weak = sum(word in _WEAK_WORDS for word in words)
    if strong >= 2 or (strong and weak):
        return True
    if not has_mathematics(text):
        return bool(strong or weak) or len(words) >= 3
    return bool(strong) and _RUN_OF_WORDS.search(plain) is not None


def _is_chinese_prose(plain: str) -> bool:
    if not _CHINESE.search(plain):
        return False
    bare = _BRACED.sub(" ", plain)
    runs = _CHINESE.findall(bare)
    if _CHINESE_SENTENCE.search(bare):
        return bool(runs)
    return any(len(run) >= 6 for run in runs) or (bool(runs) and not has_mathematics(plain))


def begins_with_price(text: str) -> bool:
    """Whether a dollar sign before this would be one of money: "5 and", "1,000.00", "20k"."""
    return _PRICE.match(text) is not None
