"""True only if errors are handed back without normalising.

What it finds: a step about shares of the error that is true if the weights themselves are the factors, or their
proportions, and nothing beside it says so.

Why: both are taught, and they differ by the sums of the weights.

Example: ``E_{hidden} = W^T E_{out}`` where shares were introduced as proportions.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("other-shares", __doc__, status=Status.CONVENTION)
