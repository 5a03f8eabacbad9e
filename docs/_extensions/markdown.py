"""Small pieces of Markdown that the generated pages are put together from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
WORD = re.compile(r"(?<!\S)(\S*[_^]\S*?)([,;:.]?)(?!\S)")
TEX = re.compile(r"[\\_^]")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars in cells, those of code and formulas too, are kept from ending the cell."""
    lines = [list(header), ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def code(text: str) -> str:
    """Code in a line; empty text stays empty."""
    fence = "``" if "`" in text else "`"
    pad = " " if fence == "``" or not text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def block(text: str, language: str = "") -> str:
    """Code on lines of its own, with a fence longer than any inside."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text) or [""]))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def listing(hidden: Iterable[str], depth: int = 1) -> str:
    """The pages of a section, for the side bar."""
    return "\n".join(["```{toctree}", f":maxdepth: {depth}", ":hidden:", "", *hidden, "```", ""])


def docstring(text: str) -> str:
    """A docstring's double backquotes: a formula where they hold TeX, code where they do not."""
    return LITERAL.sub(lambda found: f"${found[1]}$" if TEX.search(found[1]) else f"`{found[1]}`", text)


def formulas(text: str) -> str:
    """Plain text with the words that are formulas, "w^l_{jk}", marked as such."""
    return WORD.sub(r"$\1$\2", text)
