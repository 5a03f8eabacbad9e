"""Documents of every built-in network, in both languages and every notation that can; and documents of new entries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from symbackprop.api import NetworkDerivation, derive, load, with_options
from symbackprop.document.blocks import Block, Enumeration, Formula, Heading, Message, Say, Table
from symbackprop.errors import UserError
from symbackprop.examples.library import example_names
from symbackprop.expression import Number, walk
from symbackprop.functions.activation import ACTIVATIONS, Activation
from symbackprop.functions.loss import LOSSES, Loss
from symbackprop.notation.table import NOTATIONS, load_notation
from symbackprop.render.locale import LOCALES
from symbackprop.spec.model import Network

NAMES = example_names()
LANGUAGES = ("en", "zh")

FLAT = frozenset({"mazur", "flat-za", "mitchell", "wenjh"})
"""Notations that name every neuron and so cannot write symbolic layers."""


@cache
def derived(name: str) -> NetworkDerivation:
    return derive(load(name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_written(name: str, language: str) -> None:
    text = derived(name).document(language).text("md", figures_folder="figures")
    assert text.startswith("# ")
    assert "{" not in text.splitlines()[0]
    assert len(text) > 4000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_titles_are_in_both_languages(name: str, language: str) -> None:
    title = load(name).about.title
    assert isinstance(title, dict)
    assert title[language]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_show_the_same_formulas_under_the_same_labels(name: str) -> None:
    english, chinese = (derived(name).document(language).document.blocks for language in LANGUAGES)
    assert english == chinese


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_given_once(name: str) -> None:
    labels = [
        label for block in derived(name).document("en").document.blocks if (label := getattr(block, "label", None))
    ]
    assert sorted(labels) == sorted(set(labels))


def keys(block: Block) -> Iterator[str]:
    """Every phrase that a block uses, the phrases inside of phrases included."""
    pending: list[object] = []
    if isinstance(block, Heading | Say):
        pending = [block.message]
    elif isinstance(block, Enumeration):
        pending = [*block.items]
    elif isinstance(block, Table):
        pending = [block.caption, *block.header, *(cell for row in block.rows for cell in row)]
    while pending:
        part = pending.pop()
        if isinstance(part, Message):
            yield part.key
            pending.extend(part.arguments.values())
        elif isinstance(part, tuple):
            pending.extend(part)


@pytest.mark.parametrize("name", NAMES)
def test_each_phrase_is_there_in_its_own_words(name: str) -> None:
    """Built-in networks need no phrase of last resort."""
    used = {key for block in derived(name).document("en").document.blocks for key in keys(block)}
    for language in LANGUAGES:
        assert used <= set(LOCALES.get(language).phrases)


def refusal(network: Network) -> UserError | None:
    """What is told instead of the document, None where it comes out."""
    try:
        derive(network).document("en").text("md")
    except UserError as error:
        return error
    return None


def test_what_a_family_can_express_is_written_and_else_told() -> None:
    """Either the document comes out, or the error names the notation and those that can."""
    written: dict[str, set[str]] = {name: set() for name in NAMES}
    for name in NAMES:
        for notation in NOTATIONS.names():
            network = with_options(load(name), notation=notation)
            error = refusal(network)
            if error is None:
                written[name].add(notation)
            else:
                assert error.place == f"notation {notation}", (name, error)
                assert "cannot write" in error.fact
                assert notation not in error.choices
    assert written["recurrent"] >= {"recurrent"}
    assert written["mazur"] >= set(NOTATIONS.names()) - {"recurrent", "index-brackets"}
    assert not written["row-vector"] & FLAT
    assert {"wenjh", "nielsen", "column-matrix"} <= written["weight-share"]


# ---- one entry each ---------------------------------------------------------------------------------------


def squared_ramp(x):  # type: ignore[no-untyped-def]
    return x / (1 + x**2)


def quartic(target, output):  # type: ignore[no-untyped-def]
    return (target - output) ** 4


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A new activation, a new loss and a new notation, each by one entry."""
    activation, loss = Activation("bump", squared_ramp), Loss("quartic_error", quartic)
    monkeypatch.setitem(ACTIVATIONS.__dict__, "entries", {**ACTIVATIONS.entries, "bump": activation})
    monkeypatch.setitem(LOSSES.__dict__, "entries", {**LOSSES.entries, "quartic_error": loss})
    source = NOTATIONS.paths["nielsen"].read_text(encoding="utf-8")
    path = tmp_path / "gothic.toml"
    path.write_text(source.replace('name = "nielsen"', 'name = "gothic"').replace("z^", "s^"), encoding="utf-8")
    assert load_notation(path).name == "gothic"
    monkeypatch.setitem(NOTATIONS.__dict__, "paths", {**NOTATIONS.paths, "gothic": path})
    monkeypatch.setattr(NOTATIONS, "_loaded", dict(NOTATIONS._loaded))


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("language", LANGUAGES)
def test_new_entries_need_nothing_else(language: str, tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    path.write_text(
        """
name = "new"
inputs = 2
loss = "quartic_error"
notation = "gothic"
layers = [
    { kind = "dense", size = 2, activation = "bump", weights = [[0.4, 0.3], [0.2, -0.5]], biases = [0.1, 0.2] },
    { kind = "dense", size = 1, activation = "bump", weights = [[0.6, 0.7]], biases = [0.3] },
]
[data]
inputs = [0.5, -0.25]
targets = [0.75]
[training]
learning_rate = 0.1
iterations = 3
[about]
forms = ["scalar", "indexed", "matrix"]
layout = "both"
""",
        encoding="utf-8",
    )
    derivation = derive(load(path))
    assert derivation.verification.largest < 1e-30
    text = derivation.document(language).text("md")
    assert "bump" in text
    assert "quartic_error" in text.replace("\\_", "_")
    assert "s^2_1" in text


# ---- forms and layouts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["row", "column", "both"])
@pytest.mark.parametrize("name", ["softmax", "softmax-mlp", "autoencoder", "deep-autoencoder"])
def test_layouts_are_chosen_by_the_document(name: str, layout: str) -> None:
    blocks = derive(with_options(load(name), layout=layout, forms=["matrix"])).document("en").document.blocks
    labels = {block.label for block in blocks if isinstance(block, Formula)}
    for one in ("row", "column"):
        assert (f"matrix-{one}-forward-1" in labels) == (layout in (one, "both"))
    assert not any(label and label.startswith("indexed") for label in labels)


@pytest.mark.parametrize("name", ["softmax", "softmax-mlp", "autoencoder"])
def test_indexed_forms_are_shown_where_asked_for(name: str) -> None:
    blocks = derive(with_options(load(name), forms=["indexed"])).document("en").document.blocks
    assert any(isinstance(block, Formula) and block.label == "indexed-forward-1" for block in blocks)


def test_flat_names_have_no_matrices() -> None:
    with pytest.raises(UserError, match="notation mazur: cannot write"):
        derive(with_options(load("mazur"), forms=["matrix"])).document("en").text("md")


def test_without_values_nothing_is_a_number() -> None:
    """The network without biases' values: what depends on them stays a formula."""
    story = derived("mazur-symbolic").story
    assert not story.numeric
    assert story.number(story.entries("weight", 1)[0]) is not None
    for block in derived("mazur-symbolic").document("en").document.blocks:
        if isinstance(block, Formula):
            for chain in block.chains:
                rounded = [part for member in chain.expressions for part in walk(member) if isinstance(part, Number)]
                assert all(part.exact for part in rounded)
