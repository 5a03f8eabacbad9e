"""Derivatives by a sum, as in ``\\frac{\\partial E}{\\partial(\\beta_j - \\theta_j)}``, that has no name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symbackprop.check.evaluate.array import Array, Jacobian
from symbackprop.check.evaluate.traced import Undecided, number, plain
from symbackprop.expression import Apply, Expression, Symbol

if TYPE_CHECKING:
    from symbackprop.check.evaluate.evaluation import Evaluator

_BRACKETS = frozenset({"group", "bracket", "brace"})
_CLOSE = "1e-20"


def without_brackets(tree: Expression) -> Expression:
    while isinstance(tree, Apply) and tree.operator in _BRACKETS:
        tree = tree.arguments[0]
    return tree


def derivative_by_sum(evaluator: Evaluator, of: Expression, total: Expression) -> Any:
    """The derivative by a sum of quantities, which is that by each of them where they change nothing but the sum.

    Undecided where the derivatives by its terms differ: then the quantities stand elsewhere without each other.
    """
    terms = total.arguments if isinstance(total, Apply) and total.operator == "add" else ()
    found = [_by_term(evaluator, of, term) for term in terms]
    if not found:
        raise Undecided("a derivative by something that is no single quantity")
    if any(isinstance(value, Array | Jacobian) for value in found):
        raise Undecided("a derivative by a sum of arrays")
    first = plain(found[0])
    if any(abs(plain(value) - first) > number(_CLOSE) * (1 + abs(first)) for value in found[1:]):
        raise Undecided("a derivative by a sum whose terms do not always stand together")
    return found[0]


def _by_term(evaluator: Evaluator, of: Expression, term: Expression) -> Any:
    term = without_brackets(term)
    if isinstance(term, Apply) and term.operator == "negate":
        return -_by_term(evaluator, of, term.arguments[0])
    if not isinstance(term, Symbol):
        raise Undecided("a derivative by something that is no sum of quantities")
    return evaluator.jacobian(of, term)
