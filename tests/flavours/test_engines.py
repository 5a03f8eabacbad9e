"""Posts through the real engines: the TeX that reaches the page is the TeX that was meant."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from support.engines import ENGINES, MARKS, put
from support.formulas import DOLLARS, meant, reached, trap_document
from support.sample import ENGLISH, LOCALES, TEX, sample_document

from symbackprop.document.blocks import Code, Document, Message, Say, Text
from symbackprop.render.environment import choose_format
from symbackprop.render.flavour import FLAVOURS
from symbackprop.render.locale import Locale
from symbackprop.render.renderer import render

FIGURES = {"network": "net.figures/network.svg"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def check(name: str, document: Document, locale: Locale, folder: Path) -> None:
    flavour_name, engine = ENGINES[name]
    flavour = FLAVOURS.get(flavour_name)
    post = render(document, choose_format("md"), locale, TEX, flavour, FIGURES, "net")
    put(folder, net_dot_figures__network_dot_svg=SVG)
    page = engine(post, folder)
    found = reached(page, MARKS.get(name, DOLLARS))
    expected = meant(document, flavour, locale, TEX, FIGURES)
    assert len(expected) > 10
    lost = [formula for formula in expected if formula not in found]
    assert (lost, len(found)) == ([], len(expected))
    assert found == expected


@pytest.mark.parametrize("name", ENGINES)
def test_no_trap_breaks_a_formula(name: str, tmp_path: Path) -> None:
    check(name, trap_document(), ENGLISH, tmp_path)


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.language.tag)
@pytest.mark.parametrize("name", ENGINES)
def test_a_whole_document_arrives(name: str, locale: Locale, tmp_path: Path) -> None:
    check(name, sample_document(), locale, tmp_path)


CODE = "{{7*7}} {% endraw %}{{ 6*7 }} {%- endraw -%} {% raw %}"


@pytest.mark.parametrize("name", ENGINES)
def test_no_template_is_run(name: str, tmp_path: Path) -> None:
    """Words and code are shown as they are, whatever the engine's templates would make of them."""
    flavour_name, engine = ENGINES[name]
    words = "a {{7*7}} {% raw %} <i>b</i> *c* _d_ #e | f"
    document = Document(
        Message("weight"), (Say(Message("nested", {"what": Text(words)})), Code("text", CODE)), date="2026-01-02"
    )
    post = render(document, choose_format("md"), ENGLISH, TEX, FLAVOURS.get(flavour_name), {}, "net")
    page = " ".join(html.unescape(re.sub(r"<[^>]*>", "", engine(post, tmp_path))).split())
    assert f"1. Not a list: {words}." in page
    assert CODE in page


def test_what_is_said_to_be_tried_is_tried() -> None:
    tried = {name for name in FLAVOURS.names() if FLAVOURS.get(name).tried == "engine"}
    assert tried == {flavour for flavour, _ in ENGINES.values()} - {"quarto"}
