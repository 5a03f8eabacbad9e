"""Between the expression tree and SymPy, both ways. Importing this starts SymPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import sympy

from symbackprop.expression import (
    Apply,
    Expression,
    Number,
    Symbol,
    add,
    divide,
    multiply,
    negate,
    power,
)
from symbackprop.functions.abstract import sympy_function

# ---- SymPy -> tree ----------------------------------------------------------------------------


def to_tree(expression: sympy.Expr, names: Mapping[sympy.Symbol, Expression]) -> Expression:
    """The tree of a SymPy expression, in the order people write: constants, then as ``names`` lists them."""
    order = {symbol: position for position, symbol in enumerate(names)}
    return _tree(expression, names, order)


def _tree(expression: Any, names: Mapping[Any, Expression], order: Mapping[Any, int]) -> Expression:
    if expression in names:
        return names[expression]
    if expression.is_Rational:
        return _rational(expression)
    rule = _FROM_SYMPY.get(type(expression).__name__)
    if rule is None and expression.is_Function:
        rule = _function
    if rule is None:
        raise ValueError(f"no tree for {type(expression).__name__}: {expression}")
    return rule(expression, names, order)


def _rational(value: Any) -> Expression:
    if value.p < 0:
        return negate(_rational(-value))
    number = Number(str(value.p))
    return number if value.q == 1 else divide(number, Number(str(value.q)))


def _first(expression: Any, order: Mapping[Any, int]) -> int:
    return min((order[symbol] for symbol in expression.free_symbols if symbol in order), default=-1)


def _sum(expression: Any, names: Mapping[Any, Expression], order: Mapping[Any, int]) -> Expression:
    def place(term: Any) -> tuple[bool, int, str]:
        return bool(term.could_extract_minus_sign()), _first(term, order), str(term)

    return add(*(_tree(term, names, order) for term in sorted(expression.args, key=place)))


def _product(expression: Any, names: Mapping[Any, Expression], order: Mapping[Any, int]) -> Expression:
    coefficient, rest = expression.as_coeff_Mul(rational=True)
    if coefficient < 0:
        return negate(_tree(-expression, names, order))
    above: list[Any] = []
    below: list[Any] = []
    for factor in sympy.Mul.make_args(rest):
        inverse = factor.is_Pow and factor.exp.could_extract_minus_sign() and factor.exp.is_Rational
        (below if inverse else above).append(1 / factor if inverse else factor)
    for factor in above:
        # SymPy writes x/√2 as √2·x/2; people do not.
        if factor.is_Pow and factor.exp == sympy.Rational(1, 2) and factor.base == coefficient.q != 1:
            above.remove(factor)
            below.insert(0, factor)
            coefficient *= coefficient.q
            break

    def place(factor: Any) -> tuple[bool, int, str]:
        return factor.is_Add, _first(factor, order), str(factor)

    numerator = [_tree(factor, names, order) for factor in sorted(above, key=place)]
    denominator = [_tree(factor, names, order) for factor in sorted(below, key=place)]
    if not denominator:
        return multiply(_rational(coefficient), *numerator)
    if coefficient.q != 1:
        denominator.insert(0, Number(str(coefficient.q)))
    return divide(multiply(Number(str(coefficient.p)), *numerator), multiply(*denominator))


def _power(expression: Any, names: Mapping[Any, Expression], order: Mapping[Any, int]) -> Expression:
    base, exponent = expression.base, expression.exp
    if exponent.is_Rational and exponent < 0:
        return divide(Number("1"), _tree(base ** (-exponent), names, order))
    if exponent == sympy.Rational(1, 2):
        return Apply("sqrt", (_tree(base, names, order),))
    return power(_tree(base, names, order), _tree(exponent, names, order))


def _cases(expression: Any, names: Mapping[Any, Expression], order: Mapping[Any, int]) -> Expression:
    arguments: list[Expression] = []
    for value, condition in expression.args:
        arguments.append(_tree(value, names, order))
        if condition is not sympy.true:
            arguments.append(_tree(condition, names, order))
    return Apply("cases", tuple(arguments))


def _relation(operator: str) -> Callable[..., Expression]:
    def convert(expression: Any, names: Mapping[Any, Expression], order: Mapping[Any, int]) -> Expression:
        return Apply(operator, (_tree(expression.lhs, names, order), _tree(expression.rhs, names, order)))

    return convert


def _function(expression: Any, names: Mapping[Any, Expression], order: Mapping[Any, int]) -> Expression:
    arguments = tuple(_tree(argument, names, order) for argument in expression.args)
    head = getattr(type(expression), "head", None)
    if head is not None:  # an abstract function carries its name
        return Apply("call", (head, *arguments))
    known = _SYMPY_FUNCTIONS.get(type(expression).__name__)
    if known is None:
        raise ValueError(f"no operator for the function {expression.func}")
    return Apply(known, arguments)


_SYMPY_FUNCTIONS = {
    "exp": "exp",
    "log": "log",
    "tanh": "tanh",
    "sinh": "sinh",
    "cosh": "cosh",
    "erf": "erf",
    "sign": "sign",
    "Abs": "absolute",
    "Max": "maximum",
}

_FROM_SYMPY: dict[str, Callable[..., Expression]] = {
    "Add": _sum,
    "Mul": _product,
    "Pow": _power,
    "Piecewise": _cases,
    "StrictGreaterThan": _relation("greater"),
    "GreaterThan": _relation("greater_equal"),
    "StrictLessThan": _relation("less"),
    "LessThan": _relation("less_equal"),
    "Pi": lambda expression, names, order: Symbol("pi"),
}


# ---- tree -> SymPy ----------------------------------------------------------------------------


def to_sympy(expression: Expression, name: Callable[[Symbol], sympy.Expr]) -> sympy.Expr:
    """The SymPy expression of a tree; ``name`` gives what stands for a quantity."""
    if isinstance(expression, Number):
        return sympy.Rational(expression.value.numerator, expression.value.denominator)
    if isinstance(expression, Symbol):
        return sympy.pi if expression.kind == "pi" else name(expression)
    if isinstance(expression, Apply) and expression.operator == "call":
        head, *arguments = expression.arguments
        return sympy_function(head)(*(to_sympy(argument, name) for argument in arguments))
    if isinstance(expression, Apply) and expression.operator in _TO_SYMPY:
        return _TO_SYMPY[expression.operator](*(to_sympy(argument, name) for argument in expression.arguments))
    raise ValueError(f"no SymPy expression for {expression}")


def _piecewise(*arguments: Any) -> Any:
    pairs = list(zip(arguments[::2], arguments[1::2], strict=False))
    if len(arguments) % 2:
        pairs.append((arguments[-1], True))
    return sympy.Piecewise(*pairs)


_TO_SYMPY: dict[str, Callable[..., Any]] = {
    "add": sympy.Add,
    "multiply": sympy.Mul,
    "hadamard": sympy.Mul,
    "negate": lambda value: -value,
    "divide": lambda numerator, denominator: numerator / denominator,
    "power": sympy.Pow,
    "cases": _piecewise,
    "sqrt": sympy.sqrt,
    "group": lambda inner: inner,
    "greater": sympy.Gt,
    "greater_equal": sympy.Ge,
    "less": sympy.Lt,
    "less_equal": sympy.Le,
    "exp": sympy.exp,
    "log": sympy.log,
    "tanh": sympy.tanh,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "erf": sympy.erf,
    "sign": sympy.sign,
    "absolute": sympy.Abs,
    "maximum": lambda *values: reduce(sympy.Max, values),
}
