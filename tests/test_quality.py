"""Linters, types and the order of imports: part of the tests, so that one command covers them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "lint-imports": ["lint-imports"],
}
LONGEST_FILE = 300


@pytest.mark.parametrize("name", COMMANDS)
def test_tool_finds_nothing(name: str, root: Path) -> None:
    program, *arguments = COMMANDS[name]
    found = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
    assert found, f"{program} is not installed; it comes with the extra 'test'"
    result = subprocess.run([found, *arguments], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def sources(root: Path) -> list[Path]:
    return [path for folder in ("symbackprop", "tests") for path in sorted((root / folder).rglob("*.py"))]


def test_no_file_is_longer_than_a_reader_likes(root: Path) -> None:
    lengths = {
        str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(root)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_template_holds_a_formula(root: Path) -> None:
    """Every formula comes out of a derivation: templates and languages have none of their own."""
    formulas = ("\\frac", "\\partial", "\\sum", "\\odot", "\\sigma", "\\delta", "\\cdot")
    files = [path for path in sorted((root / "templates").rglob("*")) if path.suffix in (".j2", ".toml")]
    assert files
    found = {
        str(path.relative_to(root)): [formula for formula in formulas if formula in path.read_text(encoding="utf-8")]
        for path in files
    }
    assert {name: held for name, held in found.items() if held} == {}
