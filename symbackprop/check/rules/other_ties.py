"""True only if the weights are tied.

What it finds: a step that is true for an autoencoder whose decoder uses the weights of its encoder, in one
where both have weights of their own.

Why: both kinds are common, and with tied weights a derivative has a part from either use.

Example: ``\\delta^2 x + \\delta^3 a^2`` as the derivative by a weight of the first layer.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("other-ties", __doc__, status=Status.CONVENTION)
