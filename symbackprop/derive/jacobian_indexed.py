"""The softmax Jacobian for any i and j at once, with a Kronecker delta."""

from __future__ import annotations

import sympy

from symbackprop.expression import (
    Apply,
    Chain,
    Expression,
    Number,
    Symbol,
    chain,
    divide,
    multiply,
    partial,
    power,
    transform,
    walk,
)
from symbackprop.forms.algebra import to_sympy, to_tree
from symbackprop.forms.indexed import IndexedForm, Letters, Place, entry_at
from symbackprop.forms.kronecker import is_delta
from symbackprop.forms.local import local_derivative
from symbackprop.graph import Node

_TOTAL, _DELTA = sympy.Symbol("total", positive=True), sympy.Symbol("delta", real=True)
_NUMERATORS = sympy.symbols("numerator_i numerator_j", positive=True)
_OUTPUTS = sympy.symbols("output_i output_j", positive=True)


def jacobian_indexed(node: Node, letters: Letters) -> Chain:
    """∂y_i/∂a_j = the quotient rule = the same in outputs = y_i (δ_{ij} - y_j).

    SymPy and the elimination of the delta under the sum give the derivative; e^{a_i} = y_i Σ e^{a},
    put in, gives the rest.
    """
    first = letters.place(node.axes)
    units = node.axes[-1:]
    taken = {index.symbol for index in first.values() if not isinstance(index, int)}
    second = {**first, **letters.place(units, taken)}
    local = local_derivative(IndexedForm(letters), node, first, node.arguments[0], second)
    return chain(partial(local.of, local.by), *_members(local.derived, node, first, second))


def _members(derived: Expression, node: Node, first: Place, second: Place) -> tuple[Expression, ...]:
    """The derivative over a common denominator, with outputs put in, and with the common factor taken out."""
    total = next(part for part in walk(derived) if isinstance(part, Apply) and part.operator == "sum")
    delta = next(part for part in walk(derived) if is_delta(part))
    outputs = [entry_at(node, place) for place in (first, second)]
    exponentials = [Apply("exp", (entry_at(node.arguments[0], place),)) for place in (first, second)]
    standing = dict(zip((total, delta, *exponentials), (_TOTAL, _DELTA, *_NUMERATORS), strict=True))
    marks = {expression: Symbol(name.name) for expression, name in standing.items()}
    found = to_sympy(transform(derived, marks.get), lambda symbol: _of_name(symbol.kind, standing.values()))
    numerator = sympy.expand(found * _TOTAL**2)
    in_outputs = sympy.expand(found.subs({above: y * _TOTAL for above, y in zip(_NUMERATORS, _OUTPUTS, strict=True)}))
    written: dict[sympy.Symbol, Expression] = {_DELTA: delta}
    written |= dict(zip((*_NUMERATORS, _TOTAL, *_OUTPUTS), (*exponentials, total, *outputs), strict=True))
    return (
        divide(to_tree(numerator, written), power(total, Number("2"))),
        to_tree(in_outputs, written),
        multiply(outputs[0], to_tree(sympy.expand(in_outputs / _OUTPUTS[0]), written)),
    )


def _of_name(name: str, known: object) -> sympy.Symbol:
    return next(symbol for symbol in known if symbol.name == name)  # type: ignore[attr-defined]
