"""Trees evaluated at a point: operators, indices, sums, conditions, and derivatives by quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from support.small_world import array

from symbackprop.check.evaluate.array import Array, Jacobian, ShapeError, matrix_product
from symbackprop.check.evaluate.drawing import INDEX, Places, Reading
from symbackprop.check.evaluate.evaluation import Evaluator
from symbackprop.check.evaluate.traced import Traced, Undecided, derivatives, number, plain, renamed, total
from symbackprop.check.judge.compare import close
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol


@dataclass(frozen=True)
class Small:
    """W is 2 × 2, x and y = W x are columns, s a number, e = Σ y² + s and t = (p - q)²; a^{(l)} is 10 l + 1 for layers 1 to 3."""

    leaves: dict[str, Any] = field(
        default_factory=lambda: {
            "W": array(2, 2, *"1234").map(Traced), "x": array(2, 1, *"56").map(Traced), "s": Traced(number(7)),
            "p": Traced(number(9)), "q": Traced(number(4)),
        }
    )  # fmt: skip

    @cached_property
    def values(self) -> dict[str, Any]:
        y = matrix_product(self.leaves["W"], self.leaves["x"]).map(renamed)
        error = renamed(total(entry * entry for entry in y.entries) + self.leaves["s"])
        difference = self.leaves["p"] - self.leaves["q"]
        return {**self.leaves, "y": y, "e": error, "t": renamed(difference * difference)}

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        if symbol.kind == "a":
            position = symbol.position
            assert isinstance(position, Index)
            return Traced(number(10 * (places[position.symbol] + position.offset) + 1))
        value = self.values[symbol.kind]
        if symbol.indices is None:
            return value
        at = [places[index.symbol] + index.offset if isinstance(index, Index) else index for index in symbol.indices]
        return value.at(*(at if len(at) == 2 else (at[0], 0)))

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        return (symbol.kind, order, *arguments)

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        return None if symbol.kind == "s" else 3 if symbol.kind == "z" else 2

    def layers(self, symbol: Symbol) -> range:
        return range(1, 4)

    def slopes(self, of: Traced) -> Mapping[int, Any]:
        return derivatives(of)


W, X, Y, S, E, P, Q, T = (Symbol(kind) for kind in "Wxysepqt")


def i(letter: str = "i", offset: int = 0) -> Symbol:
    return Symbol(INDEX, None, (Index(letter, offset),))


def x_at(letter: str, offset: int = 0) -> Symbol:
    return Symbol("x", None, (Index(letter, offset),))


def apply(operator: str, *arguments: Expression | str) -> Apply:
    return Apply(operator, tuple(Number(one) if isinstance(one, str) else one for one in arguments))


def value(tree: Expression, reading: Reading | None = None, **places: int) -> Any:
    return Evaluator(Small(), places, reading or Reading()).value(tree)


# ---- operators --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Number("0.50"), "0.5"), (apply("add", S, "1", S), "15"), (apply("negate", S), "-7"), (apply("divide", S, "2"), "3.5"),
        (apply("power", S, "2"), "49"), (apply("power", Name("e"), "0"), "1"), (apply("power", apply("norm", X), "2"), "61"),
        (apply("power", apply("norm", X), "4"), "3721"), (apply("maximum", S, "8"), "8"), (apply("maximum", "3", S, "2"), "7"),
        (apply("group", apply("bracket", apply("brace", S))), "7"), (apply("multiply", S, "2", "3"), "42"),
        (apply("index", apply("matrix_product", W, X), "2"), "39"), (apply("index", W, "1", "2"), "2"),
        (apply("index", apply("transpose", X), "2"), "6"), (apply("sqrt", apply("multiply", S, S)), "7"),
        (apply("transpose", S), "7"), (Symbol("pi"), "3.141592653589793238462643383279502884197"),
        (apply("sum", X), "11"), (apply("divide", "1", apply("matrix_product", apply("transpose", X), X)), "0.01639344262295081967213114754098360655738"),
    ],
)  # fmt: skip
def test_numbers(tree: Expression, expected: str) -> None:
    assert close(value(tree), expected)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (apply("add", X, "1"), array(2, 1, *"67")), (apply("negate", X), array(2, 1, "-5", "-6")),
        (apply("transpose", W), array(2, 2, *"1324")), (apply("multiply", W, X), array(2, 1, "17", "39")),
        (apply("divide", X, "2"), array(2, 1, "2.5", "3")), (apply("power", X, "2"), array(2, 1, "25", "36")),
        (apply("matrix", apply("row", "1", "2"), apply("row", "3", S)), array(2, 2, *"1237")),
        (apply("maximum", X, "5.5"), array(2, 1, "5.5", "6")), (apply("absolute", apply("negate", X)), array(2, 1, *"56")),
        (apply("indicator", apply("greater", X, "5")), array(2, 1, *"01")),
    ],
)  # fmt: skip
def test_arrays(tree: Expression, expected: Array) -> None:
    assert value(tree) == expected


@pytest.mark.parametrize(
    ("tree", "kind", "reason"),
    [
        (Name("q"), Undecided, "q is not defined"), (apply("space", S), Undecided, "'space' cannot be evaluated"),
        (apply("gradient", E), Undecided, "a gradient that does not say by what"),
        (apply("partial", E, apply("multiply", S, S)), Undecided, "a derivative by something that is no single quantity"),
        (apply("partial", T, apply("add", P, Q)), Undecided, "a derivative by a sum whose terms do not always stand together"),
        (apply("partial", E, apply("add", X, X)), Undecided, "a derivative by a sum of arrays"),
        (apply("partial", T, apply("add", P, "1")), Undecided, "a derivative by something that is no sum of quantities"),
        (apply("matrix", apply("row", "1", "2"), apply("row", "3")), ShapeError, "the rows of the matrix have different lengths"),
        (apply("matrix", apply("row", X)), Undecided, "a matrix made of arrays"), (apply("index", S, "1"), ShapeError, "an index on a number"),
        (apply("index", W, "3", "1"), ShapeError, "an array of 2 × 2 has no such entry"),
        (apply("index", W, "1", "0"), ShapeError, "an array of 2 × 2 has no such entry"),
        (apply("index", W, "1", "3"), ShapeError, "an array of 2 × 2 has no such entry"),
        (apply("matrix"), ShapeError, "the rows of the matrix have different lengths"),
        *((apply(operator, X, apply("transpose", X)), ShapeError, f"2 × 1 and 1 × 2 cannot be {doing}")
          for operator, doing in (("divide", "divided"), ("power", "raised to a power"), ("maximum", "compared"), ("add", "added"))),
        (apply("indicator", apply("less", X, apply("transpose", X))), ShapeError, "2 × 1 and 1 × 2 cannot be compared"),
        (apply("index", W, "1"), ShapeError, "an array of 2 × 2 has no such entry"),
        (apply("index", X, "1.5"), Undecided, "a bound that is no whole number"), (apply("index", X, X), Undecided, "a bound that is no whole number"),
        (apply("call", Name("f"), S), Undecided, "a function that is not known"), (i("q"), Undecided, "the index q runs over nothing known"),
        (Symbol(INDEX), Undecided, "an index without a name"), (apply("add", apply("partial", Y, W), W), Undecided, "a derivative of an array by an array stands alone"),
        (apply("cases", S, apply("less", S, "1")), Undecided, "a case that is not given"), (apply("cases", S, S), Undecided, "a condition in words"),
        (apply("kronecker", X, S), Undecided, "a condition between arrays"), (apply("kronecker", S, X), Undecided, "a condition between arrays"),
    ],
)  # fmt: skip
def test_what_cannot_be_evaluated_says_why(tree: Expression, kind: type[Exception], reason: str) -> None:
    with pytest.raises(kind) as caught:
        value(tree)
    assert str(caught.value) == reason


def test_trees_that_are_too_deep_are_left_open() -> None:
    def nested(depth: int) -> Expression:
        tree: Expression = S
        for _ in range(depth):
            tree = apply("group", tree)
        return tree

    assert value(nested(151)) == 7
    with pytest.raises(Undecided, match=r"^nested too deeply to evaluate$"):
        value(nested(152))


def test_functions_are_asked_of_the_drawing_with_their_order() -> None:
    f = Symbol("f")
    assert value(apply("call", f, S, "2")) == ("f", 0, 7, 2)
    assert value(apply("call", apply("derivative", apply("derivative", f)), S)) == ("f", 2, 7)


def test_signs_mean_what_the_reading_says() -> None:
    assert value(apply("star", W, W), Reading({"star": "hadamard"})) == array(2, 2, "1", "4", "9", "16")
    assert value(apply("star", W, W), Reading({"dot": "hadamard"})) == array(2, 2, "7", "10", "15", "22")
    assert value(apply("multiply", X, X), Reading(lenient=True)) == array(2, 1, "25", "36")


# ---- indices and conditions -------------------------------------------------------------------------


def test_indices_count_from_one() -> None:
    assert value(i(), i=0) == 1
    assert value(i("i", 1), i=0) == 2
    assert value(Symbol(INDEX, None, (2,))) == 3
    assert value(apply("kronecker", i(), i("j")), i=1, j=1) == 1
    assert value(apply("kronecker", i(), i("j")), i=1, j=0) == 0


@pytest.mark.parametrize(
    ("operator", "holding"),
    [
        ("less", "<"),
        ("less_equal", "<="),
        ("greater", ">"),
        ("greater_equal", ">="),
        ("equal", "=="),
        ("not_equal", "!="),
    ],
)
def test_comparisons(operator: str, holding: str) -> None:
    expected = {"<": (1, 0, 0), "<=": (1, 1, 0), ">": (0, 0, 1), ">=": (0, 1, 1), "==": (0, 1, 0), "!=": (1, 0, 1)}
    found = [value(apply("indicator", apply(operator, S, other))) for other in ("8", "7", "6")]
    assert tuple(found) == expected[holding]
    cases = apply("cases", "1", apply(operator, S, "8"), "2", apply(operator, S, "6"), "3")
    by_case = {"less": 1, "less_equal": 1, "greater": 2, "greater_equal": 2, "equal": 3, "not_equal": 1}
    assert value(cases) == by_case[operator]


# ---- sums -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((x_at("k"), i("k")), "11"), ((x_at("k"), i("k"), "1", "2"), "11"), ((x_at("k"), i("k"), "2", "2"), "6"),
        ((x_at("k"), i("k"), "1", Name("n")), "11"), ((x_at("k"), i("k"), Name(""), Name("")), "11"),
        ((x_at("k"), i("k"), "0", "1"), "11"), ((x_at("k"), apply("not_equal", i("k"), i("j"))), "6"),
        ((x_at("k"), apply("less_equal", i("k"), i("j"))), "5"), ((x_at("k"), apply("greater", i("k"), "2")), "0"),
        ((Symbol("W", None, (Index("k"), Index("l"))), apply("sequence", i("k"), i("l"))), "10"),
        ((i("k"), i("k"), "1", "4"), "10"), ((Symbol("a", Index("l")), i("l")), "63"),
        ((Symbol("a", Index("l")), i("l"), "2", "3"), "52"), ((Symbol("a", Index("l")), i("l"), "1", Name("L")), "63"),
        ((apply("multiply", Symbol("a", Index("l")), Symbol("a", Index("l", 1))), i("l")), "882"),
        ((apply("multiply", Symbol("a", Index("l")), Symbol("a", Index("l", -1))), i("l"), "2", "9"), "882"),
        ((apply("multiply", Symbol("a", Index("l")), Symbol("a", Index("l", -1))), i("l")), "882"),
        ((Symbol("a", Index("l")), i("l"), "1", "2"), "32"), ((Symbol("a", Index("l")), i("l"), Name("m"), "2"), "32"),
        ((x_at("k"), i("k"), "2"), "6"), ((x_at("k"), i("k"), "0", "2"), "11"), ((x_at("k"), apply("less", i("k"), "2")), "5"),
        ((x_at("k"), apply("element", i("k"), Name("outputs"))), "11"), ((i("k"), i("k"), "1", "10500"), "55130250"),
    ],
)  # fmt: skip
def test_sums(arguments: tuple[Any, ...], expected: str) -> None:
    assert close(value(apply("sum", *arguments), j=0), expected)


@pytest.mark.parametrize(
    ("arguments", "kind", "reason"),
    [
        ((x_at("k"), i("k"), "1", "3"), ShapeError, "the sum over k runs to 3, and there are 2"),
        ((i("k"), i("k")), Undecided, "nothing says how far the index k runs"),
        ((i("k"), i("k"), "1", Name("n")), Undecided, "n is not defined"),
        ((i("k"), i("k"), "1", "20001"), Undecided, "a sum of too many terms to evaluate"),
        ((i("k"), apply("sequence", i("k"), i("l")), "1", "150"), Undecided, "a sum of too many terms to evaluate"),
        ((x_at("k"), Name("q")), Undecided, "a sum whose index is not understood"),
        ((apply("add", x_at("k"), Symbol("z", None, (Index("k"),))), i("k")), ShapeError, "the index k runs over 2 values in one place and 3 in another"),
    ],
)  # fmt: skip
def test_sums_that_cannot_be_told(arguments: tuple[Any, ...], kind: type[Exception], reason: str) -> None:
    with pytest.raises(kind) as caught:
        value(apply("sum", *arguments))
    assert str(caught.value) == reason


def test_arrays_are_summed_entry_by_entry() -> None:
    assert value(apply("sum", apply("multiply", X, i("k")), i("k"), "1", "2")) == array(2, 1, "15", "18")


# ---- derivatives ------------------------------------------------------------------------------------


def test_derivatives_are_total_and_laid_out_like_what_they_are_taken_by() -> None:
    """y = (17, 39): ∂e/∂y = 2 y, ∂e/∂x = Wᵀ 2 y, ∂e/∂W = 2 y xᵀ, ∂e/∂s = 1."""
    assert value(apply("partial", E, Y)) == array(2, 1, "34", "78")
    assert value(apply("partial", E, X)) == array(2, 1, "268", "380")
    assert value(apply("gradient", E, W)) == array(2, 2, "170", "204", "390", "468")
    assert value(apply("partial", E, apply("group", S))) == 1
    assert value(apply("partial", E, X), Reading(numerator=True)) == array(1, 2, "268", "380")
    assert value(apply("partial", Y, S)) == array(2, 1, "0", "0")
    assert value(apply("partial", Symbol("y", None, (Index("i"),)), x_at("j")), i=1, j=0) == 3
    found = value(apply("partial", Y, X))
    assert isinstance(found, Jacobian)
    assert found.matrix == array(2, 2, *"1234")
    assert value(apply("add", apply("partial", Y, X), W)) == array(2, 2, *"2468")
    assert value(apply("transpose", apply("partial", Y, X))).matrix == array(2, 2, *"1324")


def test_a_derivative_by_a_sum_is_that_by_its_terms_where_they_stand_together() -> None:
    difference = apply("add", P, apply("negate", apply("group", Q)))
    assert value(apply("partial", T, difference)) == 10
    assert value(apply("partial", T, apply("bracket", difference))) == 10


def test_links_of_a_chain_rule_are_multiplied_in_either_order() -> None:
    expected = array(2, 2, "170", "204", "390", "468")
    first, second = apply("partial", E, Y), apply("partial", Y, W)
    assert value(apply("multiply", first, second)) == expected
    assert value(apply("multiply", second, first)) == expected
    assert value(apply("multiply", "2", first, second)) == expected.map(lambda entry: 2 * entry)
    to_x = value(apply("multiply", apply("partial", E, Y), apply("partial", Y, X)))
    assert to_x == array(2, 1, "268", "380")
    through = apply("multiply", apply("partial", E, X), apply("partial", X, S))
    assert plain(value(through)) == 0
    apart = value(apply("multiply", apply("partial", E, S), apply("partial", E, S)))
    assert apart == 1
    assert value(apply("multiply", first, second, "2")) == expected.map(lambda entry: 2 * entry)
    assert value(apply("multiply", apply("gradient", E, Y), apply("gradient", Y, W))) == expected
    entrywise = value(apply("hadamard", apply("partial", E, X), apply("partial", E, X)))
    assert entrywise == array(2, 1, "71824", "144400")
    assert value(apply("partial", "3", X)) == array(2, 1, "0", "0")


def test_a_derivative_has_no_derivative_of_its_own() -> None:
    slope = apply("partial", E, S)
    with pytest.raises(Undecided, match=r"^a derivative of a derivative$"):
        value(apply("partial", apply("multiply", slope, S), S))
