"""Axes: their limits, and ticks at round numbers with as many digits as they need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

MOST_STEPS = 6
ROUND_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
SMALLEST_PLAIN, LARGEST_PLAIN = Decimal("0.0001"), Decimal(1_000_000)
MOST_DECADES = 8
MOST_DECADES_WITH_MINOR = 6
FINEST, SMALLEST = Decimal("1e-12"), Decimal("1e-290")
NEAR_ZERO = 0.35  # an axis that begins this near to zero, in shares of its length, begins at zero


@dataclass(frozen=True, slots=True)
class Tick:
    value: float
    label_tex: str


@dataclass(frozen=True, slots=True)
class Axis:
    low: float
    high: float
    logarithmic: bool
    ticks: tuple[Tick, ...]
    minor: tuple[float, ...] = ()

    def share(self, value: float) -> float:
        """How far along the axis a value lies: 0 at its beginning, 1 at its end."""
        if self.logarithmic:
            return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (value - self.low) / (self.high - self.low)


def axis(values: Sequence[float], *, logarithmic: bool = False, tight: bool = False) -> Axis:
    """The axis for values that are finite, and positive if it is logarithmic; there is at least one.

    A tight axis ends where the values end, another one at its outer ticks.
    """
    low, high = Decimal(min(values)), Decimal(max(values))
    largest = max(abs(low), abs(high))
    if high - low <= max(largest * FINEST, SMALLEST):
        # what floats hardly tell apart is drawn as a constant, in the middle
        margin = largest / 2 if largest > SMALLEST else Decimal(1)
        low, high = low - margin, high + margin
    if logarithmic and high / low >= 10:
        return _decades(low, high, tight)
    if not logarithmic and 0 < low < (high - low) * Decimal(NEAR_ZERO):
        low = Decimal(0)
    step = round_step((high - low) / MOST_STEPS)
    first = (low / step).to_integral_value(ROUND_CEILING if tight else ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_FLOOR if tight else ROUND_CEILING)
    places = [step * number for number in range(int(first), int(last) + 1)]
    if logarithmic:
        places = [place for place in places if place > 0]
    if not tight:
        low, high = min(places[0], low), places[-1]
    labels = tick_labels(places, step)
    ticks = tuple(Tick(float(place), label) for place, label in zip(places, labels, strict=True))
    return Axis(float(low), float(high), logarithmic, ticks)


def round_step(least: Decimal) -> Decimal:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``least``."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(step * power for step in ROUND_STEPS if step * power >= least)


def tick_labels(places: Sequence[Decimal], step: Decimal) -> list[str]:
    """Plain decimals with the digits of the step; with a power of ten where those would be long."""
    largest = max(abs(place) for place in places)
    if largest < LARGEST_PLAIN and step >= SMALLEST_PLAIN:
        return [_grouped(f"{place:.{max(0, -step.adjusted())}f}") for place in places]
    power = largest.adjusted()
    digits = max(0, power - step.adjusted())
    return ["0" if not place else rf"{place.scaleb(-power):.{digits}f}\cdot 10^{{{power}}}" for place in places]


def _grouped(text: str) -> str:
    """Groups of three from five digits on, set apart by thin spaces."""
    whole, point, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if len(digits) > 4:
        head = len(digits) % 3
        groups = [digits[:head]] if head else []
        groups += [digits[place : place + 3] for place in range(head, len(digits), 3)]
        digits = r"\,".join(groups)
    return sign + digits + point + rest


def _decades(low: Decimal, high: Decimal, tight: bool) -> Axis:
    """Ticks at powers of ten, smaller ones at their multiples while there is room."""
    first, last = low.adjusted(), high.adjusted() + (high > Decimal(1).scaleb(high.adjusted()))
    if not tight:
        low, high = Decimal(1).scaleb(first), Decimal(1).scaleb(last)
    stride = math.ceil((last - first) / MOST_DECADES)
    powers = [power for power in range(first, last + 1, stride) if low <= Decimal(1).scaleb(power) <= high]
    ticks = tuple(Tick(float(Decimal(1).scaleb(power)), f"10^{{{power}}}") for power in powers)
    minor: list[Decimal] = []
    if last - first <= MOST_DECADES_WITH_MINOR:
        minor = [Decimal(digit).scaleb(power) for power in range(first, last) for digit in range(2, 10)]
    return Axis(float(low), float(high), True, ticks, tuple(float(place) for place in minor if low <= place <= high))
