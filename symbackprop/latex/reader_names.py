"""Names: letters, words, commands, with their styles and scripts; and what a bracket after a name means."""

from __future__ import annotations

from msgspec.structs import replace

from symbackprop.expression import Apply, Expression, Name, Number, Span
from symbackprop.latex.reader_brackets import arguments
from symbackprop.latex.reader_calls import holds_list, is_braced_bracket, is_function
from symbackprop.latex.reader_functions import application
from symbackprop.latex.reader_parser import MATH, Parser
from symbackprop.latex.reader_problems import NotRead
from symbackprop.latex.reader_scripts import SCRIPTS, attached, postfixed
from symbackprop.latex.reader_symbols import RELATION_OPERATORS
from symbackprop.latex.reader_trees import is_bare
from symbackprop.latex.reader_words import (
    PREFIX_FUNCTIONS,
    QUANTITY_WORDS,
    listed,
)

_DIGITS = "0123456789"
_ACCENTS = listed("vec hat widehat tilde widetilde bar overline dot ddot check breve acute grave overrightarrow")
_UPRIGHT = listed("mathrm operatorname mathit mathsf mathtt textit mathnormal mathop")


def word(parser: Parser) -> Expression:
    """A run of letters: one name, or the first letter of a product."""
    kind, value, start, end = parser.tokens[parser.at]
    length = len(value) if len(value) == 1 or parser.mode == 1 else _head_length(parser, value)
    if length < len(value):
        # The rest of the run stays in its place as the next token.
        parser.tokens[parser.at] = (kind, value[length:], start + length, end)
        return Name(value[:length], span=Span(start, start + length))
    parser.at += 1
    if value == "d":
        return _differential_name(parser, start, end)
    if value in QUANTITY_WORDS and _is_lost_subscript(parser, end):
        parser.tokens.insert(parser.at, ("_", "_", end, end))
    return named(parser, value, "", start, typed=True)


def _is_lost_subscript(parser: Parser, end: int) -> bool:
    """``out{o1}``: a neuron in braces right behind a word, whose underscore got lost."""
    kind, _, begin, _ = parser.tokens[parser.at]
    if kind != "{" or begin != end or parser.tokens[parser.at + 2][0] != "}":
        return False
    inside, label, _, _ = parser.tokens[parser.at + 1]
    return inside == "word" and len(label) > 1 and label[0].isalpha() and label[1:].isdigit()


def _head_length(parser: Parser, run: str) -> int:
    """How many characters of a run of letters (and digits) are its first name."""
    words = parser.words
    if run in words:
        return len(run)
    letters = run.rstrip(_DIGITS)
    count = len(letters)
    if count == 1 or letters in words:
        return len(run)
    if run[0] == "d" and (count == 2 or letters[1:] in words):
        return len(run)
    following = parser.tokens[parser.at + 1]
    long_enough = count > 3 or (count == 3 and (parser.mode != MATH or following[0] in ("sub", "_", "open")))
    return len(run) if long_enough else 1


def _differential_name(parser: Parser, start: int, end: int) -> Expression:
    """``d\\omega``, ``d\\mathbf{W}``: a name that begins with d; anything else is the letter d."""
    kind, value, begin, _ = parser.tokens[parser.at]
    if begin == end and kind == "letter":
        parser.at += 1
        return named(parser, "d" + value, "", start)
    if begin == end and kind == "style" and value not in _UPRIGHT:
        inner = parser.operand()
        if isinstance(inner, Name):
            return replace(inner, head="d" + inner.head, span=Span(start, parser.tokens[parser.at - 1][3]))
        return Apply("multiply", (Name("d", span=Span(start, end)), inner), parser.span(start))
    return named(parser, "d", "", start)


_BOUND = ["_", "{", "word", "relation"]


def letter(parser: Parser) -> Expression:
    """A Greek letter or another command that is a name."""
    _, value, start, end = parser.tokens[parser.at]
    if value == "Sigma" and [token[0] for token in parser.tokens[parser.at + 1 : parser.at + 5]] == _BOUND:
        # \\Sigma_{i=1}^n is a sum.
        parser.tokens[parser.at] = ("sum", "sum", start, end)
        return parser.operand()
    parser.at += 1
    if value == "Delta" and parser.mode == MATH and parser.tokens[parser.at][0] in ("word", "letter", "{"):
        changed = parser.operand()
        if isinstance(changed, Name):
            return replace(changed, head="Delta" + changed.head, span=parser.span(start))
        return Apply("multiply", (Name("Delta", span=Span(start, start + 1)), changed), parser.span(start))
    return named(parser, value, "", start)


def text(parser: Parser) -> Expression:
    """``\\text{target}``, ``\\mathrm{net}``, ``\\operatorname{softmax}``."""
    kind, value, start, end = parser.tokens[parser.at]
    command, _, content = value.partition(" ")
    if command in ("mathbf", "textbf") and content not in parser.words and len(content) < 4:
        # Two bold letters are two matrices.
        parser.tokens[parser.at] = (kind, f"{command} {content[1:]}", start, end)
        if len(content) > 1:
            return Name(content[0], style=command, span=Span(start, end))
    parser.at += 1
    return named(parser, content, command, start, typed=True)


