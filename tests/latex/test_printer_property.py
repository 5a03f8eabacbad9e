"""Whatever tree is printed, the reader understands what was meant: same value before and after."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.describe import describe

from symbackprop.expression import ONE, Apply, Expression, Name, Number, Symbol
from symbackprop.latex.printer import Printer
from symbackprop.latex.reader import read

SPELLINGS = {
    Symbol("a"): "x",
    Symbol("b"): "y_{1}",
    Symbol("c"): "w_5^+",
    Symbol("d"): "z^{l}_{jk}",
    Symbol("e"): "\\eta",
    Symbol("f"): "out_{h1}",
}
VALUES = dict(zip(SPELLINGS.values(), (0.7, -1.3, 2.1, 0.4, -0.6, 1.7), strict=True))
PRINTERS = (Printer(SPELLINGS.__getitem__), Printer(SPELLINGS.__getitem__, product="\\cdot", log="\\log"))
INDEX = Name("i")

numbers = st.sampled_from(("2", "3", "0.5", "-0.25", "-4", "1.5e-3", "-2e2")).map(Number)
leaves = st.one_of(numbers, st.sampled_from(tuple(SPELLINGS)), st.just(INDEX))


def _apply(operator: str, *parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.tuples(*parts).map(lambda arguments: Apply(operator, arguments))


def _several(operator: str, part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.lists(part, min_size=2, max_size=3).map(lambda arguments: Apply(operator, tuple(arguments)))


def _grown(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    counts = st.sampled_from((Number("2"), Number("3")))
    condition = st.tuples(st.sampled_from(("greater", "less_equal")), part, part).map(lambda p: Apply(p[0], p[1:]))
    return st.one_of(
        _several("add", part),
        _several("multiply", part),
        _several("hadamard", part),
        _apply("negate", part),
        _apply("divide", part, part),
        _apply("power", part, counts),
        *(_apply(operator, part) for operator in ("exp", "log", "sqrt", "tanh", "absolute", "group")),
        _apply("maximum", part, part),
        _apply("sum", part, st.just(INDEX), st.just(ONE), counts),
        _apply("call", st.just(Name("f")), part),
        _apply("call", st.just(Apply("derivative", (Name("f"),))), part),
        st.tuples(part, condition, part).map(lambda p: Apply("cases", p)),
    )


trees = st.recursive(leaves, _grown, max_leaves=12)


@settings(max_examples=600, deadline=None)
@given(trees)
def test_what_is_printed_is_read_with_the_same_value(tree: Expression) -> None:
    meant = value(tree, 1.0)
    assume(meant is not None)
    for printer in PRINTERS:
        tex = printer.tex(tree)
        found = value(only(tex), 1.0)
        assert found == pytest.approx(meant, rel=1e-9, abs=1e-12), tex


def only(tex: str) -> Expression:
    reading = read(tex)
    assert reading.is_read, (tex, [row.problem for row in reading.rows])
    (row,) = reading.statements
    assert row.chain is not None
    (expression,) = row.chain.expressions
    return expression


def value(tree: Expression, index: float) -> Any:
    """The value of a tree, printed or read; None where it has none."""
    try:
        result = _value(tree, {"i": index})
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return result if math.isfinite(result) and abs(result) < 1e12 else None


def _value(tree: Expression, indices: dict[str, float]) -> Any:
    if isinstance(tree, Number):
        return float(tree.text)
    if isinstance(tree, Symbol):
        return VALUES[SPELLINGS[tree]]
    if isinstance(tree, Name):
        return _name(tree, indices)
    if tree.operator == "sum":
        body, index, lower, upper = tree.arguments
        assert isinstance(index, Name)
        bounds = range(int(_value(lower, indices)), int(_value(upper, indices)) + 1)
        return math.fsum(_value(body, {**indices, index.head: float(number)}) for number in bounds)
    if tree.operator == "call":
        head, argument = tree.arguments
        inner = _value(argument, indices)
        if abs(inner) > 1e4:
            raise ValueError  # sine and cosine of large numbers only show rounding
        primed = isinstance(head, Apply) or (isinstance(head, Name) and head.primes == 1)
        return math.cos(inner) if primed else math.sin(inner)
    if tree.operator == "cases":
        *pairs, last = tree.arguments if len(tree.arguments) % 2 else (*tree.arguments, Number("nan"))
        for result, condition in zip(pairs[::2], pairs[1::2], strict=True):
            if _value(condition, indices):
                return _value(result, indices)
        return _value(last, indices)
    return _RULES[tree.operator](*(_value(part, indices) for part in tree.arguments))


def _name(name: Name, indices: dict[str, float]) -> Any:
    """A name that was read: one of the spellings, an index, e, or one of those with an exponent."""
    spelled = {describe(only(spelling)): number for spelling, number in VALUES.items()} | indices | {"e": math.e}
    if describe(name) in spelled:
        return spelled[describe(name)]
    base = Name(name.head, name.subscript, None, name.primes, name.style)
    assert name.superscript is not None
    return spelled[describe(base)] ** _value(name.superscript, indices)


def _product(*values: Any) -> Any:
    return math.prod(values)


def _real_power(base: float, exponent: float) -> float:
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError
    return result


_RULES = {
    "add": lambda *values: sum(values),
    "negate": lambda inner: -inner,
    "divide": lambda above, below: above / below,
    "power": _real_power,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "absolute": abs,
    "maximum": max,
    "greater": lambda left, right: left > right,
    "less_equal": lambda left, right: left <= right,
    **dict.fromkeys(("multiply", "hadamard", "dot", "times", "star"), _product),
    "sequence": _product,  # e^{(a) b}: to the reader, a bracket in a superscript may also list a layer and a sample
    **dict.fromkeys(("group", "bracket", "brace"), lambda inner: inner),
}

# ---- matrices -----------------------------------------------------------------------------------

MATRICES = {
    "A": ((1.0, 2.0), (-0.5, 3.0)),
    "B^{l}": ((0.3, -1.0), (2.0, 0.7)),
    "C^{l+1}": ((1.5, 0.2), (0.4, -2.0)),
}
SYMBOLS = {Symbol("matrix", position): tex for position, tex in enumerate(MATRICES)}
matrix_printer = Printer(SYMBOLS.__getitem__)


def _matrices(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    scalars = st.sampled_from((Number("2"), Number("0.5"), Apply("divide", (ONE, Number("3")))))
    return st.one_of(
        _several("matrix_product", part),
        _several("hadamard", part),
        _several("add", part),
        _apply("transpose", part),
        _apply("negate", part),
        _apply("multiply", scalars, part),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(st.sampled_from(tuple(SYMBOLS)), _matrices, max_leaves=8))
def test_matrices_keep_their_products_and_transposes(tree: Expression) -> None:
    tex = matrix_printer.tex(tree)
    assert np.allclose(_matrix(only(tex), np), _matrix(tree, np)), tex


def _matrix(tree: Expression, np: Any) -> Any:
    if isinstance(tree, Number):
        return float(tree.text)
    if isinstance(tree, Symbol):
        return np.array(MATRICES[SYMBOLS[tree]])
    if isinstance(tree, Name):
        return np.array({describe(only(tex)): array for tex, array in MATRICES.items()}[describe(tree)])
    parts = [_matrix(part, np) for part in tree.arguments]
    if tree.operator in ("multiply", "matrix_product", "dot"):
        result = parts[0]
        for part in parts[1:]:
            result = result @ part if np.ndim(result) and np.ndim(part) else result * part
        return result
    rules = {
        "hadamard": lambda *factors: math.prod(factors[1:], start=factors[0]),
        "add": lambda *terms: sum(terms),
        "transpose": lambda inner: inner.T,
        "negate": lambda inner: -inner,
        "divide": lambda above, below: above / below,
        "group": lambda inner: inner,
    }
    return rules[tree.operator](*parts)
