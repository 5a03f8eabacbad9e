"""TeX to expression trees: reads one display or inline formula as people write them, evaluating nothing.

``read`` answers with rows (see ``reading``). A row that cannot be read says why and where; nothing is dropped.

How things are represented:

- ``\\text{target}_{o1}`` is ``Name("target", subscript=Name("o1"), style="text")``; a product of letters is
  "multiply"; ``dW``, ``d\\omega`` and ``\\Delta w`` are names with the heads ``dW``, ``domega``, ``Deltaw``.
- ``(a)``, ``[a]`` and ``\\{a\\}`` are "group", "bracket" and "brace" around what they hold; several items in them are
  one "sequence".
- Products keep their sign: "multiply" (none), "star", "dot", "times", "circle", "outer", "hadamard". Between numbers
  alone ``*`` and ``\\cdot`` are "multiply".
- A superscript stays part of a name; only ``e`` and things that are no names have "power". A superscript that says
  T is "transpose" around the name.
- A ∂ that has lost its other half is "differential".
- The empty name stands where something is left out: before a relation at the beginning, in an empty cell, for a
  missing lower bound.
"""

from __future__ import annotations

from functools import lru_cache

from symbackprop.expression import Chain, Expression, Span
from symbackprop.latex import (
    reader_brackets,
    reader_environments,
    reader_fractions,
    reader_functions,
    reader_names,
)
from symbackprop.latex.reader_layout import Layout, without_aside
from symbackprop.latex.reader_parser import NOTHING, Operand, Parser
from symbackprop.latex.reader_parts import Part, joined, parts
from symbackprop.latex.reader_problems import NotRead, unexpected
from symbackprop.latex.reader_words import WORDS
from symbackprop.latex.reading import Problem, Reading, Row
from symbackprop.latex.tokens import tokenise

__all__ = ["MAXIMUM_LENGTH", "Problem", "Reading", "Row", "read"]

MAXIMUM_LENGTH = 100_000
"""Characters of a formula that are read; one that is longer is answered with a problem."""

_OPERANDS: dict[str, Operand] = {
    "word": reader_names.word,
    "bare": reader_names.word,
    "letter": reader_names.letter,
    "text": reader_names.text,
    "style": reader_names.style,
    "number": reader_names.number,
    "open": reader_environments.opened,
    "bar": reader_brackets.bar,
    "{": reader_brackets.braces,
    "frac": reader_fractions.fraction,
    "partial": reader_fractions.partial,
    "nabla": reader_fractions.nabla,
    "sqrt": reader_functions.root,
    "sum": reader_functions.total,
    "function": reader_functions.function,
    "begin": reader_environments.environment,
    "grid": reader_environments.grid,
    "dots": reader_environments.dots,
    "product": reader_environments.placeholder,
    "hadamard": reader_environments.placeholder,
    "colon": reader_environments.colon,
    "words": reader_environments.words,
    "braced": reader_environments.braced,
    "annotated": reader_environments.annotated,
    "switch": reader_environments.switch,
    "-": reader_environments.signed,
    "+": reader_environments.signed,
}


def read(tex: str, words: frozenset[str] = frozenset()) -> Reading:
    """The rows of a formula. ``words`` are further names of several letters, which are then no products."""
    if len(tex) > MAXIMUM_LENGTH:
        problem = Problem("length", f"the formula has {len(tex)} characters; {MAXIMUM_LENGTH} are read", MAXIMUM_LENGTH)
        return Reading(tex, (Row(Span(0, len(tex)), None, problem=problem),))
    known = _known(words)
    rows: list[Row] = []
    remarks: list[Span] = []
    for line in joined(Layout(without_aside(tokenise(tex))).cut()):
        found, beside = parts(line)
        remarks.extend(beside)
        for part in found:
            rows.append(_row(part, rows[-1] if rows else None, known))
    return Reading(tex, tuple(rows), tuple(remarks))


@lru_cache(maxsize=64)
def _known(words: frozenset[str]) -> frozenset[str]:
    return WORDS | words


def _row(part: Part, before: Row | None, words: frozenset[str]) -> Row:
    tokens = part.tokens
    whole = Span(tokens[0][2], tokens[-1][3])
    remarks = tuple(part.remarks)
    continues = tokens[0][0] == "relation"
    try:
        if part.problem is not None:
            raise part.problem
        parser = Parser(tokens, _OPERANDS, words)
        chain, spans = _chain(parser, before if continues else None)
    except NotRead as reason:
        problem = Problem(reason.kind, reason.fact, reason.offset)
        return Row(whole, None, (), problem, continues, part.condition, remarks)
    return Row(whole, chain, spans, None, continues, part.condition, remarks)


def _chain(parser: Parser, before: Row | None) -> tuple[Chain, tuple[Span, ...]]:
    """The members of a chain up to the end of the tokens."""
    members: list[Expression] = []
    relations: list[str] = []
    spans: list[Span] = []
    tokens = parser.tokens
    if tokens[0][0] == "relation":
        if before is not None and before.chain is not None:
            members.append(before.chain.expressions[-1])
            spans.append(before.spans[-1])
        else:
            members.append(NOTHING)
            spans.append(Span(tokens[0][2], tokens[0][2]))
        relations.append(tokens[0][1])
        parser.at = 1
    while True:
        start = tokens[parser.at][2]
        members.append(parser.member())
        spans.append(parser.span(start))
        if tokens[parser.at][0] == "over" and len(members) == 1:
            # a \over b, as a whole formula
            parser.at += 1
            members[0] = reader_fractions.quotient(parser, members[0], parser.member(), start)
            spans[0] = parser.span(start)
        if tokens[parser.at][0] == "end of formula":
            return Chain(tuple(members), tuple(relations)), tuple(spans)
        if tokens[parser.at][0] != "relation":
            unexpected(parser.tokens, parser.at)
        relations.append(tokens[parser.at][1])
        parser.at += 1
