"""Canonical spellings of names that come as trees from a reader of formulas, or as flat text (``w_jk^l``)."""

from __future__ import annotations

import re
from collections.abc import Callable

from symbackprop.expression import Apply, Expression, Name, Number
from symbackprop.notation.canonical import ACCENTS, BOLD, GREEK, canonical, joined

_COMMANDS = frozenset({*GREEK, "ell", "cdot", "prime", "top"})
_ACCENT = "|".join(ACCENTS)
_FLAT = re.compile(
    rf"(d?(?:{_ACCENT})\([A-Za-z]+\)|[A-Za-z]+\d*)(?:_([^\^'\[]*))?(?:\^(\[[^']*|[^'\[]*))?('*)(\[.*\])?"
)
_SUPERSCRIPT_FIRST = re.compile(r"([^_^]+)\^([^_^']+)('*)_([^_^\[]+)(\[.*\])?")
_BESIDE_BRACKET = re.compile(r"(?<=[)\]]),|,(?=[(\[])")
_ACCENTED = re.compile(rf"(d?)({_ACCENT})\((d?)([A-Za-z]+)\)")


def of_tree(tree: Expression) -> str:
    """The canonical spelling of a name that was read; "" for a tree that is no name."""
    if isinstance(tree, Number):
        return tree.text
    if isinstance(tree, Name):
        return _name(tree)
    if not isinstance(tree, Apply):
        return ""
    parts = [of_tree(part) for part in tree.arguments]
    if not all(parts):
        return ""
    write = _APPLIED.get(tree.operator)
    return write(parts) if write else ""


def _name(name: Name) -> str:
    text = _styled(name)
    scripts = {"_": name.subscript, "^": name.superscript}
    for sign, script in scripts.items():
        inner = "" if script is None else of_tree(script)
        if script is not None and not inner:
            return ""
        inner = joined([inner, *(["\\prime"] * name.primes if sign == "^" else [])])
        text += f"{sign}{{{inner}}}" if inner else ""
    return text


def _styled(name: Name) -> str:
    """The head in its fonts and accents; the d of dW stands before them."""
    is_differential = name.style and name.head[:1] == "d" and len(name.head) > 1 and name.head not in _COMMANDS
    differential = "d" if is_differential else ""
    text = _head(name.head.removeprefix(differential))
    for style in reversed(name.style.split()):
        if style in ACCENTS or style in BOLD:
            text = canonical(f"\\{style}{{{text}}}")
    return differential + text


def _head(head: str) -> str:
    if head in _COMMANDS:
        return f"\\{head}"
    return f"d\\{head[1:]}" if head[:1] == "d" and head[1:] in _COMMANDS else head


def _sequence(parts: list[str]) -> str:
    """Items with commas between them; brackets stand side by side."""
    text = parts[0]
    for part in parts[1:]:
        beside = text[-1] in ")]" or part[0] in "(["
        text += part if beside else f",{part}"
    return text


def _sum(parts: list[str]) -> str:
    return "+".join(parts).replace("+-", "-")


def _index(parts: list[str]) -> str:
    return f"{parts[0]}[{','.join(parts[1:])}]"


def _in_brackets(opening: str, closing: str) -> Callable[[list[str]], str]:
    return lambda parts: joined([opening, parts[0], closing])


_APPLIED: dict[str, Callable[[list[str]], str]] = {
    "sequence": _sequence,
    "multiply": joined,
    "add": _sum,
    "negate": lambda parts: f"-{parts[0]}",
    "index": _index,
    "call": lambda parts: f"{parts[0]}({','.join(parts[1:])})",
    "group": _in_brackets("(", ")"),
    "bracket": _in_brackets("[", "]"),
    "angle": _in_brackets("\\langle", "\\rangle"),
}


def of_text(text: str) -> str:
    """The canonical spelling of TeX, or of flat text: what has neither a brace nor a command may be either."""
    if "\\" in text or "{" in text:
        return canonical(text)
    flat = "".join(text.split())
    if turned := _SUPERSCRIPT_FIRST.fullmatch(flat):
        flat = "".join((turned[1], "_", turned[4], "^", turned[2], turned[3], turned[5] or ""))
    found = _FLAT.fullmatch(flat)
    if found is None:
        return canonical(text)
    head, below, above, primes, index = found.groups()
    accented = _ACCENTED.fullmatch(head)
    start = f"{accented[1] or accented[3]}\\{accented[2]}{{{accented[4]}}}" if accented else _head(head)
    lower = f"_{{{','.join(map(of_text, below.split(',')))}}}" if below else ""
    upper = f"^{{{_BESIDE_BRACKET.sub('', above or '')}{primes}}}" if above or primes else ""
    return canonical(f"{start}{lower}{upper}{index or ''}")
