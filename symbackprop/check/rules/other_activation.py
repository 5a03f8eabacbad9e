"""True only if the units are linear.

What it finds: a step that is true for units without an activation, in a network that has one.

Why: a formula for linear units is used as if it held for all.

Example: ``\\frac{\\partial E}{\\partial out_h} = \\sum_o (out_o - t_o) w_{ho}`` for logistic outputs.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("other-activation", __doc__, status=Status.CONVENTION)
