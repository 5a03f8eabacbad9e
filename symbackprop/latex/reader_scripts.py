"""Subscripts, superscripts, primes and index brackets, in any order."""

from __future__ import annotations

from msgspec.structs import replace

from symbackprop.expression import Apply, Expression, Name, Number, Span
from symbackprop.latex.reader_parser import LOWERED, RAISED, Parser
from symbackprop.latex.reader_problems import NotRead, unexpected
from symbackprop.latex.reader_trees import peeled
from symbackprop.latex.tokens import Token

SCRIPTS = frozenset({"sub", "sup", "_", "^", "'"})

FOR_ALL = ("connective", "if ∀")

# Signs that may be a superscript (or a subscript) of their own: kind -> what the name is called.
_SIGNS = {"+": "+", "-": "-", "'": "prime", "product": "*", "hadamard": "circle"}


def scripts(parser: Parser) -> tuple[Expression | None, Expression | None, int]:
    """(subscript, superscript, number of primes) of what was just read."""
    lower: Expression | None = None
    upper: Expression | None = None
    primes = 0
    while True:
        kind, value, start, end = parser.tokens[parser.at]
        if kind == "sub" or kind == "_":
            if lower is not None:
                raise NotRead("script", "a second subscript stands here", start)
            parser.at += 1
            lower = _plain(value, end) if kind == "sub" else script(parser, LOWERED)
        elif kind == "sup" or kind == "^":
            parser.at += 1
            found = _plain(value, end) if kind == "sup" else script(parser, RAISED)
            if upper is None or _is_prime(upper):
                primes += upper is not None
                upper = found
            elif _is_prime(found):
                primes += 1
            else:
                raise NotRead("script", "a second superscript stands here", start)
        elif kind == "'":
            parser.at += 1
            primes += len(value)
        elif kind == "{" and parser.tokens[parser.at + 1][0] == "'" and parser.tokens[parser.at + 2][0] == "}":
            primes += len(parser.tokens[parser.at + 1][1])
            parser.at += 3
        else:
            return lower, upper, primes


def _is_prime(tree: Expression) -> bool:
    return isinstance(tree, Name) and tree.head == "prime"


def _plain(value: str, end: int) -> Expression:
    """A script without braces that the tokens already hold whole."""
    span = Span(end - len(value), end)
    return Number(value, span=span) if value[-1].isdigit() and not value[0].isalpha() else Name(value, span=span)


def script(parser: Parser, mode: int) -> Expression:
    """What stands behind ``_`` or ``^``."""
    tokens, at = parser.tokens, parser.at
    kind, value, start, end = tokens[at]
    if kind != "{":
        return _single(parser)
    kind, value, start, end = tokens[at + 1]
    if tokens[at + 2][0] == "}":
        # Nearly all scripts are a single token.
        parser.at = at + 3
        if kind == "number":
            return Number(value, span=Span(start, end))
        if kind == "word" and (mode == LOWERED or len(value) == 1):
            return Name(value, span=Span(start, end))
        if kind in _SIGNS:
            return _sign(kind, value, start, end)
        if kind == "words":
            return Name(value, style="text", span=Span(start, end))
        if kind == "connective":
            return Name(value.partition(" ")[2], style="text", span=Span(start, end))
    if kind == "}":
        raise NotRead("empty", "the braces of a script are empty", tokens[at][2])
    saved = parser.mode, parser.bars
    parser.mode, parser.bars = mode, 0
    # Under a sum "for all x" is x.
    parser.at = at + 1 + (mode == LOWERED and tokens[at + 1][:2] == FOR_ALL)
    _mark_final_sign(tokens, at)
    found = parser.sequence()
    parser.expect("}", tokens[at])
    parser.mode, parser.bars = saved
    return found


def _mark_final_sign(tokens: list[Token], at: int) -> None:
    """Make a sign at the end of a script a name: ``W^{[2]+}`` is updated, ``W_{k\\cdot}`` a whole row."""
    depth = 0
    for place in range(at, min(at + _LONGEST_SCRIPT, len(tokens))):
        depth += (tokens[place][0] == "{") - (tokens[place][0] == "}")
        if depth == 0:
            kind, value, start, end = tokens[place - 1]
            if kind in ("+", "product") and place - 2 > at:
                tokens[place - 1] = ("letter", _sign(kind, value, start, end).head, start, end)
            return


_LONGEST_SCRIPT = 200


def _single(parser: Parser) -> Expression:
    """A script without braces: one letter, one digit, one command."""
    kind, value, start, end = parser.tokens[parser.at]
    if kind in _SIGNS:
        parser.at += 1
        return _sign(kind, value, start, end)
    if kind in ("letter", "words", "dots"):
        parser.at += 1
        return Name(value, style="text" if kind == "words" else "", span=Span(start, end))
    if kind == "text":
        parser.at += 1
        command, _, word = value.partition(" ")
        return Name(word, style=command, span=Span(start, end))
    if kind in ("end of formula", "}", "relation"):
        raise NotRead("missing", "a script is announced and missing", parser.tokens[parser.at - 1][2])
    if kind not in ("style", "frac"):
        unexpected(parser.tokens, parser.at)
    return parser.operand()


