"""Steps with numbers: printed results, numbers put in for quantities, and what was printed before."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from support.small_world import Point, World, array

from symbackprop.check.judge.compare import Comparer
from symbackprop.check.judge.finding import RIGHT, Finding, Ledger, Printed
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Name, Number, Symbol

X, Y, W, OPEN = (Symbol(kind) for kind in ("x", "y", "w", "open"))
VALUES = {
    "x": "0.59326999",
    "y": "0.30000",
    "w": "-2",
    "given": "0.15",
    "precise": "0.1504",
    "column": array(2, 1, "0.11", "0.22"),
}
WRONG_BEFORE = Finding(Status.WRONG, None, "wrong")


def judge(
    given: Sequence[str] = (),
    printed: Sequence[Printed] = (),
    definitions: dict[Expression, Expression] | None = None,
    completions: Sequence[dict[str, Any]] = (),
    example: bool = True,
) -> ValueJudge:
    world = World(Point(VALUES) if example else None, tuple(Point({**VALUES, **more}) for more in completions))
    exact = frozenset(map(Fraction, given))
    known = definitions or {}
    return ValueJudge(Comparer(world), Ledger(list(printed)), exact, lambda tree: str(tree.kind), known.get)  # type: ignore[union-attr]


def numbers(operator: str, *texts: str) -> Apply:
    return Apply(operator, tuple(map(Number, texts)))


def told(finding: Finding) -> tuple[str, str | None, str, str | None]:
    return finding.status.value, finding.rule, finding.message, finding.expected


# ---- a printed number -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("0.593270", ("right", None, "", None)),
        ("0.59326", ("rounding", "last-digit", "cut off after the last digit; rounded it is 0.59327", "0.59327")),
        ("0.593271", ("rounding", "last-digit", "the last digit is off by one: 0.593270", "0.593270")),
        ("0.594270", ("wrong", None, "0.594270 should be 0.593270", "0.593270")),
    ],
)
def test_a_printed_number_against_the_truth(printed: str, expected: tuple[str, str | None, str, str | None]) -> None:
    assert told(judge().judge(X, [], Number(printed))) == expected


def test_a_number_that_follows_from_rounded_ones_before_it() -> None:
    """x y is 0.177981; from 0.6 · 0.30 anything from 0.162 to 0.198 follows, by half a last digit each."""
    product = Apply("multiply", (X, Y))
    before = numbers("multiply", "0.6", "0.30")
    for literal in ("0.16", "0.19"):
        found = judge().judge(product, [(before, RIGHT)], Number(literal))
        assert told(found) == (
            "rounding", "rounded-intermediates", "right from the rounded numbers before it; from exact ones it is 0.18", "0.18"
        )  # fmt: skip
        found = judge().judge(product, [(before, WRONG_BEFORE)], Number(literal))
        assert told(found) == ("inherited", None, "follows from what stands before it; it should be 0.18", "0.18")
        assert judge().judge(product, [], Number(literal)).status is Status.WRONG
    assert judge().judge(product, [(before, RIGHT)], Number("0.21")).status is Status.WRONG
    assert judge().judge(product, [(OPEN, RIGHT)], Number("0.19")).status is Status.WRONG
    off = judge().judge(product, [(numbers("multiply", "0.5933", "0.3"), RIGHT)], Number("0.179"))
    assert off.message == "the last digit is off by one, as the rounded numbers before it give: 0.178"


def test_given_values_are_written_as_they_were_given() -> None:
    """0.2 would be 0.15 rounded; where 0.15 is a given value it is a wrong number."""
    known = Symbol("given")
    assert judge().judge(known, [], Number("0.2")).status is Status.RIGHT
    assert judge(["3/20"]).judge(known, [], Number("0.2")).status is Status.WRONG
    assert judge(["3/20"]).judge(known, [], Number("0.15")).status is Status.RIGHT
    assert judge(["1/20"]).judge(known, [], Number("0.2")).status is Status.RIGHT


def test_only_short_numbers_are_taken_for_given_ones_written_wrongly() -> None:
    assert judge(["0.1504"]).judge(Symbol("precise"), [], Number("0.15")).status is Status.WRONG
    assert judge(["0.1504"]).judge(Symbol("precise"), [], Number("0.150")).status is Status.RIGHT


def test_a_head_with_rounded_numbers_is_known_only_roughly() -> None:
    """0.6 · 0.30 is 0.18, up to 0.018: what lies within is right, in a form of its own too."""
    head = numbers("multiply", "0.6", "0.30")
    for tree in (Number("0.19"), numbers("add", "0.1000", "0.0900")):
        assert judge().judge(head, [], tree) == RIGHT
    for tree in (Number("0.21"), numbers("add", "0.1000", "0.1400")):
        assert judge().judge(head, [], tree).status is Status.WRONG


# ---- numbers put in for quantities ------------------------------------------------------------------


def product(first: str, second: str) -> Apply:
    return numbers("multiply", first, second)


XY = Apply("multiply", (X, Y))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (product("0.59327", "0.30000"), ("right", None, "", None)),
        (
            product("0.59326", "0.30000"),
            ("rounding", "last-digit", "0.59326 stands for x, which is 0.59327", "0.59327"),
        ),
        (product("0.59327", "0.31000"), ("wrong", None, "0.31000 stands for y, which is 0.30000", "0.30000")),
        (product("0.59326", "0.31000"), ("wrong", None, "0.31000 stands for y, which is 0.30000", "0.30000")),
        (product("0.30000", "0.59327"), ("right", None, "", None)),
        (product("0.30000", "0.59427"), ("wrong", None, "0.30000 stands for x, which is 0.59327", "0.59327")),
    ],
)
def test_numbers_against_what_they_stand_for(tree: Apply, expected: tuple[str, str | None, str, str | None]) -> None:
    assert told(judge().judge(XY, [], tree)) == expected
    assert told(judge(definitions={Symbol("z"): XY}).judge(XY, [], tree)) == expected


def test_the_nearest_formula_of_the_same_form_tells_what_numbers_stand_for() -> None:
    """The head's own definition, the head, and the members before: the last one that fits."""
    swapped = Apply("multiply", (Y, X))
    found = judge().judge(XY, [(swapped, RIGHT)], product("0.30000", "0.59427"))
    assert found.message == "0.59427 stands for x, which is 0.59327"
    head = Symbol("x")
    by_definition = judge(definitions={head: XY}).judge(head, [], product("0.59327", "0.3"))
    assert by_definition == RIGHT
    without = judge().judge(head, [], product("0.59327", "0.3"))
    assert told(without) == ("wrong", None, "this is 0.177981, and it should be 0.59326999", None)


