"""Reads the TeX of a label into a small tree. Forgiving: what it does not know is shown by its name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TypeAlias

from symbackprop.figures import tex_symbols as symbols

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
DEEPEST = 12
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters of one style: "italic", "upright", "bold", "bold italic"."""

    text: str
    style: str
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Space, in ems of the surrounding size."""

    width: float


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with what stands below and above it."""

    base: Tree
    lower: Tree = ()
    upper: Tree = ()


@dataclass(frozen=True, slots=True)
class Fraction:
    numerator: Tree
    denominator: Tree


Node: TypeAlias = "Glyphs | Gap | Scripts | Fraction"
Tree: TypeAlias = "tuple[Node, ...]"


def parse_words(words: str) -> Tree:
    """Words in which formulas stand between dollar signs."""
    nodes: list[Node] = []
    for position, part in enumerate(words.split("$")):
        nodes.extend(parse_formula(part) if position % 2 else (Glyphs(part, "upright"),) if part else ())
    return tuple(nodes)


def parse_formula(tex: str) -> Tree:
    return _Parser(TOKEN.findall(tex[:LONGEST])).row(depth=0)


def as_value(tree: Tree) -> Tree:
    """The same tree, its characters marked as belonging to a value."""
    return tuple(_mark(node) for node in tree)


def _mark(node: Node) -> Node:
    if isinstance(node, Glyphs):
        return replace(node, is_value=True)
    if isinstance(node, Scripts):
        return Scripts(as_value(node.base), as_value(node.lower), as_value(node.upper))
    if isinstance(node, Fraction):
        return Fraction(as_value(node.numerator), as_value(node.denominator))
    return node


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0

    def row(self, depth: int, style: str = "") -> Tree:
        """Everything up to the brace that closes this group, or to the end."""
        nodes: list[Node] = []
        while self.position < len(self.tokens):
            token = self._take()
            if token == "}":
                if depth:
                    break
            elif token in "_^":
                self._attach(nodes, token, depth)
            else:
                nodes.extend(self._node(token, depth, style, nodes))
        return tuple(nodes)

    def _take(self) -> str:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def _attach(self, nodes: list[Node], token: str, depth: int) -> None:
        script = self._argument(depth)
        last = nodes.pop() if nodes else Glyphs("", "upright")
        scripts = last if isinstance(last, Scripts) else Scripts((last,))
        if token == "_":
            nodes.append(replace(scripts, lower=scripts.lower + script))
        else:
            nodes.append(replace(scripts, upper=scripts.upper + script))

    def _argument(self, depth: int, style: str = "") -> Tree:
        """A group in braces, or the next token alone."""
        self._skip_space()
        if self.position >= len(self.tokens) or self.tokens[self.position] == "}":
            return ()
        token = self._take()
        if depth >= DEEPEST:
            return (Glyphs("…", "upright"),)
        return self.row(depth + 1, style) if token == "{" else tuple(self._node(token, depth + 1, style, []))

    def _skip_space(self) -> None:
        while self.position < len(self.tokens) and self.tokens[self.position].isspace():
            self.position += 1

    def _node(self, token: str, depth: int, style: str, before: list[Node]) -> list[Node]:
        if token == "{":
            return list(self.row(depth + 1, style)) if depth < DEEPEST else [Glyphs("…", "upright")]
        if token in symbols.SPACES:
            return [Gap(symbols.SPACES[token])]
        if token.isspace() or token == "&":
            return []
        name = token[1:] if token[0] == "\\" else ""
        if not name:
            return self._character(token, style, before)
        if name in symbols.FRACTIONS:
            return [Fraction(self._argument(depth, style), self._argument(depth, style))]
        if name in symbols.WORDS:
            return [Glyphs(self._raw_argument(), "upright")]
        if name in symbols.STYLES:
            return list(self._argument(depth, symbols.STYLES[name]))
        if name in symbols.ACCENTS:
            return _accented(self._argument(depth, style), symbols.ACCENTS[name])
        if name == "sqrt":
            return [Glyphs("√", "upright"), *_bracketed(self._argument(depth, style))]
        if name in symbols.LETTERS:
            return [Glyphs(symbols.LETTERS[name], style or "italic")]
        if name in symbols.SIGNS:
            return [Glyphs(symbols.SIGNS[name], style or "upright")]
        if name in symbols.RELATIONS:
            return _spaced(symbols.RELATIONS[name], 0.28)
        if name in symbols.BINARY:
            return _spaced(symbols.BINARY[name], 0.2)
        return [] if name in symbols.IGNORED else [Glyphs(name, style or "upright")]

    def _character(self, token: str, style: str, before: list[Node]) -> list[Node]:
        if token in symbols.RELATION_CHARACTERS:
            return _spaced(symbols.RELATION_CHARACTERS[token], 0.28)
        if token in symbols.BINARY_CHARACTERS:
            # a sign at the beginning or behind an operator belongs to its term: no space around it
            last = before[-1] if before else None
            opens = last is None or isinstance(last, Gap) or (isinstance(last, Glyphs) and last.text in symbols.OPENING)
            sign = symbols.BINARY_CHARACTERS[token]
            return [Glyphs(sign, "upright")] if opens else _spaced(sign, 0.2)
        if token == "'":
            return [Glyphs("′", "upright")]
        if token == ",":
            return [Glyphs(",", "upright"), Gap(0.17)]
        italic = (token.isascii() and token.isalpha()) or "α" <= token <= "ω"
        return [Glyphs(token, style or ("italic" if italic else "upright"))]

    def _raw_argument(self) -> str:
        """The words of a group, as they stand."""
        self._skip_space()
        if self.position >= len(self.tokens) or self.tokens[self.position] != "{":
            return self._take() if self.position < len(self.tokens) else ""
        self.position += 1
        level, words = 1, []
        while self.position < len(self.tokens):
            token = self._take()
            level += {"{": 1, "}": -1}.get(token, 0)
            if not level:
                break
            words.append(token[1:] if token[0] == "\\" else token)
        return "".join(word for word in words if word not in "{}")


def _spaced(sign: str, space: float) -> list[Node]:
    return [Gap(space), Glyphs(sign, "upright"), Gap(space)]


def _accented(body: Tree, accent: str) -> list[Node]:
    """The accent goes on the first letter."""
    for place, node in enumerate(body):
        if isinstance(node, Glyphs) and node.text:
            text = unicodedata.normalize("NFC", node.text[0] + accent) + node.text[1:]
            return [*body[:place], Glyphs(text, node.style), *body[place + 1 :]]
    return list(body)


def _bracketed(body: Tree) -> Tree:
    """In brackets, unless it is a single sign."""
    if len(body) == 1:
        return body
    return (Glyphs("(", "upright"), *body, Glyphs(")", "upright"))
