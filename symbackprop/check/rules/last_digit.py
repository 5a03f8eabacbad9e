"""The last digit is off.

What it finds: a printed number that is cut off where it should be rounded, or off by one in its last digit.

Why: each step is computed from the rounded numbers of the step before, or digits are cut off instead of rounded.

Example: ``-0.019049119`` is what ``-0.038098237 \\cdot 0.5`` gives; from unrounded numbers it is ``-0.019049118``.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("last-digit", __doc__, status=Status.ROUNDING)
