"""Why an instance of a general formula is left out."""

from __future__ import annotations

from symbackprop.check.evaluate.traced import Undecided


class Absent(Undecided):
    """An index or a layer beyond the network: the instance of a general formula does not exist."""
