"""δ with the other sign.

What it finds: a step that is true only if δ is minus the derivative of the loss by the pre-activation, in a document
whose δ is that derivative; or the other way round.

Why: both conventions are in use, and a document that mentions the other one rarely says so in the formula.

Example: ``\\frac{\\partial E}{\\partial w_5} = -\\delta_{o1} out_{h1}`` after ``\\delta_{o1} out_{h1}``.
"""

from __future__ import annotations

from symbackprop.check.rule import Rule
from symbackprop.check.verdict import Status

ENTRY = Rule("delta-redefined", __doc__, status=Status.CONVENTION)
