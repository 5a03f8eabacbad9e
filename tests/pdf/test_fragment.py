"""LaTeX to paste: with the packages that it names, it compiles inside any article, and beside other fragments."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from support.latex import compile_latex

from symbackprop.api import derive, load
from symbackprop.cli import main
from symbackprop.errors import UserError
from symbackprop.examples.library import example_names
from symbackprop.publish import RenderedDocument
from symbackprop.render.locale import LOCALES

examples = pytest.mark.parametrize("example", example_names())


@cache
def document(example: str, language: str) -> RenderedDocument:
    return derive(load(example)).document(language)


def fragment(example: str, language: str) -> str:
    return document(example, language).text("tex", fragment=True)


def named_packages(text: str) -> list[str]:
    """The lines of the comment that a preamble needs."""
    comment = text.partition("\n\n")[0].splitlines()
    assert all(line.startswith("%") for line in comment)
    return [line.removeprefix("% ") for line in comment if line.startswith("% \\")]


@examples
def test_it_compiles_inside_an_article(example: str, tool: Callable[[str], Path], tmp_path: Path) -> None:
    """In both languages at once: the labels of one are not those of the other."""
    texts = {language: fragment(example, language) for language in LOCALES.names()}
    needed = dict.fromkeys(line for text in texts.values() for line in named_packages(text))
    for language, text in texts.items():
        (tmp_path / f"{language}.tex").write_text(text, encoding="utf-8")
    parts = "\n".join(rf"\input{{{language}}}" for language in texts)
    # the text is as wide as that of the documents: what is broken to fit into 160 mm overruns a narrower column
    preamble = "\n".join(needed) + "\n\\usepackage[margin=25mm]{geometry}\n\\emergencystretch=3em\n"
    source = f"\\documentclass[11pt,a4paper]{{article}}\n{preamble}\\begin{{document}}\n{parts}\n\\end{{document}}\n"
    pages = compile_latex(source, tool, tmp_path)
    assert "(1)" in pages


@examples
def test_it_is_the_body_of_the_document(example: str) -> None:
    body = fragment(example, "en")
    assert "\\documentclass" not in body
    assert "\\begin{document}" not in body
    whole = document(example, "en").text("tex").replace("{equation:", f"{{{example}-en:equation:")
    whole = whole.replace("{figure:", f"{{{example}-en:figure:").replace("{table:", f"{{{example}-en:table:")
    last_blocks = body.split("\n\n")[-40:]
    assert all(block in whole for block in last_blocks)


def test_a_name_cannot_break_a_label(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--to", "tex", "--fragment", "--name", "50% of #1 {x}", "-o", str(tmp_path)]
    assert main(["derive", "mazur", *arguments]) == 0
    (path,) = capsys.readouterr().out.splitlines()
    assert "\\label{50--of--1--x--en:equation:1}" in Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("formats", [["md"], ["pdf"], ["md", "pdf"]])
def test_formats_without_fragments_say_so(formats: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [part for name in formats for part in ("--to", name)]
    assert main(["derive", "mazur", "--fragment", *arguments]) == 2
    assert f"--fragment: {' and '.join(formats)} has no fragments; --to tex has" in capsys.readouterr().err


def test_python_says_so_too() -> None:
    with pytest.raises(UserError, match=r"^--fragment: md has no fragments; known: tex$"):
        document("mazur", "en").text("md", fragment=True)
