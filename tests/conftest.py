"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from support.tools import find_tool

# Drawn texts are the same in every run where CI=true, and new ones elsewhere. Time is no test's subject.
settings.register_profile("drawn", deadline=None)
settings.register_profile("repeated", deadline=None, derandomize=True, database=None)
settings.load_profile("repeated" if os.environ.get("CI") == "true" else "drawn")

# What the tests keep between runs, they keep for themselves, and begin with nothing.
_KEPT = TemporaryDirectory(prefix="symbackprop-kept-")
# Under mutmut they keep nothing: an answer of the unchanged code would hide a change.
os.environ["SYMBACKPROP_CACHE"] = "" if "MUTANT_UNDER_TEST" in os.environ else _KEPT.name


@pytest.fixture(scope="session")
def tool() -> Callable[[str], Path]:
    """``tool("xelatex")``: the program's path, or the test is skipped (failed where CI is set)."""
    return find_tool


@pytest.fixture
def root() -> Path:
    """The folder with ``pyproject.toml``, for tests about the project itself."""
    return Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew, then look at the diff")
    parser.addoption(
        "--complete", action="store_true", default=os.environ.get("CI") == "true",
        help="check every notation in all languages and formats; the default where CI=true",
    )  # fmt: skip


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden("name.md", text)``: the text is what ``tests/golden/name.md`` holds."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{path} is not there; write it with --rewrite-golden"
        assert text == path.read_text(encoding="utf-8"), f"{name} has changed; --rewrite-golden if that is meant"

    return compare
