"""Python source from expression trees: one table serves doubles, mpmath and exported scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symbackprop.expression import Apply, Expression, Number, Symbol

Names = Mapping[Symbol, str]

LONGEST_SUM = 128


def source(expression: Expression, names: Names, number: Callable[[str], str] = str) -> str:
    """A Python expression. ``names`` gives the variable of a quantity, ``number`` spells a constant."""
    if isinstance(expression, Symbol):
        return "pi" if expression.kind == "pi" else names[expression]
    if isinstance(expression, Number):
        text = number(expression.text)
        return f"({text})" if text.startswith("-") else text
    if isinstance(expression, Apply) and expression.operator == "add":
        return f"({_sum([_signed(term, names, number) for term in expression.arguments])})"
    if isinstance(expression, Apply) and expression.operator in _WRITERS:
        return _WRITERS[expression.operator](*(source(part, names, number) for part in expression.arguments))
    raise ValueError(f"no Python source for {expression}")


def _signed(term: Expression, names: Names, number: Callable[[str], str]) -> tuple[str, str]:
    """A term of a sum, with its sign apart: what is added with a minus is subtracted."""
    if isinstance(term, Apply) and term.operator == "negate":
        return "-", source(term.arguments[0], names, number)
    return "+", source(term, names, number)


def _sum(terms: list[tuple[str, str]]) -> str:
    """Terms with their signs. Long sums are bracketed in groups: Python's compiler nests a level for every sign."""
    if len(terms) > LONGEST_SUM:
        groups = [terms[start : start + LONGEST_SUM] for start in range(0, len(terms), LONGEST_SUM)]
        return _sum([("+", f"({_sum(group)})") for group in groups])
    (sign, first), *rest = terms
    return ("-" if sign == "-" else "") + first + "".join(f" {sign} {text}" for sign, text in rest)


def _joined(operator: str) -> Callable[..., str]:
    return lambda *parts: "(" + f" {operator} ".join(parts) + ")"


def _call(function: str) -> Callable[..., str]:
    return lambda *parts: f"{function}({', '.join(parts)})"


def _power(base: str, exponent: str) -> str:
    return f"{base}**{exponent}" if exponent not in ("2", "mpf('2')") else f"({base} * {base})"


def _cases(*parts: str) -> str:
    text = parts[-1] if len(parts) % 2 else "nan"
    for position in range(len(parts) - len(parts) % 2 - 2, -1, -2):
        text = f"({parts[position]} if {parts[position + 1]} else {text})"
    return text


def _maximum(*parts: str) -> str:
    return f"max({', '.join(parts)})" if len(parts) > 1 else parts[0]


FUNCTIONS = ("exp", "log", "log1p", "softplus", "tanh", "sinh", "cosh", "erf", "sqrt", "sign")

_WRITERS: dict[str, Callable[..., str]] = {
    "multiply": _joined("*"),
    "hadamard": _joined("*"),
    "divide": _joined("/"),
    "negate": lambda term: f"(-{term})",
    "power": _power,
    "cases": _cases,
    "group": lambda inner: inner,
    "greater": _joined(">"),
    "greater_equal": _joined(">="),
    "less": _joined("<"),
    "less_equal": _joined("<="),
    "absolute": _call("abs"),
    "maximum": _maximum,
    **{name: _call(name) for name in FUNCTIONS},
}
