"""Pages in a real browser: self-contained, quiet, readable everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.browser import NARROW, WIDE, Browser

from symbackprop.api import derive, load
from symbackprop.examples.library import example_names

LANGUAGES = ("en", "zh")
SETTINGS = [("en", WIDE, "light"), ("zh", WIDE, "dark"), ("en", NARROW, "dark"), ("zh", NARROW, "light")]


@contextmanager
def without_scripts(browser: Browser) -> Iterator[None]:
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        yield
    finally:
        browser.command("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", example_names())
def test_a_page_asks_nobody_complains_of_nothing_fits_and_shows_no_tex(
    chromium: Browser, pages: dict[tuple[str, str], Path], name: str, language: str
) -> None:
    page = pages[name, language]
    chromium.open(page, NARROW)
    assert chromium.requests() == [page.as_uri()]
    assert chromium.complaints() == []
    assert chromium.script("return document.documentElement.lang").startswith(language)
    assert chromium.script("return document.documentElement.scrollWidth") <= NARROW[0]
    lost = chromium.script(
        "return document.fonts.ready.then(all => [...all].filter(one => one.status === 'error').map(one => one.family))"
    )
    assert lost == []
    assert chromium.script("return document.querySelectorAll('.katex').length") > 50
    assert chromium.script("return document.querySelectorAll('.katex-error').length") == 0
    text = chromium.script(
        "for (const one of document.querySelectorAll('.katex, script, style')) one.remove();"
        "return document.body.innerText"
    )
    assert not re.search(r"\\[a-zA-Z]+|\$|[_^]\{|[\U000f0000-\U000fffff]", text)


@pytest.mark.parametrize(("language", "size", "scheme"), SETTINGS)
def test_axe_finds_nothing(
    chromium: Browser, pages: dict[tuple[str, str], Path], language: str, size: tuple[int, int], scheme: str
) -> None:
    chromium.open(pages["mazur", language], size, scheme)
    chromium.script("for (const one of document.querySelectorAll('details')) one.open = true")
    chromium.script("document.querySelector('[data-choice]').click()")
    assert chromium.accessibility() == []


def test_axe_sees_what_is_wrong(chromium: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html><title>x</title><p style='color:#ccc;background:#fff'>pale</p>")
    chromium.open(page)
    found = " ".join(chromium.accessibility())
    assert "color-contrast" in found
    assert "html-has-lang" in found


def test_without_scripts_text_formulas_and_figures_are_there_and_nothing_dead(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    page = pages["mazur", "en"]
    chromium.open(page)
    whole = chromium.script("return document.querySelectorAll('.katex').length")
    with without_scripts(chromium):
        chromium.driver.get(page.as_uri())
        document = chromium.command("DOM.getDocument", depth=0)["root"]["nodeId"]

        def count(selector: str) -> int:
            found = chromium.command("DOM.querySelectorAll", nodeId=document, selector=selector)
            return len(found["nodeIds"])

        assert count(".katex") == whole > 100
        assert count("html.js") == 0
        assert count("figure svg") >= 3
        shown = chromium.command("DOM.querySelector", nodeId=document, selector=".watch")["nodeId"]
        chromium.command("DOM.enable")
        chromium.command("CSS.enable")
        styles = chromium.command("CSS.getComputedStyleForNode", nodeId=shown)["computedStyle"]
        assert {"name": "display", "value": "none"} in styles
        chromium.command("CSS.disable")
    assert chromium.complaints() == []


def test_terms_are_explained_where_they_stand(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    for language, word in (("en", "chain rule"), ("zh", "链式法则")):
        chromium.open(pages["mazur", language])
        term = chromium.driver.find_element("css selector", "a.term[href='#term:chain_rule']")
        assert term.text == word
        meaning = chromium.script("return document.getElementById('term:chain_rule').nextElementSibling.textContent")
        assert term.get_attribute("title") == meaning != ""


def test_equations_and_sections_can_be_linked_to(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    chromium.open(pages["mazur", "en"])
    lost = chromium.script(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => decodeURIComponent(a.hash.slice(1)))"
        ".filter(name => !document.getElementById(name))"
    )
    assert lost == []
    doubled = chromium.script(
        "const ids = [...document.querySelectorAll('[id]')].map(one => one.id);"
        "return ids.filter((id, at) => ids.indexOf(id) !== at)"
    )
    assert doubled == []
    numbers = chromium.script("return [...document.querySelectorAll('.equation .number')].map(one => one.textContent)")
    assert numbers == [f"({number})" for number in range(1, len(numbers) + 1)]


def test_print_shows_what_is_folded_and_leaves_out_what_only_works_on_a_screen(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    chromium.open(pages["mazur", "en"])
    chromium.media("light", "print")
    height = "return document.querySelector(arguments[0]).getBoundingClientRect().height"
    assert chromium.script(height, "main > details .equation") > 10
    for gone in ("nav", ".choices", ".watch", "#scheme"):
        assert chromium.script(height, gone) == 0
    chromium.media()


def test_pages_are_reproducible() -> None:
    one, other = (derive(load("mazur")).document("en").text("html") for _ in range(2))
    assert one == other
