"""What generated Python says, beside what the derivation knows: tests run it and compare."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REMARK = re.compile(r"^ *(\w+) = .*?# (-?[\d.]+(?:e-?\d+)?)$", re.MULTILINE)
"""an assignment with the document's number behind it"""
PRINTED = re.compile(r"^(\w+) = (-?[\d.]+(?:e-?\d+)?)$", re.MULTILINE)


def run_script(text: str, folder: Path) -> str:
    """What a script prints; it fails with what it says on standard error."""
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-W", "error", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def last_place(number: str) -> float:
    """Half a unit of the last digit of a number as it is written, and a little for doubles."""
    mantissa, _, exponent = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(0.5 * 10.0 ** (int(exponent or 0) - decimals)) * 1.001 + 1e-14
