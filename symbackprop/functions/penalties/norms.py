"""Penalties that are norms of the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop.functions.penalty import Penalty

if TYPE_CHECKING:
    import sympy


def _half_square(weight: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Rational(1, 2) * weight**2


def _absolute(weight: sympy.Expr) -> sympy.Expr:
    import sympy

    return sympy.Abs(weight)


ENTRIES = (
    Penalty("l2", _half_square),
    # at 0, where |w| has no derivative, SymPy's sign gives 0: the weight stays there
    Penalty("l1", _absolute),
)
