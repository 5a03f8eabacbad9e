"""Formulas as HTML: what is typeset, what is refused, which fonts a page carries."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.tools import find_module

from symbackprop.errors import UserError
from symbackprop.render import katex
from symbackprop.render.page import finished, json_in_page


@pytest.fixture(autouse=True)
def _engine() -> None:
    find_module("quickjs", "quickjs-ng")


def formula(tex: str, display: bool = False) -> str:
    return f'<span class="tex{" display" if display else ""}">{tex}</span>'


def test_formulas_become_html_and_mathml_and_the_tex_is_gone() -> None:
    page = katex.typeset(f"<p>{formula('a &lt; b')}</p>{formula('x^2', display=True)}")
    assert page.count('class="katex"') == page.count("<math") == 2
    assert page.count("katex-display") == 1
    assert 'class="tex' not in page
    assert "annotation" not in page


def test_a_thousand_long_formulas_survive_the_engine() -> None:
    page = "".join(formula(" + ".join(f"w_{{{number}}} {position}" for position in range(60))) for number in range(300))
    assert katex.typeset(page).count('class="katex"') == 300


def test_threads_take_turns_in_the_engine() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: katex.typeset(formula(f"x_{{{number}}}")), range(64)))
    assert len(set(made)) == 64
    assert all('class="katex"' in page for page in made)


def test_one_formula_is_made_or_not() -> None:
    assert "<math" in (katex.formula(r"\frac{1}{2}") or "")
    assert katex.formula(r"\frac{1") is None


@pytest.mark.parametrize(
    "tex",
    [r"\frac{1", r"E_{总}", r"\unknown", r"\href{javascript:alert(1)}{x}", r"\htmlStyle{color:red}{x}",
     r"\includegraphics{http://example.org/x.png}", r"\def\a{\a\a}\a"],
)  # fmt: skip
def test_what_is_no_formula_or_does_more_than_show_one_is_refused(tex: str) -> None:
    with pytest.raises(UserError, match="KaTeX refuses"):
        katex.typeset(formula(tex))


def test_data_attributes_are_let_through_and_escaped() -> None:
    page = katex.typeset(formula(r"\htmlData{quantity=weight-1}{w}"))
    assert page.count('data-quantity="weight-1"') == 1


def test_a_page_carries_the_fonts_that_it_uses_and_no_address() -> None:
    plain = katex.style_sheet(katex.typeset(formula("1 + 2")))
    letters = katex.style_sheet(katex.typeset(formula(r"\mathbb{R} + x + \left(\frac{1}{2}\right)", display=True)))
    embedded = [set(re.findall(r"font-family:(KaTeX_\w+)[^}]*?src:url\(data:", style)) for style in (plain, letters)]
    assert embedded[0] == {"KaTeX_Main"}
    assert {"KaTeX_AMS", "KaTeX_Main", "KaTeX_Math"} <= embedded[1]
    assert "KaTeX_Fraktur" not in embedded[1]
    assert "url(fonts/" not in letters
    assert katex.style_sheet("<p>no formula</p>") == ""


def test_without_the_engine_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    katex._engine.cache_clear()
    monkeypatch.setitem(sys.modules, "quickjs", None)
    with pytest.raises(UserError, match=r"symbackprop\[html\]"):
        katex.typeset(formula("x"))


def test_without_katex_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(katex, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(UserError, match=r"needs KaTeX.*symbackprop\[html\]"):
        katex.katex_folder()
    monkeypatch.setenv(katex.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(UserError, match=r"SYMBACKPROP_KATEX: .* lacks katex\.min\.js"):
        katex.katex_folder()


def test_each_script_of_a_page_is_vouched_for_and_nothing_else() -> None:
    page = finished("<meta content=\"script-src 'sha256-'\"><style>/* KaTeX */</style><script>let a = 1;</script>")
    assert "script-src 'sha256-" in page
    assert "'sha256-'" not in page
    assert "/* KaTeX */" not in page
    assert "script-src 'none'" in finished("<meta content=\"script-src 'sha256-'\">")


def test_data_in_a_page_cannot_end_its_element() -> None:
    text = json_in_page({"</script><script>": "<!-- & "})
    assert not set("<>&") & set(text)
