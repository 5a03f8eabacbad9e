"""An index stands on one side only.

What it finds: a general formula in which a letter for a neuron or a layer occurs on one side of the equation, and no
sum runs over it on the other.

Why: the sum is forgotten, or an index was renamed on one side.

Example: ``\\delta_j = \\sum_k w_{kj} \\delta_k \\sigma'(z_i)`` has an i that its left side does not have.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("free-index", __doc__, status=Status.WRONG)
