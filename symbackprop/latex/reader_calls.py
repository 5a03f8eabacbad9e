"""Whether a bracket after a name holds its arguments, or is a factor."""

from __future__ import annotations

from symbackprop.expression import Expression, Name, walk
from symbackprop.latex.reader_parser import Parser
from symbackprop.latex.reader_words import FUNCTION_LETTERS, FUNCTION_WORDS, QUANTITY_WORDS

_DIGITS = "0123456789"

# h_\theta(x), f_{W,b}(x): a function by its parameters
_PARAMETERS = (Name("theta"), Name("Theta"), Name("W"), Name("phi"))
_WEIGHTS = frozenset({"w", "W", "theta", "beta", "omega"})


def is_function(name: Name, typed: bool) -> bool:
    """Whether a bracket after this name holds arguments. Where it does not, the bracket is a factor."""
    head = name.head
    if name.primes or head in FUNCTION_LETTERS or head in FUNCTION_WORDS:
        return True
    if name.subscript is not None and any(_is_parameter(part, head) for part in walk(name.subscript)):
        return True
    if head[0] == "d" and (head[1:] in FUNCTION_LETTERS or head[1:] in FUNCTION_WORDS):
        return True
    plain = head.rstrip(_DIGITS)
    if not typed or len(plain) < 3 or plain in QUANTITY_WORDS:
        return False
    return not (plain[0] == "d" and plain[1:] in QUANTITY_WORDS)


def _is_parameter(part: Expression, head: str) -> bool:
    """W of ``p_W(x)``; the letters of weights, in any font, below the h of a hypothesis: ``h_{\\mathbf{w},b}(x)``."""
    return part in _PARAMETERS or (head == "h" and isinstance(part, Name) and part.head in _WEIGHTS)


_FARTHEST = 40
_LISTING = frozenset({"comma", "semicolon", "bar", "mid", "relation"})
_NAMING = frozenset({"word", "letter", "text", "style", "sub", "sup", "_", "^", "{", "}", "'"})


def holds_list(parser: Parser) -> bool:
    """Whether the bracket here holds several items or a condition, as only arguments do: ``J(W, b)``, ``p(y = 1)``."""
    depth = 0
    for kind, _, _, _ in parser.tokens[parser.at + 1 : parser.at + _FARTHEST]:
        if depth == 0 and kind in _LISTING:
            return True
        depth += (kind in ("open", "{", "begin")) - (kind in ("close", "}", "end"))
        if depth < 0:
            return False
    return False


def holds_name(parser: Parser) -> bool:
    """Whether a bracket here holds names alone: ``J(\\theta)``."""
    if parser.tokens[parser.at][:2] != ("open", "("):
        return False
    for kind, _, _, _ in parser.tokens[parser.at + 1 : parser.at + _FARTHEST]:
        if kind not in _NAMING:
            return kind == "close"
    return False


def is_braced_bracket(parser: Parser) -> bool:
    """Whether braces here hold one bracket and nothing else: ``\\sigma{(z)}``."""
    if parser.tokens[parser.at][0] != "{" or parser.tokens[parser.at + 1][0] != "open":
        return False
    depth = 0
    for index in range(parser.at + 1, len(parser.tokens) - 1):
        kind = parser.tokens[index][0]
        depth += (kind == "open") - (kind == "close")
        if depth == 0:
            return parser.tokens[index + 1][0] == "}"
    return False
