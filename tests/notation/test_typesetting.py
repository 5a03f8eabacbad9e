"""Every name is well-formed TeX: KaTeX at its strictest sets it, by itself and where formulas put names."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

from support.typesetters import typeset

from symbackprop.expression import Apply, Number, Symbol
from symbackprop.latex.printer import Printer
from symbackprop.notation.naming import Naming
from symbackprop.notation.roles import ROLES
from symbackprop.notation.table import NOTATIONS

VARIANTS = ("", "updated", "adjoint", "negated adjoint", "updated velocity", "derivative")


def symbols(sizes: tuple[int, ...]) -> Iterator[Symbol]:
    """Quantities of every role, as entries, as arrays and with a sample."""
    generator = random.Random(7)
    for role, variant, position in product(ROLES, VARIANTS, (None, 0, 1, 2)):
        indices = tuple(generator.randrange(sizes[position or 0]) for _ in role.indices)
        for places in (None, indices, (3, *indices)):
            yield Symbol(role.kind, position, places, variant)


def names() -> list[str]:
    """Every name, its square and its transpose, in networks with one and two digits."""
    found: dict[str, None] = {}
    for notation, sizes in product(NOTATIONS, ((2, 2, 2), (12, 11, 10))):
        naming = Naming(notation, sizes)
        printer = Printer(
            naming.spell,
            names=naming.can_write,
            transposed=notation.transpose,
            transposed_inside=notation.transpose_inside,
        )
        for symbol in filter(naming.can_write, symbols(sizes)):
            found[printer.tex(symbol)] = None
            if not symbol.kind.endswith("_function"):
                found[printer.tex(Apply("power", (symbol, Number("2"))))] = None
                found[printer.tex(Apply("transpose", (symbol,)))] = None
    return list(found)


def test_katex_sets_every_name() -> None:
    formulas = [("inline", name) for name in names()]
    assert len(formulas) > 2000
    results = typeset("katex", formulas)
    assert {tex: html for (_, tex), html in zip(formulas, results, strict=True) if html.startswith("error")} == {}
