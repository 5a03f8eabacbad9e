"""The printer of a notation, and its own signs: a δ may be -∂E/∂z."""

from __future__ import annotations

from symbackprop.expression import Apply, Chain, Expression, Number, Symbol, negate
from symbackprop.latex.printer import Printer
from symbackprop.notation.naming import Naming
from symbackprop.notation.roles import NEGATED_ADJOINT

LOSS = Symbol("loss", None, ())


def printer_for(naming: Naming, loss: Symbol = LOSS) -> Printer:
    """The printer of a notation, bound to a network by its naming."""
    notation = naming.notation
    return Printer(
        naming.spell,
        product=notation.product,
        log=notation.log,
        transposed=notation.transpose,
        loss=loss,
        matrix_product=notation.matrix_product,
        transposed_inside=notation.transpose_inside,
        names=naming.can_write,
        hadamard=notation.hadamard,
    )


def with_own_signs(naming: Naming, mathematics: Expression | Chain) -> Expression | Chain:
    """In terms of the notation's δ.

    A chain that would begin with -δ has the sign of every member turned. A -δ that stands alone, in
    a sentence that only names the quantity, is named δ.
    """
    if isinstance(mathematics, Chain):
        members = tuple(map(naming.in_own_signs, mathematics.expressions))
        if _is_negated(members[0]):
            members = tuple(map(opposite, members))
        return Chain(members, mathematics.relations)
    turned = naming.in_own_signs(mathematics)
    return opposite(turned) if _is_negated(turned) else turned


def _is_negated(expression: Expression) -> bool:
    """Whether it is the negative of a δ with the other sign."""
    if not isinstance(expression, Apply) or expression.operator != "negate":
        return False
    inner = expression.arguments[0]
    return isinstance(inner, Symbol) and inner.variant == NEGATED_ADJOINT


def opposite(expression: Expression) -> Expression:
    """The expression with the other sign, as one writes it."""
    if isinstance(expression, Number):
        text = expression.text
        return Number(text[1:] if text.startswith("-") else f"-{text}", expression.exact)
    return negate(expression)
