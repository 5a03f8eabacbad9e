"""Formulas that know what they are made of: every quantity and partial derivative between invisible marks.

A page turns the marks into elements that can be pointed at. Until then they are characters without
width and meaning (private use), so that measuring, bracketing and breaking formulas is not disturbed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from symbackprop.expression import Apply, Expression, Symbol
from symbackprop.figures.keys import key
from symbackprop.latex.binding import MARKS, Printed
from symbackprop.latex.printer import Printer

PLANE = ord(MARKS[0])
"""A key is written in characters shifted to here, which nothing else uses."""
KEY_END, CLOSE = chr(PLANE), chr(PLANE + 1)
MARK = re.compile(f"[{MARKS[0]}-{MARKS[-1]}]")
OPEN = re.compile("([\U000f0020-\U000f007e]+)\U000f0000")
KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class MarkingPrinter(Printer):
    """Prints as another printer does, with marks around every quantity and every ∂a/∂b of single quantities."""

    def printed(self, expression: Expression) -> Printed:
        tex, binding = super().printed(expression)
        name = mark_of(expression)
        return (tex, binding) if name is None or MARK.match(tex) else (f"{opening(name)}{tex}{CLOSE}", binding)


def marking(printer: Printer) -> MarkingPrinter:
    """The printer with marks."""
    return MarkingPrinter(**{field.name: getattr(printer, field.name) for field in fields(printer) if field.init})


def mark_of(expression: Expression) -> str | None:
    """What a page knows the expression by: the key that figures give a quantity, ``of|by`` for a derivative."""
    if isinstance(expression, Apply):
        if expression.operator != "partial":
            return None
        of, by = map(_quantity, expression.arguments)
        return f"{of}|{by}" if of and by else None
    name = _quantity(expression)
    if name is not None and isinstance(expression, Symbol) and expression.variant == "adjoint":
        return f"loss|{name}"
    return name


def _quantity(expression: Expression) -> str | None:
    """The key of a quantity of this network; symbolic layers and indices belong to none."""
    if not isinstance(expression, Symbol):
        return None
    name = key(expression)
    return name if KEY.fullmatch(name) else None


def opening(name: str) -> str:
    """The mark before what has this name."""
    return "".join(chr(PLANE + ord(character)) for character in name) + KEY_END


def without_marks(tex: str) -> str:
    return MARK.sub("", tex)


def with_data(tex: str) -> str:
    """The marks as KaTeX writes data attributes: ``data-quantity`` on what they surround."""
    return OPEN.sub(lambda match: rf"\htmlData{{quantity={_read(match[1])}}}{{", tex).replace(CLOSE, "}")


def _read(name: str) -> str:
    return "".join(chr(ord(character) - PLANE) for character in name)
