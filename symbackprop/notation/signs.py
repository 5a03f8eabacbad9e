"""Conventions of sign: a tree of adjoints in terms of a δ that is defined with the other sign."""

from __future__ import annotations

from dataclasses import replace

from symbackprop.expression import Apply, Expression, Symbol, negate
from symbackprop.notation.roles import ADJOINT, DELTA, NEGATED_ADJOINT, ROLES

_KINDS_WITH_DELTA = frozenset(role.kind for role in ROLES if role.variant == DELTA)


def in_own_signs(expression: Expression) -> Expression:
    """Every ∂E/∂(pre-activation) as -δ, with δ = -∂E/∂(pre-activation), and the signs brought to the front."""
    if isinstance(expression, Symbol):
        if expression.variant == ADJOINT and expression.kind in _KINDS_WITH_DELTA:
            return negate(replace(expression, variant=NEGATED_ADJOINT))
        return expression
    if not isinstance(expression, Apply):
        return expression
    parts = tuple(in_own_signs(part) for part in expression.arguments)
    if parts == expression.arguments:
        return expression
    rule = _RULES.get(expression.operator)
    return rule(replace(expression, arguments=parts)) if rule else replace(expression, arguments=parts)


def _product(expression: Apply) -> Expression:
    """The sign of a product, in front of it."""
    negative = False
    parts: list[Expression] = []
    for part in expression.arguments:
        is_negated = isinstance(part, Apply) and part.operator == "negate"
        negative ^= is_negated
        parts.append(negate(part) if is_negated else part)
    product = replace(expression, arguments=tuple(parts))
    return negate(product) if negative else product


def _sum(expression: Apply) -> Expression:
    """A sum of negated terms is the negated sum."""
    if all(isinstance(term, Apply) and term.operator == "negate" for term in expression.arguments):
        return negate(replace(expression, arguments=tuple(negate(term) for term in expression.arguments)))
    return expression


def _first(expression: Apply) -> Expression:
    """The sign of what an operator is applied to, in front of the whole: Σ(-x) is -Σx."""
    body, *rest = expression.arguments
    if isinstance(body, Apply) and body.operator == "negate":
        return negate(replace(expression, arguments=(negate(body), *rest)))
    return expression


_RULES = {
    "multiply": _product,
    "hadamard": _product,
    "matrix_product": _product,
    "divide": _product,
    "add": _sum,
    "sum": _first,
    "transpose": _first,
    "group": _first,
    "negate": lambda expression: negate(expression.arguments[0]),
}
