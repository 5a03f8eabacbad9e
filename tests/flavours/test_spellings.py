"""The hardened spelling means the same: KaTeX and MathJax set it exactly as the plain one."""

from __future__ import annotations

import pytest
from support.formulas import TRAPS
from support.typesetters import TYPESETTERS, typeset

from symbackprop.render.hardened import harden

# TeX itself refuses these: two subscripts on one letter, and the sign of a parameter
NO_TEX = (r"a_{i}_b", r"{#a}", "# a")
FORMULAS = [
    *(tex for tex in TRAPS if tex not in NO_TEX),
    "\\begin{aligned}\na &= b \\\\\n&\\quad {} - c_1 \\\\\n&= -d\n\\end{aligned}",
]


@pytest.mark.parametrize("typesetter", TYPESETTERS)
@pytest.mark.parametrize("one_line", [False, True])
def test_a_hardened_formula_is_set_as_the_plain_one(typesetter: str, one_line: bool) -> None:
    hardened = [harden(tex, one_line) for tex in FORMULAS]
    found = typeset(typesetter, [("display", tex) for tex in (*FORMULAS, *hardened)])
    assert [line for line in found if line.startswith("error")] == []
    plain, hard = found[: len(FORMULAS)], found[len(FORMULAS) :]
    # KaTeX sets a prime and a power a hair apart when they are two superscripts
    assert [
        tex for tex, first, second in zip(FORMULAS, plain, hard, strict=True) if first != second and tex != r"f'^{2}"
    ] == []
