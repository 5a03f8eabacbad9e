"""Quantities of a network found by the names that readers type."""

from __future__ import annotations

import subprocess
import sys

import pytest

from symbackprop.derive.reverse import reverse_sweep
from symbackprop.errors import UserError
from symbackprop.expression import Symbol
from symbackprop.notation.directory import Directory
from symbackprop.notation.naming import Naming
from symbackprop.notation.table import NOTATIONS
from symbackprop.spec.build import build_model
from symbackprop.spec.reading import parse_spec

SPEC = """
name = "small"
inputs = 2
layers = [{ kind = "dense", size = 2, bias = "layer" }, { kind = "dense", size = 2 }]
"""


def directory(name: str) -> Directory:
    model = build_model(parse_spec(SPEC))
    sweep = reverse_sweep(model.graph, model.trained, model.graph.by_id["learning_rate"])
    return Directory(sweep.graph, Naming(NOTATIONS.get(name), model.network.sizes))


@pytest.mark.parametrize("typed", ["w5", "w_5", "w_{5}", " w_ 5 "])
def test_a_weight_is_found_however_it_is_typed(typed: str) -> None:
    assert directory("mazur").find(typed) == Symbol("weight", 2, (0, 0))


@pytest.mark.parametrize(
    ("notation", "typed", "symbol"),
    [
        ("mazur", "w5^+", Symbol("weight", 2, (0, 0), "updated")),
        ("mazur", "delta_O1", Symbol("preactivation", 2, (0,), "adjoint")),
        ("mazur", "out_h1", Symbol("activation", 1, (0,))),
        ("mazur", "b1", Symbol("bias", 1, ())),
        ("mazur", "b_3", Symbol("bias", 2, (0,))),  # b_1 and b_2 would be a first layer's own
        ("nielsen", "w^2_11", Symbol("weight", 1, (0, 0))),
        ("nielsen", "w_11^2", Symbol("weight", 1, (0, 0))),
        ("ng", "dw^[1]_21", Symbol("weight", 1, (1, 0), "adjoint")),
        ("row-matrix", "omega_12^1", Symbol("weight", 1, (1, 0))),
        ("wenjh", "W_X_12", Symbol("weight", 1, (1, 0))),
        ("index-brackets", "W_1[1,2]", Symbol("weight", 1, (1, 0))),
        ("mitchell", "w_31", Symbol("weight", 1, (0, 0))),
    ],
)
def test_names_mean_entries_of_the_graph(notation: str, typed: str, symbol: Symbol) -> None:
    assert directory(notation).find(typed) == symbol


@pytest.mark.parametrize("typed", ["w9", "w0", "net_h3", "W", "", "\\frac{a}{b}", "w_{" * 200, "\x00"])
def test_a_name_of_nothing_says_which_there_are(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        directory("mazur").find(typed, "QUANTITY")
    assert caught.value.place == "QUANTITY"
    assert "w_8" in caught.value.choices


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(UserError) as caught:
        directory("mazur").find("ot_h1")
    assert caught.value.nearest == "out_h1"


def test_notations_load_without_sympy() -> None:
    """Help texts list them, and must answer at once."""
    code = (
        "import sys; from symbackprop.notation.describing import describe;"
        "from symbackprop.notation.naming import Naming; from symbackprop.notation.table import NOTATIONS;"
        "rows = [describe(Naming(notation, (2, 2)), ['weight', 'loss']) for notation in NOTATIONS];"
        "sys.exit('sympy' in sys.modules or not all(rows))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
