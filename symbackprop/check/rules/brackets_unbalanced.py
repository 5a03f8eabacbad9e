"""Brackets or braces do not match.

What it finds: a formula that cannot be read because a bracket, a brace or an environment is opened and never closed,
or the other way round.

Why: typing.

Example: ``out_{h1}(1 - out_{h1}`` lacks its closing bracket.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("brackets-unbalanced", __doc__, status=Status.UNREAD)
