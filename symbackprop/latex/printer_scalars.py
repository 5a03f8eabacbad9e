"""Printing rules for scalar mathematics: arithmetic, functions, comparisons, case distinctions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symbackprop.expression import Apply, Expression, Number, Symbol
from symbackprop.latex.binding import (
    ATOM,
    HADAMARD,
    OPEN,
    POWER,
    PRODUCT,
    RELATION,
    SIGN,
    SUM,
    Printed,
    begins_with,
    braced,
    bracketed,
)

if TYPE_CHECKING:
    from symbackprop.latex.printer import Printer


def _add(printer: Printer, expression: Apply) -> Printed:
    first, *rest = expression.arguments
    parts = [printer.at(first, SUM)]
    for term in rest:
        if isinstance(term, Apply) and term.operator == "negate":
            parts.append(" - " + printer.at(term.arguments[0], HADAMARD))
        else:
            parts.append(" + " + printer.at(term, HADAMARD))
    return "".join(parts), SUM


def _negate(printer: Printer, expression: Apply) -> Printed:
    return "-" + printer.at(expression.arguments[0], HADAMARD), SIGN


def _multiply(printer: Printer, expression: Apply) -> Printed:
    factors = expression.arguments
    sign, first = "", factors[0]
    if isinstance(first, Apply) and first.operator == "negate":
        sign, first = "-", first.arguments[0]
    # Only the first factor may begin with a sign, and only the last one may be open at its end.
    tex, binding = printer.printed(first)
    if isinstance(first, Number) and binding == SIGN and not sign:
        sign, tex, binding = "-", tex[1:], PRODUCT
    parts = [tex if binding >= PRODUCT and not _is_matrix_product(first, len(factors) == 1) else bracketed(tex)]
    previous = first
    for place, factor in enumerate(factors[1:], start=2):
        tex, binding = printer.printed(factor)
        if binding <= PRODUCT:
            last = place == len(factors)
            if binding < (OPEN if last else PRODUCT) or _is_matrix_product(factor, last):
                tex, binding = bracketed(tex), ATOM
        parts.append(_between(printer, previous, factor, tex))
        parts.append(tex)
        previous = factor
    if sign:
        return sign + "".join(parts), SIGN
    return "".join(parts), OPEN if binding == OPEN else PRODUCT


def _is_matrix_product(factor: Expression, last: bool) -> bool:
    """Whether a factor is a product of matrices (here a number, such as aᵀb) that others follow."""
    return not last and isinstance(factor, Apply) and factor.operator == "matrix_product"


def _between(printer: Printer, left: Expression, right: Expression, right_tex: str) -> str:
    """The sign of a product: none before a bracket, always one between numbers."""
    begins = right_tex[0]
    command = right_tex if begins == "\\" else ""
    if begins == "(" or command.startswith("\\left("):
        return " \\cdot " if isinstance(left, Number) or isinstance(right, Number) else ""
    if begins.isdigit() or (command.startswith("\\frac") and _is_constant(_leading(right))):
        return " \\cdot "
    if _is_constant(left):
        return " "
    if printer.product:
        return f" {printer.product} "
    # An upright word would run into what stands before it.
    return " \\thinspace " if begins_with(right_tex, "\\mathrm") else " "


def _leading(expression: Expression) -> Expression:
    """What a product begins with."""
    while isinstance(expression, Apply) and expression.operator in ("multiply", "hadamard", "matrix_product"):
        expression = expression.arguments[0]
    return expression


def _is_constant(expression: Expression) -> bool:
    if isinstance(expression, Apply) and expression.operator == "divide":
        return all(isinstance(part, Number) for part in expression.arguments)
    return isinstance(expression, Number)


def _divide(printer: Printer, expression: Apply) -> Printed:
    above, below = (printer.tex(part) for part in expression.arguments)
    return f"\\frac{{{above}}}{{{below}}}", ATOM


def _power(printer: Printer, expression: Apply) -> Printed:
    base, exponent = expression.arguments
    script = braced(printer.tex(exponent))
    if isinstance(base, Apply) and base.operator in _HYPERBOLIC and _is_count(exponent):
        return f"\\{base.operator}^{script}{bracketed(printer.tex(base.arguments[0]))}", POWER
    return f"{raised(printer, base)}^{script}", POWER


def raised(printer: Printer, base: Expression) -> str:
    """A base that can take a superscript: what is tall, or has a superscript already, gets brackets."""
    tex = printer.at(base, ATOM)
    return bracketed(tex) if isinstance(base, Apply) and base.operator in _TALL else tex


_TALL = frozenset({"divide", "partial", "cases"})
_HYPERBOLIC = frozenset({"tanh", "sinh", "cosh"})


def _is_count(expression: Expression) -> bool:
    return isinstance(expression, Number) and expression.text.isdigit()


def _exponential(printer: Printer, expression: Apply) -> Printed:
    return f"e^{braced(printer.tex(expression.arguments[0]))}", POWER


def _function(name: str) -> Callable[[Printer, Apply], Printed]:
    def rule(printer: Printer, expression: Apply) -> Printed:
        inner = ", ".join(printer.tex(argument) for argument in expression.arguments)
        return f"{name}{bracketed(inner)}", POWER

    return rule


def _logarithm(printer: Printer, expression: Apply) -> Printed:
    argument = expression.arguments[0]
    if isinstance(argument, Symbol | Number):
        tex, binding = printer.printed(argument)
        if binding >= POWER and not tex.startswith("\\frac"):
            return f"{printer.log} {tex}", OPEN
    return f"{printer.log} {bracketed(printer.tex(argument))}", POWER


def _root(printer: Printer, expression: Apply) -> Printed:
    return f"\\sqrt{{{printer.tex(expression.arguments[0])}}}", ATOM


def _absolute(printer: Printer, expression: Apply) -> Printed:
    return f"\\lvert {printer.tex(expression.arguments[0])} \\rvert", ATOM


def _relation(sign: str) -> Callable[[Printer, Apply], Printed]:
    def rule(printer: Printer, expression: Apply) -> Printed:
        return sign.join(printer.at(part, SUM) for part in expression.arguments), RELATION

    return rule


def _cases(printer: Printer, expression: Apply) -> Printed:
    """Branches with their conditions; the last branch without one gets the opposite of the only other."""
    arguments = list(expression.arguments)
    if len(arguments) == 3 and isinstance(arguments[1], Apply):
        opposite = Apply(_OPPOSITE[arguments[1].operator], arguments[1].arguments)
        arguments.append(opposite)
    rows = []
    for position in range(0, len(arguments), 2):
        row = printer.tex(arguments[position])
        if position + 1 < len(arguments):
            row += f", & {printer.tex(arguments[position + 1])}"
        rows.append(row)
    return "\\begin{cases} " + " \\\\ ".join(rows) + " \\end{cases}", ATOM


_OPPOSITE = {
    "greater": "less_equal",
    "greater_equal": "less",
    "less": "greater_equal",
    "less_equal": "greater",
    "equal": "not_equal",
    "not_equal": "equal",
}


def _group(printer: Printer, expression: Apply) -> Printed:
    return bracketed(printer.tex(expression.arguments[0])), ATOM


SCALAR_RULES: dict[str, Callable[[Printer, Apply], Printed]] = {
    "add": _add,
    "negate": _negate,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "exp": _exponential,
    "log": _logarithm,
    "sqrt": _root,
    "absolute": _absolute,
    "cases": _cases,
    "group": _group,
    "tanh": _function("\\tanh"),
    "sinh": _function("\\sinh"),
    "cosh": _function("\\cosh"),
    "erf": _function("\\mathrm{erf}"),
    "sign": _function("\\mathrm{sign}"),
    "maximum": _function("\\max"),
    "less": _relation(" < "),
    "less_equal": _relation(" \\le "),
    "greater": _relation(" > "),
    "greater_equal": _relation(" \\ge "),
    "equal": _relation(" = "),
    "not_equal": _relation(" \\neq "),
}
