"""How each family writes the quantities of a network: as its posts do."""

from __future__ import annotations

import pytest

from symbackprop.errors import UserError
from symbackprop.expression import Index, Symbol
from symbackprop.notation.naming import Naming, plain
from symbackprop.notation.table import NOTATIONS

L, J, K, M, S = Index("l"), Index("j"), Index("k"), Index("m"), Index("s")


def naming(name: str, sizes: tuple[int, ...] = (2, 3, 2), batch: bool = False) -> Naming:
    return Naming(NOTATIONS.get(name), sizes, batch)


WRITTEN = [
    ("mazur", Symbol("weight", 2, (0, 0)), "w_7"),
    ("mazur", Symbol("weight", 2, (1, 2), "updated"), "w_{12}^+"),
    ("mazur", Symbol("bias", 2, ()), "b_2"),
    ("mazur", Symbol("bias", 2, (0,)), "b_4"),
    ("mazur", Symbol("activation", 0, (1,)), "i_2"),
    ("mazur", Symbol("preactivation", 1, (0,), "adjoint"), r"\delta_{h1}"),
    ("mazur", Symbol("activation", 2, (1,)), "out_{o2}"),
    ("mazur", Symbol("weight", 1, (0, 0), "velocity"), "v_{w_1}"),
    ("mazur", Symbol("weight", 1, (0, 0), "updated velocity"), "v_{w_1}^+"),
    ("flat-za", Symbol("activation", 1, (0,)), "a_{h_1}"),
    # the names of the post with X, H, Y, R and O
    ("wenjh", Symbol("activation", 0, (0,)), "X_1"),
    ("wenjh", Symbol("weight", 1, (2, 0)), "W_{X_{13}}"),
    ("wenjh", Symbol("weight", 2, (1, 2)), "W_{Y_{32}}"),
    ("wenjh", Symbol("preactivation", 1, (2,)), "H_3"),
    ("wenjh", Symbol("activation", 1, (2,)), "Y_3"),
    ("wenjh", Symbol("preactivation", 2, (1,)), "R_2"),
    ("wenjh", Symbol("activation", 2, (1,)), "O_2"),
    ("wenjh", Symbol("loss_part", None, (0,)), "E_{O_1}"),
    ("wenjh", Symbol("share", 1, (0,)), "E_{Y_1}"),
    ("wenjh", Symbol("loss", None, ()), "E_O"),
    # the book counts the input as layer 1
    ("nielsen", Symbol("weight", 1, (2, 1)), "w^2_{32}"),
    ("nielsen", Symbol("weight", L, (J, K)), "w^l_{jk}"),
    ("nielsen", Symbol("weight", L, (J, K), "updated"), "w^{l,+}_{jk}"),
    ("nielsen", Symbol("activation", 1, (2, Index("·"))), "a^{3,2}"),
    ("column-matrix", Symbol("weight", Index("l", 1)), "W^{l+1}"),
    ("column-matrix", Symbol("weight", 1, (10, 1)), "w^1_{11,2}"),
    ("row-matrix", Symbol("weight", M, (Index("i"), J)), r"\omega_{ji}^m"),
    ("row-matrix", Symbol("weight", M, (J, Index("·"))), r"\omega_{\cdot j}^m"),
    ("row-matrix", Symbol("preactivation", Index("m", 1)), r"\epsilon^{m+1}"),
    ("row-matrix", Symbol("activation", Index("m", -1)), "y^{m-1}"),
    ("row-matrix", Symbol("size", Index("m", -1)), r"\mathrm{size}(m-1)"),
    ("row-matrix", Symbol("activation_function", M), r"\mathrm{Act}_m"),
    ("row-matrix", Symbol("activation_function", M, None, "derivative"), r"\mathrm{Act}'_m"),
    ("ng", Symbol("weight", L, None, "adjoint"), "dW^{[l]}"),
    ("ng", Symbol("preactivation", L, (J,), "adjoint"), "dz^{[l]}_j"),
    ("ng", Symbol("activation", 1, (4, 2)), "a^{[1](5)}_3"),
    # W^{(l)} leads from layer l to layer l+1, and the input is layer 1
    ("ufldl", Symbol("weight", 1, (2, 1)), "W_{32}^{(1)}"),
    ("ufldl", Symbol("weight", Index("l", 1)), "W^{(l)}"),
    ("ufldl", Symbol("preactivation", 1), "z^{(2)}"),
    ("d2l", Symbol("activation", 2), r"\hat{\mathbf{y}}"),
    ("d2l", Symbol("preactivation", 2), r"\mathbf{o}"),
    ("d2l", Symbol("activation", 1), r"\mathbf{h}^{(1)}"),
    # units are numbered through: 1, 2 | 3, 4, 5 | 6, 7
    ("mitchell", Symbol("weight", 2, (1, 0)), "w_{73}"),
    ("mitchell", Symbol("bias", 1, (0,)), "w_{30}"),
    ("mitchell", Symbol("preactivation", 1, (1,), "negated adjoint"), r"\delta_4"),
    ("mitchell", Symbol("weight", L, (J, Index("i"))), "w_{ji}"),
    ("softmax", Symbol("activation", 2, (0,)), "y_1"),
    ("softmax", Symbol("activation", 1, (0,)), "y_1^{(1)}"),
    ("recurrent", Symbol("activation", 1, (Index("t", -1), Index("·"))), "h_{t-1}"),
    ("recurrent", Symbol("weight", 1), "W_{xh}"),
    ("recurrent", Symbol("weight_hidden"), "W_{hh}"),
    ("index-brackets", Symbol("weight", 2, (K, Index("p"))), "W_2[p,k]"),
    ("index-brackets", Symbol("weight", 2, (K, Index("p")), "adjoint"), "dW_2[p,k]"),
    ("index-brackets", Symbol("weight", 2, (Index("·"), Index("p"))), "W_2[p,:]"),
]


