"""From the lines of a display to the formulas in them: which commas, words and spaces separate formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from symbackprop.expression import Span
from symbackprop.latex.reader_layout import OPERATORS, WORD_KINDS, Line, Segment
from symbackprop.latex.reader_problems import NotRead
from symbackprop.latex.reader_words import listed
from symbackprop.latex.tokens import Token

_CONTINUING = OPERATORS - {"relation", "-"}
_CONDITIONAL = frozenset({"if", "for", "when", "otherwise", "else", "clause"})
_INDICES = frozenset("ijklmnpqrs")
_RANGE_KINDS = listed("word number dots comma + - relation sub sup _ ^ { }")


@dataclass(slots=True)
class Part:
    """The tokens of one formula."""

    tokens: list[Token]
    related: bool = False
    condition: bool = False
    remarks: list[Span] = field(default_factory=list)
    problem: NotRead | None = None


def joined(lines: list[Line]) -> list[Line]:
    """The lines with those joined that are one formula broken in two: an operator at the end or at the beginning."""
    found: list[Line] = []
    for line in lines:
        segments = [segment for segment in line.segments if segment.tokens]
        last = next((segment for segment in reversed(found[-1].segments) if segment.tokens), None) if found else None
        if last is None or not segments or segments[0] is not line.segments[0] or not _continues(last, segments[0]):
            found.append(line)
            continue
        first = line.segments[0]
        if last.tokens[-1][0] == "relation" and first.tokens[0][:2] == last.tokens[-1][:2]:
            # "a = \\ = b": the sign is written on both lines.
            last.tokens.pop()
        last.tokens.extend(first.tokens)
        last.related = last.related or first.related
        last.words.extend(first.words)
        found[-1].segments.extend(line.segments[1:])
    return found


def _continues(last: Segment, first: Segment) -> bool:
    """Whether ``first``, on the next line, goes on with the formula in ``last``."""
    kind = first.tokens[0][0]
    return last.tokens[-1][0] in OPERATORS or kind in _CONTINUING or (kind == "-" and not first.related)


def parts(line: Line) -> tuple[list[Part], list[Span]]:
    """(the formulas of a line, words on it that belong to none of them)."""
    found: list[Part] = []
    pending: list[Span] = []
    for segment in line.segments:
        if segment.separator is not None and segment.separator[0] in WORD_KINDS:
            pending.append(Span(*segment.separator[2:]))
        if not segment.tokens:
            pending.extend(segment.words)
            continue
        if found and _is_aside(segment):
            pending.append(Span(segment.tokens[0][2], segment.tokens[-1][3]))
            continue
        part = _placed(segment, found)
        part.remarks.extend(pending)
        part.remarks.extend(segment.words)
        pending = []
    if found:
        found[-1].remarks.extend(pending)
        pending = []
    for part in found:
        _strip_remark(part)
    return [part for part in found if part.tokens], pending


def _placed(segment: Segment, found: list[Part]) -> Part:
    """The part that the segment goes on with, or a new one for it."""
    separator = segment.separator
    kind = separator[0] if separator else ""
    before = found[-1] if found else None
    condition = kind in ("connective", "bare") and _meaning(separator) in _CONDITIONAL
    if before is not None and before.tokens:
        joins = _JOINS.get(kind)
        if joins is not None and joins(before, segment):
            if kind == "comma" and separator is not None:
                before.tokens.append(separator)
            before.tokens.extend(segment.tokens)
            before.related = before.related or segment.related
            if kind == "words" and separator is not None and not (_is_relation(segment) or _is_remark(separator)):
                fact = f"words stand in the formula: {separator[1]}"
                before.problem = before.problem or NotRead("words", fact, separator[2])
            return before
        condition = condition or _is_range(segment) or (before.condition and kind in ("comma", "connective", "bare"))
    part = Part(segment.tokens, segment.related, condition)
    found.append(part)
    return part


def _meaning(separator: Token | None) -> str:
    return separator[1].partition(" ")[0] if separator else ""


def _is_relation(segment: Segment) -> bool:
    return segment.tokens[0][0] == "relation"


def _comma_joins(before: Part, segment: Segment) -> bool:
    """``1, 2, \\dots, n`` and ``i, j = 1, 2`` are lists; ``a = b, c = d`` are two formulas."""
    return not (before.related and segment.related) and not _is_range(segment)


def _space_joins(before: Part, segment: Segment) -> bool:
    return before.tokens[-1][0] in OPERATORS or segment.tokens[0][0] in OPERATORS


def _words_join(before: Part, segment: Segment) -> bool:
    """Unknown words separate only whole equations; elsewhere nobody can say what they do to the formula."""
    return _is_relation(segment) or not (before.related and segment.related)


def _gap_joins(before: Part, segment: Segment) -> bool:
    """A row of small spaces separates only whole equations."""
    return _space_joins(before, segment) or not (before.related and segment.related)


_JOINS = {"gap": _gap_joins, "comma": _comma_joins, "quad": _space_joins, "&": _space_joins, "words": _words_join}


def _is_remark(words: Token) -> bool:
    """Words in brackets say something about the formula and do nothing to it."""
    return words[1].startswith(("(", "（")) and words[1].endswith((")", "）"))


def _is_range(segment: Segment) -> bool:
    """``i = 1, \\dots, n`` or ``j \\neq k`` beside a formula says for which indices it holds."""
    tokens = segment.tokens
    if tokens[0][0] == "open" and tokens[-1][0] == "close" and not segment.related:
        return any(token[0] == "relation" for token in tokens)
    if len(tokens) < 3 or tokens[0][0] != "word" or tokens[0][1] not in _INDICES or tokens[1][0] != "relation":
        return False
    return all(token[0] in _RANGE_KINDS and not (token[0] == "number" and "." in token[1]) for token in tokens)


def _is_aside(segment: Segment) -> bool:
    """``\\quad (3)``, ``\\quad (\\text{by the chain rule})``: a number of the formula, a remark on it."""
    if segment.separator is None or segment.separator[0] != "quad":
        return False
    tokens = segment.tokens
    return len(tokens) == (_numbers(tokens) or next(_bracketed_words(tokens), 0))


def _numbers(tokens: list[Token]) -> int:
    """3 if the tokens end in a number in round brackets, else 0."""
    if len(tokens) < 3 or tokens[-3][:2] != ("open", "(") or tokens[-1][0] != "close":
        return 0
    return 3 if tokens[-2][0] == "number" else 0


def _strip_remark(part: Part) -> None:
    """Take ``(by the chain rule)`` and ``\\cdots (1)`` off the end."""
    tokens = part.tokens
    length = _numbers(tokens)
    if length and len(tokens) > 5 and tokens[-4][0] == "dots" and tokens[-5][0] not in OPERATORS:
        while tokens[-length - 1][0] == "dots":
            length += 1
    else:
        length = next(_bracketed_words(tokens), 0)
    if 0 < length < len(tokens) and tokens[-length - 1][0] not in OPERATORS:
        part.remarks.append(Span(tokens[-length][2], tokens[-1][3]))
        del tokens[-length:]


def _bracketed_words(tokens: list[Token]) -> Iterator[int]:
    """The number of tokens of a bracket at the end in which only words stand."""
    if tokens[-1][0] != "close":
        return
    for length in range(3, min(len(tokens), 8) + 1):
        kind = tokens[-length][0]
        if kind == "open":
            if any(token[0] in ("words", "connective") for token in tokens[-length:]):
                yield length
            return
        if kind not in ("words", "connective", "text", "bare", "comma", "colon"):
            return
