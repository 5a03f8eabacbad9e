"""TeX to tokens with positions, in one pass of one regular expression.

Spacing, sizes, colours, labels and other things that say nothing about the mathematics are looked through here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

from symbackprop.latex.reader_symbols import COMMANDS, LOWERED, RAISED, SKIPPED, SYMBOLS
from symbackprop.latex.reader_words import BARE_WORDS, OTHERWISE, UNBRACED_SUBSCRIPTS, WORDS, connective, listed

Token: TypeAlias = tuple[str, str, int, int]
"""Kind, value, start, end (offsets in the text that was read)."""

Entry: TypeAlias = tuple[str, str]

_TEXT_COMMANDS = "text|mbox|hbox|textrm|textnormal|textsf|texttt|textup|intertext|shortintertext"
_WORD_COMMANDS = "mathrm|operatorname|textit|textbf|mathit|mathsf|mathtt|mathop|mathbf"
_RELATIONS = (
    r":?=|\\(?:equiv|approx|rightarrow|to|sim|leftarrow|gets|Rightarrow|le|ge|leq|geq|ne|neq|propto|longrightarrow)"
)
_DELIMITER = r"\\[{}|]|\\[A-Za-z]+|[^\sA-Za-z0-9\\]"

# The order of the alternatives matters; the last one takes any character, so that nothing is jumped over.
_PATTERN = re.compile(
    rf"""
      [A-Za-z]+[0-9]*
    | \s+
    | (?:\\[ ]\s*){{2,}}
    | \\?_\s*(?:(?:{"|".join(sorted(UNBRACED_SUBSCRIPTS, key=len, reverse=True))})(?![A-Za-z0-9])
               |[0-9]+|[A-Za-z][0-9]*|\*|[\u4e00-\u9fff]+)
    | \^\s*(?:-?[0-9]+|[A-Za-z]|[+*-])
    | [{{}}&]
    | \.\s*(?:\*|\\times(?![A-Za-z])|\\ast(?![A-Za-z]))
    | (?:[0-9]+(?:\{{,\}}[0-9]{{3}}(?![0-9]))*(?:\.[0-9]+)?|\.[0-9]+)
      (?:(?:\\,|\\thinspace\s)[0-9]{{3}}(?![0-9.]))*
      (?:[eE][+-]?[0-9]+(?![A-Za-z0-9_^]))?
    | \\\\\*?(?:\s*\[\s*-?[0-9.]+\s*(?:ex|em|pt|mm|cm|in|px|pc|mu)\s*\])?
    | \\(?:{_TEXT_COMMANDS})\s*\{{(?:[^{{}}]|\{{[^{{}}]{{0,80}}\}}){{0,400}}\}}
    | \\(?:{_WORD_COMMANDS})\*?\s*\{{\s*[A-Za-z][A-Za-z0-9]+(?:[ .-][A-Za-z]+)?\s*\}}
    | \\begin\s*\{{\s*(?:array|alignat\*?|alignedat|tabular)\s*\}}\s*(?:\[[a-z]\]\s*)?\{{[^{{}}]{{0,80}}\}}
    | \\(?:begin|end)\s*\{{\s*[A-Za-z]+\*?\s*\}}(?:\s*\[[tbc]\])?
    | \\(?:left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])\s*(?:{_DELIMITER})
    | \\(?:color|textcolor|colorbox|label|tag\*?|hspace\*?|vspace\*?|mspace|phantom|hphantom|vphantom|eqref|ref|require
          |class|cssId|style|cline|raisebox|bbox|href|definecolor)\s*(?:\[[^\]]{{0,80}}\]\s*)?\{{[^{{}}]{{0,80}}\}}
    | \\bbox\s*\[[^\]]{{0,80}}\]
    | \\(?:kern|mkern|hskip|mskip)\s*-?[0-9.]+\s*[a-z]+
    | \\(?:overset|stackrel|underset)\s*\{{[^{{}}]{{0,80}}(?:\{{[^{{}}]{{0,80}}\}}[^{{}}]{{0,80}})?\}}\s*
      (?:\{{\s*(?:{_RELATIONS})\s*\}}|(?:{_RELATIONS})(?![A-Za-z]))
    | \\x(?:longequal|rightarrow|Rightarrow|leftarrow)\s*(?:\[[^\]]{{0,80}}\]\s*)?
      \{{[^{{}}]{{0,80}}(?:\{{[^{{}}]{{0,80}}\}}[^{{}}]{{0,80}})?\}}
    | \\arg\s*\\(?:max|min)(?![A-Za-z])
    | \\[A-Za-z]+
    | \\[\s\S]
    | %[^\n]*
    | :=|==|!=|<=|>=|=>|<-|->|\+=|-=|\|\||//|\.\.\.+|'+|[′″]+|’+
    | [\u4e00-\u9fff]+
    | [₀-₉ₐₑₕᵢⱼₖₗₘₙₒₚₛₜₓ]+
    | [⁰¹²³⁴-⁹⁺⁻ᵐⁿˡᵗ]+
    | [\s\S]
    """,
    re.VERBOSE,
)

_NAME = re.compile(r"\\([A-Za-z]+)")
_BRACED = re.compile(r"\{(.*)\}", re.DOTALL)
_IDENTIFIER = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z_]+)*'*")
_GROUPING = re.compile(r"\{,\}|\\,|\\thinspace\s")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENVIRONMENT = re.compile(r"\{\s*([A-Za-z]+\*?)\s*\}")

_OPENING = {"left": "open", "bigl": "open", "Bigl": "open", "biggl": "open", "Biggl": "open"}
_CLOSING = {"right": "close", "bigr": "close", "Bigr": "close", "biggr": "close", "Biggr": "close"}
_SIZES = {"middle", *_OPENING, *_CLOSING} | listed("big Big bigg Bigg bigm Bigm biggm Biggm")
_TEXTS = frozenset(_TEXT_COMMANDS.split("|"))
_WORDS = frozenset(_WORD_COMMANDS.split("|"))
_DROPPED = listed(
    "color textcolor colorbox label tag hspace vspace mspace phantom hphantom vphantom eqref ref require class cssId "
    "style cline raisebox bbox href definecolor kern mkern hskip mskip"
)
_WIDE = re.compile(
    r"hs(?:pace|kip)\*?\s*\{?\s*(?:[1-9][0-9]*(?:\.[0-9]*)?\s*(?:em|cm|in)|0?\.[3-9][0-9]*\s*in|[1-9][0-9]\s*(?:pt|px|mm))"
)
"""A space as wide as a \\quad sets formulas apart."""
_LAST_RELATION = re.compile(_RELATIONS)
_DEFINING = re.compile(r"def|\\triangle|\\Delta|△|Δ|定义|记")
_ARROWS = {
    "xlongequal": ("relation", "="),
    "xrightarrow": ("relation", "→"),
    "xleftarrow": ("relation", "←"),
    "xRightarrow": ("implies", "⇒"),
}

_entries: dict[str, Entry] = dict(SYMBOLS)
_REMEMBERED = 20_000


def tokenise(tex: str) -> list[Token]:
    """The tokens of a formula. Whatever is no token of mathematics becomes a token of kind "character" or "command"."""
    tokens: list[Token] = []
    start = 0
    for text in _PATTERN.findall(tex):
        end = start + len(text)
        entry = _entries.get(text)
        if entry is None:
            entry = _classify(text)
            if len(_entries) < _REMEMBERED and len(text) < 40:
                _entries[text] = entry
        if entry is not SKIPPED:
            tokens.append((entry[0], entry[1], start, end))
        start = end
    _set_apart(tokens)
    return tokens


def without_null_delimiters(tokens: list[Token]) -> list[Token]:
    """The tokens without ``\\left.`` and ``\\right.``, which only break a bracket over two lines.

    The one that ends ``\\left\\{ \\begin{array}`` stays; ``\\right|`` after one is a bar by itself.
    """
    dropped: set[int] = set()
    bars: set[int] = set()
    pending: list[int] = []
    for index, (kind, value, _, _) in enumerate(tokens):
        if kind == "open":
            pending.append(index)
            if value == ".":
                dropped.add(index)
        elif kind == "close":
            opener = tokens[pending.pop()][1] if pending else "."
            if value == "." and opener != "{":
                dropped.add(index)
            elif value in ("|", "‖") and opener == ".":
                bars.add(index)
    kept = [
        ("bar", *token[1:]) if index in bars else token for index, token in enumerate(tokens) if index not in dropped
    ]
    return kept if dropped else tokens


def partners(tokens: list[Token]) -> dict[int, int]:
    """Index of an opening brace, bracket or \\begin -> index of what closes it, where something does."""
    closed: dict[int, int] = {}
    pending: list[int] = []
    for index, (kind, _, _, _) in enumerate(tokens):
        if kind in _OPENERS:
            pending.append(index)
        elif kind in _CLOSERS:
            wanted, barriers = _CLOSERS[kind]
            position = len(pending) - 1
            # A bracket that is never closed is left behind; a closing bracket never reaches out of its braces.
            while position >= 0 and tokens[pending[position]][0] not in barriers:
                position -= 1
            if position >= 0 and tokens[pending[position]][0] == wanted:
                closed[pending[position]] = index
                del pending[position:]
    return closed


_OPENERS = frozenset({"{", "open", "begin"})
_CLOSERS = {
    "}": ("{", frozenset({"{", "begin"})),
    "close": ("open", frozenset({"open", "{", "begin"})),
    "end": ("begin", frozenset({"begin"})),
}


def _classify(text: str) -> Entry:
    """The entry of a token that no table holds."""
    first = text[0]
    if first.isascii():
        if first.isalpha():
            return ("bare" if text in BARE_WORDS else "word"), text
        if first.isdigit() or (first == "." and text[1].isdigit()):
            return "number", _GROUPING.sub("", text).lower()
        if first in "_^" or text.startswith("\\_"):
            return ("sup" if first == "^" else "sub"), text.lstrip("\\_^ \t\r\n")
        if first == "\\":
            return _command(text)
        if first == "'":
            return "'", text
        if first == "%":
            return SKIPPED
        if first == ".":
            return ("dots", "dots") if text.endswith(".") else ("hadamard", "hadamard")
    if first.isspace():
        return ("row", "blank") if text.count("\n") > 1 else SKIPPED
    return _foreign(text)


def _foreign(text: str) -> Entry:
    """Characters outside ASCII."""
    first = text[0]
    if _CHINESE.match(first):
        meaning = connective(text)
        return ("connective", f"{meaning} {text}") if meaning else ("words", text)
    if first in "′″’":
        return "'", "'" * (len(text) + text.count("″"))
    if (lowered := text.translate(LOWERED)) != text:
        return "sub", lowered
    if (raised := text.translate(RAISED)) != text:
        return "sup", raised
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and plain.isascii() and plain.isalnum():
        return ("number" if plain.isdigit() else "word"), plain
    return "character", text


def _command(text: str) -> Entry:
    named = _NAME.match(text)
    if named is None:
        if text.startswith("\\\\") or text == "\\\n":
            return "row", ""
        if text[1:].isspace():
            return SKIPPED
        return ("gap", "") if text.startswith("\\ ") else ("command", text)
    name = named[1]
    if name in ("begin", "end"):
        environment = _ENVIRONMENT.search(text)
        return (name, environment[1]) if environment else ("command", text)
    if name in _TEXTS or name in _WORDS:
        braced = _BRACED.search(text)
        return _words(name, braced[1]) if braced else ("style", name)
    if name in _SIZES and len(text) > len(name) + 1:
        return _sized(name, text[len(name) + 1 :].strip())
    if name in _DROPPED:
        return ("quad", "") if _WIDE.search(text) else SKIPPED
    if name in ("overset", "underset", "stackrel") and len(text) > len(name) + 1:
        return _annotated(text)
    if name in _ARROWS:
        return _ARROWS[name]
    if name == "arg":
        return "function", "argmax" if text.endswith("max") else "argmin"
    return ("word", name) if name in WORDS else ("command", text)


def _words(command: str, content: str) -> Entry:
    """The text in \\text{...}: a name (with its command before a space), words of a language, or only punctuation."""
    plain = content.strip(" \t\r\n~").replace("\\_", "_")
    if not plain:
        return SKIPPED
    if plain in SYMBOLS and SYMBOLS[plain][0] in ("comma", "semicolon", "period", "colon", "+", "-", "relation"):
        return SYMBOLS[plain]
    meaning = connective(plain)
    if meaning and command in _TEXTS:
        return "connective", f"{meaning} {plain}"
    if command in _TEXTS and (plain != content or not _IDENTIFIER.fullmatch(plain)):
        return "words", plain
    return "text", f"{command} {plain}"


def _sized(name: str, delimiter: str) -> Entry:
    kind, value = SYMBOLS.get(delimiter, ("character", delimiter))
    if name == "middle":
        return "mid", value
    if delimiter == ".":
        return _OPENING.get(name) or _CLOSING.get(name, "close"), "."
    wanted = _OPENING.get(name) or _CLOSING.get(name)
    if delimiter in ("<", ">"):
        return ("open", "⟨") if delimiter == "<" else ("close", "⟩")
    if kind == "slash" or kind not in ("open", "close", "bar"):
        return kind, value
    return (wanted or kind), value


def _annotated(text: str) -> Entry:
    """A relation with a note on top; the note can turn an equals sign into a definition."""
    kind, value = SYMBOLS[_LAST_RELATION.findall(text)[-1]]
    return kind, "≜" if value == "=" and _DEFINING.search(text) else value


def _set_apart(tokens: list[Token]) -> None:
    """An arrow between wide spaces leads to another formula: ``f = xy \\quad \\to \\quad \\frac{df}{dx} = y``."""
    for place, token in enumerate(tokens):
        beside = tokens[max(0, place - 1) : place] + tokens[place + 1 : place + 2]
        if token[:2] == ("relation", "→") and any(other[0] == "quad" for other in beside):
            tokens[place] = ("implies", "⇒", *token[2:])


def escaped_twice(tokens: list[Token], index: int) -> bool:
    """Whether the line break here is the doubled backslash of a command, as in ``\\\\frac``."""
    if index + 1 >= len(tokens):
        return False
    kind, value, start, _ = tokens[index + 1]
    letters = value.rstrip("0123456789")
    return (
        kind in ("word", "bare")
        and start == tokens[index][3]
        and len(letters) > 1
        and letters in COMMANDS
        and letters not in WORDS
        and letters not in OTHERWISE
    )
