"""Tasks of every temper, for what runs them; another process must be able to import them."""

from __future__ import annotations

import os
import time
from pathlib import Path

from symbackprop.errors import UserError
from symbackprop.live.source import Shown, Wanted


def tempered(task: str) -> str:
    """What is asked for: a good answer, a user's error, a mistake, a dead process, an endless one, a greedy one."""
    if task == "user error":
        raise UserError("net.toml", "is wrong")
    if task == "mistake":
        raise LookupError("not there")
    if task == "die":
        os._exit(7)
    if task == "endless":
        time.sleep(3600)
    if task == "deep":
        return deep()  # type: ignore[return-value]
    if task == "greedy":
        greedy(task)
    return task.upper()


def made(wanted: Wanted) -> Shown:
    """A page of what the file holds, in the way of ``tempered``."""
    return Shown(tempered(Path(wanted.target).read_text(encoding="utf-8")))


def deep() -> list[object]:
    """Something that cannot be handed over to another process."""
    found: list[object] = []
    for _ in range(100_000):
        found = [found]
    return found


def greedy(task: object) -> int:
    """Eight gigabytes of address space."""
    return len(bytearray(2**33))
