"""The browser, and every built-in network as a page, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.browser import chromium

from symbackprop.api import derive, load

__all__ = ["chromium"]


class Pages(dict[tuple[str, str], Path]):
    """(name, language) -> the file of a built-in network's page, which is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __missing__(self, wanted: tuple[str, str]) -> Path:
        name, language = wanted
        self[wanted] = path = self.folder / f"{name}.{language}.html"
        path.write_text(derive(load(name)).document(language).text("html"), encoding="utf-8")
        return path


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"))
