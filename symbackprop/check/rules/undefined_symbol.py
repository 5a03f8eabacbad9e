"""A symbol is not defined.

What it finds: a name in a formula that neither the network nor the document gives a meaning.

Why: it is spelled differently where it is defined, or its definition stands in a figure.

Example: ``y = W x + c`` where nothing says what c is.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("undefined-symbol", __doc__, status=Status.UNDECIDED)
