"""Words of a spec that mean something to some format: shown as they are in every format, and doing nothing."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from support.latex import compile_latex

from symbackprop.api import derive
from symbackprop.publish import RenderedDocument
from symbackprop.render.environment import choose_format
from symbackprop.render.escaping import clean
from symbackprop.render.flavour import FLAVOURS
from symbackprop.spec.model import About, Data, Network

TRAPS = {
    "markup": "</script><img src=x onerror=alert(1)> &lt; <!-- -->",
    "TeX": r"\input{/etc/passwd} \write18{id} ^^M %stop #1 $x$ a_b ~ {",
    "templates": "{{7*7}} {% raw %} {# no #} <% no %> << no >>",
    "Markdown": "`` `a` *b* [c](javascript:d) ![e](f) | # g",
    "YAML": "a: b, - c ? 'd \"e # f",
    "breaks": "first\nsecond\r\nthird\u2028fourth",
    "directions": "\u202eabc\u2066\u200f",
}


def document(trap: str) -> RenderedDocument:
    about = About(title=trap, author=trap, tags=[trap], date="2026-01-02")
    network = Network(
        name="traps", inputs=1, layers=[{"size": 1, "activation": "tanh"}], data=Data(inputs=[1]), about=about
    )
    return derive(network).document("en")


traps = pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)


@traps
@pytest.mark.parametrize("flavour", FLAVOURS.names())
def test_markdown_shows_them(trap: str, flavour: str) -> None:
    made = document(trap)
    text = made.text("md", flavour)
    front, _, body = text.partition("\n---\n") if text.startswith("---\n") else ("", "", text)
    assert not set(text) & set("\r\u2028\u202e\u2066\u200f")
    if front:
        facts = yaml.safe_load(front)
        titles = [value for key, value in facts.items() if key == "title"]
        assert titles in ([], [clean(trap).strip()])
        assert facts.get("tags", facts.get("categories", facts.get("keywords", [clean(trap)]))) == [clean(trap)]
    assert "<script" not in body
    assert "<img src=x" not in body
    assert "{{7*7}}" not in body.replace("{% raw %}", "")
    for line in body.splitlines():
        if line.startswith("# "):
            assert html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line[2:])).split() == clean(trap).split()


def test_latex_shows_them(tool: Callable[[str], Path], tmp_path: Path) -> None:
    """All at once: TeX takes its time."""
    joined = " ".join(TRAPS.values())
    pages = compile_latex(document(joined).text("tex"), tool, tmp_path)
    shown = "".join(pages.replace("’", "'").split())
    for piece in (
        "</script><img",
        r"\input{/etc/passwd}",
        r"\write18{id}",
        "{{7*7}}",
        "{%raw%}",
        "$x$",
        "firstsecondthird",
    ):
        assert piece in shown
    assert "root:" not in shown


@traps
def test_a_fragment_has_them_only_in_a_comment(trap: str) -> None:
    text = document(trap).text("tex", fragment=True)
    comment, _, body = text.partition("\n\n")
    assert all(line.startswith("%") for line in comment.splitlines())
    assert clean(trap) not in body


@traps
def test_figures_are_well_formed(trap: str) -> None:
    for output in document(trap).figure_files("figures"):
        ElementTree.fromstring(output.content)
        assert ".." not in output.path


@traps
@pytest.mark.parametrize("to", ["md", "tex"])
def test_the_same_spec_gives_the_same_bytes(trap: str, to: str) -> None:
    chosen = choose_format(to)
    first, second = (document(trap).outputs(chosen, chosen.choose_flavour(None), "traps") for _ in range(2))
    assert first == second
