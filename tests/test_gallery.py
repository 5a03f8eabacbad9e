"""The gallery in ``output`` is what the generator writes today."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.gallery import FOLDER, contents, listed, rewrite, write_example
from support.tools import missing

from symbackprop.examples.library import example_names
from symbackprop.render.writing import MANIFEST

REMEDY = "python -m pytest tests/test_gallery.py --rewrite-golden writes the gallery anew; look at the difference"


@pytest.fixture(scope="module", autouse=True)
def _rewritten(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--rewrite-golden"):
        rewrite(FOLDER)


@pytest.mark.parametrize("example", example_names())
def test_the_gallery_shows_what_is_written_today(example: str, tmp_path: Path) -> None:
    write_example(example, tmp_path)
    made = {path: content for path, content in contents(tmp_path).items() if path in listed(tmp_path)}
    kept = contents(FOLDER)
    changed = sorted(path for path, content in made.items() if kept.get(path) != content)
    assert changed == [], REMEDY
    assert {path.partition(".")[2] for path in made if "/" not in path} == {"en.md", "en.tex", "zh.md", "zh.tex"}


def test_nothing_is_left_over(tmp_path: Path) -> None:
    """No file of the repository is one that nothing writes any more."""
    command = ["git", "ls-files", "-z", "--", FOLDER.name]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        missing("a git repository", "what is left over in the gallery", "a clone of the project")
    rewrite(tmp_path)
    kept = {path.partition("/")[2] for path in done.stdout.split("\0") if path}
    assert kept - listed(tmp_path) <= {MANIFEST}, REMEDY


def test_every_link_of_the_gallery_leads_to_a_file() -> None:
    for path in FOLDER.glob("*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("!["):
                assert (FOLDER / line.rpartition("(")[2].rstrip(")")).is_file(), f"{path.name}: {line}"
