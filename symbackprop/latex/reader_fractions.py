"""Fractions and derivatives: ``\\frac``, ``\\over``, ``\\partial``, ``d``, ``\\nabla``."""

from __future__ import annotations

from symbackprop.expression import Apply, Expression, Name, Number, Span
from symbackprop.latex.reader_calls import holds_name
from symbackprop.latex.reader_parser import JUXTAPOSED, LEVELS, NOTHING, Parser
from symbackprop.latex.reader_problems import NotRead
from symbackprop.latex.reader_scripts import SCRIPTS, postfixed, scripts
from symbackprop.latex.reader_trees import differential, is_differential, span_of
from symbackprop.latex.tokens import Token


def content(parser: Parser, opener: Token) -> Expression:
    """What stands in the braces that were just opened, and their end; ``\\over`` makes a fraction of it."""
    tree = parser.condition()
    if parser.tokens[parser.at][0] == "over":
        parser.at += 1
        tree = quotient(parser, tree, parser.condition(), opener[3])
    parser.expect("}", opener)
    return tree


def argument(parser: Parser, whose: str) -> Expression:
    """A command's argument: braces, or a single letter, digit or command."""
    kind, value, start, end = parser.tokens[parser.at]
    if kind == "{":
        if parser.tokens[parser.at + 1][0] == "}":
            raise NotRead("empty", f"{whose} is empty", start)
        opener = parser.tokens[parser.at]
        parser.at += 1
        return content(parser, opener)
    if kind in ("number", "word") and len(value) > 1:
        # \frac12: each argument is a single character.
        parser.tokens[parser.at] = (kind, value[1:], start + 1, end)
        place = Span(start, start + 1)
        return Number(value[0], span=place) if kind == "number" else Name(value[0], span=place)
    if kind in ("number", "word", "letter"):
        parser.at += 1
        return Number(value, span=Span(start, end)) if kind == "number" else Name(value, span=Span(start, end))
    if LEVELS.get(kind) == JUXTAPOSED and kind not in ("slash", "bar", "open"):
        return parser.operand()
    raise NotRead("missing", f"{whose} is missing", start)


def quotient(parser: Parser, above: Expression, below: Expression, start: int) -> Expression:
    """A fraction, or the derivative that it writes: ``\\partial E`` over ``\\partial w``, ``dE`` over ``dw``."""
    span = parser.span(start)
    if isinstance(above, Apply) and above.operator == "negate":
        inner = quotient(parser, above.arguments[0], below, start)
        if isinstance(inner, Apply) and inner.operator == "partial":
            return Apply("negate", (inner,), span)
        return Apply("divide", (above, below), span)
    of, by = differential(above), differential(below)
    if of is None and by is None:
        of, by = _varied(above), _varied(below)
    if of is None or by is None or by == NOTHING:
        return Apply("divide", (above, below), span)
    if _holds_differential(of) or _holds_differential(by):
        raise NotRead("derivative", "several differentials stand in one fraction", start)
    return Apply("partial", (of, by), span)


def _holds_differential(tree: Expression) -> bool:
    """Whether a second d stands in a product."""
    return (
        isinstance(tree, Apply)
        and tree.operator == "multiply"
        and any(differential(factor) is not None for factor in tree.arguments)
    )


def _varied(tree: Expression) -> Expression | None:
    """E of ``\\delta E``: some write a derivative with deltas."""
    if isinstance(tree, Apply) and tree.operator == "multiply" and tree.arguments[0] == Name("delta"):
        rest = tree.arguments[1:]
        return rest[0] if len(rest) == 1 else Apply("multiply", rest, tree.span)
    return None


def fraction(parser: Parser) -> Expression:
    """``\\frac``: a quotient, a derivative, or (``\\frac{\\partial}{\\partial w}``) what is to be differentiated."""
    _, _, start, _ = parser.tokens[parser.at]
    parser.at += 1
    above = argument(parser, "the numerator")
    tree = quotient(parser, above, argument(parser, "the denominator"), start)
    if isinstance(tree, Apply) and tree.operator == "partial" and tree.arguments[0] == NOTHING:
        kind = parser.tokens[parser.at][0]
        if LEVELS.get(kind) != JUXTAPOSED or kind == "slash":
            return tree
        # A bracket says how far the derivative reaches; otherwise it is a product.
        first = function_of(parser, parser.operand())
        of = first if kind == "open" else parser.juxtaposed(first, span_of(first).start)
        return Apply("partial", (of, tree.arguments[1]), parser.span(start))
    return postfixed(parser, tree, start) if parser.tokens[parser.at][0] in SCRIPTS else tree


def partial(parser: Parser) -> Expression:
    """A ∂ and what it stands before. As a whole numerator it reaches over a product, elsewhere over one operand."""
    before = parser.tokens[parser.at - 1][0] if parser.at else ""
    _, _, start, _ = parser.tokens[parser.at]
    parser.at += 1
    kind, _, place, _ = parser.tokens[parser.at]
    if kind in ("sup", "^"):
        raise NotRead("derivative", "a derivative of second or higher order is not read", place)
    lower, _, _ = scripts(parser)
    kind = parser.tokens[parser.at][0]
    if kind in ("}", "slash", "over", "end of formula"):
        return Name("partial", lower, span=parser.span(start))
    inner = function_of(parser, parser.operand())
    if before in ("{", "over"):
        inner = _product(parser, inner)
    if lower is not None:
        return Apply("partial", (inner, lower), parser.span(start))
    return Apply("differential", (inner,), parser.span(start))


def function_of(parser: Parser, tree: Expression) -> Expression:
    """``J(\\theta)`` where J is differentiated or under a logarithm: a call if the bracket holds names alone."""
    if not isinstance(tree, Name) or not holds_name(parser):
        return tree
    bracket = parser.operand()
    span = parser.span(span_of(tree).start)
    if isinstance(bracket, Apply) and bracket.operator == "group":
        return Apply("call", (tree, *bracket.arguments), span)
    return Apply("multiply", (tree, bracket), span)


def _product(parser: Parser, first: Expression) -> Expression:
    factors = [first]
    while LEVELS.get(kind := parser.tokens[parser.at][0]) == JUXTAPOSED and kind != "slash":
        place = parser.tokens[parser.at][2]
        factors.append(parser.operand())
        if is_differential(factors[-1]):
            raise NotRead("derivative", "several differentials stand in one fraction", place)
    if len(factors) == 1:
        return first
    return Apply("multiply", tuple(factors), parser.span(span_of(first).start))


def nabla(parser: Parser) -> Expression:
    """``\\nabla_a C``: the gradient of C by a."""
    _, _, start, _ = parser.tokens[parser.at]
    parser.at += 1
    kind, _, place, _ = parser.tokens[parser.at]
    if kind in ("sup", "^"):
        raise NotRead("derivative", "a derivative of second or higher order is not read", place)
    by, _, _ = scripts(parser)
    kind = parser.tokens[parser.at][0]
    if LEVELS.get(kind) != JUXTAPOSED or kind in ("slash", "bar"):
        return Name("nabla", by, span=parser.span(start))
    of = function_of(parser, parser.operand())
    return Apply("gradient", (of,) if by is None else (of, by), parser.span(start))
