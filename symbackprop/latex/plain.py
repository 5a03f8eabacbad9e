"""Expression trees to plain text, as one types mathematics: ``dE/dw5 = delta_o1 * out_h1``."""

from __future__ import annotations

from collections.abc import Callable

from symbackprop.expression import Apply, Chain, Expression, Name, Number, Symbol

SUM, PRODUCT, POWER, ATOM = range(4)

Spell = Callable[[Symbol], str]


def plain_text(mathematics: Expression | Chain, spell: Spell) -> str:
    """The text of an expression or a chain; ``spell`` gives a quantity's plain name."""
    if isinstance(mathematics, Chain):
        parts = [plain_text(mathematics.expressions[0], spell)]
        for relation, member in zip(mathematics.relations, mathematics.expressions[1:], strict=True):
            parts.append(f" {relation} {plain_text(member, spell)}")
        return "".join(parts)
    return _text(mathematics, spell)[0]


def _text(expression: Expression, spell: Spell) -> tuple[str, int]:
    if isinstance(expression, Symbol):
        return ("pi" if expression.kind == "pi" else spell(expression)), ATOM
    if isinstance(expression, Number):
        return expression.text, SUM if expression.text.startswith("-") else ATOM
    if isinstance(expression, Name):
        return expression.head, ATOM
    operator, arguments = expression.operator, expression.arguments
    if operator == "add":
        terms = [_at(arguments[0], SUM, spell)]
        for term in arguments[1:]:
            negative = isinstance(term, Apply) and term.operator == "negate"
            inner = term.arguments[0] if isinstance(term, Apply) and negative else term
            terms.append(f" {'-' if negative else '+'} {_at(inner, PRODUCT, spell)}")
        return "".join(terms), SUM
    if operator == "negate":
        return f"-{_at(arguments[0], PRODUCT, spell)}", SUM
    if operator in ("multiply", "hadamard"):
        return " * ".join(_at(factor, PRODUCT, spell) for factor in arguments), PRODUCT
    if operator == "divide":
        return f"{_at(arguments[0], PRODUCT, spell)} / {_at(arguments[1], ATOM, spell)}", PRODUCT
    if operator == "power":
        return f"{_at(arguments[0], ATOM, spell)}^{_at(arguments[1], ATOM, spell)}", POWER
    if operator == "partial":
        return "/".join(f"d{_at(part, ATOM, spell)}" for part in arguments), POWER
    if operator in _SIGNS:
        return _SIGNS[operator].join(_at(part, PRODUCT, spell) for part in arguments), SUM
    return f"{_NAMES.get(operator, operator)}({', '.join(plain_text(part, spell) for part in arguments)})", ATOM


def _at(expression: Expression, level: int, spell: Spell) -> str:
    text, binding = _text(expression, spell)
    return text if binding >= level else f"({text})"


_SIGNS = {"greater": " > ", "greater_equal": " >= ", "less": " < ", "less_equal": " <= ", "equal": " = "}
_NAMES = {"absolute": "abs", "maximum": "max", "group": ""}
