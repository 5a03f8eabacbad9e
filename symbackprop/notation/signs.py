"""Conventions of sign: a tree of adjoints in terms of a δ that is defined with the other sign."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from symbackprop.expression import ONE, Apply, Chain, Expression, Number, Symbol, negate
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


def chain_in_own_signs(chain: Chain) -> Chain:
    """A chain in terms of that δ; where it would begin with -δ, all its members change their sign."""
    members = tuple(in_own_signs(member) for member in chain.expressions)
    if is_negated_delta(members[0]):
        members = tuple(opposite(member) for member in members)
    return replace(chain, expressions=members)


def is_negated_delta(expression: Expression) -> bool:
    """Whether an expression is -δ, with the δ of the other sign."""
    inner = expression.arguments[0] if _is_negative(expression) and isinstance(expression, Apply) else None
    return isinstance(inner, Symbol) and inner.variant == NEGATED_ADJOINT


def opposite(expression: Expression) -> Expression:
    """The expression with the other sign, as one writes it: that of (y - t) y is (t - y) y."""
    if isinstance(expression, Number):
        text = expression.text
        return replace(expression, text=text[1:] if text.startswith("-") else f"-{text}")
    if not isinstance(expression, Apply):
        return negate(expression)
    if expression.operator == "add":
        terms = sorted((negate(term) for term in expression.arguments), key=_is_negative)
        return replace(expression, arguments=tuple(terms))
    if expression.operator in _PRODUCTS:
        for place, part in enumerate(expression.arguments):
            turned = _turned(part)
            if turned is not None:
                parts = (*expression.arguments[:place], turned, *expression.arguments[place + 1 :])
                return replace(expression, arguments=parts)
    return negate(expression)


def _turned(part: Expression) -> Expression | None:
    """A difference the other way round; 1 - y stays, since nobody writes y - 1 there."""
    if not isinstance(part, Apply):
        return None
    if part.operator == "group":
        inner = _turned(part.arguments[0])
        return None if inner is None else replace(part, arguments=(inner,))
    is_difference = part.operator == "add" and any(map(_is_negative, part.arguments))
    return opposite(part) if is_difference and ONE not in part.arguments else None


def _is_negative(expression: Expression) -> bool:
    return isinstance(expression, Apply) and expression.operator == "negate"


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


def _double(expression: Apply) -> Expression:
    """Two signs cancel."""
    return negate(expression.arguments[0])


_PRODUCTS = frozenset(("multiply", "hadamard", "matrix_product"))
_RULES: dict[str, Callable[[Apply], Expression]] = {
    "multiply": _product,
    "hadamard": _product,
    "matrix_product": _product,
    "divide": _product,
    "add": _sum,
    "sum": _first,
    "transpose": _first,
    "group": _first,
    "negate": _double,
}