def _sign(kind: str, value: str, start: int, end: int) -> Name:
    head = _SIGNS[kind]
    if kind == "product" and value != "star":
        head = "cdot" if value == "dot" else value
    elif kind == "hadamard" and value != "circle":
        head = value
    elif kind == "'" and len(value) > 1:
        return Name("prime", primes=len(value) - 1, span=Span(start, end))
    return Name(head, span=Span(start, end))


def attached(parser: Parser, head: str, style: str, start: int) -> Expression:
    """The name with the scripts that follow it; transposed if one of them says so; a power if it is Euler's number."""
    if parser.tokens[parser.at][0] not in SCRIPTS and parser.tokens[parser.at][0] != "{":
        return Name(head, None, None, 0, style, parser.span(start))
    if head in _WEIGHTS:
        _join_indices(parser)
    lower, upper, primes = scripts(parser)
    if upper is None:
        return Name(head, lower, None, primes, style, parser.span(start))
    return scripted(parser, Name(head, None, None, 0, style, parser.span(start)), lower, upper, primes)


_WEIGHTS = frozenset({"w", "W", "omega"})
_INDEX_LETTERS = frozenset("ijklmnpq")


def _join_indices(parser: Parser) -> None:
    """``w_kj^{l}``: the braces around the indices of a weight got lost; a weight times an index means nothing."""
    tokens, at = parser.tokens, parser.at
    (kind, value, start, end), (follows, letters, begin, stop) = tokens[at], tokens[at + 1]
    if kind == "sub" and follows == "word" and begin == end and {*value, *letters} <= _INDEX_LETTERS:
        tokens[at : at + 2] = [("sub", value + letters, start, stop)]


def scripted(parser: Parser, name: Name, lower: Expression | None, upper: Expression | None, primes: int) -> Expression:
    """A name that has no scripts of this kind yet, with them."""
    transposed = False
    if upper is not None:
        upper, transposed, more = peeled(upper)
        primes += more
    span = parser.span(name.span.start if name.span else 0)
    if name.head == "e" and upper is not None and lower is None and not primes and name.superscript is None:
        power = Apply("power", (replace(name, span=Span(span.start, span.start + 1)), upper), span)
        return Apply("transpose", (power,), span) if transposed else power
    full = Name(
        name.head,
        name.subscript if lower is None else lower,
        name.superscript if upper is None else upper,
        name.primes + primes,
        name.style,
        span,
    )
    return Apply("transpose", (full,), span) if transposed else full


def postfixed(parser: Parser, tree: Expression, start: int) -> Expression:
    """Anything but a plain name with the scripts that follow it: an index, a power, a transpose, a derivative."""
    while True:
        kind, value, _, _ = parser.tokens[parser.at]
        if kind == "open":
            if value == "[" and is_index(parser):
                tree = indexed(parser, tree, start)
                continue
            return tree
        if kind not in SCRIPTS:
            return tree
        lower, upper, primes = scripts(parser)
        if isinstance(tree, Name) and _free(tree, lower, upper):
            return scripted(parser, tree, lower, upper, primes)
        if lower is not None:
            items = lower.arguments if isinstance(lower, Apply) and lower.operator == "sequence" else (lower,)
            tree = Apply("index", (tree, *items), parser.span(start))
        if upper is not None:
            rest, transposed, more = peeled(upper)
            primes += more
            if rest is not None:
                tree = Apply("power", (tree, rest), parser.span(start))
            if transposed:
                tree = Apply("transpose", (tree,), parser.span(start))
        for _ in range(min(primes, 4)):
            tree = Apply("derivative", (tree,), parser.span(start))


def _free(name: Name, lower: Expression | None, upper: Expression | None) -> bool:
    """Whether the name has no script where a new one wants to stand."""
    return (lower is None or name.subscript is None) and (upper is None or name.superscript is None)


_INDEX_KINDS = frozenset({"word", "letter", "number", "comma", "+", "-", "colon", "sub", "sup", "'", "dots"})
_LONGEST_INDEX = 12


def is_index(parser: Parser) -> bool:
    """Whether the square bracket here, which touches what stands before it, holds indices: ``W_2[p,k]``."""
    tokens, at = parser.tokens, parser.at
    _, _, start, end = tokens[at]
    if end - start != 1 or at == 0 or tokens[at - 1][3] != start:
        return False
    # o[1 - o] is a product: an index does not begin with "1 -".
    if tokens[at + 1][0] == "number" and tokens[at + 2][0] == "-":
        return False
    for position in range(at + 1, min(at + _LONGEST_INDEX, len(tokens))):
        kind, value, _, _ = tokens[position]
        if kind == "close":
            return value == "]" and position > at + 1
        if kind not in _INDEX_KINDS:
            return False
    return False


def indexed(parser: Parser, tree: Expression, start: int) -> Expression:
    """``S[i,k]``: the array and its indices."""
    opener = parser.tokens[parser.at]
    saved, parser.mode = parser.mode, LOWERED
    parser.at += 1
    items = parser.items()
    parser.expect("close", opener)
    parser.mode = saved
    return Apply("index", (tree, *items), parser.span(start))
