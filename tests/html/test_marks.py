"""Marks in formulas: they change nothing but what a page knows."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from symbackprop.api import derive, load, with_options
from symbackprop.examples.library import example_names
from symbackprop.expression import Index, Symbol, partial
from symbackprop.notation.table import NOTATIONS
from symbackprop.render.escaping import clean
from symbackprop.render.marks import mark_of, marking, with_data, without_marks
from symbackprop.render.tex_tokens import width

WEIGHT, NET = Symbol("weight", 1, (0, 1)), Symbol("preactivation", 1, (0,))


def same(tex: str) -> str:
    """A lone character as an argument needs no braces; a marked one has them."""
    return re.sub(r"([_^])\{(.)\}", r"\1\2", tex)


def test_names_of_what_is_marked() -> None:
    assert mark_of(WEIGHT) == "weight-1-0-1"
    assert mark_of(replace(WEIGHT, variant="updated")) == "weight-1-0-1"
    assert mark_of(replace(NET, variant="adjoint")) == "loss|preactivation-1-0"
    assert mark_of(partial(NET, WEIGHT)) == "preactivation-1-0|weight-1-0-1"
    assert mark_of(Symbol("weight", Index("l"), (0, 1))) is None
    assert mark_of(partial(NET, Symbol("weight", 1, (Index("i"), 0)))) is None


def test_marks_have_no_width_and_leave_with_other_characters_that_cannot_be_seen() -> None:
    printer = derive(load("mazur")).printer
    tex = marking(printer).tex(WEIGHT)
    assert tex != printer.tex(WEIGHT) == without_marks(tex) == clean(tex)
    assert width(tex) == width(printer.tex(WEIGHT))
    assert with_data(tex) == rf"\htmlData{{quantity=weight-1-0-1}}{{{printer.tex(WEIGHT)}}}"


@pytest.mark.parametrize("name", example_names())
def test_a_marked_document_says_the_same(name: str) -> None:
    plain, marked = derive(load(name)), derive(load(name))
    marked.__dict__["printer"] = marking(marked.printer)
    assert same(without_marks(marked.document("en").text("md"))) == same(plain.document("en").text("md"))


@pytest.mark.parametrize("notation", [notation.name for notation in NOTATIONS if notation.name != "recurrent"])
def test_gradients_are_marked_in_every_notation(notation: str) -> None:
    derivation = derive(with_options(load("mazur"), notation=notation))
    for gradient in derivation.gradients:
        for chain in gradient.forms().values():
            tex = marking(derivation.printer).tex(chain)
            assert same(without_marks(tex)) == same(derivation.printer.tex(chain))
            shown = with_data(tex)
            assert not re.search("[\U000f0000-\U000f007f]", shown)
            assert shown.count(r"\htmlData") > 0
