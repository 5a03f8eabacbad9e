"""The live view in a real browser: it follows what it is made from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.browser import NARROW, WIDE, Browser
from support.live import wait

from symbackprop.examples.library import example_path
from symbackprop.render.location import templates_folder

TITLE = "page.querySelector('h1') && page.querySelector('h1').textContent"
PROBLEM = "document.getElementById('problem').hidden ? '' : document.getElementById('told').textContent"
POST = """---
symbackprop: mazur
---

$$\\frac{\\partial E_{total}}{\\partial out_{o1}} = target_{o1} - out_{o1}$$

<script>alert("not a word of a post runs")</script>
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "net.toml"
    path.write_text(example_path("mazur").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def shows(number: str) -> str:
    return f"page.body && page.body.textContent.includes('{number}')"


def test_the_page_follows_the_spec_and_tells_what_is_wrong_with_its_place(
    watcher: Browser, live: Callable[..., str], spec: Path
) -> None:
    text = spec.read_text(encoding="utf-8")
    watcher.open(live("net.toml") + "/")
    wait(watcher, shows("0.298371109"))
    assert not watcher.script(f"return {PROBLEM}")

    spec.write_text(text.replace('"sigmoid"', '"sigmoit"', 1), encoding="utf-8")
    told = wait(watcher, PROBLEM)
    assert "net.toml: layers[0].activation: unknown 'sigmoit'; did you mean 'sigmoid'?" in str(told)
    assert wait(watcher, shows("0.298371109")), "the last good page stays"

    spec.write_text("inputs = [", encoding="utf-8")
    assert "net.toml" in str(wait(watcher, f"!({PROBLEM}).includes('sigmoit') && {PROBLEM}"))

    spec.write_text(text.replace("0.15", "0.17"), encoding="utf-8")
    wait(watcher, f"!({PROBLEM})")
    wait(watcher, shows("0.17") + " && !page.body.textContent.includes('0.298371109')")
    assert watcher.complaints() == []


def test_a_spec_that_is_wrong_from_the_start_is_shown_with_its_mistakes(
    watcher: Browser, live: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "net.toml").write_text('name = "x"\ninputs = -3\n')
    watcher.open(live("net.toml") + "/")
    told = str(wait(watcher, PROBLEM))
    assert "inputs" in told
    assert "layers" in told, "all mistakes at once"
    shutil.copy(example_path("mazur"), tmp_path / "net.toml")
    wait(watcher, TITLE)


def test_the_frame_speaks_the_language_of_the_page(watcher: Browser, live: Callable[..., str], spec: Path) -> None:
    spec.write_text(spec.read_text(encoding="utf-8").replace('language = "en"', ""), encoding="utf-8")
    watcher.open(live("net.toml", language="zh") + "/")
    wait(watcher, shows("0.298371109"))
    assert watcher.script("return document.documentElement.lang") == "zh"
    assert "已是最新" in str(wait(watcher, "document.getElementById('state').textContent !== '…' && state.textContent"))
    spec.write_text("inputs = [", encoding="utf-8")
    wait(watcher, PROBLEM)
    assert "最近一次成功生成的页面" in watcher.script("return document.getElementById('problem').textContent")


def test_a_new_file_in_the_place_of_the_old_one_is_seen(watcher: Browser, live: Callable[..., str], spec: Path) -> None:
    watcher.open(live("net.toml") + "/")
    wait(watcher, shows("0.298371109"))
    fresh = spec.with_name("net.toml.new")  # as editors save
    fresh.write_text(spec.read_text(encoding="utf-8").replace("0.15", "0.17"), encoding="utf-8")
    fresh.replace(spec)
    wait(watcher, shows("0.17") + " && !page.body.textContent.includes('0.298371109')")


def test_a_template_of_ones_own_is_followed(
    watcher: Browser, live: Callable[..., str], spec: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "html"
    own.mkdir(parents=True)
    template = (templates_folder() / "html" / "document.html.j2").read_text(encoding="utf-8")
    (own / "document.html.j2").write_text(template.replace("<h1>", "<h1>FIRST "), encoding="utf-8")
    watcher.open(live("net.toml", templates=str(tmp_path / "own")) + "/")
    assert str(wait(watcher, TITLE)).startswith("FIRST ")
    (own / "document.html.j2").write_text(template.replace("<h1>", "<h1>SECOND "), encoding="utf-8")
    assert wait(watcher, f"{TITLE} && {TITLE}.startsWith('SECOND') && {TITLE}")
    (own / "document.html.j2").write_text(template.replace("<h1>", "<h1>{% if %}"), encoding="utf-8")
    assert "document.html.j2" in str(wait(watcher, PROBLEM))


def test_the_reader_stays_at_the_same_place(watcher: Browser, live: Callable[..., str], spec: Path) -> None:
    watcher.open(live("net.toml") + "/")
    wait(watcher, shows("0.298371109"))
    watcher.script("document.getElementById('page').contentWindow.scrollTo({top: 700, behavior: 'instant'})")
    spec.write_text(spec.read_text(encoding="utf-8").replace("0.15", "0.17"), encoding="utf-8")
    wait(watcher, shows("0.17") + " && !page.body.textContent.includes('0.298371109')")
    wait(watcher, "document.getElementById('page').contentWindow.scrollY === 700")


def test_a_post_is_shown_with_its_verdicts_in_the_margin(
    watcher: Browser, live: Callable[..., str], tmp_path: Path
) -> None:
    post = tmp_path / "post.md"
    post.write_text(POST, encoding="utf-8")
    watcher.open(live("post.md") + "/")
    note = "page.querySelector('#line-5 .note') && page.querySelector('#line-5 .note').textContent"
    told = str(wait(watcher, note))
    assert told.startswith("wrong")
    assert "[sign-lost]" in told
    assert watcher.script(
        "const page = document.getElementById('page').contentDocument;"
        "const [text, note] = [...page.querySelectorAll('#line-5 .text, #line-5 .notes')].map("
        "one => one.getBoundingClientRect()); return Math.abs(text.top - note.top) < 3 && note.left >= text.right"
    )
    assert wait(watcher, "page.querySelector('#line-5 .expected .katex') !== null")
    assert "not a word of a post runs" in str(wait(watcher, "page.body.textContent"))
    assert watcher.complaints() == []
    post.write_text(POST.replace("target_{o1} - out_{o1}", "out_{o1} - target_{o1}"), encoding="utf-8")
    assert wait(watcher, f"({note}) && ({note}).startsWith('right')")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_axe_finds_nothing_in_the_frame_and_the_report(
    watcher: Browser, live: Callable[..., str], tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    (tmp_path / "post.md").write_text(POST, encoding="utf-8")
    address = live("post.md")
    watcher.open(address + "/", size, scheme)
    wait(watcher, "page.querySelector('.note') !== null")
    watcher.script(
        "document.getElementById('problem').hidden = false; document.getElementById('told').textContent = 'x: y'"
    )
    assert watcher.accessibility() == []
    watcher.open(address + "/page", size, scheme)
    assert watcher.script("return document.documentElement.scrollWidth") <= size[0]
    assert watcher.accessibility() == []
