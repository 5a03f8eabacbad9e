"""The decimal point stands in the wrong place.

What it finds: a printed number that is ten, a hundred, a thousand times too large or too small.

Why: zeros behind the point are miscounted.

Example: ``0.00438568`` where ``0.000438568`` belongs.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule


def _bare(text: str) -> str:
    return text.lstrip("-").replace(".", "").strip("0")


def _digits(printed: str, right: str) -> str | None:
    if printed.startswith("-") != right.startswith("-") or "e" in printed + right:
        return None
    first, second = _bare(printed), _bare(right)
    shorter = min(len(first), len(second))
    if shorter > 2 and first[: shorter - 1] == second[: shorter - 1] and float(printed) != 0 and float(right) != 0:
        ratio = abs(float(printed) / float(right))
        if ratio > 5 or ratio < 0.2:
            return "the decimal point stands in the wrong place"
    return None


ENTRY = Rule("decimal-point", __doc__, 59, digits=_digits)
