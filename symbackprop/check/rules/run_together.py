"""Several equations stand run together.

What it finds: a chain that is true only when it is cut in front of some names: ``a = 1b = 2`` for ``a = 1`` and
``b = 2``.

Why: line breaks get lost when a display is copied.

Example: ``w_6^+ = 0.408666186w_7^+ = 0.511301270`` are two equations.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("run-together", __doc__, status=Status.NOTE)
