"""Matrices, case distinctions, and the few operands that stand for something left out."""

from __future__ import annotations

from msgspec.structs import replace

from symbackprop.expression import Apply, Expression, Name, Span
from symbackprop.latex.reader_brackets import bracket
from symbackprop.latex.reader_cases import cases
from symbackprop.latex.reader_fractions import argument
from symbackprop.latex.reader_parser import LOWERED, NOTHING, Parser
from symbackprop.latex.reader_problems import NotRead, missing, unexpected
from symbackprop.latex.reader_scripts import SCRIPTS, postfixed, scripts
from symbackprop.latex.reader_words import listed
from symbackprop.latex.tokens import Token

MATRICES = listed("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array")
LAYOUTS = listed(
    "aligned align align* split gathered gather gather* equation equation* multline multline* eqnarray eqnarray* "
    "alignat alignat* alignedat flalign flalign* displaymath math subequations dmath dmath* tabular center"
)
SYSTEMS = LAYOUTS | {"array", "matrix"}
CASES = listed("cases dcases rcases cases* numcases")


def environment(parser: Parser) -> Expression:
    """``\\begin{...}``: a matrix or a case distinction."""
    opener = parser.tokens[parser.at]
    _, name, start, _ = opener
    parser.at += 1
    saved, parser.bars = parser.bars, 0
    if name in CASES:
        tree = cases(parser, opener, "end")
    elif name.rstrip("*") in MATRICES or name in LAYOUTS:
        tree = matrix(parser, opener, "end")
    else:
        raise NotRead("environment", f"the environment {name} is not read", start)
    closing = parser.tokens[parser.at - 1]
    parser.bars = saved
    if closing[1] != name:
        raise NotRead("unbalanced", f"\\begin{{{name}}} is closed by \\end{{{closing[1]}}}", closing[2])
    return postfixed(parser, tree, start)


def opened(parser: Parser) -> Expression:
    """A bracket; a curly one before rows that nothing closes is a case distinction."""
    opener = parser.tokens[parser.at]
    following = parser.tokens[parser.at + 1]
    if opener[1] != "{" or following[0] != "begin" or following[1] not in SYSTEMS | CASES:
        return bracket(parser)
    parser.at += 2
    tree = cases(parser, following, "end")
    parser.expect("close", opener)
    return Apply("cases", tree.arguments, parser.span(opener[2]))


def grid(parser: Parser) -> Expression:
    """Plain TeX: ``\\matrix{a & b \\cr c & d}``, ``\\cases{...}``, ``\\substack{...}``."""
    opener = parser.tokens[parser.at]
    _, name, start, _ = opener
    parser.at += 1
    if parser.tokens[parser.at][0] != "{":
        raise NotRead("missing", f"\\{name} needs braces", start)
    parser.at += 1
    if name == "cases":
        return cases(parser, opener, "}")
    tree = matrix(parser, opener, "}")
    if name == "substack":
        lines = tuple(cell for row in tree.arguments if isinstance(row, Apply) for cell in row.arguments)
        return lines[0] if len(lines) == 1 else Apply("sequence", lines, tree.span)
    return postfixed(parser, tree, start)


def matrix(parser: Parser, opener: Token, closer: str) -> Apply:
    """The rows of a matrix up to ``closer``."""
    rows: list[Apply] = []
    while parser.tokens[parser.at][0] != closer:
        start = parser.tokens[parser.at][2]
        row: list[Expression] = [_cell(parser, closer)]
        while parser.tokens[parser.at][0] == "&":
            parser.at += 1
            row.append(_cell(parser, closer))
        if row != [NOTHING]:
            rows.append(Apply("row", tuple(row), parser.span(start)))
        if parser.tokens[parser.at][0] != "row":
            break
        parser.at += 1
    parser.expect(closer, opener)
    if not rows:
        raise NotRead("empty", "a matrix without entries", opener[2])
    return Apply("matrix", tuple(rows), parser.span(opener[2]))


