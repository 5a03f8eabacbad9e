"""A number that is right from rounded numbers only.

What it finds: a printed result that follows from the numbers printed before it, each taken as rounded to half of its
last digit, but not from the exact values.

Why: a calculation by hand goes on with what was written down.

Example: ``0.6 \\cdot 0.6 = 0.36`` where the two numbers are rounded from 0.59 and 0.56.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("rounded-intermediates", __doc__, status=Status.ROUNDING)
