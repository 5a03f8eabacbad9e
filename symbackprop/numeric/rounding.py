"""Rounding for readers: correct to the last digit, nothing small shown as 0.000."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from symbackprop.errors import UserError
from symbackprop.expression import Number
from symbackprop.spec.model import Numbers

WORKING_DIGITS = 50
"""Significant digits with which every shown value is computed."""

Scheme = Literal["decimals", "significant"]
Ties = Literal["half_up", "half_even"]

_TIES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
_CONTEXTS = {name: Context(prec=400, rounding=ties, Emin=MIN_EMIN, Emax=MAX_EMAX) for name, ties in _TIES.items()}
"""Saturated units have outputs like 1e-40000000, beyond the exponents of the usual context."""
_PLAIN = range(-9, 16)
"""Orders of magnitude that are written without a power of ten."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How numbers are shown.

    ``digits`` counts decimals or significant digits, as ``scheme`` says. With decimals, a value
    that would lose all but two of its significant digits is shown with ``small`` significant digits
    instead; in one that is written with a power of ten they count behind the point of its first
    factor. ``trailing_zeros`` keeps zeros at the end.
    """

    digits: int = 9
    scheme: Scheme = "decimals"
    ties: Ties = "half_up"
    trailing_zeros: bool = False
    small: int = 3

    @classmethod
    def of(cls, numbers: Numbers) -> Rounding:
        """The rounding that a spec asks for."""
        return cls(numbers.digits, numbers.scheme, numbers.ties, numbers.trailing_zeros)

    def number(self, value: object, known: int | None = None) -> Number:
        """The value as it is shown; exact is False where digits were cut off.

        ``known`` says how many significant digits of it are certain; no more are shown.
        """
        exact = as_decimal(value)
        if not exact.is_finite():
            raise ValueError(f"{value} cannot be shown as a number")
        if exact.is_zero():
            return Number("0")
        shown = self._round(exact, known)
        return Number(self._spell(shown), exact=shown == exact and known is None)

    def _round(self, exact: Decimal, known: int | None) -> Decimal:
        exponent = -self.digits
        if self.scheme == "significant":
            exponent = exact.adjusted() - self.digits + 1
        elif exact.adjusted() < exponent + 1:
            exponent = min(exponent, exact.adjusted() - self.small + 1)
        elif exact.adjusted() >= _PLAIN.stop:
            exponent = exact.adjusted() - self.digits
        if known is not None:
            exponent = max(exponent, exact.adjusted() - known + 1)
        context = _CONTEXTS[self.ties]
        return exact.quantize(Decimal(1).scaleb(exponent, context), context=context)

    def _spell(self, shown: Decimal) -> str:
        magnitude = shown.adjusted()
        if magnitude not in _PLAIN:
            mantissa = self._trim(f"{shown.scaleb(-magnitude, _CONTEXTS[self.ties]):f}")
            return f"{mantissa}e{magnitude}"
        return self._trim(f"{shown:f}")

    def _trim(self, text: str) -> str:
        return text if self.trailing_zeros or "." not in text else text.rstrip("0").rstrip(".")


def as_decimal(value: object) -> Decimal:
    """A Decimal from an int, Decimal, Fraction or mpmath number, without loss below 60 digits."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Fraction):
        return Context(prec=60).divide(Decimal(value.numerator), Decimal(value.denominator))
    convert = _OTHER.get(type(value).__name__)
    if convert is None:
        raise TypeError(f"not a number: {value!r}")
    return convert(value)


def _from_mpmath(value: object) -> Decimal:
    import mpmath

    text = mpmath.nstr(value, WORKING_DIGITS - 5, min_fixed=0, max_fixed=0, strip_zeros=True)
    try:
        return Decimal(text)
    except InvalidOperation:
        order = text.partition("e")[2]
        raise UserError("", f"a value of the order of 10^{order} comes out, too far from 1 to be written") from None


_OTHER: dict[str, Callable[[object], Decimal]] = {"mpf": _from_mpmath}