def test_members_of_numbers_only_tell_nothing_about_what_is_put_in() -> None:
    found = judge().judge(XY, [(product("0.59327", "0.30000"), RIGHT)], product("0.59327", "0.31000"))
    assert found.message == "0.31000 stands for y, which is 0.30000"


def test_the_same_numbers_in_another_order_are_right_with_their_signs() -> None:
    head = Apply("multiply", (W, Y))
    assert judge().judge(head, [], numbers("multiply", "0.30000", "-2.0000")) == RIGHT
    assert judge().judge(head, [], numbers("multiply", "-0.30000", "-2.0000")).status is Status.WRONG


def test_the_slip_behind_a_number_put_in_is_named() -> None:
    asked: list[tuple[Expression, Number, Finding]] = []

    def explain(part: Expression, literal: Number, finding: Finding) -> Finding:
        asked.append((part, literal, finding))
        return Finding(Status.CONVENTION, "sign-lost", "another message", "another number", 3)

    values = judge()
    values.explain = explain
    found = values.judge(XY, [], product("0.59327", "0.31000"))
    message = "0.31000 stands for y, which is 0.30000"
    assert found == Finding(Status.CONVENTION, "sign-lost", message, "0.30000", 3)
    assert asked == [(Y, Number("0.31000"), Finding(Status.WRONG, None, message, "0.30000"))]


