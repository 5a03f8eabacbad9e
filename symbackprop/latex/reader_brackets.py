"""Brackets, braces and vertical bars."""

from __future__ import annotations

from symbackprop.expression import Apply, Expression, Name
from symbackprop.latex.reader_calls import is_function
from symbackprop.latex.reader_fractions import content
from symbackprop.latex.reader_parser import BAR_CLOSES, BAR_GIVEN, MATH, NOTHING, RAISED, Parser
from symbackprop.latex.reader_problems import NotRead
from symbackprop.latex.reader_scripts import SCRIPTS, postfixed, scripts

# opening bracket -> (closing bracket, operator)
_PAIRS = {
    "(": (")", "group"), "[": ("]", "bracket"), "{": ("}", "brace"), "|": ("|", "absolute"), "‖": ("‖", "norm"),
    "⌊": ("⌋", "floor"), "⌈": ("⌉", "ceiling"), "⟨": ("⟩", "angle"),
}  # fmt: skip


def inside(parser: Parser) -> list[Expression]:
    """The items between the bracket here and the one that closes it."""
    opener = parser.tokens[parser.at]
    _, value, start, _ = opener
    if value not in _PAIRS:
        raise NotRead("bracket", f"the bracket {value} is not read", start)
    before = parser.tokens[parser.at - 1][1] if parser.at else ""
    saved, parser.bars = parser.bars, BAR_GIVEN
    parser.at += 1
    items = parser.items()
    token = parser.tokens[parser.at]
    parser.expect("close", opener)
    parser.bars = saved
    if token[1] != _PAIRS[value][0] and not (len(items) == 2 and before == "∈" and {value, token[1]} <= {*"()[]"}):
        raise NotRead("unbalanced", f"'{value}' is closed by '{token[1]}'", token[2])
    return items


def arguments(parser: Parser) -> list[Expression]:
    """The arguments of a function, which stand in a formula of their own even inside a script."""
    opener = parser.tokens[parser.at]
    if opener[0] == "{":
        parser.at += 1
        items = arguments(parser)
        parser.expect("}", opener)
        return items
    saved, parser.mode = parser.mode, MATH if parser.mode == RAISED else parser.mode
    items = inside(parser)
    parser.mode = saved
    return items


def bracket(parser: Parser) -> Expression:
    """A bracket that is an operand; the writer's brackets stay in the tree."""
    _, value, start, _ = parser.tokens[parser.at]
    items = inside(parser)
    operator = _PAIRS[value][1]
    inner = items[0] if len(items) == 1 else Apply("sequence", tuple(items), parser.span(start))
    if isinstance(inner, Apply) and inner.operator == "matrix" and operator in ("group", "bracket"):
        # \left[ \begin{array}...: the brackets belong to the matrix.
        return postfixed(parser, Apply("matrix", inner.arguments, parser.span(start)), start)
    return enclosed(parser, operator, inner, start)


def enclosed(parser: Parser, operator: str, inner: Expression, start: int) -> Expression:
    """The content in its brackets, with what follows them; a norm keeps its order."""
    if operator != "norm":
        return postfixed(parser, Apply(operator, (inner,), parser.span(start)), start)
    tree = Apply("norm", (inner,), parser.span(start))
    lower, upper, _ = scripts(parser)
    if lower is not None:
        tree = Apply("norm", (inner, lower), parser.span(start))
    return tree if upper is None else Apply("power", (tree, upper), parser.span(start))


def bar(parser: Parser) -> Expression:
    """``|x|`` and ``\\|x\\|``."""
    opener = parser.tokens[parser.at]
    _, value, start, _ = opener
    if parser.at and parser.tokens[parser.at + 1][0] in SCRIPTS:
        return _place(parser, start)
    saved, parser.bars = parser.bars, BAR_CLOSES
    parser.at += 1
    inner = parser.expression()
    if parser.tokens[parser.at][:2] != ("bar", value):
        raise NotRead("unbalanced", f"the bar {value} is never closed", start)
    parser.at += 1
    parser.bars = saved
    return enclosed(parser, "absolute" if value == "|" else "norm", inner, start)


def _place(parser: Parser, start: int) -> Expression:
    """``|_{x = 0}`` after an expression: its value there. The parser puts the expression in the empty name's place."""
    parser.at += 1
    lower, upper, _ = scripts(parser)
    if lower is None or upper is not None:
        raise NotRead("bar", "a vertical bar that is no absolute value", start)
    return Apply("at", (NOTHING, lower), parser.span(start))


def braces(parser: Parser) -> Expression:
    """``{...}``: no bracket to a reader; a name in them takes the scripts that follow; ``\\over`` makes a fraction."""
    opener = parser.tokens[parser.at]
    start = opener[2]
    parser.at += 1
    if parser.tokens[parser.at][0] == "}":
        return _empty(parser)
    if parser.tokens[parser.at][0] in ("sum", "function") and parser.tokens[parser.at + 1][0] == "}":
        # {\sum}\nolimits_j: take the braces away.
        kind, value, _, end = parser.tokens[parser.at]
        parser.at += 1
        parser.tokens[parser.at] = (kind, value, start, end)
        return parser.operand()
    saved, parser.bars = parser.bars, 0
    tree = content(parser, opener)
    parser.bars = saved
    return _rescripted(parser, tree, start)


def _empty(parser: Parser) -> Expression:
    """``{}`` says nothing, except that something must stand after it."""
    parser.at += 1
    if parser.tokens[parser.at][0] in SCRIPTS:
        raise NotRead("script", "a script in front of a symbol is not read", parser.tokens[parser.at][2])
    return parser.operand()


def _rescripted(parser: Parser, tree: Expression, start: int) -> Expression:
    kind = parser.tokens[parser.at][0]
    if kind == "{" and parser.tokens[parser.at + 1][0] == "'" and isinstance(tree, Name):
        kind = "'"
    if kind in SCRIPTS or kind == "open":
        tree = postfixed(parser, tree, start)
        if isinstance(tree, Name) and parser.tokens[parser.at][0] == "open" and is_function(tree, typed=False):
            return Apply("call", (tree, *arguments(parser)), parser.span(start))
    return tree
