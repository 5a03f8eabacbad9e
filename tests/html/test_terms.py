"""Terms in running text."""

from __future__ import annotations

import pytest
from support.sample import CHINESE, ENGLISH

from symbackprop.render.locale import LOCALES
from symbackprop.render.terms import Glossary


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
