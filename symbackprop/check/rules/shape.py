"""The shapes do not fit.

What it finds: arrays that cannot be added, multiplied or compared as they stand: a number on one side and a row on
the other, a product of a 3 × 2 and a 3 × 1 array.

Why: an index is left on one side of the equation, a transpose is missing, or an outer product is written as an inner
one.

Example: ``\\frac{\\partial L}{\\partial z_i} = a \\odot b`` has a number on its left and a vector on its right.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("shape", __doc__, status=Status.WRONG)
