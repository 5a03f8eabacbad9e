"""KaTeX and MathJax, as they are on a page: they set formulas, or say what is wrong with one."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from support.tools import find_tool, node_packages

TYPESETTERS = {"katex": "katex", "mathjax": "mathjax-full"}
"""the script beside this file -> the npm package it needs"""


def typeset(name: str, formulas: Sequence[tuple[str, str]]) -> list[str]:
    """Each formula ("inline" or "display", TeX) as markup, or a text that begins with ``error: ``."""
    modules = node_packages(TYPESETTERS[name]) / "node_modules"
    script = Path(__file__).with_name(f"{name}.cjs")
    result = subprocess.run(
        [str(find_tool("node")), str(script)],
        env={**os.environ, "NODE_PATH": str(modules)},
        input=json.dumps(list(formulas)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert isinstance(found, list)
    return found
