"""True only if the neurons of a layer share one bias.

What it finds: a derivative by a bias that sums over the neurons of its layer, in a document where every neuron has a
bias of its own; or the other way round.

Why: both are in use, and drawings show one bias node for a layer either way.

Example: ``\\frac{\\partial E}{\\partial b} = \\sum_j \\delta_j`` where b is a vector.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("shared-bias", __doc__, status=Status.CONVENTION)
