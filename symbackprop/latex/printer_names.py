"""Printing of names as they were read, and of the names of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop.expression import Expression, Name
from symbackprop.latex.binding import ATOM, POWER, Printed, braced
from symbackprop.latex.reader_symbols import GREEK

if TYPE_CHECKING:
    from symbackprop.latex.printer import Printer

_COMMANDS = frozenset(
    {*GREEK, "ell", "infty", "top", "cdot", "dots", "prime", "nabla", "partial", "dagger", "emptyset"}
)

FUNCTIONS = {
    "sigmoid": "\\sigma",
    "tanh": "\\tanh",
    "relu": "\\mathrm{ReLU}",
    "leaky_relu": "\\mathrm{LeakyReLU}",
    "elu": "\\mathrm{ELU}",
    "gelu": "\\mathrm{GELU}",
}
"""How functions known by a name are spelled; any other name is set upright."""


def name_tex(printer: Printer, name: Name) -> Printed:
    """A name with its style, primes and scripts."""
    tex = head_tex(name.head)
    for style in reversed(name.style.split()):
        tex = f"\\{style}{{{tex}}}"
    tex += "'" * name.primes
    if name.subscript is not None:
        tex += "_" + braced(printer.tex(name.subscript))
    if name.superscript is None:
        return tex, POWER if name.primes else ATOM
    return f"{tex}^{braced(printer.tex(name.superscript))}", POWER


def head_tex(head: str) -> str:
    """``delta`` is a command, ``domega`` is d and a command, ``net`` stays as it is."""
    if head in _COMMANDS:
        return f"\\{head}"
    if head.startswith("d") and head[1:] in _COMMANDS:
        return f"d\\{head[1:]}"
    if head.startswith("Delta"):
        return f"\\Delta {head_tex(head[5:])}"
    return head


def function_tex(printer: Printer, head: Expression) -> str:
    """The name of a function that is called: a quantity's name, a letter, or a word."""
    if isinstance(head, Name) and head.subscript is None and head.superscript is None and not head.style:
        plain = FUNCTIONS.get(head.head)
        if plain is None and len(head.head) > 1 and head.head not in _COMMANDS:
            plain = f"\\mathrm{{{head.head.replace('_', '')}}}"
        if plain is not None:
            return plain + "'" * head.primes
    return printer.tex(head)
