"""Formulas become statements: steps, chains, rows, places, contexts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scanning import quoted, statements

from symbackprop.check.scan.mapped import MappedText, join
from symbackprop.check.scan.source import KINDS, read_source, read_text
from symbackprop.check.statement import Origin
from symbackprop.errors import UserError
from symbackprop.expression import Apply, Name, Number, walk


def test_steps_of_a_chain() -> None:
    found = statements("$a = b = c \\approx 3$")
    assert [(one.step, one.relation, one.tex) for one in found] == [
        (1, "=", "a = b"),
        (2, "=", "= c"),
        (3, "≈", "\\approx 3"),
    ]
    assert found[1].left == found[0].right
    assert len({id(one.chain) for one in found}) == 1
    assert found[0].chain is not None
    assert len(found[0].chain.expressions) == 4


def test_a_lone_formula_is_step_one() -> None:
    (found,) = statements("the weight $w_5$ there")
    assert (found.step, found.left, found.relation, found.right) == (1, None, None, Name("w", Number("5")))


def test_rows_go_on_with_a_chain_or_begin_one() -> None:
    text = "$$\n\\begin{aligned}\na &= b \\\\\n  &= c \\\\\nd &= e\n\\end{aligned}\n$$"
    found = statements(text)
    assert [(one.row, one.chain_number, one.step, one.place.line, quoted(one, text)) for one in found] == [
        (0, 0, 1, 3, "a &= b"), (1, 0, 2, 4, "= c"), (2, 1, 1, 5, "d &= e"),
    ]  # fmt: skip
    assert len({one.formula for one in found}) == 1


def test_a_display_goes_on_with_the_one_above() -> None:
    first, second, third = statements("$$a = b$$\n\n$$= c$$\n\nthat is\n\n$$= d$$")
    assert (second.step, second.left, second.formula) == (2, first.right, 1)
    assert (third.step, third.left) == (1, Name(""))


def test_a_row_that_is_not_read_costs_only_itself() -> None:
    found = statements("$$\\begin{aligned} a &= b \\\\ c &= \\frac{d}{e \\\\ f &= g \\end{aligned}$$")
    assert found[0].problem is None
    assert any(one.problem is not None for one in found)
    assert all(one.right is None for one in found if one.problem is not None)


def test_spans_in_trees_are_places_in_the_file() -> None:
    text = "> 误差 $$E_{o1} = \\frac{a}{\n> b_2} + 0.25$$"
    (found,) = statements(text)
    assert found.right is not None
    number = next(node for node in walk(found.right) if isinstance(node, Number) and node.text == "0.25")
    assert number.span is not None
    assert text[number.span.start : number.span.end] == "0.25"
    assert isinstance(found.left, Name)
    assert found.left.subscript is not None
    assert not isinstance(found.left.subscript, Apply)
    assert found.left.span is not None
    assert text[found.left.span.start : found.left.span.end] == "E_{o1}"


def test_context() -> None:
    text = "# Heading\n\nThe weight is found so:\n\n$$a = b$$\n\nwhere $c$ is small.\n"
    display, inline = statements(text)
    assert (display.context.heading, display.context.before) == ("Heading", "The weight is found so:")
    assert (inline.context.before, inline.context.after) == ("where", "is small.")


def test_only_words() -> None:
    (found,) = statements("the $\\text{学习率}$ is")
    assert found.problem is None
    assert found.right == Name("学习率", style="text")


def test_conditions_and_remarks() -> None:
    found = statements("$a = b \\quad \\text{for } i = 1$")
    assert [one.condition for one in found] == [False, True]


def test_deep_formulas_are_not_read() -> None:
    (found,) = statements("$a" + "/a" * 5000 + "$")
    assert found.problem == "this is nested too deeply to be read"


def test_long_chains_take_linear_space() -> None:
    found = statements("$$a " + "\\\\\n= b " * 3000 + "$$")
    assert len(found) == 3000
    assert len({id(one.chain) for one in found}) == 1


@pytest.mark.parametrize("kind", sorted(set(KINDS.values()) - {"notebook"}))
def test_every_kind_reads_an_empty_text(kind: str) -> None:
    assert statements("", kind) == []


def test_an_unknown_kind() -> None:
    with pytest.raises(UserError, match="did you mean 'markdown'"):
        read_text("", "markdwn")


def test_files(tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    good = tmp_path / "a.tex"
    good.write_bytes("\ufeff\\[ a = b \\]\r\n".encode())
    source = read_source(str(good))
    assert (source.kind, source.text) == ("latex", "\\[ a = b \\]\n")
    wide = tmp_path / "b.md"
    wide.write_bytes("$误$".encode("utf-16"))
    assert read_source(str(wide)).text == "$误$"
    bad = tmp_path / "c.md"
    bad.write_bytes("误差".encode("gb18030"))
    for path, fact in ((bad, "is not UTF-8"), (tmp_path, "cannot be read"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(UserError, match=fact):
            read_source(str(path))
    with pytest.raises(UserError, match="NUL"):
        read_source("a\0b")


@given(st.text("abc误d", max_size=30), st.data())
def test_a_slice_keeps_the_places(text: str, data: st.DataObject) -> None:
    mapped = MappedText.of(text, 7)
    ranges = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    part = mapped.gather(ranges)
    expected = [position + 7 for start, end in ranges for position in range(start, end)]
    assert part.text == "".join(text[position - 7] for position in expected)
    assert [part.origin(position) for position in range(len(part))] == expected
    assert [part.origin_end(position + 1) for position in range(len(part))] == [origin + 1 for origin in expected]


def test_decoded_characters_cover_their_code() -> None:
    text = join((MappedText.of("ab", 0), MappedText.of_characters([("<", 2, 4)]), MappedText.of("c", 6)))
    assert text.text == "ab<c"
    assert [text.origin(position) for position in range(5)] == [0, 1, 2, 6, 7]
    assert [text.origin_end(position) for position in range(5)] == [0, 1, 2, 6, 7]
    assert text.slice(2, 3).origin_end(1) == 6


def test_origins() -> None:
    assert [one.origin for one in statements("$a$ and\n\n$$b$$\n\nw1 = 3")] == [
        Origin.INLINE,
        Origin.DISPLAY,
        Origin.VALUE,
    ]
