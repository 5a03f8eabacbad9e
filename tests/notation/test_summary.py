"""The list of notations: each shows itself by a derived formula."""

from __future__ import annotations

from symbackprop.expression import Chain
from symbackprop.latex.printer import Printer
from symbackprop.notation.naming import Naming
from symbackprop.notation.summary import summary_rows
from symbackprop.notation.table import NOTATIONS

SHOWN = {
    "mazur": r"\frac{\partial E_{total}}{\partial w_5} = \delta_{o1} \cdot out_{h1}",
    "flat-za": r"\frac{\partial E}{\partial w_5} = \delta_{o_1} a_{h_1}",
    "wenjh": r"\frac{\partial E_O}{\partial W_{Y_{11}}} = \delta_{R_1} Y_1",
    "nielsen": r"\frac{\partial C}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_k",
    "column-matrix": r"\delta^l = ((W^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
    "row-matrix": r"\frac{\partial L}{\partial \omega^m} = (y^{m-1})^T \cdot \frac{\partial L}{\partial \epsilon^m}",
    "ng": r"dW^{[l]} = dz^{[l]} a^{[l-1]T}",
    "ufldl": r"\delta^{(l)} = ((W^{(l)})^T \delta^{(l+1)}) \odot f'(z^{(l)})",
    "mitchell": r"\frac{\partial E}{\partial w_{53}} = -\delta_5 o_3",
    "softmax": r"\delta_1 = y_1 - t_1",
    "index-brackets": r"Z_l[i,j] = \sum_{p=1}^{n_{l-1}} W_l[p,j] A_{l-1}[i,p]",
}


def show(naming: Naming, chain: Chain) -> str:
    table = naming.notation
    return Printer(
        naming.spell,
        product=table.product,
        matrix_product=table.matrix_product,
        transposed=table.transpose,
        transposed_inside=table.transpose_inside,
        names=naming.can_write,
    ).tex(chain)


def test_each_notation_shows_a_formula_of_its_family() -> None:
    found = {row.name: row for row in summary_rows(show, "en")}
    assert list(found) == list(NOTATIONS.names())
    assert {name: row.example for name, row in found.items() if name in SHOWN} == SHOWN
    assert all(row.example and row.summary and row.family for row in found.values())


def test_summaries_follow_the_language() -> None:
    english = {row.name: row.summary for row in summary_rows(lambda naming, chain: "", "en")}
    chinese = {row.name: row.summary for row in summary_rows(lambda naming, chain: "", "zh")}
    assert all(english[name] != chinese[name] for name in english)
