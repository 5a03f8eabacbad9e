"""The tables themselves: all families are there, each is sound, and a broken table says all that is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symbackprop.errors import UserError
from symbackprop.expression import Symbol
from symbackprop.notation.naming import Naming
from symbackprop.notation.roles import ROLES_OF_KEY, WRAPPERS
from symbackprop.notation.table import NOTATIONS, Notation, load_notation

SOUND = """
name = "own"
family = "made up"
example = "indexed_gradient"
{fields}

[summary]
en = "made up"
zh = "自拟"

[spelling]
loss = "Q"
learning_rate = "r"
{spelling}
"""
WEIGHT = 'weight = "p^{<layer><,updated>}_{<to,from>}"'


def load(folder: Path, fields: str = "", spelling: str = WEIGHT, name: str = "own") -> Notation:
    path = folder / f"{name}.toml"
    path.write_text(SOUND.format(fields=fields, spelling=spelling), encoding="utf-8")
    return load_notation(path)


def test_every_family_has_its_table() -> None:
    families = {notation.family for notation in NOTATIONS}
    # N12, convolution, has no network here to write
    assert families == {"N1", "N1b", *(f"N{number}" for number in (*range(2, 12), 13))}


@pytest.mark.parametrize("name", NOTATIONS.names())
def test_summaries_are_words_in_both_languages(name: str) -> None:
    summary = NOTATIONS.get(name).summary
    assert not re.search("[一-鿿]", summary["en"])
    assert re.search("[一-鿿]", summary["zh"])


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("mazur", ("column", "to-from", "arrival", 0, 1)),
        ("wenjh", ("column", "from-to", "arrival", 0, 1)),
        ("nielsen", ("column", "to-from", "arrival", 1, 1)),
        ("row-matrix", ("row", "from-to", "arrival", 0, 1)),
        ("ufldl", ("column", "to-from", "departure", 1, 1)),
        ("mitchell", ("column", "to-from", "arrival", 0, -1)),
        ("index-brackets", ("row", "from-to", "arrival", 0, 1)),
    ],
)
def test_conventions_are_fields(name: str, row: tuple[object, ...]) -> None:
    table = NOTATIONS.get(name)
    assert (table.layout, table.index_order, table.weight_layer, table.first_layer, table.delta_sign) == row


def test_a_made_up_notation_takes_one_table(tmp_path: Path) -> None:
    naming = Naming(load(tmp_path), (2, 2))
    symbol = Symbol("weight", 1, (1, 0), "updated")
    assert naming.spell(symbol) == "p^{1,+}_{21}"
    assert naming.read("p_{21}^{1,+}") == (symbol,)


BROKEN = {
    "unknown role": ("", 'wieght = "w"', "spelling.wieght: unknown role 'wieght'; did you mean 'weight'?"),
    "unknown placeholder": ("", 'target = "t_{<unti>}"', "there is no placeholder unti"),
    "index missing": ("", 'weight = "w^{<layer><,updated>}_{<to>}"', "<from> is missing"),
    "index too many": ("", 'weight_array = "W^{<layer><,updated>}_{<to>}"', "<to> says nothing here"),
    "layer missing": ("", 'preactivation = "z_{<unit>}"', "the layer is missing"),
    "mark missing": ("", 'weight = "w^{<layer>}_{<to,from>}"', "<updated> is missing"),
    "mark too many": ("", 'target = "t_{<unit>}^{<updated>}"', "<updated> says nothing here"),
    "two superscripts": ("", 'preactivation = "z^{<layer>}_{<unit>}^{2}"', "two scripts with ^"),
    "prime and superscript": ("", 'activation_function = "f\'^{<layer>}"', "two scripts with ^"),
    "open brace": ("", 'target = "t_{<unit>"', "a brace is not closed"),
    "closed brace": ("", 'target = "t_<unit>}"', "a brace is closed that was not opened"),
    "index twice": ("", 'target = "t_{<unit><unit>}"', "<unit> stands in it twice"),
    "no letters": ("", 'preactivation = "net_{<letter><unit>}"', "letters.input is missing"),
    "wrapper around nothing": ("", 'adjoint = "d"', "<of> is missing"),
    "wrapper elsewhere": ("", 'target = "t_{<unit>}<of>"', "<of> may stand only in adjoint and velocity"),
    "generic letter": ("", 'target = "t_{<generic>}"', "may stand only in aliases"),
    "order of indices": ('index_order = "from-to"', WEIGHT, "but the weight is written to-from"),
    "same index letter": ('indices = { unit = "k" }', WEIGHT, "'k' is the letter of unit already"),
    "long letter": ('letters = { hidden = ["hh"] }', WEIGHT, "'hh' is not one letter"),
    "same letter": ('letters = { hidden = ["h", "H"] }', WEIGHT, "'H' stands already in letters.hidden"),
    "unknown field": ("layuot = 1", WEIGHT, "unknown field `layuot`"),
    "wrong choice": ('layout = "rows"', WEIGHT, "Invalid enum value 'rows'"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_table_says_where_and_what(tmp_path: Path, case: str) -> None:
    fields, spelling, fact = BROKEN[case]
    with pytest.raises(UserError) as caught:
        load(tmp_path, fields, spelling)
    assert str(caught.value).startswith("own.toml: ")
    assert fact in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text('name = "own"\nfamily = ""\nexample = "no"\nsummary = {}\n[spelling]\nx = "y"\n', encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_notation(path)
    lines = str(caught.value).splitlines()
    places = [line.split(": ")[1] for line in lines]
    required = ["name", "summary.en", "summary.zh", "example", "spelling.loss", "spelling.learning_rate", "spelling.x"]
    assert places == required


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("name =", encoding="utf-8")
    with pytest.raises(UserError, match=r"own\.toml"):
        load_notation(path)


def test_every_key_of_the_tables_is_used_somewhere() -> None:
    """A role that no notation writes would be dead."""
    used = {key for notation in NOTATIONS for key in notation.spelling}
    entries = {role.key for roles in ROLES_OF_KEY.values() for role in roles}
    assert entries - used == set()
    assert set(WRAPPERS) <= used
