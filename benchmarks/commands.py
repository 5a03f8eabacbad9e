"""Whole commands from a cold process, beside the start of Python and the import of SymPy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.clock import in_turn, python
from benchmarks.posts import worked_example
from benchmarks.table import Row, compared

LINE = "symbackprop derive ma"
ASKED = ("_ARGCOMPLETE=1", f"COMP_LINE={LINE}", f"COMP_POINT={len(LINE)}", "COMP_TYPE=9")
"""What a shell sets when it asks for completions."""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        post = Path(folder) / "post.md"
        post.write_text(worked_example(), encoding="utf-8")
        tool = ("-m", "symbackprop")
        derive = python(*tool, "derive", "mazur", "-o", f"{folder}/output")
        check = python(*tool, "check", str(post), "--spec", "mazur")
        found = in_turn(
            {
                "derive": derive,
                "first derive": derive,
                "check": check,
                "first check": check,
                "help": python(*tool, "--help"),
                "version": python(*tool, "--version"),
                "completion": ("env", *ASKED, f"_ARGCOMPLETE_STDOUT_FILENAME={folder}/offered", *python(*tool)),
                "sympy": python("-c", "import sympy"),
                "pass": python("-c", "pass"),
            },
            runs=5,
            first_ever=("first derive", "first check"),
        )
    start, sympy = "floor: `python -c pass`", "floor: `import sympy`"
    rows = (
        ("derive", "`derive mazur`: Markdown, figures, 10,000 iterations twice, verification", sympy, 1.5),
        ("first derive", "the same, nothing kept from an earlier run", sympy, 1.5),
        ("check", "`check` of the worked example as a post", sympy, 2.5),
        ("first check", "the same, nothing kept from an earlier run", sympy, 2.5),
        ("help", "`--help`", start, 8),
        ("version", "`--version`", start, 8),
        ("completion", "TAB after `symbackprop derive ma`", start, 8),
    )
    for name, what, peer, most in rows:
        floor = found["sympy" if peer == sympy else "pass"]
        yield compared(what, found[name], peer, floor, ("at most", most), whole=True)