def test_numbers_in_a_form_of_their_own_are_computed() -> None:
    """0.30000 + 0.29327 for x: nothing to compare number by number, so the value counts, and its rounding."""
    found = [judge().judge(X, [], numbers("add", "0.30000", last)) for last in ("0.29327", "0.29328", "0.29329", "0.3")]
    assert [one.status for one in found] == [Status.RIGHT, Status.RIGHT, Status.ROUNDING, Status.RIGHT]
    assert told(found[2]) == ("rounding", "last-digit", "a last digit in it is off", None)
    wrong = judge().judge(X, [], numbers("add", "0.30000", "0.39327"))
    assert told(wrong) == ("wrong", None, "this is 0.69327, and it should be 0.59326999", None)
    beyond = judge().judge(X, [], numbers("add", "0.30000", "0.29330"))
    assert beyond.status is Status.WRONG
    assert judge().judge(X, [], numbers("add", "0.3000", "0.2934")).status is Status.ROUNDING
    assert judge().judge(X, [], numbers("add", "0.3000", "0.294")).status is Status.WRONG
    short = judge().judge(X, [], numbers("add", "0.30", "0.30"))
    assert short.status is Status.RIGHT
    assert judge().judge(X, [], numbers("add", "0.30", "0.31")).status is Status.WRONG


def test_a_number_that_was_wrong_where_it_was_printed_is_inherited() -> None:
    before = [Printed(Y, Number("0.31000"), Status.WRONG, 7)]
    found = judge(printed=before).judge(XY, [], product("0.59327", "0.31000"))
    assert told(found) == ("inherited", None, "0.31000 comes from line 7; y is 0.30000", "0.30000")
    assert found.from_line == 7
    rounded = [Printed(Y, Number("0.31000"), Status.ROUNDING, 7)]
    assert judge(printed=rounded).judge(XY, [], product("0.59327", "0.31000")) == RIGHT
    later = product("0.59326", "0.31000")
    assert judge(printed=before).judge(XY, [], later).status is Status.INHERITED
    first = [Printed(X, Number("0.69327"), Status.INHERITED, 4)]
    assert judge(printed=first).judge(XY, [], product("0.69327", "0.30001")).from_line == 4
    own_form = judge(printed=before).judge(X, [], numbers("add", "0.31000", "0.39327"))
    assert told(own_form) == ("inherited", None, "0.31000 comes from line 7, where it is wrong", None)
    assert own_form.from_line == 7
    right = [Printed(Y, Number("0.31000"), Status.RIGHT, 7)]
    assert judge(printed=right).judge(X, [], numbers("add", "0.31000", "0.39327")).status is Status.WRONG


def test_what_cannot_be_put_in_is_computed() -> None:
    """A part without a value: the formula cannot be compared number by number."""
    found = judge(definitions={X: Apply("multiply", (OPEN, Y))}).judge(X, [], product("0.59327", "0.30000"))
    assert told(found) == ("wrong", None, "this is 0.177981, and it should be 0.59326999", None)


# ---- without a truth --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Number("0.177981"), ("right", None, "", None)),
        (Number("0.178"), ("right", None, "", None)),
        (Number("0.177982"), ("rounding", "last-digit", "the last digit is off: 0.177981", "0.177981")),
        (Number("0.19"), ("wrong", None, "the numbers before it give 0.18", "0.18")),
        (numbers("add", "0.1", "0.077981"), ("right", None, "", None)),
        (numbers("add", "0.10000", "0.0779"), ("wrong", None, "the numbers before it give 0.177981", "0.177981")),
    ],
)
def test_without_a_value_of_the_head_numbers_follow_from_those_before(
    tree: Expression, expected: tuple[str, str | None, str, str | None]
) -> None:
    before = product("0.593270", "0.300000")
    assert told(judge().judge(OPEN, [(before, RIGHT)], tree)) == expected


