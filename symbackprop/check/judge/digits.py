"""True values written as a document writes its numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbackprop.check.evaluate.traced import number
from symbackprop.check.judge.numbers import TINY, as_number, is_whole, last_place
from symbackprop.expression import Number


def close_to(literal: Number, truth: Any) -> bool:
    return bool(abs(as_number(literal) - truth) <= TINY * max(1, abs(truth)))


def rounded_like(literal: Number, truth: Any) -> str:
    """The true value with as many digits as were printed (nine decimals where an integer was)."""
    return _like(literal, truth, number("0.5"))


def cut_off_like(literal: Number, truth: Any) -> str:
    """The true value, cut off after as many digits as were printed."""
    return _like(literal, truth, number(0))


def _like(literal: Number, truth: Any, more: Any) -> str:
    step = last_place(literal.text) if not is_whole(literal.text) else Fraction(1, 10**9)
    scaled = truth / as_number(step)
    whole = int(scaled + (more if scaled >= 0 else -more))
    if whole == 0 and truth != 0:
        return shown(truth)
    return _spelled(Fraction(whole) * step, step)


def _spelled(value: Fraction, step: Fraction) -> str:
    decimals = max(0, len(str(step.denominator)) - 1)
    whole = abs(value.numerator) * 10**decimals // value.denominator
    digits = str(whole).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 else text


def shown(value: Any) -> str:
    """A value as a message shows it."""
    from symbackprop.numeric.rounding import Rounding

    return Rounding(9).number(number(value)).text
