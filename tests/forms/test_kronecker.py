"""Kronecker deltas are eliminated one at a time, and no step changes the value."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.dense import dense_network
from support.quantities import speller

from symbackprop.expression import ONE, ZERO, Apply, Expression, Index, Name, Number, Symbol, add, multiply, negate
from symbackprop.forms.evaluation import Evaluation
from symbackprop.forms.kronecker import eliminate, kronecker, result_of, substitute
from symbackprop.latex.printer import Printer

FIRST, J, K, P = (Name(letter) for letter in "ijkp")
N, M = Symbol("size", 1), Symbol("size", 2)
tex = Printer(speller()).tex


def x(letter: str, offset: int = 0) -> Symbol:
    return Symbol("activation", 1, (Index(letter, offset),))


def total(body: Expression, index: Name, upper: Expression) -> Expression:
    return Apply("sum", (body, index, ONE, upper))


def test_a_delta_picks_one_term_and_the_step_says_which() -> None:
    before = total(multiply(kronecker(FIRST, J), x("i")), FIRST, N)
    (step,) = eliminate(before, {"j": N})
    assert (step.rule, step.index, step.replacement, step.delta) == ("kronecker", "i", J, kronecker(FIRST, J))
    assert (step.before, step.after) == (before, x("j"))


def test_an_index_of_another_range_is_left_alone() -> None:
    before = total(multiply(kronecker(FIRST, J), x("i")), FIRST, N)
    assert eliminate(before, {"j": M}) == ()
    assert eliminate(before, {}) == ()


def test_a_number_must_lie_in_the_range() -> None:
    def picked(place: str, upper: str) -> Expression:
        before = total(multiply(kronecker(FIRST, Number(place)), x("i")), FIRST, Number(upper))
        return result_of(before, eliminate(before, {}))

    assert picked("2", "3") == Symbol("activation", 1, (1,))
    assert picked("4", "3") == total(multiply(kronecker(FIRST, Number("4")), x("i")), FIRST, Number("3"))


def test_two_deltas_leave_two_steps() -> None:
    before = total(total(multiply(kronecker(FIRST, J), kronecker(P, K), x("p"), x("i")), P, M), FIRST, N)
    steps = eliminate(before, {"j": N, "k": M})
    assert [step.index for step in steps] == ["p", "i"]
    assert steps[-1].after == multiply(x("k"), x("j"))
    assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]


def test_a_delta_inside_of_a_bracket_is_multiplied_out() -> None:
    before = total(multiply(x("i"), add(kronecker(FIRST, J), negate(x("j")))), FIRST, N)
    steps = eliminate(before, {"j": N})
    assert [step.rule for step in steps] == ["distribute", "split", "kronecker"]
    assert tex(steps[-1].after) == "a^{1}_{j} - \\sum_{i=1}^{n_{1}} a^{1}_{i} a^{1}_{j}"


def test_a_delta_of_an_outer_index_leaves_the_inner_sum() -> None:
    before = total(total(multiply(x("p"), kronecker(FIRST, J)), P, M), FIRST, N)
    assert [step.rule for step in eliminate(before, {"j": N})] == ["factor", "kronecker"]


@pytest.mark.parametrize(
    ("first", "second", "result"), [(FIRST, FIRST, ONE), (ONE, Number("2"), ZERO), (ONE, ONE, ONE)]
)
def test_deltas_that_are_known(first: Expression, second: Expression, result: Expression) -> None:
    assert kronecker(first, second) == result


def test_substitution_keeps_offsets() -> None:
    assert substitute(x("i", 1), "i", J) == x("j", 1)
    assert substitute(x("i", 1), "i", Number("3")) == Symbol("activation", 1, (3,))
    assert substitute(x("i"), "i", add(J, ONE)) == x("j", 1)


LETTERS = ("i", "j", "p", "q")
_deltas = st.sampled_from([(a, b) for a, b in product(LETTERS, LETTERS) if a < b]).map(
    lambda pair: kronecker(Name(pair[0]), Name(pair[1]))
)
_parts = st.recursive(
    st.one_of(_deltas, st.sampled_from(LETTERS).map(x)),
    lambda part: st.one_of(
        st.lists(part, min_size=2, max_size=3).map(lambda parts: multiply(*parts)),
        st.lists(part, min_size=2, max_size=2).map(lambda parts: add(*parts)),
        part.map(negate),
    ),
    max_leaves=7,
)


@settings(max_examples=150, deadline=None)
@given(_parts, st.sampled_from((("p", "q"), ("q", "p"), ("p",))), st.booleans())
def test_no_step_changes_the_value(body: Expression, bound: tuple[str, ...], inside: bool) -> None:
    size = Number("3")
    for letter in bound:
        body = total(body, Name(letter), size)
        body = multiply(x("i"), body) if inside else body
    free = [letter for letter in LETTERS if letter not in bound]
    steps = eliminate(body, dict.fromkeys(free, size))
    values = {Symbol("activation", 1, (place,)): Number(str(place * 2 + 3)).value for place in range(3)}
    evaluation = Evaluation(dense_network((1, 3)), "column", values)
    for places in product((1, 2, 3), repeat=len(free)):
        here = evaluation.at(**dict(zip(free, places, strict=True)))
        expected = here.value(body)
        for step in steps:
            assert here.value(step.after) == expected, tex(step.after)
    for part in steps[-1:]:
        assert not _reducible(part.after, bound), tex(part.after)


def _reducible(expression: Expression, bound: tuple[str, ...]) -> bool:
    """Whether a delta of its own index still stands as a factor under a sum."""
    from symbackprop.expression import walk
    from symbackprop.forms.kronecker import factors, is_delta, names_in

    return any(
        is_delta(factor) and part.arguments[1].head in names_in(factor)
        for part in walk(expression)
        if isinstance(part, Apply) and part.operator == "sum" and isinstance(part.arguments[1], Name)
        for factor in factors(part.arguments[0])
    )
