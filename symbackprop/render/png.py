"""Turns an SVG figure into a PNG, by librsvg, which sets formulas and Chinese as a browser does."""

from __future__ import annotations

import shutil
import subprocess

from symbackprop.errors import UserError

PROGRAM = "rsvg-convert"
REMEDY = "it comes with the system package librsvg2-bin (Debian, Ubuntu) or librsvg (Homebrew); --to svg needs nothing"
SCALE = 2
"""Pixels for a user unit of the SVG: sharp on most screens."""
TIME_LIMIT = 60.0
"""In seconds."""


def svg_to_png(svg: str) -> bytes:
    """The picture of an SVG on a white ground; a UserError where the program is lacking or fails."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise UserError("png", f"{PROGRAM}, which draws it, was not found; {REMEDY}")
    command = [program, "--format=png", f"--zoom={SCALE}", "--background-color=white"]
    try:
        done = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise UserError("png", f"{PROGRAM} took longer than {TIME_LIMIT:g} seconds") from None
    if done.returncode != 0:
        raise UserError("png", f"{PROGRAM} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
