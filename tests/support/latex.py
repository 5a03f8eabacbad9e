"""LaTeX made into pages, as a reader would make them, and the log read as a careful writer would."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

OVERFULL = re.compile(r"Overfull \\hbox \((\d+\.\d+)pt too wide\)[^\n]*")
ALLOWED_OVERFULL = 2.0


def compile_latex(source: str, tool: Callable[[str], Path], folder: Path) -> str:
    """The text of the PDF; any error, missing character, open reference or overfull line fails."""
    latexmk, pdftotext = tool("latexmk"), tool("pdftotext")
    tool("xelatex")
    path = folder / "document.tex"
    path.write_text(source, encoding="utf-8")
    command = [str(latexmk), "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", path.name]
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=300, check=False
    )
    log = path.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert result.returncode == 0, "\n".join(re.findall(r"^!.*\n.*\n.*", log, re.MULTILINE)) or result.stdout[-2000:]
    assert re.findall(r"Missing character.*", log) == []
    assert re.findall(r".*[Uu]ndefined references?.*|.*multiply defined.*", log) == []
    assert [line[0] for line in OVERFULL.finditer(log) if float(line[1]) > ALLOWED_OVERFULL] == []
    pdf = str(path.with_suffix(".pdf"))
    return subprocess.run([str(pdftotext), pdf, "-"], capture_output=True, text=True, check=True).stdout
