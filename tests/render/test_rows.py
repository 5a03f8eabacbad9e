"""Rows of arrays, printed column by column: the same text as row by row, at a cost that does not grow with trees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest

import symbackprop as sbp
from symbackprop.api import NetworkDerivation, derive, with_options
from symbackprop.document.blocks import Table
from symbackprop.document.rows import EntryRows, JoinedRows, Row
from symbackprop.latex.equations import every_tex
from symbackprop.latex.printer import RULES
from symbackprop.notation.table import NOTATIONS
from symbackprop.render.environment import choose_format
from symbackprop.render.inline import Words
from symbackprop.render.locale import LOCALES
from symbackprop.render.numbering import Numbering
from symbackprop.render.rows import row_texts

ARRAYS = ("update.caption", "others.caption", "forward.caption")


def brief(*sizes: int, notation: str = "nielsen", activation: str = "sigmoid") -> NetworkDerivation:
    layers = [sbp.Dense(size, activation=activation) for size in sizes[1:]]
    return derive(with_options(sbp.Network("n", inputs=sizes[0], layers=layers, notation=notation), detail="brief"))


def tables(owner: NetworkDerivation) -> list[Table]:
    blocks = owner.document("en").document.blocks
    return [block for block in blocks if isinstance(block, Table) and block.caption.key in ARRAYS]


def words_of(owner: NetworkDerivation, flavour: str = "markdown") -> Words:
    output_format = choose_format("md")
    return Words(
        output_format,
        output_format.choose_flavour(flavour),
        LOCALES.get("en"),
        owner.printer.tex,
        Numbering(()),
    )


def parts(rows: Sequence[Row]) -> tuple[EntryRows, ...]:
    if isinstance(rows, JoinedRows):
        return rows.parts
    assert isinstance(rows, EntryRows)
    return (rows,)


@pytest.mark.parametrize("notation", NOTATIONS.names())
@pytest.mark.parametrize("flavour", ["markdown", "juejin", "zhihu", "jekyll"])
def test_columns_say_what_the_rows_say(notation: str, flavour: str) -> None:
    owner = brief(3, 12, 2, notation=notation, activation="tanh")
    found = tables(owner)
    assert len(found) == 5
    words = words_of(owner, flavour)
    for table in found:
        together = row_texts(words, table.rows, partial(every_tex, owner.naming))
        assert together == row_texts(words, table.rows, None)
        assert together == row_texts(words, tuple(table.rows), partial(every_tex, owner.naming))


def test_rows_are_a_sequence_of_what_they_hold() -> None:
    owner = brief(2, 3, 2)
    for table in tables(owner):
        rows = list(table.rows)
        assert len(table.rows) == len(rows)
        assert table.rows[0] == rows[0]
        assert table.rows[-1] == rows[-1]
        assert list(table.rows[1:3]) == rows[1:3]
        assert table.rows == tuple(rows)
        assert table.rows != tuple(rows[1:])
        assert hash(table.rows) == hash(tuple(rows))


def test_rows_that_show_numbers_have_no_general_row() -> None:
    for table in tables(derive(with_options(sbp.load("mazur"), detail="brief"))):
        assert all(part.general is None for part in parts(table.rows))
    for table in tables(brief(2, 3, 2)):
        assert all(part.general is not None for part in parts(table.rows))


def test_a_general_row_that_does_not_hold_at_the_ends_is_not_used() -> None:
    owner = brief(3, 4, 2)
    (table, *_) = tables(owner)
    (rows,) = parts(table.rows)
    assert rows.general is not None
    wrong = EntryRows(rows.entries, rows.row, rows.first, rows.general[::-1], rows.sizes)
    every = partial(every_tex, owner.naming)
    assert row_texts(words_of(owner), wrong, every) == row_texts(words_of(owner), rows, every)


def counting(monkeypatch: pytest.MonkeyPatch, operators: Sequence[str]) -> Callable[[], int]:
    """How many formulas of some kinds were printed since the last time it was asked."""
    printed = 0

    def counter(rule: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            nonlocal printed
            printed += 1
            return rule(*arguments)

        return counted

    for operator in operators:
        monkeypatch.setitem(RULES, operator, counter(RULES[operator]))

    def asked() -> int:
        nonlocal printed
        since, printed = printed, 0
        return since

    return asked


def test_a_formula_of_a_table_is_printed_once_for_all_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = counting(monkeypatch, ("partial", "multiply", "add"))

    def cost(inputs: int) -> int:
        owner = brief(inputs, 3, 2)
        found, words = tables(owner), words_of(owner)
        printed()
        for table in found:
            row_texts(words, table.rows, partial(every_tex, owner.naming))
        return printed()

    # one more product in the sums of the first layer for each input, in the general one and in the two at the ends
    assert cost(40) - cost(10) <= 30 * 3
