"""A number from the other order of updates.

What it finds: a printed value that comes out when the error goes back through weights that are already updated
(the sequential order), where the document updates all weights at once, or the other way round.

Why: a program that updates layer by layer, last layer first, does this unless it keeps the old weights.

Example: after one step of the 2-2-2 example the error is 0.291027774; 0.291027924 is the sequential order's.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("update-order", __doc__, status=Status.CONVENTION)
