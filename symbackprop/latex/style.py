"""The printer of a notation, and its own signs: a δ may be -∂E/∂z."""

from __future__ import annotations

from symbackprop.expression import Chain, Expression, Symbol
from symbackprop.latex.printer import Printer
from symbackprop.notation.naming import Naming
from symbackprop.notation.signs import is_negated_delta, opposite

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
        kronecker=notation.kronecker,
    )


def with_own_signs(naming: Naming, mathematics: Expression | Chain) -> Expression | Chain:
    """In terms of the notation's δ.

    A chain that would begin with -δ has the sign of every member turned. A -δ that stands alone, in
    a sentence that only names the quantity, is named δ.
    """
    if isinstance(mathematics, Chain):
        return naming.in_own_signs(mathematics)
    turned = naming.in_own_signs(mathematics)
    return opposite(turned) if is_negated_delta(turned) else turned
