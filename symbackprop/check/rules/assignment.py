"""An assignment is written as an equation.

What it finds: an equation whose left side occurs on its right and which holds when it is read as "becomes".

Why: programs write it so; as an equation it says that the change is zero.

Example: ``W = W - \\alpha dW`` should be ``W \\leftarrow W - \\alpha dW`` or have a mark on the new W.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("assignment-as-equation", __doc__, status=Status.NOTE)
