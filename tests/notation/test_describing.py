"""The table of symbols: what each notation calls what, in which shape."""

from __future__ import annotations

import pytest

from symbackprop.expression import Chain, Expression, Index, Symbol
from symbackprop.latex.printer import Printer
from symbackprop.notation.describing import SymbolRow, describe, roles_used
from symbackprop.notation.naming import Naming
from symbackprop.notation.table import NOTATIONS

ROLES = ("input", "weight", "bias_unit", "preactivation", "activation", "output", "delta", "loss", "size")


def rows(name: str, sizes: tuple[int, ...], batch: bool = False, layout: str | None = None) -> list[tuple[str, ...]]:
    naming = Naming(NOTATIONS.get(name), sizes, batch)
    printer = Printer(naming.spell, names=naming.can_write)

    def written(row: SymbolRow) -> tuple[str, ...]:
        def tex(part: Expression | Chain | None) -> str:
            return "" if part is None else printer.tex(part)

        shape = "?" if row.shape is None else "×".join(map(tex, row.shape))
        return row.meaning, " … ".join(map(tex, row.symbols)), tex(row.array), shape, tex(row.definition)

    return [written(row) for row in describe(naming, ROLES, layout)]  # type: ignore[arg-type]


def test_flat_names_have_a_row_a_layer() -> None:
    assert rows("mazur", (2, 2, 1)) == [
        ("symbols.input_all", "i_1 … i_2", "", "", ""),
        ("symbols.weight_all", "w_1 … w_4", "", "", ""),
        ("symbols.weight_all", "w_5 … w_6", "", "", ""),
        ("symbols.bias_unit_all", "b_1 … b_2", "", "", ""),
        ("symbols.bias_unit_all", "b_3", "", "", ""),
        ("symbols.preactivation_all", "net_{h1} … net_{h2}", "", "", ""),
        ("symbols.preactivation_all", "net_{o1}", "", "", ""),
        ("symbols.activation_all", "out_{h1} … out_{h2}", "", "", ""),
        ("symbols.activation_all", "out_{o1}", "", "", ""),
        (
            "symbols.delta_all",
            r"\delta_{h1} … \delta_{h2}",
            "",
            "",
            r"\delta_{h1} = \frac{\partial E_{total}}{\partial net_{h1}}",
        ),
        ("symbols.delta_all", r"\delta_{o1}", "", "", r"\delta_{o1} = \frac{\partial E_{total}}{\partial net_{o1}}"),
        ("symbols.loss", "E_{total}", "", "", ""),
        ("symbols.size_all", "n_h", "", "", ""),
        ("symbols.size_all", "n_o", "", "", ""),
    ]


def test_any_depth_has_a_row_a_role_with_shapes_in_its_layout() -> None:
    found = {row[0]: row[1:] for row in rows("row-matrix", ())}
    weight = (r"\omega_{kj}^m", r"\omega^m", r"\mathrm{size}(m-1)×\mathrm{size}(m)", "")
    assert found["symbols.weight"] == weight
    assert found["symbols.input"] == ("y_j^0", "y^0", r"1×\mathrm{size}(0)", "")
    assert found["symbols.preactivation"] == (r"\epsilon_j^m", r"\epsilon^m", r"1×\mathrm{size}(m)", "")
    turned = {row[0]: row[3] for row in rows("row-matrix", (), layout="column")}
    assert turned["symbols.weight"] == r"\mathrm{size}(m)×\mathrm{size}(m-1)"
    assert turned["symbols.preactivation"] == r"\mathrm{size}(m)×1"


def test_weights_that_leave_a_layer_say_so() -> None:
    (row,) = describe(Naming(NOTATIONS.get("ufldl"), ()), ["weight"])
    naming = Naming(NOTATIONS.get("ufldl"), ())
    printer = Printer(naming.spell)
    assert naming.spell(row.symbols[0]) == "W_{ij}^{(l)}"
    assert printer.tex(row.arguments["layer"]) == "l + 1"
    assert printer.tex(row.arguments["layer_before"]) == "l"
    assert row.shape is not None
    assert [printer.tex(size) for size in row.shape] == ["s_{l+1}", "s_l"]


def test_the_sign_of_delta_is_stated() -> None:
    found = {row[0]: row[4] for row in rows("mitchell", (2, 2, 1))}
    assert found["symbols.delta"] == r"\delta_j = -\frac{\partial E}{\partial net_j}"


def test_a_batch_adds_an_index_and_a_dimension() -> None:
    found = {row[0]: row[1:4] for row in rows("column-matrix", (3, 2), batch=True)}
    assert found["symbols.preactivation"] == ("z^l_{js}", "Z^l", "2×N")
    assert found["symbols.input"] == ("x_{js}", "X", "3×N")


def test_a_name_is_shown_once() -> None:
    """An output that is written as any activation has no row of its own."""
    shown = {name: [row[0] for row in rows(name, (2, 2))] for name in ("mitchell", "d2l")}
    assert "symbols.output" not in shown["mitchell"]
    assert "symbols.output" in shown["d2l"]


@pytest.mark.parametrize("name", NOTATIONS.names())
@pytest.mark.parametrize("sizes", [(), (2, 2), (3, 4, 2)], ids=str)
def test_what_is_described_can_be_written(name: str, sizes: tuple[int, ...]) -> None:
    naming = Naming(NOTATIONS.get(name), sizes)
    for row in describe(naming, ROLES):
        for symbol in (*row.symbols, *((row.array,) if row.array else ())):
            assert naming.spell(symbol)
        assert row.shape is None or len(row.shape) in (0, 2)


def test_roles_are_those_of_the_symbols_in_use() -> None:
    naming = Naming(NOTATIONS.get("d2l"), (2, 2, 2))
    symbols = [
        Symbol("activation", 0, (0,)),
        Symbol("preactivation", 2, (0,)),
        Symbol("activation", 2, (0,)),
        Symbol("weight", Index("l")),
        Symbol("unheard_of"),
    ]
    assert roles_used(naming, symbols) == ("input", "output", "output_preactivation", "weight")


@pytest.mark.parametrize(
    ("name", "written"), [("mitchell", r"\delta_j"), ("ng", "dz^{[l]}_j"), ("nielsen", r"\delta^l_j")]
)
def test_a_delta_is_described_by_the_name_that_it_has(name: str, written: str) -> None:
    naming = Naming(NOTATIONS.get(name), (2, 2))
    used = roles_used(naming, [Symbol("preactivation", 1, (0,), "adjoint"), Symbol("weight", 1, (0, 0), "adjoint")])
    assert used == ("delta",)
    (row,) = describe(naming, used)
    assert naming.spell(row.symbols[0]) == written


def test_where_derivatives_have_no_names_there_is_no_delta_to_describe() -> None:
    naming = Naming(NOTATIONS.get("d2l"), (2, 2))
    assert roles_used(naming, [Symbol("preactivation", 1, (0,), "adjoint")]) == ()
