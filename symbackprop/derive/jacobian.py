"""The derivative of one entry of a composite (softmax, say) by one entry of its argument, as people write it."""

from __future__ import annotations

from symbackprop.expression import ONE, ZERO, Apply, Expression, Symbol, multiply, negate, transform
from symbackprop.forms.algebra import flatten
from symbackprop.forms.scalar import expand, place_of
from symbackprop.graph import Builder, Node
from symbackprop.ops import Composite

_SEED = Symbol("seed")


def jacobian_entry(node: Node, of: Symbol, by: Symbol) -> Expression | None:
    """∂of/∂by in the preferred form of the composite that computes ``node``; None where it has none.

    The form says what an adjoint hands back; with an adjoint that is 1 at ``of`` and 0 elsewhere
    it hands back this derivative.
    """
    operation = node.operation
    if not isinstance(operation, Composite) or not any(operation.forms):
        return None
    build = Builder()
    seed = build.leaf(_SEED, *node.axes)
    argument = node.arguments[0]
    share = operation.adjoint(build, node, seed, 0)
    if share is None:
        return ZERO
    names = [axis.name for axis in argument.axes]
    at = place_of(argument, by) if argument.symbol else dict(zip(names, (by.indices or ())[-len(names) :], strict=True))

    def put_in(part: Expression) -> Expression | None:
        if isinstance(part, Symbol) and part.kind == _SEED.kind:
            return ONE if part.indices == of.indices else ZERO
        return None

    return _signs_first(flatten(transform(expand(share, at), put_in)), of)


def _signs_first(expression: Expression, first: Symbol) -> Expression:
    """A product with all its minus signs before it, and one factor before all others: b · (-a) as -(a · b)."""
    if not isinstance(expression, Apply) or expression.operator != "multiply":
        return expression
    bare, minus = [], False
    for factor in expression.arguments:
        negated = isinstance(factor, Apply) and factor.operator == "negate"
        bare.append(factor.arguments[0] if isinstance(factor, Apply) and negated else factor)
        minus ^= negated
    product = multiply(*sorted(bare, key=lambda factor: factor != first))
    return negate(product) if minus else product
