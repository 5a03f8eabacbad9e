"""A digit stands twice.

What it finds: a printed number that has one digit of the right one twice, or one digit too many.

Why: typing and copying.

Example: ``0.5593269992`` where ``0.593269992`` belongs.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule


def _digits(printed: str, right: str) -> str | None:
    for place, digit in enumerate(printed):
        shorter = printed[:place] + printed[place + 1 :]
        if digit.isdigit() and right.startswith(shorter) and len(shorter) > 3:
            doubled = digit in (printed[place - 1 : place], printed[place + 1 : place + 2])
            return f"the digit {digit} stands twice" if doubled else f"the digit {digit} does not belong there"
    return None


ENTRY = Rule("digit-doubled", __doc__, 61, digits=_digits)
