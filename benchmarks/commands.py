"""Whole commands from a cold process, beside the start of Python and the import of SymPy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.clock import in_turn, python
from benchmarks.posts import worked_example
from benchmarks.table import Row, compared


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        post = Path(folder) / "post.md"
        post.write_text(worked_example(), encoding="utf-8")
        tool = ("-m", "symbackprop")
        found = in_turn(
            {
                "derive": python(*tool, "derive", "mazur", "-o", f"{folder}/output"),
                "check": python(*tool, "check", str(post), "--spec", "mazur"),
                "help": python(*tool, "--help"),
                "version": python(*tool, "--version"),
                "sympy": python("-c", "import sympy"),
                "pass": python("-c", "pass"),
            },
            runs=5,
        )
    start, sympy = "floor: `python -c pass`", "floor: `import sympy`"
    what = "`derive mazur`: Markdown, figures, 10,000 iterations twice, verification"
    yield compared(what, found["derive"], sympy, found["sympy"], ("at most", 1.5), whole=True)
    yield compared("`check` of the worked example as a post", found["check"], sympy, found["sympy"], ("at most", 2.5),
                   whole=True)  # fmt: skip
    yield compared("`--help`", found["help"], start, found["pass"], ("at most", 8), whole=True)
    yield compared("`--version`", found["version"], start, found["pass"], ("at most", 8), whole=True)
