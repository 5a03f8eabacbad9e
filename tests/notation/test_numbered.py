"""Names of entries by numbers alone say the same as names written piece by piece."""

from __future__ import annotations

import pytest

from symbackprop.errors import UserError
from symbackprop.expression import Index, Symbol
from symbackprop.notation.naming import Naming
from symbackprop.notation.numbered import Linear, numbers_writer
from symbackprop.notation.pattern import Prepared, Writing
from symbackprop.notation.table import NOTATIONS

SIZES = (3, 12, 2)
ENTRIES = [
    Symbol(kind, layer, indices, variant)
    for kind, layer, places in (
        ("weight", 1, ((0, 0), (9, 2), (11, 1))),
        ("weight", 2, ((0, 0), (1, 11))),
        ("bias", 1, ((0,), (10,))),
        ("activation", 0, ((0,), (2,))),
        ("activation", 1, ((8,), (9,), (9, 0))),
        ("preactivation", 2, ((1,),)),
        ("target", None, ((1,),)),
    )
    for indices in places
    for variant in ("", "updated", "adjoint")
]


def piece_by_piece(prepared: Prepared, symbol: Symbol) -> str:
    writing = Writing(prepared.network, prepared.pattern.role, symbol)
    return "".join(piece if isinstance(piece, str) else piece.write(writing) for piece in prepared.pieces)


@pytest.mark.parametrize("notation", NOTATIONS.names())
def test_a_name_by_its_numbers_is_the_name_piece_by_piece(notation: str) -> None:
    naming = Naming(NOTATIONS.get(notation), SIZES)
    compared = 0
    for symbol in filter(naming.can_write, ENTRIES):
        prepared = naming._prepare(symbol)
        if naming.role_of(symbol) is not None:
            assert prepared._write_entry is not None
            assert naming.spell(symbol) == piece_by_piece(prepared, symbol)
            compared += 1
    assert compared


def test_letters_are_still_written_as_letters() -> None:
    naming = Naming(NOTATIONS.get("nielsen"), SIZES)
    assert naming.spell(Symbol("weight", 1, (0, 10))) == "w^2_{1,11}"
    assert naming.spell(Symbol("weight", 1, (0, Index("k")))) == "w^2_{1k}"


def test_a_number_may_depend_on_several_indices() -> None:
    line = Linear(5, ((0, 3), (1, 1)))
    assert line.at((2, 1)) == 12
    assert numbers_writer([line])((2, 1)) == "12"
    assert numbers_writer([line, Linear(1, ((1, 1),))])((2, 1)) == "12,2"
    assert numbers_writer([Linear(1, ((0, 1),)), Linear(1, ((1, 1),))])((2, 1)) == "32"


def test_why_a_quantity_has_no_name_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    naming = Naming(NOTATIONS.get("nielsen"), SIZES)
    asked = 0
    original = Naming._pattern

    def counted(self: Naming, symbol: Symbol) -> object:
        nonlocal asked
        asked += 1
        return original(self, symbol)

    monkeypatch.setattr(Naming, "_pattern", counted)
    assert not any(naming.can_write(Symbol("weight", 1, (unit, 0), "adjoint")) for unit in range(12))
    assert asked == 1
    with pytest.raises(UserError, match="it has no name for it"):
        naming.spell(Symbol("weight", 1, (0, 0), "adjoint"))
