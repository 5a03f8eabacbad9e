"""Draws the pictures of the README: ``python docs/images.py`` (with TeX and poppler-utils installed).

Each is a page of the worked example's PDF, the one with the factors of the chain rule for a weight of
the output layer, without its margins.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from symbackprop.api import derive, load

FOLDER = Path(__file__).parent / "images"
EXAMPLE = "mazur"
MARK = "0.186815602"
"""The value of a factor: the first page that shows it is the picture."""
RESOLUTION = 104
BORDER = 20
"""In pixels."""
LARGEST = 150_000
"""In bytes: a README should open at once."""


def picture(language: str, folder: Path) -> bytes:
    """The page as a PNG."""
    (path,) = derive(load(EXAMPLE)).document(language).save(folder / "post.pdf")
    page = str(
        1
        + next(number for number, text in enumerate(_run("pdftotext", path, "-").split(b"\f")) if MARK.encode() in text)
    )
    one_page = ("-f", page, "-l", page, "-singlefile", "-r", str(RESOLUTION))
    left, top, right, bottom = _inked(_run("pdftoppm", "-gray", *one_page, path))
    left, top, right, bottom = left - BORDER, top - BORDER, right + BORDER, bottom + BORDER
    window = ("-x", left, "-y", top, "-W", right - left, "-H", bottom - top)
    return _run("pdftoppm", "-png", *one_page, *map(str, window), path)


def _inked(image: bytes) -> tuple[int, int, int, int]:
    """The smallest box of a PGM image that holds everything but its page number: left, top, right, bottom."""
    magic, size, _, pixels = image.split(b"\n", 3)
    assert magic == b"P5"
    width, height = map(int, size.split())
    rows = [pixels[row * width : (row + 1) * width] for row in range(height * 93 // 100)]
    inked = [number for number, row in enumerate(rows) if row.strip(b"\xff")]
    left = min(width - len(rows[number].lstrip(b"\xff")) for number in inked)
    right = max(len(rows[number].rstrip(b"\xff")) for number in inked)
    return left, inked[0], right, inked[-1] + 1


def _run(*command: str | Path) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for language in ("en", "zh"):
        with tempfile.TemporaryDirectory() as folder:
            content = picture(language, Path(folder))
        if len(content) > LARGEST:
            sys.exit(f"{language}: {len(content):,} bytes, at most {LARGEST:,} are wanted: lower the resolution")
        path = FOLDER / f"{EXAMPLE}-{language}.png"
        path.write_bytes(content)
        sys.stdout.write(f"{path}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main()
