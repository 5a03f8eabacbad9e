"""Case distinctions: values and the conditions under which they hold."""

from __future__ import annotations

from symbackprop.expression import Apply, Expression, Name, Span
from symbackprop.latex.reader_parser import NOTHING, Parser
from symbackprop.latex.reader_problems import NotRead, unexpected
from symbackprop.latex.tokens import Token

_MARKS = frozenset({"&", "comma", "semicolon", "quad", "gap", "period", "colon"})
_WORDS = frozenset({"connective", "bare", "words"})


def cases(parser: Parser, opener: Token, closer: str) -> Apply:
    """Values and their conditions; a last value without a condition is the value otherwise."""
    found: list[Expression] = []
    while parser.tokens[parser.at][0] not in (closer, "end of formula"):
        if parser.tokens[parser.at][0] in ("row", "&"):
            parser.at += 1
            continue
        if len(found) % 2:
            found.append(NOTHING)
        found.append(parser.condition())
        condition = _condition(parser, closer)
        if condition is not None:
            found.append(condition)
    parser.expect(closer, opener)
    if not found:
        raise NotRead("empty", "a case distinction without cases", opener[2])
    return Apply("cases", tuple(found), parser.span(opener[2]))


def _condition(parser: Parser, closer: str) -> Expression | None:
    """What follows a value: nothing or "otherwise" (None), or the condition, with or without the word "if"."""
    end = parser.at
    while parser.tokens[end][0] not in ("row", closer, "end of formula"):
        end += 1
    rest = [token for token in parser.tokens[parser.at : end] if token[0] not in _MARKS]
    if not rest or _meaning(rest[0]) == "else":
        parser.at = end
        return None
    told = [token for token in rest if token[0] in _WORDS and _meaning(token) not in ("if", "and")]
    if told and not any(token[0] == "relation" for token in rest):
        # "if j is an output unit": the words are the condition.
        parser.at = end
        return Name(_said(rest), style="text", span=Span(rest[0][2], rest[-1][3]))
    return _conditions(parser, closer)


def _meaning(token: Token) -> str:
    if token[0] == "bare":
        return {"otherwise": "else", "else": "else", "and": "and", "or": "or"}.get(token[1], "if")
    return token[1].partition(" ")[0] if token[0] == "connective" else ""


def _said(tokens: list[Token]) -> str:
    words = [value.partition(" ")[2] if kind in ("connective", "text") else value for kind, value, _, _ in tokens]
    return " ".join(words).removeprefix("if ").strip()


def _conditions(parser: Parser, closer: str) -> Expression:
    """Conditions that all hold: ``i = j``, ``x > 0 \\text{ and } x < 1``."""
    start = parser.tokens[parser.at][2]
    found: list[Expression] = []
    while (token := parser.tokens[parser.at])[0] not in ("row", closer):
        if token[0] in _MARKS or token[0] in _WORDS:
            if found and (_meaning(token) == "or" or token[1] in ("and or", "and 或", "and 或者")):
                raise NotRead("words", "conditions joined by 'or' are not read", token[2])
            parser.at += 1
        elif not found or parser.tokens[parser.at - 1][0] in _MARKS | _WORDS:
            found.append(parser.condition())
        else:
            unexpected(parser.tokens, parser.at)
    return found[0] if len(found) == 1 else Apply("sequence", tuple(found), parser.span(start))
