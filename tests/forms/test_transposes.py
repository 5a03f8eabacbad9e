"""Why the transpose: the answers by shapes and by the order of indices."""

from __future__ import annotations

import pytest
from support.quantities import speller

from symbackprop.derive.reverse import reverse_sweep
from symbackprop.expression import Apply, Index, Symbol
from symbackprop.forms.any_depth import GenericNetwork
from symbackprop.forms.indexed import IndexedForm, Letters
from symbackprop.forms.layout import Layout
from symbackprop.forms.matrix import MatrixForm
from symbackprop.forms.transposes import by_indices, by_shapes
from symbackprop.latex.printer import Printer

tex = Printer(speller()).tex
SWEEP = reverse_sweep(GenericNetwork().hidden())
FORM = IndexedForm(Letters(("i", "j", "k")))


@pytest.mark.parametrize(("layout", "name", "product"), [
    ("column", "adjoint activation[l]", "(W^{l+1})^{\\top} \\delta^{l+1}"),
    ("row", "adjoint activation[l]", "\\delta^{l+1} (W^{l+1})^{\\top}"),
    ("column", "adjoint weight[l]", "\\delta^{l} (a^{l-1})^{\\top}"),
    ("row", "adjoint weight[l]", "(a^{l-1})^{\\top} \\delta^{l}"),
])  # fmt: skip
def test_one_arrangement_of_all_has_the_shape_that_is_wanted(layout: Layout, name: str, product: str) -> None:
    matrix = MatrixForm(SWEEP.graph, layout)
    written = matrix.definition(SWEEP.graph.by_id[name]).expression
    arrangements = by_shapes(matrix.shapes, written)
    assert len(arrangements) == 8
    assert [tex(found.product) for found in arrangements if found.is_wanted] == [product]
    # The product turned round is the only other one that can be formed: it is the transpose.
    fitting = [found for found in arrangements if found.result is not None]
    assert len(fitting) == 2
    (wanted,) = [found for found in fitting if found.is_wanted]
    assert wanted.factors[0].columns == wanted.factors[1].rows
    assert wanted.result is not None
    assert (wanted.result.rows, wanted.result.columns) == (wanted.factors[0].rows, wanted.factors[1].columns)


def test_the_summed_index_tells_which_factor_is_transposed() -> None:
    node = SWEEP.graph.by_id["adjoint activation[l]"]
    reading = by_indices(FORM, MatrixForm(SWEEP.graph, "column"), node, {"units[l]": Index("j")})
    assert tex(reading.entry) == "\\sum_{i=1}^{n_{l+1}} \\delta^{l+1}_{i} w^{l+1}_{ij}"
    assert reading.summed == ("i",)
    weight, delta = reading.factors
    assert (weight.stored, weight.needed, weight.is_transposed) == (("i", "j"), ("j", "i"), True)
    assert (delta.stored, delta.needed, delta.is_transposed) == (("i", None), ("i", None), False)


def test_forward_nothing_is_transposed() -> None:
    node = SWEEP.graph.by_id["preactivation[l]"]
    for layout in ("row", "column"):
        reading = by_indices(FORM, MatrixForm(SWEEP.graph, layout), node, {"units[l]": Index("j")})  # type: ignore[arg-type]
        assert not any(factor.is_transposed for factor in reading.factors)
        assert reading.summed == ("i",)


def test_an_outer_product_sums_over_nothing() -> None:
    node = SWEEP.graph.by_id["adjoint weight[l]"]
    place = {"units[l]": Index("j"), "units[l-1]": Index("k")}
    reading = by_indices(FORM, MatrixForm(SWEEP.graph, "row"), node, place)
    assert reading.summed == ()
    activation, delta = reading.factors
    assert (activation.stored, activation.needed) == ((None, "k"), ("k", None))
    assert not delta.is_transposed


def test_what_is_no_product_of_two_is_refused() -> None:
    matrix = MatrixForm(SWEEP.graph, "row")
    with pytest.raises(ValueError, match="no product of matrices"):
        by_indices(FORM, matrix, SWEEP.graph.by_id["adjoint bias[l]"], {"units[l]": Index("j")})
    weight = Symbol("weight", Index("l"))
    with pytest.raises(ValueError, match="no product of two matrices"):
        by_shapes(matrix.shapes, Apply("matrix_product", (weight, weight, weight)))