def named(parser: Parser, head: str, style: str, start: int, typed: bool = False) -> Expression:
    """A name whose head was just taken: its scripts, its arguments if it is a function, its index brackets.

    ``typed`` says that the head stands in the text letter by letter, not as the command of a Greek letter.
    """
    if head in PREFIX_FUNCTIONS:
        return application(parser, head, style, start)
    tree = attached(parser, head, style, start)
    if not isinstance(tree, Name):
        return postfixed(parser, tree, start)
    if tree.subscript is not None and head in _ONES and _is_condition(tree.subscript):
        return Apply("indicator", (tree.subscript,), parser.span(start))
    return _before_bracket(parser, tree, start, typed) if parser.tokens[parser.at][0] in ("open", "{") else tree


def _before_bracket(parser: Parser, name: Name, start: int, typed: bool) -> Expression:
    kind, value, _, _ = parser.tokens[parser.at]
    if value == "(" and parser.tokens[parser.at + 1][:2] == ("close", ")") and is_function(name, typed):
        # ``ReLU()`` speaks of the function itself.
        parser.at += 2
        return name
    if kind == "{":
        if not is_function(name, typed) or not is_braced_bracket(parser):
            return name
    elif name.head in _ONES and name.style and is_bare(replace(name, style="")):
        return Apply("indicator", tuple(arguments(parser)), parser.span(start))
    elif not (value in ("(", "[", "{") and is_function(name, typed)) and not (
        value == "(" and parser.mode == MATH and holds_list(parser)
    ):
        return postfixed(parser, name, start) if parser.mode == MATH else name
    inside = arguments(parser)
    return postfixed(parser, Apply("call", (name, *inside), parser.span(start)), start)


_ONES = frozenset({"1", "I"})


def _is_condition(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator in RELATION_OPERATORS.values()


def style(parser: Parser) -> Expression:
    """``\\mathbf{W}``, ``\\hat y``, ``\\boldsymbol{\\delta}``: the style becomes part of the names inside."""
    _, command, start, _ = parser.tokens[parser.at]
    parser.at += 1
    kind, value, begin, end = parser.tokens[parser.at]
    if kind == "{":
        opener = parser.tokens[parser.at]
        if parser.tokens[parser.at + 1][0] == "}":
            raise NotRead("empty", f"the braces of \\{command} are empty", begin)
        parser.at += 1
        if parser.tokens[parser.at + 1][0] == "}" and parser.tokens[parser.at][0] == "word":
            inner: Expression = _whole(parser, command)
        else:
            inner = parser.expression()
        parser.expect("}", opener)
    elif kind == "word":
        if len(value) > 1:
            parser.tokens[parser.at] = ("word", value[1:], begin + 1, end)
        else:
            parser.at += 1
        inner = Name(value[0], span=Span(begin, begin + 1))
    elif kind == "number":
        parser.at += 1
        inner = Number(value, span=Span(begin, end))
    elif kind == "letter":
        parser.at += 1
        inner = Name(value, span=Span(begin, end))
    else:
        inner = parser.operand()
    return _styled(parser, inner, command, start)


def _whole(parser: Parser, command: str) -> Expression:
    """The run of letters in braces: a word under an upright font or an accent, else as in a formula."""
    _, value, begin, end = parser.tokens[parser.at]
    if command in _UPRIGHT or command in _ACCENTS or len(value) == 1 or value in parser.words:
        parser.at += 1
        return Name(value, span=Span(begin, end))
    return parser.expression()


def _styled(parser: Parser, inner: Expression, command: str, start: int) -> Expression:
    if isinstance(inner, Number):
        inner = Name(inner.text, span=inner.span)
    if isinstance(inner, Name):
        full = f"{command} {inner.style}".strip()
        if is_bare(replace(inner, style="")):
            return named(parser, inner.head, full, start)
        kept = replace(inner, style=full, span=parser.span(start))
        tree = postfixed(parser, kept, start)
        if isinstance(tree, Name) and parser.tokens[parser.at][0] in ("open", "{"):
            return _before_bracket(parser, tree, start, typed=False)
        return tree
    if command in _ACCENTS:
        raise NotRead("accent", f"\\{command} over an expression is not read", start)
    return postfixed(parser, restyled(inner, command), start)


def restyled(tree: Expression, command: str) -> Expression:
    """The tree with a font around every name in it."""
    if isinstance(tree, Name):
        return replace(tree, style=f"{command} {tree.style}".strip())
    if isinstance(tree, Apply):
        return replace(tree, arguments=tuple(restyled(argument, command) for argument in tree.arguments))
    return tree


def number(parser: Parser) -> Expression:
    """A number as it is written; ``1`` with a condition is an indicator."""
    _, value, start, end = parser.tokens[parser.at]
    parser.at += 1
    if len(value) > _LONGEST_NUMBER or len(value.partition("e")[2]) > 5:
        raise NotRead("number", "a number with more digits than can be meant", start)
    tree: Expression = Number(value, span=Span(start, end))
    kind, opener, _, _ = parser.tokens[parser.at]
    if value == "1" and (kind in ("_", "sub") or (kind == "open" and opener == "{")):
        return named(parser, value, "text", start)
    return postfixed(parser, tree, start) if kind in SCRIPTS else tree


_LONGEST_NUMBER = 400
