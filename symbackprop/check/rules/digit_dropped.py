"""A digit was dropped.

What it finds: a printed number that lacks one digit of the right one.

Why: typing and copying.

Example: ``0.059326999`` or ``0.5932699`` where ``0.593269992`` belongs, with a digit lost in the middle.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule


def _digits(printed: str, right: str) -> str | None:
    for place, digit in enumerate(right):
        shorter = right[:place] + right[place + 1 :]
        # The right number is given with as many digits as were printed; the last of them may have moved in.
        if digit.isdigit() and printed in (shorter, shorter[: len(printed)]) and len(printed) > 3:
            return f"the digit {digit} was dropped"
    return None


ENTRY = Rule("digit-dropped", __doc__, 62, digits=_digits)