def test_rounded_numbers_before_give_anything_within_their_rounding() -> None:
    assert judge().judge(OPEN, [(numbers("multiply", "0.6", "0.30"), RIGHT)], Number("0.19")) == RIGHT
    unknown = Apply("multiply", (Name("q"), Number("0.5")))
    found = judge().judge(OPEN, [(unknown, RIGHT)], Number("0.5"))
    assert (found.status, found.message) == (Status.UNDECIDED, "the document gives no values for it")
    found = judge().judge(X, [], Apply("multiply", (OPEN, Number("0.5"))))
    assert (found.status, found.message) == (Status.UNDECIDED, "the document gives no values for it")


def test_without_anything_to_compare_with_nothing_is_said() -> None:
    for before in ([], [(XY, RIGHT)]):
        found = judge().judge(OPEN, before, Number("0.5"))
        assert (found.status, found.message) == (Status.UNDECIDED, "the document gives no values for it")
    assert judge(example=False).judge(X, [], Number("0.5")).message == "the document gives no values for it"


def test_what_does_not_depend_on_open_values_has_a_value() -> None:
    completions = ({"open": "1"}, {"open": "2"})
    nothing = Apply("multiply", (OPEN, Number("0")))
    head = Apply("add", (nothing, Y))
    assert judge(completions=completions).judge(head, [], Number("0.3")) == RIGHT
    found = judge(completions=completions).judge(Apply("multiply", (OPEN, Y)), [], Number("0.3"))
    assert (found.status, found.message) == (Status.UNDECIDED, "it depends on values that are left open")


def test_given_values_beside_open_ones_are_compared_at_any_value() -> None:
    completions = ({"open": "1.25"}, {"open": "2.5"})
    head = Apply("multiply", (OPEN, Y))
    values = judge(completions=completions)
    assert values.judge(head, [], Apply("multiply", (OPEN, Number("0.3")))) == RIGHT
    of_another_form = Apply("add", (OPEN, Number("0.3")))
    before = [(Apply("add", (OPEN, Y)), WRONG_BEFORE)]
    assert values.judge(head, before, of_another_form).message == "with the given values the two sides are not equal"
    wrong = values.judge(head, [], Apply("add", (OPEN, Number("0.4"))))
    assert told(wrong) == ("wrong", None, "with the given values the two sides are not equal", None)
    put_in = values.judge(head, [], Apply("multiply", (OPEN, Number("0.4"))))
    assert told(put_in) == ("wrong", None, "0.4 stands for y, which is 0.3", "0.3")


# ---- matrices ---------------------------------------------------------------------------------------


def test_matrices_of_numbers_stand_for_arrays() -> None:
    rows = Apply("matrix", (Apply("row", (Number("0.11"),)), Apply("row", (Number("0.25"),))))
    column = Symbol("column")
    found = judge().judge(column, [], rows)
    assert (found.status, found.expected) == (Status.WRONG, "0.22")
    assert judge().judge(X, [], rows).message == "a matrix of numbers for what is none"
    assert judge().judge(OPEN, [], rows).message == "open has no value"
    misfit = Apply("add", (column, Apply("transpose", (column,))))
    assert told(judge().judge(misfit, [], rows)) == ("wrong", "shape", "2 × 1 and 1 × 2 cannot be added", None)
    assert judge().judge(column, [], Number("0.11")).message == "an array, and its numbers are not printed"
    found = judge().judge(X, [], Apply("multiply", (misfit, Number("0.5"))))
    assert told(found) == ("wrong", "shape", "2 × 1 and 1 × 2 cannot be added", None)
