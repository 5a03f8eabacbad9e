"""Printing rules for arrays and indices: sums, deltas, matrices, derivatives, functions by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symbackprop.expression import Apply, Expression, Symbol
from symbackprop.latex.binding import (
    ATOM,
    HADAMARD,
    OPEN,
    POWER,
    PRODUCT,
    Printed,
    begins_with,
    braced,
    bracketed,
    closing_brace,
    top_level,
)
from symbackprop.latex.printer_names import function_tex
from symbackprop.latex.printer_scalars import raised

if TYPE_CHECKING:
    from symbackprop.latex.printer import Printer


def _sum(printer: Printer, expression: Apply) -> Printed:
    """Everything behind the sign belongs to the sum, up to the next plus or minus."""
    body, *bounds = expression.arguments
    sign = "\\sum"
    if bounds:
        sign += f"_{{{' = '.join(printer.tex(part) for part in bounds[:2])}}}".replace(" = ", "=")
    if len(bounds) > 2:
        sign += f"^{braced(printer.tex(bounds[2]))}"
    return f"{sign} {printer.at(body, OPEN)}", OPEN


def _kronecker(printer: Printer, expression: Apply) -> Printed:
    return f"{printer.kronecker}_{{{_indices(printer, expression.arguments)}}}", ATOM


def _indices(printer: Printer, indices: tuple[Expression, ...]) -> str:
    """Indices side by side, with commas where one is longer than a character."""
    written = [printer.tex(index).replace(" ", "") for index in indices]
    return ("" if all(len(index) == 1 for index in written) else ",").join(written)


def _indicator(printer: Printer, expression: Apply) -> Printed:
    return f"\\mathbb{{1}}[{printer.tex(expression.arguments[0])}]", ATOM


def _partial(printer: Printer, expression: Apply) -> Printed:
    of, by = expression.arguments
    above = printer.at(of, ATOM if isinstance(of, Apply) else PRODUCT)
    below = printer.at(by, ATOM if isinstance(by, Apply) else PRODUCT)
    return f"\\frac{{\\partial {above}}}{{\\partial {below}}}", ATOM


def _gradient(printer: Printer, expression: Apply) -> Printed:
    of = printer.at(expression.arguments[0], POWER)
    by = "".join(f"_{braced(printer.tex(part))}" for part in expression.arguments[1:])
    return f"\\nabla{by} {of}", POWER


def _hadamard(printer: Printer, expression: Apply) -> Printed:
    return f" {printer.hadamard} ".join(printer.at(part, POWER) for part in expression.arguments), HADAMARD


def _matrix_product(printer: Printer, expression: Apply) -> Printed:
    sign = f" {printer.matrix_product} " if printer.matrix_product else " "
    return sign.join(printer.at(part, POWER) for part in expression.arguments), PRODUCT


def _transpose(printer: Printer, expression: Apply) -> Printed:
    base = expression.arguments[0]
    if printer.transposed_inside and isinstance(base, Symbol):
        tex, _ = printer.printed(base)
        place = closing_brace(tex, top_level(tex, "^") + 1)
        if place >= 0:
            return f"{tex[:place]}{printer.transposed}{tex[place:]}", POWER
    base_tex = raised(printer, base)
    if begins_with(base_tex, "\\frac"):  # an adjoint that has no name of its own
        base_tex = bracketed(base_tex)
    return f"{base_tex}^{braced(printer.transposed)}", POWER


def _matrix(printer: Printer, expression: Apply) -> Printed:
    rows = (part.arguments if isinstance(part, Apply) and part.operator == "row" else (part,) for part in
            expression.arguments)  # fmt: skip
    written = (" & ".join(printer.tex(entry) for entry in row) for row in rows)
    return "\\begin{bmatrix} " + " \\\\ ".join(written) + " \\end{bmatrix}", ATOM


def _row(printer: Printer, expression: Apply) -> Printed:
    return _matrix(printer, Apply("matrix", (expression,)))


def _call(printer: Printer, expression: Apply) -> Printed:
    head, *arguments = expression.arguments
    inner = ", ".join(printer.tex(argument) for argument in arguments)
    return f"{function_tex(printer, head)}{bracketed(inner)}", POWER


def _derivative(printer: Printer, expression: Apply) -> Printed:
    """f' of a function's name; unless the notation has a name for it, the prime stands before the scripts: ``f'_l``."""
    head = expression.arguments[0]
    if isinstance(head, Symbol):
        named = Symbol(head.kind, head.position, head.indices, "derivative")
        if printer.names(named):
            return printer.printed(named)[0], POWER
    tex = function_tex(printer, head)
    place = top_level(tex, "_^")
    return (f"{tex}'" if place < 0 else f"{tex[:place]}'{tex[place:]}"), POWER


def _space(printer: Printer, expression: Apply) -> Printed:
    sizes = " \\times ".join(printer.at(size, PRODUCT) for size in expression.arguments)
    return f"\\mathbb{{R}}^{braced(sizes)}" if sizes else "\\mathbb{R}", POWER


ARRAY_RULES: dict[str, Callable[[Printer, Apply], Printed]] = {
    "sum": _sum,
    "kronecker": _kronecker,
    "indicator": _indicator,
    "partial": _partial,
    "gradient": _gradient,
    "hadamard": _hadamard,
    "matrix_product": _matrix_product,
    "transpose": _transpose,
    "matrix": _matrix,
    "row": _row,
    "call": _call,
    "derivative": _derivative,
    "space": _space,
}
