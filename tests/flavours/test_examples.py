"""Every built-in document: through every engine, set by KaTeX and MathJax, and made into pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from support.engines import ENGINES, MARKS, put
from support.formulas import DOLLARS, meant, reached
from support.latex import compile_latex
from support.typesetters import TYPESETTERS, typeset

from symbackprop.api import derive, load
from symbackprop.document.blocks import Figure
from symbackprop.examples.library import example_names
from symbackprop.publish import RenderedDocument
from symbackprop.render.flavour import FLAVOURS
from symbackprop.render.locale import LOCALES
from symbackprop.render.numbering import Numbering

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'

examples = pytest.mark.parametrize("example", example_names())
languages = pytest.mark.parametrize("language", LOCALES.names())


@cache
def document(example: str, language: str) -> RenderedDocument:
    return derive(load(example)).document(lang=language)


def expected(rendered: RenderedDocument, flavour: str) -> list[tuple[str, str]]:
    figures = {block.name: f"{block.name}.svg" for block in rendered.document.blocks if isinstance(block, Figure)}
    return meant(rendered.document, FLAVOURS.get(flavour), rendered.locale, rendered.owner.printer.tex, figures)


@examples
@languages
@pytest.mark.parametrize("name", ENGINES)
def test_every_formula_reaches_the_page(name: str, example: str, language: str, tmp_path: Path) -> None:
    flavour, engine = ENGINES[name]
    rendered = document(example, language)
    post = rendered.text("md", flavour, "figures")
    for output in rendered.figure_files("figures"):
        put(tmp_path, **{output.path.replace("/", "__").replace(".", "_dot_"): SVG})
    found = reached(engine(post, tmp_path), MARKS.get(name, DOLLARS))
    formulas = expected(rendered, flavour)
    assert len(formulas) > 10
    assert [formula for formula in formulas if formula not in found] == []
    assert found == formulas


@examples
@languages
@pytest.mark.parametrize("typesetter", TYPESETTERS)
@pytest.mark.parametrize("flavour", ["markdown", "plain", "github"])
def test_every_formula_can_be_set(typesetter: str, flavour: str, example: str, language: str) -> None:
    formulas = expected(document(example, language), flavour)
    set_formulas = typeset(typesetter, formulas)
    assert len(set_formulas) == len(formulas)
    errors = [(tex, line) for (_, tex), line in zip(formulas, set_formulas, strict=True) if line.startswith("error")]
    assert errors == []


@examples
@languages
def test_latex_becomes_pages_without_a_complaint(
    example: str, language: str, tool: Callable[[str], Path], tmp_path: Path
) -> None:
    assert "(1)" in compile_latex(document(example, language).text("tex"), tool, tmp_path)


@examples
def test_numbers_are_the_same_in_every_language(example: str) -> None:
    first, *others = (Numbering(document(example, language).document.blocks) for language in LOCALES.names())
    assert all(other.labels == first.labels for other in others)
