"""Whole documents, with every kind of block, in two languages and all formats."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from support.latex import compile_latex
from support.sample import ENGLISH, LOCALES, NET, SLOPE, TEX, sample_document

import symbackprop as sbp
from symbackprop.document.blocks import Document, Figure, Formula, Message, Reference, Say, Table, Text
from symbackprop.errors import UserError
from symbackprop.expression import Number, chain
from symbackprop.render import environment, renderer
from symbackprop.render.environment import choose_format, formats
from symbackprop.render.flavour import Flavour
from symbackprop.render.locale import Locale
from symbackprop.render.renderer import render

TIKZ = r"\begin{tikzpicture}\draw[->] (0,0) -- node[above]{$w_5$} (3,1);\end{tikzpicture}"
FIGURES = {"svg": {"network": "mazur.figures/the network.svg"}, "tikz": {"network": TIKZ}}


def rendered(
    to: str, locale: Locale = ENGLISH, document: Document | None = None, flavour: Flavour | None = None
) -> str:
    output_format = choose_format(to)
    return render(
        document or sample_document(),
        output_format,
        locale,
        TEX,
        flavour or output_format.choose_flavour(None),
        FIGURES[output_format.figure],
        "mazur",
    )


def said(phrase: str, **arguments: object) -> Document:
    """A document of one paragraph."""
    return Document(Message("title", {"name": Text("x")}), (Say(Message(phrase, arguments)),))  # type: ignore[arg-type]


def paragraph(phrase: str, locale: Locale = ENGLISH, to: str = "md", **arguments: object) -> str:
    return rendered(to, locale, said(phrase, **arguments)).splitlines()[-1]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.language.tag)
@pytest.mark.parametrize("to", ["md", "tex"])
def test_a_whole_document_is_as_it_was_last_seen(to: str, locale: Locale, golden: Callable[[str, str], None]) -> None:
    text = rendered(to, locale)
    golden(f"render/sample.{locale.language.tag}.{choose_format(to).extension}", text)
    assert text == rendered(to, locale)


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.language.tag)
def test_latex_compiles_to_pages(locale: Locale, tool: Callable[[str], Path], tmp_path: Path) -> None:
    pages = compile_latex(rendered("tex", locale), tool, tmp_path)
    assert "(1)" in pages
    assert "??" not in pages  # a reference that leads nowhere
    assert ("反向传播" if locale.language.tag == "zh" else "Backpropagation") in pages


def test_numbers_are_the_same_in_every_language() -> None:
    numbers = [re.findall(r"\\tag\{(\d+)\}|\((\d)\)", rendered("md", locale)) for locale in LOCALES]
    assert numbers[0] == numbers[1]
    assert [tag for tag, _ in numbers[0] if tag] == ["1", "2", "3"]


def test_markdown_blocks_are_separated() -> None:
    """Displays, tables and headings only count as such between empty lines."""
    lines = rendered("md").splitlines()
    for before, line in pairwise(lines):
        if line.startswith("#") and not line.startswith("    #"):
            assert before == "" or before.startswith("print"), line
        if line.startswith("|") and not before.startswith("|"):
            assert before == ""
    displays = [position for position, line in enumerate(lines) if line == "$$"]
    assert all(
        lines[start - 1] == "" == lines[end + 1] for start, end in zip(displays[::2], displays[1::2], strict=True)
    )


def test_arguments_of_every_kind() -> None:
    inner = Message("slope", {"slope": SLOPE})
    assert paragraph("nested", what=inner) == rf"1\. Not a list: the slope ${TEX(SLOPE)}$."
    assert paragraph("nested", what=(Text("a"), Text("b"), inner)) == (
        rf"1\. Not a list: a, b and the slope ${TEX(SLOPE)}$."
    )
    assert paragraph("nested", what=chain(NET, Number("1"))) == r"1\. Not a list: $\mathrm{net}_{1} = 1$."
    assert paragraph("nested", what=()) == r"1\. Not a list: ."


def test_formulas_and_words_are_kept_apart() -> None:
    chinese = LOCALES[1]
    assert paragraph("slope", chinese, slope=NET) == r"斜率 $\mathrm{net}_{1}$"
    assert paragraph("steps.first", chinese, value=NET) == r"计算 $\mathrm{net}_{1}$。"
    assert paragraph("slope", chinese, "tex", slope=NET) != ""
    formulas = Message("slope", {"slope": NET})
    locale = Locale(ENGLISH.language, {**ENGLISH.phrases, "pair": "{first}{second}", "digit": "{first}2"}, "test")
    assert paragraph("pair", locale, first=NET, second=NET) == r"$\mathrm{net}_{1}$ $\mathrm{net}_{1}$"
    assert paragraph("digit", locale, first=NET) == r"$\mathrm{net}_{1}$ 2"
    assert paragraph("pair", locale, first=formulas, second=Text("x")) == r"the slope $\mathrm{net}_{1}$x"


def test_figures_and_tables_are_counted_without_labels_and_formulas_are_not() -> None:
    formula = Formula((chain(NET, Number("1")),))
    table = Table(Message("weight"), (Message("value"),), ((NET,),))
    blocks = (formula, table, replace(table, label="t"), replace(formula, label="f"))
    document = Document(
        Message("weight"), (*blocks, Say(Message("nested", {"what": (Reference("t"), Reference("f"))})))
    )
    text = rendered("md", ENGLISH, document)
    assert "Not a list: Table 2 and (1)." in text
    assert text.count(r"\tag{") == 1
    latex = rendered("tex", ENGLISH, document)
    assert r"Table \ref{table:2} and (\ref{equation:1})." in latex
    assert r"\label{table:1}" in latex


def test_long_tables_may_break_over_pages() -> None:
    table = Table(Message("weight"), (Message("value"),), ((NET,),) * 31)
    assert r"\begin{longtable}" in rendered("tex", ENGLISH, Document(Message("weight"), (table,)))


def test_mistakes_of_an_outline_are_told() -> None:
    formula = Formula((chain(NET, Number("1")),), "f")
    with pytest.raises(ValueError, match="two blocks have the label 'f'"):
        rendered("md", ENGLISH, Document(Message("weight"), (formula, formula)))
    with pytest.raises(ValueError, match="no block has the label 'g'; there are: f"):
        rendered(
            "md", ENGLISH, Document(Message("weight"), (formula, Say(Message("nested", {"what": Reference("g")}))))
        )
    with pytest.raises(ValueError, match="english: nested: wants 'what', was given that"):
        paragraph("nested", that=NET)
    with pytest.raises(UserError, match="english: no phrase 'nestd'; did you mean 'nested'"):
        paragraph("nestd")
    figure = Document(Message("weight"), (Figure("netwrk", Message("weight")),))
    with pytest.raises(UserError, match=r"figure 'netwrk': was not drawn; did you mean 'network'\? known: network"):
        rendered("md", ENGLISH, figure)


def test_an_unknown_format_or_flavour_is_told_with_the_choices() -> None:
    with pytest.raises(UserError, match=r"^--to: unknown format 'latx'.*known: .*md, pdf,.* tex"):
        choose_format("latx")
    with pytest.raises(UserError, match=r"^--flavour: unknown flavour 'githb'; did you mean 'github'\?"):
        choose_format("md").choose_flavour("githb")
    with pytest.raises(UserError, match=r"^--flavour: tex has no flavours$"):
        choose_format("tex").choose_flavour("github")


@pytest.mark.parametrize("content", [b'name = "odd"', b"name", b"\xff"])
def test_a_format_that_is_wrong_is_told_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "format.toml").write_bytes(content)
    monkeypatch.setattr(environment, "templates_folder", lambda: tmp_path)
    with pytest.raises(UserError, match=r"^odd/format\.toml: "):
        formats.__wrapped__()


def test_the_collector_rests_while_a_document_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[bool] = []

    def stopped(*_: object) -> None:
        at_work.append(gc.isenabled())
        raise ZeroDivisionError

    monkeypatch.setattr(renderer, "document_facts", stopped)
    for before in (True, False):
        (gc.enable if before else gc.disable)()
        try:
            with pytest.raises(ZeroDivisionError):
                sbp.derive(sbp.load("mazur")).document("en").text()
            assert gc.isenabled() is before
        finally:
            gc.enable()
    assert at_work == [False, False]
