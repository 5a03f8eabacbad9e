"""What the generator writes, the checker reads back: everything read, every claim right, nothing found.

Ordinarily every network stands in its own notation in all languages and formats, and in each other notation that
can write it in one of them. ``--complete`` (CI does so) takes every notation in all languages and formats.
"""

from __future__ import annotations

from functools import cache

import pytest
from support.written import CANNOT_WRITE, VARIANTS, covering, pairs

from symbackprop.api import NetworkDerivation, derive, load, with_options
from symbackprop.check.check import check
from symbackprop.check.verdict import FileReport, Status
from symbackprop.errors import UserError
from symbackprop.examples.library import example_names
from symbackprop.render.flavour import FLAVOURS
from symbackprop.render.locale import LOCALES

KINDS = {"md": "markdown", "tex": "latex", "ipynb": "notebook"}
SILENT = frozenset({Status.MENTION, Status.DEFINITION, Status.RIGHT})


@cache
def derivation(example: str, notation: str) -> NetworkDerivation:
    network = load(example)
    return derive(network if notation == network.notation else with_options(network, notation=notation))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "variant" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--complete")
        cases = [(*pair, *variant) for pair in pairs() for variant in VARIANTS] if whole else list(covering())
        metafunc.parametrize(("example", "notation", "language", "variant"), cases)


@cache
def checked(example: str, notation: str, language: str, to: str, flavour: str | None = None) -> FileReport:
    """The report on a document of the generator; what has to hold of each of them is asserted."""
    owner = derivation(example, notation)
    report = check(owner.document(language).text(to, flavour), owner.derivation, kind=KINDS[to]).files[0]
    found = [
        f"{one.statement.place.line}: {one.status.value} {one.rule}: {one.statement.tex}: {one.message}"
        for one in report.verdicts
        if one.status not in SILENT
    ]
    assert not found, "\n".join([f"{len(found)} findings", *found[:12]])
    assert report.formulas_read == report.formulas > 20
    assert report.summary["right"] > 20
    return report


def test_what_is_written_is_found_right(example: str, notation: str, language: str, variant: str) -> None:
    checked(example, notation, language, variant)


@pytest.mark.parametrize(
    ("example", "notation"),
    [(example, notation) for example, notations in CANNOT_WRITE.items() for notation in notations.split()],
)
def test_what_a_notation_cannot_write_is_refused(example: str, notation: str) -> None:
    with pytest.raises(UserError, match="cannot write"):
        derivation(example, notation).document("en").text("md")


def test_every_network_is_in_the_table() -> None:
    assert set(CANNOT_WRITE) == set(example_names())


@pytest.mark.parametrize("flavour", sorted(FLAVOURS.names()))
@pytest.mark.parametrize("language", LOCALES.names())
def test_every_flavour_is_read_back(flavour: str, language: str) -> None:
    """Each with one network, so that all networks have their turn."""
    names = sorted(example_names())
    place = sorted(FLAVOURS.names()).index(flavour) + LOCALES.names().index(language)
    example = names[place % len(names)]
    checked(example, load(example).notation, language, "md", flavour)


@pytest.mark.parametrize("flavour", ["hexo", "zhihu"])
@pytest.mark.parametrize("example", example_names())
def test_flavours_that_change_formulas_are_read_back(flavour: str, example: str) -> None:
    checked(example, load(example).notation, "zh", "md", flavour)


@pytest.mark.parametrize("example", example_names())
def test_notebooks_are_read_back(example: str) -> None:
    checked(example, load(example).notation, "en", "ipynb")


@pytest.mark.parametrize("example", example_names())
def test_languages_and_formats_are_judged_alike(example: str) -> None:
    """The same mathematics stands in all of them, so the same counts come out."""
    right = {variant: checked(example, load(example).notation, *variant).summary["right"] for variant in VARIANTS}
    assert len(set(right.values())) == 1, right
