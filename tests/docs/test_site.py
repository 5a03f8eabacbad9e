"""The documentation site: it is built without a warning, needs nothing from elsewhere, and leaves nothing out."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.browser import Browser
from support.tools import find_module

from symbackprop.check.rule import RULES
from symbackprop.cli import COMMANDS
from symbackprop.examples.library import example_names
from symbackprop.notation.table import NOTATIONS
from symbackprop.render.flavour import FLAVOURS
from symbackprop.render.locale import LOCALES

ROOT = Path(__file__).resolve().parents[2]
MODULES = {
    "furo": "furo",
    "myst_parser": "myst-parser",
    "quickjs": "quickjs-ng",
    "sphinx_copybutton": "sphinx-copybutton",
}
PARTS = ("docs", "output", "CHANGELOG.md", "CONTRIBUTING.md")
LOADED = re.compile(r"""<(?:script|img|link|iframe)\b[^>]*?\b(?:src|href)="((?:https?:)?//[^"]+)""")
STYLE_LOADED = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')]+)""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built from a copy: pages are generated among the sources."""
    for module, package in MODULES.items():
        find_module(module, package)
    folder = tmp_path_factory.mktemp("site")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("_build", "generated"))
        else:
            shutil.copy(ROOT / part, folder / part)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "docs", "html"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


def page(site: Path, name: str) -> str:
    return (site / f"{name}.html").read_text(encoding="utf-8")


def test_the_build_warns_of_nothing(site: Path) -> None:
    assert (site / "index.html").is_file()


def test_every_entry_of_a_table_has_its_page(site: Path) -> None:
    for folder, names in (
        ("rules", RULES.names()),
        ("notations", NOTATIONS.names()),
        ("flavours", FLAVOURS.names()),
        ("gallery", example_names()),
        ("gallery", [f"{name}.{language}" for name in example_names() for language in LOCALES.names()]),
    ):
        listed = page(site, f"generated/{folder}/index")
        for name in names:
            assert f'href="{name}.html"' in listed, name
            assert (site / "generated" / folder / f"{name}.html").is_file(), name


def test_commands_and_keys_of_the_spec_are_there(site: Path) -> None:
    commands = page(site, "generated/command-line")
    for name in COMMANDS:
        assert f'<section id="{name}">' in commands, name
    spec = page(site, "generated/spec")
    for key in ("learning_rate", "recurrent_weights", "outline", "trailing_zeros"):
        assert f">{key}<" in spec, key


def test_the_python_reference_shows_docstrings(site: Path) -> None:
    reference = page(site, "reference/python")
    for name in ("symbackprop.derive", "symbackprop.Network", "symbackprop.api.Gradient.factors", "UserError"):
        assert name in reference, name
    assert "Derive every gradient of a network." in reference


def test_formulas_are_typeset_and_figures_are_pictures(site: Path) -> None:
    shown = page(site, "generated/gallery/mazur.zh")
    source = (ROOT / "output" / "mazur.zh.md").read_text(encoding="utf-8")
    assert shown.count('class="katex-display"') == source.count("\n$$\n") // 2
    assert 'lang="zh-CN"' in shown
    figures = re.findall(r'src="([^"]+\.svg)"', shown)
    assert len(figures) == source.count("](mazur.figures/")
    for figure in figures:
        assert (site / "generated" / "gallery" / figure).resolve().is_file()
    for font in re.findall(r"url\((fonts/[^)]+woff2)\)", (site / "_static/katex/katex.min.css").read_text()):
        assert (site / "_static" / "katex" / font).is_file()


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 80
    loaded = {path.name: LOADED.findall(path.read_text(encoding="utf-8")) for path in pages}
    loaded |= {path.name: STYLE_LOADED.findall(path.read_text(encoding="utf-8")) for path in site.rglob("*.css")}
    assert {name: found for name, found in loaded.items() if found} == {}


def test_pages_added_beside_the_others_are_listed(site: Path) -> None:
    listed = page(site, "index")
    for path in (ROOT / "docs").glob("*.md"):
        assert f'href="{path.stem}.html"' in listed or path.stem == "index", path.name


@pytest.mark.parametrize("name", ["generated/gallery/mazur.zh", "zh/tutorial", "index"])
def test_a_browser_asks_nobody_else_and_complains_of_nothing(site: Path, chromium: Browser, name: str) -> None:
    chromium.open(site / f"{name}.html")
    fonts = "return document.fonts.ready.then(() => [...document.fonts].filter(f => f.status == 'loaded').length)"
    formulas = chromium.script("return document.querySelectorAll('.katex').length")
    assert bool(chromium.script(fonts)) == bool(formulas)
    asked = chromium.requests()
    assert asked
    assert [address for address in asked if not address.startswith(site.as_uri())] == []
    assert chromium.complaints() == []


@pytest.mark.parametrize(
    "name", ["generated/gallery/mazur.zh", "generated/spec", "howto/check", "index", "zh/tutorial"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read_by_everyone(site: Path, chromium: Browser, name: str, scheme: str) -> None:
    chromium.open(site / f"{name}.html", scheme=scheme)
    assert chromium.accessibility() == []
