"""The table in the docs says what the engines' tests have found."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.flavour_table import COMMAND, PAGE, as_the_tests_have_it, counted, intact, table, through_the_engine
from support.sample import ENGLISH, TEX, sample_document

from symbackprop.render.flavour import FLAVOURS


def test_the_table_is_as_it_was_last_counted(request: pytest.FixtureRequest) -> None:
    """The other tests of this folder see to it that all formulas arrive; here only their number may have changed."""
    if request.config.getoption("--rewrite-golden"):
        PAGE.write_text(table(through_the_engine), encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == table(as_the_tests_have_it), f"{COMMAND} counts anew"


def test_every_flavour_is_in_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in FLAVOURS.names() if f"`{name}`" not in page] == []


def test_what_is_lost_is_not_counted(tmp_path: Path) -> None:
    found, total = counted("plain: CommonMark", (sample_document(), ENGLISH, TEX), tmp_path)
    assert found == total > 10
    formulas = [("inline", "a"), ("display", "b"), ("inline", "c")]
    assert intact(formulas, formulas) == (3, 3)
    assert intact(formulas, [("inline", "a"), ("inline", "c")])[0] == 2
    assert intact(formulas, [("inline", "x"), *formulas]) == (3, 3)
