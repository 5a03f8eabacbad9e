"""One quantity is spelled in two ways.

What it finds: names that differ in their spelling and mean the same, each pair once for a document.

Why: readers look for the difference.

Example: ``out_{o1}`` and ``out_{O_1}`` for one neuron.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("two-spellings", __doc__, status=Status.NOTE)
