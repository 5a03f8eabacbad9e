"""Compiles a LaTeX document to a PDF, and refuses one that lacks characters."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import unicodedata
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from symbackprop.errors import UserError, quote

PLACE = "pdf"
TIME_LIMIT = 180.0
"""In seconds, for one document."""
WIDEST_OVERFULL = 2.0
"""In points: what is wider is seen."""
PACKAGES = (
    "latexmk texlive-xetex texlive-lang-chinese texlive-latex-extra texlive-pictures texlive-fonts-recommended "
    "fonts-noto-cjk"
)
REMEDY = (
    f"on Debian and Ubuntu: apt-get install --no-install-recommends {PACKAGES}; elsewhere TeX Live or MiKTeX and the "
    "fonts Noto Serif CJK SC and Noto Sans CJK SC; --to tex writes the source for another machine"
)

# no commands, no files outside the folder, one line of the log for each message, the user's own settings left aside
COMMAND = ("-norc", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape")
SURROUNDINGS = {
    "shell_escape": "f",
    "openin_any": "p",
    "openout_any": "p",
    "max_print_line": "100000",
    "FORCE_SOURCE_DATE": "1",
}

LACKING_FILE = re.compile(r"File [`'](?P<file>[^`']+)' not found")
LACKING_FONT = re.compile(r'font "(?P<font>[^"]+)" cannot be found')
LACKING_CHARACTER = re.compile(r"Missing character: There is no (?P<character>.) .*?in font (?P<font>[^!]*)")
OVERFULL = re.compile(r"Overfull \\[hv]box \((?P<points>[\d.]+)pt too (?:wide|high)\)(?P<where>[^\n]*)")
FAULT = re.compile(r"^(?:!|\S*document\.tex:\d+:) ?(?P<fault>.+)", re.MULTILINE)


class OverfullWarning(UserWarning):
    """Something runs over the margin of a page."""


def compile_pdf(tex: str, name: str, date: str = "") -> bytes:
    """The PDF of a LaTeX document, by latexmk and XeLaTeX.

    ``name`` is what messages call the document. The dates in the file are ``SOURCE_DATE_EPOCH``'s,
    else ``date``'s (ISO 8601), else those of 1970: never today's, so that the same document gives the same bytes.
    Raises UserError where TeX, a package or a font is lacking, where a font lacks a character, and
    where TeX stops; warns of what runs over the margin.
    """
    program = _programs()
    with tempfile.TemporaryDirectory(prefix="symbackprop-") as folder:
        source = Path(folder) / "document.tex"
        source.write_text(tex, encoding="utf-8")
        finished = _run([program, *COMMAND, source.name], source.parent, _epoch(date))
        log = source.with_suffix(".log")
        report = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        _refuse(report, name)
        if not finished:
            raise UserError(PLACE, f"{name}: XeLaTeX stopped: {_fault(report)}; --to tex writes the source to look at")
        for complaint in overfull(report):
            warnings.warn(f"{name}: {complaint}", OverfullWarning, stacklevel=2)
        return source.with_suffix(".pdf").read_bytes()


def overfull(report: str) -> Iterator[str]:
    """What a log says of lines wider, and pages fuller, than they may be."""
    for match in OVERFULL.finditer(report):
        if float(match["points"]) > WIDEST_OVERFULL:
            yield f"{match['points']} pt run over the margin{match['where']}"


def _programs() -> str:
    """The path of latexmk, which calls XeLaTeX."""
    found = {name: shutil.which(name) for name in ("latexmk", "xelatex")}
    lacking = [name for name, path in found.items() if path is None]
    if lacking:
        raise UserError(PLACE, f"{' and '.join(lacking)} not found, which make the PDF; {REMEDY}")
    return str(found["latexmk"])


def _epoch(date: str) -> str:
    """Seconds since 1970, as a text."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return given
    try:
        return str(max(0, int(datetime.fromisoformat(date[:10]).replace(tzinfo=UTC).timestamp())))
    except ValueError:
        return "0"


def _run(command: list[str], folder: Path, epoch: str) -> bool:
    """Whether it ended well. When the time is over, or on Ctrl-C, it ends with all that it has started."""
    environment = {**os.environ, **SURROUNDINGS, "SOURCE_DATE_EPOCH": epoch}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=os.name == "posix",
    )
    try:
        return process.wait(TIME_LIMIT) == 0
    except subprocess.TimeoutExpired:
        raise UserError(PLACE, f"XeLaTeX was stopped: it took longer than {TIME_LIMIT:g} seconds") from None
    finally:
        if process.poll() is None:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _refuse(report: str, name: str) -> None:
    """What is lacking, by the log: a package, a font, or a character."""
    file, font = LACKING_FILE.search(report), LACKING_FONT.search(report)
    if file or font:
        lacking = f"the package {file['file']}" if file else f"the font {font['font']}" if font else ""
        raise UserError(PLACE, f"TeX lacks {lacking}; {REMEDY}")
    characters = list(dict.fromkeys(match["character"] for match in LACKING_CHARACTER.finditer(report)))
    if characters:
        shown = ", ".join(map(_named, characters[:5])) + (" and others" if len(characters) > 5 else "")
        remedy = "write it otherwise in the spec, or take --to md"
        raise UserError(PLACE, f"{name}: no font of the document has {shown}; {remedy}")


def _named(character: str) -> str:
    described = unicodedata.name(character, "a character without a name").lower()
    return f"{quote(character)} (U+{ord(character):04X}, {described})"


def _fault(report: str) -> str:
    match = FAULT.search(report)
    return match["fault"].strip() if match else "its log says nothing"
