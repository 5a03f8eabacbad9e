"""True only in the other layout.

What it finds: a step with arrays that is true if vectors are rows, in a document whose vectors are columns, or the
other way round, and nothing beside it says so.

Why: formulas are copied from texts in both layouts.

Example: ``\\delta^l (W^l)^T`` in a document with ``W^l a^{l-1}``.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("other-layout", __doc__, status=Status.CONVENTION)
