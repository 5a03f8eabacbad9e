"""The browser, and every built-in network as a page, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.browser import chromium

from symbackprop.api import derive, load
from symbackprop.examples.library import example_names
from symbackprop.render.locale import LOCALES

__all__ = ["chromium"]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Every built-in network in every language, as a file: (name, language) -> path."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for name in example_names():
        derivation = derive(load(name))
        for language in LOCALES.names():
            made[name, language] = path = folder / f"{name}.{language}.html"
            path.write_text(derivation.document(language).text("html"), encoding="utf-8")
    return made
