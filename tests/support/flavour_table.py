"""The table of ``docs/flavours.md``: how many formulas reach the page, by flavour and document."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from support.engines import ENGINES, MARKS, put
from support.formulas import DOLLARS, TRAPS, Found, meant, reached, trap_document
from support.sample import ENGLISH, TEX

from symbackprop.api import derive, load
from symbackprop.document.blocks import Document, Figure
from symbackprop.examples.library import example_names
from symbackprop.publish import RenderedDocument
from symbackprop.render.environment import choose_format
from symbackprop.render.flavour import FLAVOURS, Flavour
from symbackprop.render.formulas import TeX
from symbackprop.render.locale import LOCALES, Locale
from symbackprop.render.renderer import render

COMMAND = "python -m pytest tests/flavours/test_table.py --rewrite-golden"
PAGE = Path(__file__).parents[2] / "docs" / "flavours.md"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'

Count = tuple[int, int]
"""How many formulas reached the page as they were meant, of how many."""
Case = tuple[Document, Locale, TeX]


def counted(name: str, case: Case, folder: Path) -> Count:
    """A document through an engine."""
    flavour_name, engine = ENGINES[name]
    document, locale, tex = case
    flavour = FLAVOURS.get(flavour_name)
    figures = {block.name: f"figures/{block.name}.svg" for block in document.blocks if isinstance(block, Figure)}
    post = render(document, choose_format("md"), locale, tex, flavour, figures, "post")
    for path in figures.values():
        put(folder, **{path.replace("/", "__").replace(".", "_dot_"): SVG})
    found = reached(engine(post, folder), MARKS.get(name, DOLLARS))
    return intact(expected(case, flavour), found)


def intact(formulas: list[Found], found: list[Found]) -> Count:
    """How many of the formulas are found, in their order."""
    blocks = SequenceMatcher(None, formulas, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks), len(formulas)


def expected(case: Case, flavour: Flavour) -> list[Found]:
    document, locale, tex = case
    figures = {block.name: "f.svg" for block in document.blocks if isinstance(block, Figure)}
    return meant(document, flavour, locale, tex, figures)


@cache
def rendered(example: str, language: str) -> RenderedDocument:
    return derive(load(example)).document(language)


def cases(example: str) -> Iterator[Case]:
    """The documents of a built-in network."""
    for language in LOCALES.names():
        made = rendered(example, language)
        yield made.document, made.locale, made.owner.printer.tex


def table(count: Callable[[str, Case], Count]) -> str:
    """The page, with what ``count`` says of an engine and a document."""
    rows = [
        "# Flavours in their engines",
        "",
        "`symbackprop derive SPEC --flavour NAME` writes Markdown as one place of publication reads it. What was put",
        "through the real engine is counted here: the formulas that reach the page exactly as they were meant, of all",
        f"formulas in the document. *Traps* is a document made of {len(TRAPS)} formulas that some engine takes for",
        "markup, each in a line, in a list of formulas, as a display, in two rows, and in a table; the other columns",
        "are the documents of the built-in networks, English and Chinese added up.",
        "",
        _row("Flavour", "Engine", "Traps", *example_names()),
        _row(*["---"] * 2, *["---:"] * (1 + len(example_names()))),
    ]
    for name, (flavour, _) in ENGINES.items():
        trap = _shown([count(name, (trap_document(), ENGLISH, TEX))])
        counts = [_shown([count(name, case) for case in cases(example)]) for example in example_names()]
        rows.append(_row(f"`{flavour}`", name, trap, *counts))
    tried = {flavour for flavour, _ in ENGINES.values()}
    rows += ["", "Made by their tables and not tried on the site:", ""]
    rows += [f"- `{name}` ({FLAVOURS.get(name).title})" for name in FLAVOURS.names() if name not in tried]
    rows += ["", "What a flavour needs at its place:", ""]
    rows += [f"- `{name}`: {flavour.note}" for name in FLAVOURS.names() if (flavour := FLAVOURS.get(name)).note]
    rows += ["", f"This page is written by `{COMMAND}`."]
    return "\n".join(rows) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(counts: list[Count]) -> str:
    return f"{sum(found for found, _ in counts)} of {sum(total for _, total in counts)}"


def through_the_engine(name: str, case: Case) -> Count:
    with tempfile.TemporaryDirectory() as folder:
        return counted(name, case, Path(folder))


def as_the_tests_have_it(name: str, case: Case) -> Count:
    """All formulas: anything less fails in ``tests/flavours``."""
    total = len(expected(case, FLAVOURS.get(ENGINES[name][0])))
    return total, total