@pytest.mark.parametrize(("name", "symbol", "tex"), WRITTEN, ids=[f"{name} {tex}" for name, _, tex in WRITTEN])
def test_names_are_those_of_the_family(name: str, symbol: Symbol, tex: str) -> None:
    assert naming(name).spell(symbol) == tex


def test_a_single_layer_needs_no_number() -> None:
    one, two = naming("softmax", (3, 2)), naming("softmax", (3, 4, 2))
    weight, size = Symbol("weight", 1, (0, 0)), Symbol("size", 1)
    assert (one.spell(weight), two.spell(weight)) == ("w_{11}", "w_{11}^{(1)}")
    assert one.read("w_{11}") == (weight,)
    assert one.spell(size) == "n_1"


def test_arrays_of_a_batch_may_have_names_of_their_own() -> None:
    symbol = Symbol("activation", L)
    assert naming("ng").spell(symbol) == "a^{[l]}"
    assert naming("ng", batch=True).spell(symbol) == "A^{[l]}"
    assert naming("row-matrix", batch=True).spell(symbol) == "y^l"


def test_words_for_indices_become_the_notations_letters() -> None:
    symbol = Symbol("weight", Index("layer", 1), (Index("unit"), Index("before")))
    assert naming("nielsen", ()).spell(symbol) == "w^{l+1}_{jk}"
    assert naming("row-matrix", ()).spell(symbol) == r"\omega_{kj}^{m+1}"
    assert naming("ufldl", ()).spell(Symbol("preactivation", Index("last"))) == "z^{(n_l)}"


def test_layers_outside_of_names_count_as_in_them() -> None:
    assert naming("ufldl").layer_text(1) == "2"
    assert naming("row-matrix").layer_text(1) == "1"
    assert naming("ufldl").layer_text(Index("last")) == "n_l"


REFUSED = [
    ("mazur", (), Symbol("weight", L, (J, K)), "symbolic indices", "nielsen"),
    ("mazur", (2, 2, 2), Symbol("weight", 1), "no name", "column-matrix"),
    ("mazur", (2, 2, 2), Symbol("weight", 1, (0, 0), "adjoint"), "no name", "ng"),
    ("mazur", (1,) * 8, Symbol("preactivation", 6, (0,)), "5 hidden layers, and this network has 6", "ufldl"),
    ("wenjh", (2, 2, 2, 2), Symbol("activation", 2, (0,)), "1 hidden layer, and this network has 2", "nielsen"),
    ("wenjh", (), Symbol("activation", 1, (0,)), "the number of layers must be known", "d2l"),
    ("mitchell", (), Symbol("weight", 1, (0, 0)), "sizes must be numbers", "nielsen"),
    ("mitchell", (2, 2), Symbol("weight", 1), "no name", "row-matrix"),
    ("nielsen", (2, 2), Symbol("weight_hidden"), "no name", "recurrent"),
]


@pytest.mark.parametrize(("name", "sizes", "symbol", "fact", "able"), REFUSED)
def test_what_a_family_cannot_write_names_those_that_can(
    name: str, sizes: tuple[int, ...], symbol: Symbol, fact: str, able: str
) -> None:
    bound = naming(name, sizes)
    assert not bound.can_write(symbol)
    with pytest.raises(UserError) as caught:
        bound.spell(symbol)
    assert caught.value.place == f"notation {name}"
    assert fact in caught.value.fact
    assert able in caught.value.choices
    assert name not in caught.value.choices


@pytest.mark.parametrize("variant", ["updated", "adjoint", "negated adjoint", "unheard-of"])
@pytest.mark.parametrize("name", NOTATIONS.names())
def test_a_variant_is_never_dropped_silently(name: str, variant: str) -> None:
    bound = naming(name)
    symbol, plain_symbol = Symbol("activation", 1, (0,), variant), Symbol("activation", 1, (0,))
    if bound.can_write(symbol):
        assert bound.spell(symbol) != bound.spell(plain_symbol)


def test_plain_names_are_typed_without_tex() -> None:
    assert plain(r"\delta_{o1}") == "delta_o1"
    assert plain(r"\hat{\mathbf{y}}") == "hat(y)"
    assert plain(r"\mathrm{size}(1)") == "size(1)"
