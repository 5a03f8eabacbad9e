"""Terms in running text."""

from __future__ import annotations

import pytest
from support import sample

from symbackprop.render.locale import LOCALES, Locale
from symbackprop.render.terms import Glossary


def with_terms(locale: Locale, **terms: tuple[str, str]) -> Locale:
    """The language with these words and meanings in its glossary."""
    phrases = {f"terms.{name}.{part}": words for name, pair in terms.items()
               for part, words in zip(("word", "meaning"), pair, strict=True)}  # fmt: skip
    return Locale(locale.language, {**locale.phrases, **phrases}, locale.place)


ENGLISH = with_terms(
    sample.ENGLISH, neuron=("neuron", 'A "unit".'), forward_pass=("forward pass", "From the inputs to the <error>.")
)
CHINESE = with_terms(sample.CHINESE, forward_pass=("前向传播", "由输入算出输出和误差。"))


def test_the_first_of_a_section_is_explained_outside_of_formulas_and_links() -> None:
    glossary = Glossary(ENGLISH)
    line = '<a href="#x">neuron</a> <span class="tex">neuron</span> Neuron, neurons, neuron'
    found = glossary.explained(line)
    assert found.count('class="term"') == 1
    assert ">Neuron</a>, neurons, neuron" in found
    assert 'class="term"' not in glossary.explained("a neuron")
    glossary.new_section()
    assert 'class="term"' in glossary.explained("a neuron")
    assert [term.name for term in glossary.used] == ["neuron"]


def test_meanings_are_escaped() -> None:
    found = Glossary(ENGLISH).explained("forward pass and neuron")
    assert 'title="From the inputs to the &lt;error&gt;."' in found
    assert 'title="A &quot;unit&quot;."' in found


def test_words_without_spaces_between_them_are_found() -> None:
    assert Glossary(CHINESE).explained("先做前向传播时，").count('class="term"') == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_term_has_a_word_and_a_meaning(language: str) -> None:
    glossary = Glossary(LOCALES.get(language))
    assert len(glossary.terms) > 5
    assert all(term.word and term.meaning for term in glossary.terms.values())
