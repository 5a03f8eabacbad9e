"""Abstract functions: named, differentiable, and nothing else."""

from __future__ import annotations

import pytest
import sympy

from symbackprop.expression import Apply, Index, Name, Symbol
from symbackprop.forms.algebra import fill, function_tree
from symbackprop.forms.sympy_trees import to_sympy
from symbackprop.functions.abstract import abstract, derivative_name, label, sympy_function

F = Symbol("activation_function", Index("l"))
Z = Symbol("preactivation", Index("l"))


def test_it_is_written_as_a_call_and_its_derivative_as_a_call_of_f_prime() -> None:
    function = abstract(F)
    assert fill(function_tree(function), (Z,)) == Apply("call", (F, Z))
    first = function.derivative(0)
    assert fill(function_tree(first), (Z,)) == Apply("call", (derivative_name(F), Z))
    second = first.derivative(0)
    assert fill(function_tree(second), (Z,)) == Apply("call", (derivative_name(derivative_name(F)), Z))


def test_functions_of_different_layers_are_different() -> None:
    above = Symbol("activation_function", Index("l", 1))
    assert label(F) == "activation_function[l]"
    assert label(derivative_name(above)) == "activation_function[l+1]'"
    assert abstract(F) is abstract(F)
    assert sympy_function(F) is not sympy_function(above)
    assert label(Name("f")) == "f"


def test_sympy_differentiates_compositions_of_it() -> None:
    x = sympy.Symbol("x", real=True)
    f, prime = sympy_function(F), sympy_function(derivative_name(F))
    assert sympy.diff(f(x) ** 2, x) == 2 * f(x) * prime(x)
    assert sympy.diff(f(sympy.sin(x)), x) == prime(sympy.sin(x)) * sympy.cos(x)


def test_of_several_arguments_only_the_last_varies() -> None:
    loss = abstract(Symbol("loss_function"), arity=2)
    assert fill(function_tree(loss.derivative(1)), (Name("t"), Name("y"))) == Apply(
        "call", (derivative_name(Symbol("loss_function")), Name("t"), Name("y"))
    )
    with pytest.raises(ValueError, match="no tree for Derivative"):
        function_tree(loss.derivative(0))


def test_its_tree_goes_back_to_sympy() -> None:
    x = sympy.Symbol("x", real=True)
    tree = Apply("call", (derivative_name(F), Z))
    assert to_sympy(tree, lambda symbol: x) == sympy_function(derivative_name(F))(x)
