"""What the generator writes, the checker reads back: everything read, every claim right, nothing found."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from symbackprop.api import NetworkDerivation, derive, load, with_options
from symbackprop.check.check import check
from symbackprop.check.verdict import Status
from symbackprop.errors import UserError
from symbackprop.examples.library import example_names
from symbackprop.notation.table import NOTATIONS

KINDS = {"md": "markdown", "tex": "latex"}
LANGUAGES = ("en", "zh")
SILENT = frozenset({Status.MENTION, Status.DEFINITION, Status.RIGHT})


@cache
def derivation(example: str, notation: str) -> NetworkDerivation:
    network = load(example)
    return derive(network if notation == network.notation else with_options(network, notation=notation))


def combinations() -> Iterator[tuple[str, str, str, str]]:
    """Every network in every notation; in its own notation in all languages and formats as well."""
    for example in example_names():
        own = load(example).notation
        for notation in sorted(NOTATIONS.names()):
            for language in LANGUAGES if notation == own else ("en",):
                for to in KINDS if notation == own else ("md",):
                    yield example, notation, language, to


def document(example: str, notation: str, language: str, to: str) -> str:
    """The document, or the test is skipped where a notation has no name for what is in it."""
    try:
        return derivation(example, notation).document(language).text(to)
    except UserError as error:
        if "cannot write" not in str(error):
            raise
        pytest.skip(f"{notation} cannot write {example}")


@pytest.mark.parametrize(("example", "notation", "language", "to"), list(combinations()))
def test_what_is_written_is_found_right(example: str, notation: str, language: str, to: str) -> None:
    text = document(example, notation, language, to)
    report = check(text, derivation(example, notation).derivation, kind=KINDS[to]).files[0]
    found = [
        f"{verdict.statement.place.line}: {verdict.status.value} {verdict.rule}: {verdict.statement.tex}: {verdict.message}"
        for verdict in report.verdicts
        if verdict.status not in SILENT
    ]
    assert report.formulas > 20
    assert report.formulas_read == report.formulas
    assert report.summary["right"] > 20
    assert not found, "\n".join([f"{len(found)} findings", *found[:12]])


@pytest.mark.parametrize("example", example_names())
def test_languages_and_formats_are_judged_alike(example: str) -> None:
    """The same mathematics stands in all of them, so the same counts come out."""
    own = load(example).notation
    counts = {
        (language, to): check(
            document(example, own, language, to), derivation(example, own).derivation, kind=KINDS[to]
        ).summary
        for language in LANGUAGES
        for to in KINDS
    }
    right = {summary["right"] for summary in counts.values()}
    assert len(right) == 1, counts
