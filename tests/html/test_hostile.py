"""Words of a spec in a page: they are shown, and do nothing else."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from support.browser import Browser

from symbackprop.api import derive, load

TRAPS = [
    "</script><script>document.title = 'taken'</script>",
    "</style></title><img src=x onerror=\"document.title='taken'\">",
    "<!-- <script> --> & &amp; {{ 7 * 7 }} {% raw %} $x$ \\(y\\)",
    "/* KaTeX */ 'sha256-' {{ figure_style }}",
    '<span class="tex">\\href{javascript:alert(1)}{x}</span>',
]


class Text(HTMLParser):
    """The words of a page's title and of its first heading, and how many scripts it has."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {"title": "", "h1": ""}
        self.scripts = 0
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        # figures have titles of their own
        if tag in self.words and not self.words[tag]:
            self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words[self.inside] += data


@pytest.mark.parametrize("trap", TRAPS)
def test_a_title_is_shown_as_it_is_and_nothing_of_it_runs(chromium: Browser, tmp_path: Path, trap: str) -> None:
    network = load("softmax")
    about = msgspec.structs.replace(network.about, title=trap, author=trap)
    text = derive(msgspec.structs.replace(network, about=about)).document("en").text("html")
    parser = Text()
    parser.feed(text)
    assert parser.scripts == 2  # the page's data and its own script
    assert parser.words["title"] == parser.words["h1"] == trap
    page = tmp_path / "page.html"
    page.write_text(text, encoding="utf-8")
    chromium.open(page)
    assert chromium.driver.title == " ".join(trap.split())
    assert chromium.requests() == [page.as_uri()]
    assert chromium.complaints() == []
    assert chromium.script("return document.querySelectorAll('#scheme, .katex').length") > 50, "it still works"