def _cell(parser: Parser, closer: str) -> Expression:
    if parser.tokens[parser.at][0] in ("&", "row", closer):
        return NOTHING
    if parser.tokens[parser.at][0] == "bar" and parser.tokens[parser.at + 1][0] in ("&", "row", closer):
        # A column of a matrix, drawn as a line above and below its name.
        return dots(parser)
    cell = parser.sequence()
    while parser.tokens[parser.at][0] in ("comma", "period", "semicolon"):
        parser.at += 1
    return cell


def dots(parser: Parser) -> Expression:
    """``\\cdots``, ``\\ldots``, ``...``: kept, so that nothing is lost."""
    _, _, start, end = parser.tokens[parser.at]
    parser.at += 1
    return Name("dots", span=Span(start, end))


def placeholder(parser: Parser) -> Expression:
    """A sign of a product where an operand belongs: ``f(\\cdot)``, ``w_{\\cdot j}``, ``w_{*j}``; or alone."""
    _, value, start, end = parser.tokens[parser.at]
    following = parser.tokens[parser.at + 1][0]
    alone = parser.at == 0 and following == "end of formula"
    if parser.mode != LOWERED and following not in ("close", "comma", "}") and not alone:
        missing(parser.tokens, parser.at)
    parser.at += 1
    return Name(_SIGNS.get(value, value), span=Span(start, end))


_SIGNS = {"dot": "cdot", "star": "*", "hadamard": "odot", "circle": "circ"}


def colon(parser: Parser) -> Expression:
    """A colon in an index: ``W[:,j]``, ``x_{1:n}``."""
    _, _, start, end = parser.tokens[parser.at]
    if parser.mode != LOWERED:
        unexpected(parser.tokens, parser.at)
    parser.at += 1
    return Name(":", span=Span(start, end))


def words(parser: Parser) -> Expression:
    """Words where an operand belongs are a name: 误差 = ..., \\text{old weight} - ..."""
    _, value, start, end = parser.tokens[parser.at]
    parser.at += 1
    name = Name(value, style="text", span=Span(start, end))
    if parser.tokens[parser.at][0] in SCRIPTS:
        lower, upper, primes = scripts(parser)
        return replace(name, subscript=lower, superscript=upper, primes=primes, span=parser.span(start))
    return name


def braced(parser: Parser) -> Expression:
    """``\\underbrace{...}_{...}``: what is braced; the note is looked through."""
    parser.at += 1
    tree = argument(parser, "what is braced")
    while parser.tokens[parser.at][0] in ("_", "^", "sub", "sup"):
        _skip_note(parser)
    return tree


def _skip_note(parser: Parser) -> None:
    """Go past a script whatever stands in it."""
    opener = parser.tokens[parser.at + 1]
    parser.at += 1
    if parser.tokens[parser.at - 1][0] in ("sub", "sup"):
        return
    depth = 0
    while parser.tokens[parser.at][0] != "end of formula":
        depth += (parser.tokens[parser.at][0] == "{") - (parser.tokens[parser.at][0] == "}")
        parser.at += 1
        if depth == 0:
            return
    raise NotRead("unbalanced", f"'{opener[1]}' is never closed", opener[2])


def annotated(parser: Parser) -> Expression:
    """``\\underset{2\\times 1}{W}``: what the note stands at."""
    _, _, start, _ = parser.tokens[parser.at]
    parser.at += 1
    argument(parser, "the note")
    return postfixed(parser, argument(parser, "what the note stands at"), start)


def switch(parser: Parser) -> Expression:
    """``{\\rm net}``, ``\\rm{net}``: the word after a font switch."""
    _, font, begin, stop = parser.tokens[parser.at]
    kind, value, start, end = parser.tokens[parser.at + 1]
    if kind == "{":
        parser.tokens[parser.at] = ("style", font, begin, stop)
        return parser.operand()
    parser.at += 1
    if kind == "word":
        parser.tokens[parser.at] = ("text", f"{font} {value}", start, end)
    return parser.operand()


def signed(parser: Parser) -> Expression:
    """A sign in front of a single operand, as in ``\\log -x``."""
    kind, _, start, _ = parser.tokens[parser.at]
    parser.at += 1
    inner = parser.operand()
    return parser.negated(inner, start) if kind == "-" else inner
