"""Draws the README's picture of a page: ``python docs/page_images.py`` (with Chromium and its driver installed).

It is the worked example in a window, with what belongs to one weight lit up.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from symbackprop.api import derive, load

FOLDER = Path(__file__).parent / "images"
EXAMPLE, WEIGHT = "mazur", "weight-1-0-0"
WIDTH, HEIGHT = 1160, 800
ARGUMENTS = ("--headless=new", "--hide-scrollbars", "--disable-gpu", "--disable-dev-shm-usage")
SHOW = """
document.querySelector(`[data-choice="${arguments[0]}"]`).click();
document.activeElement.blur();
const figures = document.querySelectorAll("figure.drawing");
scrollTo({top: figures[2].getBoundingClientRect().top + scrollY - 330, behavior: "instant"});
"""
"""Light the weight up, and bring the figure of its paths into the window, below the formula of its derivative."""


def picture(language: str, folder: Path) -> bytes:
    """The window as a PNG."""
    page = folder / "page.html"
    page.write_text(derive(load(EXAMPLE)).document(language).text("html"), encoding="utf-8")
    options = webdriver.ChromeOptions()
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium refuses its sandbox to root
    for argument in (*ARGUMENTS, *as_root, f"--window-size={WIDTH},{HEIGHT}"):
        options.add_argument(argument)
    with webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver"))) as driver:
        driver.get(page.as_uri())
        driver.execute_script(SHOW, WEIGHT)
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        return driver.get_screenshot_as_png()


def main() -> None:
    for language in ("en", "zh"):
        with tempfile.TemporaryDirectory() as folder:
            content = picture(language, Path(folder))
        path = FOLDER / f"page-{language}.png"
        path.write_bytes(content)
        sys.stdout.write(f"{path}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main()
