"""Formulas as posts write them, from the reader's own test file, and a post made of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

FORMULAS = Path(__file__).resolve().parent.parent / "tests" / "latex" / "formulas.txt"


def formulas(section: int | None = None) -> Iterator[str]:
    """The TeX of every formula, or of one section's (the first is the worked example with numbers)."""
    number, begins = -1, True
    for line in FORMULAS.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            number += 1
        elif not line.strip():
            begins = True
            continue
        elif begins and not line.startswith(("->", "#", "!")) and section in (None, number):
            yield line
        begins = line.startswith("# ")


def worked_example() -> str:
    """A post: every display of the worked example under a line of words."""
    displays = (f"Step {number}:\n\n$$\n{tex}\n$$\n" for number, tex in enumerate(formulas(0), start=1))
    return "# A worked example\n\n" + "\n".join(displays)
