"""The softmax Jacobian for any i and j at once, with a Kronecker delta."""

from __future__ import annotations

from typing import Any

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
from symbackprop.forms.indexed import IndexedForm, Letters, Place, entry_at
from symbackprop.forms.kronecker import is_delta
from symbackprop.forms.local import local_derivative
from symbackprop.graph import Node
from symbackprop.kept import kept

_TOTAL, _DELTA = Symbol("total"), Symbol("delta")
_NUMERATORS = Symbol("numerator_i"), Symbol("numerator_j")
_OUTPUTS = Symbol("output_i"), Symbol("output_j")
_READ = (_TOTAL, _DELTA, *_NUMERATORS)
"""What stands for the parts of the derivative while SymPy has it."""


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
    standing: dict[Expression, Expression] = dict(zip((total, delta, *exponentials), _READ, strict=True))
    written: dict[Expression, Expression] = {mark: part for part, mark in standing.items()}
    written |= dict(zip(_OUTPUTS, outputs, strict=True))
    numerator, *others = (transform(form, written.get) for form in _three_forms(transform(derived, standing.get)))
    return divide(numerator, power(total, Number("2"))), *others


@kept
def _three_forms(marked: Expression) -> tuple[Expression, ...]:
    """The numerator over the squared total; in outputs; and in outputs, the first one taken out. In marks."""
    import sympy

    from symbackprop.forms.sympy_trees import to_sympy, to_tree

    names: dict[Symbol, Any] = {mark: sympy.Symbol(mark.kind, positive=True) for mark in (*_READ, *_OUTPUTS)}
    names[_DELTA] = sympy.Symbol(_DELTA.kind, real=True)
    found = to_sympy(marked, names.__getitem__)
    total, (first, second) = names[_TOTAL], (names[output] for output in _OUTPUTS)
    numerator = sympy.expand(found * total**2)
    above = [names[mark] for mark in _NUMERATORS]
    in_outputs = sympy.expand(found.subs(dict(zip(above, (first * total, second * total), strict=True))))
    order = {names[mark]: mark for mark in (_DELTA, *_NUMERATORS, _TOTAL, *_OUTPUTS)}
    return (
        to_tree(numerator, order),
        to_tree(in_outputs, order),
        multiply(_OUTPUTS[0], to_tree(sympy.expand(in_outputs / first), order)),
    )
