"""Programs that tests need and a machine may lack: found, or the test is skipped with the reason.

Where the environment says ``CI=true`` nothing may be lacking, so there a missing program is a failure.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

# program -> what tests use it for, what to install
TOOLS = {
    "chromium": ("pages as a browser shows them", "the system package chromium"),
    "chromedriver": ("pages as a browser shows them", "the system package chromium-driver"),
    "hugo": ("the flavour hugo", "the Python package hugo"),
    "jekyll": ("the flavour jekyll", "the system package jekyll"),
    "latexmk": ("LaTeX documents", "the system package latexmk"),
    "mkdocs": ("the flavour mkdocs-material", "the Python package mkdocs-material"),
    "node": ("KaTeX, MathJax and the flavours made with JavaScript", "the system package nodejs"),
    "npm": ("KaTeX, MathJax and the flavours made with JavaScript", "the system package npm"),
    "pdfinfo": ("what a PDF says of itself", "the system package poppler-utils"),
    "pdftoppm": ("pages of a PDF as pictures", "the system package poppler-utils"),
    "pdftotext": ("the text of a PDF", "the system package poppler-utils"),
    "rsvg-convert": ("figures as PNG", "the system package librsvg2-bin"),
    "sphinx-build": ("the flavour myst", "the Python package myst-parser"),
    "xelatex": (
        "LaTeX documents",
        "the system packages texlive-xetex, texlive-lang-chinese, texlive-fonts-recommended, texlive-latex-extra",
    ),
}

# package of the npm registry -> its version; each test installs only what it asks for
NODE_PACKAGES = {
    "axe-core": "4.10.3",
    "hexo": "8.1.2",
    "hexo-renderer-marked": "7.0.1",
    "katex": "0.16.22",
    "mathjax-full": "3.2.2",
    "rehype-stringify": "10.0.1",
    "remark-frontmatter": "5.0.0",
    "remark-gfm": "4.0.1",
    "remark-math": "6.0.0",
    "remark-mdx": "3.1.1",
    "remark-parse": "11.0.0",
    "remark-rehype": "11.1.2",
    "unified": "11.0.5",
}


def missing(name: str, purpose: str, remedy: str) -> NoReturn:
    reason = f"{name} is not there (for {purpose}); it comes with {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_tool(name: str) -> Path:
    """The program's path: beside the running Python first, then on the search path."""
    folders = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = shutil.which(name, path=folders)
    if found is None:
        missing(name, *TOOLS[name])
    return Path(found)


def find_module(name: str, distribution: str) -> None:
    """Skip (in CI: fail) unless the Python module can be imported."""
    if importlib.util.find_spec(name) is None:
        missing(name, "a test of what is published", f"the Python package {distribution}")


def cache_folder() -> Path:
    """Where npm's packages are kept from one run to the next, outside the project."""
    kept = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(kept) / "symbackprop-tests"


def node_packages(*names: str) -> Path:
    """A folder whose ``node_modules`` holds these packages; npm fetches them the first time."""
    npm = find_tool("npm")
    find_tool("node")
    wanted = [f"{name}@{NODE_PACKAGES[name]}" for name in sorted(names)]
    folder = cache_folder() / hashlib.sha256(" ".join(wanted).encode()).hexdigest()[:16]
    done = folder / "installed"
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        if not done.exists():
            command = [str(npm), "install", "--no-audit", "--no-fund", "--prefix", str(folder), *wanted]
            result = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, cwd=folder)
            if result.returncode != 0:
                missing(" ".join(wanted), "the flavours made with JavaScript", f"npm, which failed: {result.stderr}")
            done.touch()
    return folder


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two test processes must not install into the same folder at once."""
    try:
        import fcntl
    except ImportError:  # no such lock on this system; its tests run in one process
        yield
        return
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
