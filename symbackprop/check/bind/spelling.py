"""Names as TeX again, so that a notation can read them."""

from __future__ import annotations

import re

from symbackprop.expression import Apply, Expression, Name, Number
from symbackprop.latex.reader_symbols import GREEK

_COMMANDS = frozenset(GREEK) | {"ell", "top", "prime", "infty", "cdot"}
_OPEN = {"group": ("(", ")"), "bracket": ("[", "]"), "brace": ("\\{", "\\}")}
_INFIX = {"divide": "/", "star": "*", "dot": "\\cdot ", "times": "\\times ", "equal": "=", "multiply": ""}


def spelling(name: Name) -> str:
    """The TeX of a name with its scripts: ``w^{l}_{jk}`` and ``w_{jk}^l`` come out alike."""
    text = head_spelling(name)
    if name.subscript is not None:
        text += f"_{{{script_spelling(name.subscript)}}}"
    above = script_spelling(name.superscript) if name.superscript is not None else ""
    above += "\\prime" * name.primes
    return text + (f"^{{{above}}}" if above else "")


def head_spelling(name: Name) -> str:
    """The head in its fonts and accents."""
    text = _command(name.head) if not _is_typed(name) else name.head
    if name.head[:1] == "d" and name.head[1:] in _COMMANDS:
        text = "d" + _command(name.head[1:])
    elif name.head.startswith("Delta") and len(name.head) > 5:
        text = "\\Delta " + _command(name.head[5:])
    for style in reversed(name.style.split()):
        text = f"\\{style}{{{text}}}"
    return text


def _is_typed(name: Name) -> bool:
    """Whether the head was typed letter by letter: the indices p and i are not π."""
    return name.span is not None and name.span.end - name.span.start == len(name.head) and len(name.head) > 1


def _command(head: str) -> str:
    return "\\" + head if head in _COMMANDS else head


def script_spelling(tree: Expression) -> str:
    """The TeX of a subscript or superscript, without spaces or decorations."""
    if isinstance(tree, Number):
        return tree.text
    if isinstance(tree, Name):
        return spelling(tree)
    if not isinstance(tree, Apply):
        return str(tree)
    parts = [script_spelling(argument) for argument in tree.arguments]
    if tree.operator in _OPEN:
        return parts[0].join(_OPEN[tree.operator])
    if tree.operator == "sequence":
        return _listed(tree, parts)
    if tree.operator == "add":
        return "".join(part if part.startswith("-") or not place else f"+{part}" for place, part in enumerate(parts))
    if tree.operator == "negate":
        return f"-{parts[0]}"
    return _INFIX.get(tree.operator, ",").join(parts)


def _listed(tree: Apply, parts: list[str]) -> str:
    """Indices with commas, unless a bracket stands among them (``[l](i)``) or they are single commands."""
    bracketed = any(isinstance(part, Apply) and part.operator in _OPEN for part in tree.arguments)
    return ("" if bracketed else ",").join(parts)


_NEEDLESS = re.compile(r"([_^])\{([A-Za-z0-9+])\}")


def shown(name: Name) -> str:
    """The spelling for a reader: no braces around a single character."""
    return _NEEDLESS.sub(r"\1\2", spelling(name))
