"""A scalar function given as a SymPy expression; its derivatives come from SymPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from symbackprop.errors import VerificationError
from symbackprop.kept import kept

if TYPE_CHECKING:
    import sympy

Formula = Callable[..., "sympy.Expr"]


@dataclass(frozen=True, slots=True)
class ScalarFunction:
    """A function of ``arity`` real arguments.

    ``formula`` builds its SymPy expression from the arguments. ``forms`` holds, per argument, the
    form in which people write the derivative, from the arguments and then the result:
    ``lambda x, y: y * (1 - y)``. Such a form is used only after it was checked against SymPy's
    derivative of the formula at random points in high precision.
    ``uses_result`` says that the last argument of ``formula`` is the result of another function.
    ``logarithms`` gives log y and log(1 - y) for the result y, from the arguments, where the result
    may come so close to 0 or 1 that its digits are lost.
    """

    name: str
    arity: int
    formula: Formula
    forms: tuple[Formula | None, ...] = ()
    uses_result: bool = False
    logarithms: tuple[Formula, Formula] | None = None

    @property
    def expression(self) -> sympy.Expr:
        """The SymPy expression over ``arguments(self)``."""
        return _expression(self)

    @property
    def is_zero(self) -> bool:
        return _is_number(self, 0)

    @property
    def is_one(self) -> bool:
        return _is_number(self, 1)

    def plain_derivative(self, position: int) -> sympy.Expr:
        """SymPy's derivative by one argument, as SymPy leaves it."""
        return _plain_derivative(self, position)

    def derivative(self, position: int) -> ScalarFunction:
        """The derivative as a function of the arguments (and, in a preferred form, the result)."""
        return _derivative(self, position)


@cache
def placeholders(count: int) -> tuple[sympy.Symbol, ...]:
    """The symbols x_0 ... x_{count-1} that stand for arguments; real, so that branches can be decided."""
    import sympy

    return tuple(sympy.Symbol(f"x_{position}", real=True) for position in range(count))


@cache
def _expression(function: ScalarFunction) -> sympy.Expr:
    import sympy

    # strict: a formula may be a plain number, never a text that would be evaluated
    return sympy.sympify(function.formula(*placeholders(function.arity + function.uses_result)), strict=True)


@cache
def _plain_derivative(function: ScalarFunction, position: int) -> sympy.Expr:
    import sympy

    return sympy.diff(function.expression, placeholders(function.arity)[position])


@cache
def _derivative(function: ScalarFunction, position: int) -> ScalarFunction:
    name = f"{function.name}'" if function.arity == 1 else f"{function.name}'{position}"
    form = function.forms[position] if position < len(function.forms) else None
    if form is None:
        return ScalarFunction(name, function.arity, lambda *values: _differentiated(function, position, values))
    _prove(function, position, form)
    return ScalarFunction(name, function.arity, form, uses_result=True)


def _differentiated(function: ScalarFunction, position: int, values: tuple[sympy.Expr, ...]) -> sympy.Expr:
    plain, own = function.plain_derivative(position), placeholders(len(values))
    return plain if values == own else plain.xreplace(dict(zip(own, values, strict=True)))


@cache
@kept
def _is_number(function: ScalarFunction, number: int) -> bool:
    return bool(function.expression == number)


@kept
def _prove(function: ScalarFunction, position: int, form: Formula) -> bool:
    """Compare a preferred form with SymPy's derivative: True, or VerificationError where they differ."""
    from symbackprop.ops.equality import differ_at

    arguments = placeholders(function.arity)
    written = form(*arguments, function.expression)
    point = differ_at(written, function.plain_derivative(position), arguments)
    if point is not None:
        raise VerificationError(
            f"{function.name}: the preferred form of its derivative is not its derivative, for example at {point}"
        )
    return True
