"""Functions with a name of their own (``\\exp``, ``\\log``, ``\\max``), sums, products, roots and nabla."""

from __future__ import annotations

from symbackprop.expression import Apply, Expression, Name, Number
from symbackprop.latex.reader_brackets import arguments
from symbackprop.latex.reader_calls import is_braced_bracket
from symbackprop.latex.reader_fractions import argument, function_of
from symbackprop.latex.reader_parser import ADD, JUXTAPOSED, LEVELS, NOTHING, Parser
from symbackprop.latex.reader_problems import NotRead
from symbackprop.latex.reader_scripts import postfixed, scripts
from symbackprop.latex.reader_trees import peeled, span_of
from symbackprop.latex.reader_words import BOUND_FUNCTIONS, OPERATOR_FUNCTIONS, PREFIX_FUNCTIONS


def function(parser: Parser) -> Expression:
    """``\\exp``, ``\\tanh``, ...: a command that is a function."""
    _, value, start, _ = parser.tokens[parser.at]
    parser.at += 1
    if value in BOUND_FUNCTIONS:
        lower, upper, primes = _scripts(parser)
        name = Name(value, lower, upper, primes, span=parser.span(start))
        return Apply("call", (name, parser.expression(ADD)), parser.span(start))
    return application(parser, value, "", start)


def application(parser: Parser, head: str, style: str, start: int) -> Expression:
    """A function whose name was just taken, applied to the bracket or to the operand that follows."""
    lower, upper, primes = _scripts(parser)
    name = Name(head, lower, upper, primes, style, parser.span(start))
    kind, value, _, _ = parser.tokens[parser.at]
    if (kind == "open" and value in ("(", "[", "{")) or is_braced_bracket(parser):
        items = arguments(parser)
    elif (LEVELS.get(kind) == JUXTAPOSED and kind not in ("slash", "bar")) and head in PREFIX_FUNCTIONS:
        items = [_argument(parser)]
    elif kind == "bar" and not parser.bars and head in PREFIX_FUNCTIONS:
        items = [parser.operand()]
    else:
        return name
    return postfixed(parser, applied(parser, name, items, start), start)


def _scripts(parser: Parser) -> tuple[Expression | None, Expression | None, int]:
    """The scripts of a function's name, without a transpose: (subscript, superscript, primes)."""
    lower, upper, primes = scripts(parser)
    if upper is None:
        return lower, upper, primes
    rest, transposed, more = peeled(upper)
    return (lower, upper, primes) if transposed else (lower, rest, primes + more)


def _argument(parser: Parser) -> Expression:
    """What a function without brackets is applied to: one operand, and a number's neighbour with it."""
    start = parser.tokens[parser.at][2]
    first = function_of(parser, parser.operand())
    if isinstance(first, Number) and parser.tokens[parser.at][0] in ("word", "letter", "text", "style"):
        return Apply("multiply", (first, parser.operand()), parser.span(start))
    return first


def applied(parser: Parser, name: Name, items: list[Expression], start: int) -> Expression:
    """The operator of the tree, if there is one for the function as it stands; else a call."""
    span = parser.span(start)
    plain = name.subscript is None and not name.primes
    upper = name.superscript
    operator = OPERATOR_FUNCTIONS.get(name.head)
    if plain and operator is not None and len(items) == 1:
        tree = Apply(operator, tuple(items), span)
        if upper is None:
            return tree
        if not (isinstance(upper, Number) and upper.text.startswith("-")):
            return Apply("power", (tree, upper), span)
    if plain and name.head == "max" and upper is None:
        inner = items[0]
        listed = isinstance(inner, Apply) and inner.operator == "sequence" and len(items) == 1
        return Apply("maximum", inner.arguments if listed and isinstance(inner, Apply) else tuple(items), span)
    return Apply("call", (name, *items), span)


def total(parser: Parser) -> Expression:
    """``\\sum`` and ``\\prod``: the body goes on over products, up to a plus, a minus or a relation."""
    _, operator, start, _ = parser.tokens[parser.at]
    parser.at += 1
    lower, upper, _ = scripts(parser)
    index, first = _bound(lower)
    if parser.tokens[parser.at][0] in _ENDS:
        if lower is None and operator == "sum":
            # The sum that was written out before, spoken of by its sign.
            return Name(operator, None, upper, span=parser.span(start))
        raise NotRead("missing", "nothing stands under the sum sign" if operator == "sum" else "nothing stands "
                      "under the product sign", start)  # fmt: skip
    body = parser.expression(ADD)
    bounds = [part if part is not None else NOTHING for part in (index, first, upper)]
    while bounds and bounds[-1] is NOTHING:
        bounds.pop()
    return Apply(operator, (body, *bounds), parser.span(start))


_ENDS = frozenset({"relation", "+", "}", "close", "end of formula", "comma", "end", "&", "row"})


def _bound(lower: Expression | None) -> tuple[Expression | None, Expression | None]:
    """(index, lower bound) of what stands under a sum sign; a condition is an index without a bound."""
    if isinstance(lower, Apply) and lower.operator == "equal":
        return lower.arguments[0], lower.arguments[1]
    return lower, None


def root(parser: Parser) -> Expression:
    """``\\sqrt{x}``, ``\\sqrt[3]{x}``."""
    _, _, start, _ = parser.tokens[parser.at]
    parser.at += 1
    order: Expression | None = None
    kind, value, _, _ = parser.tokens[parser.at]
    if kind == "open" and value == "[":
        order = arguments(parser)[0]
    radicand = argument(parser, "the root")
    if order is None:
        return postfixed(parser, Apply("sqrt", (radicand,), parser.span(start)), start)
    place = span_of(order)
    exponent = Apply("divide", (Number("1", span=place), order), place)
    return postfixed(parser, Apply("power", (radicand, exponent), parser.span(start)), start)
