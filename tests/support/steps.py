"""Work counted in steps, which are the same on every machine however busy it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

OWN = "symbackprop."
"""How the names of the modules begin whose steps are counted; what a collector of garbage calls is not among them."""


def steps(work: Callable[[], object]) -> int:
    """How many calls of any function, those of the interpreter included, the package makes for ``work``."""
    counted = 0

    def seen(frame: FrameType, event: str, _: Any) -> None:
        nonlocal counted
        if event in ("call", "c_call") and frame.f_globals.get("__name__", "").startswith(OWN):
            counted += 1

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted
