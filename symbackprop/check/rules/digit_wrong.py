"""A digit is wrong.

What it finds: a printed number that differs from the right one in a single digit, or in two digits that changed
places.

Why: typing.

Example: ``0.75136079`` for ``0.75136507`` has two faults; ``0.75163507`` has two digits exchanged.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule


def _digits(printed: str, right: str) -> str | None:
    if len(printed) != len(right):
        return None
    places = [place for place, pair in enumerate(zip(printed, right, strict=True)) if pair[0] != pair[1]]
    if len(places) == 1:
        return f"the digit {printed[places[0]]} should be {right[places[0]]}"
    if len(places) == 2 and printed[places[0]] == right[places[1]] and printed[places[1]] == right[places[0]]:
        return f"the digits {printed[places[0]]} and {printed[places[1]]} are exchanged"
    return None


ENTRY = Rule("digit-wrong", __doc__, 60, digits=_digits)
