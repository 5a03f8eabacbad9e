"""Values against each other, and two formulas compared at several points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from symbackprop.check.evaluate.absent import Absent
from symbackprop.check.evaluate.array import Array, Jacobian, ShapeError
from symbackprop.check.evaluate.drawing import INDEX, USUAL, Places, Reading
from symbackprop.check.evaluate.traced import Undecided, number
from symbackprop.check.judge.compare import DIFFERENT, EQUAL, Answer, Comparer, close, same
from symbackprop.check.judge.conditions import Condition
from symbackprop.expression import Apply, Expression, Index, Name, Symbol

X, Y = Symbol("x"), Symbol("y")


def array(rows: int, columns: int, *entries: str) -> Array:
    return Array(rows, columns, tuple(map(number, entries)))


def test_numbers_are_equal_but_for_the_noise_of_computing() -> None:
    assert close("1", number("1") + number("0.9e-25"))
    assert not close("1", number("1") + number("1.1e-25"))
    assert close("1e9", number("1e9") + number("0.9e-16"))
    assert not close("1e9", number("1e9") + number("1.1e-16"))
    assert close("0", "0.9e-33")
    assert not close("0", "1.1e-33")


def test_arrays_are_equal_in_shape_and_entries() -> None:
    row, column = array(1, 2, "1", "2"), array(2, 1, "1", "2")
    assert same(row, row) == EQUAL
    assert same(row, array(1, 2, "1", "3")) == DIFFERENT
    found = same(row, column)
    assert (found.answer, found.exchanged) == (Answer.SHAPE, True)
    assert found.reason == "the left side is 1 × 2, the right side 2 × 1"
    assert not same(row, array(2, 1, "1", "3")).exchanged
    assert same(row, number("1")).answer is Answer.SHAPE
    assert same(row, number("1")).reason == "one side is 1 × 2, the other a number"
    assert same(number("1"), row).reason == "one side is a number, the other 1 × 2"


def test_a_square_that_is_the_other_s_transpose_is_told() -> None:
    square = array(2, 2, "1", "2", "3", "4")
    found = same(square, square.transposed)
    assert (found.answer, found.exchanged) == (Answer.DIFFERENT, True)
    assert not same(square, array(2, 2, "1", "2", "3", "5")).exchanged


def test_a_jacobian_may_be_meant_in_either_layout() -> None:
    of, by = array(2, 1, "0", "0"), array(3, 1, "0", "0", "0")
    entries = tuple(tuple(map(number, row)) for row in (("1", "2", "3"), ("4", "5", "6")))
    matrix = array(2, 3, "1", "2", "3", "4", "5", "6")
    assert same(Jacobian(of, by, entries), matrix) == EQUAL
    assert same(matrix.transposed, Jacobian(of, by, entries)) == EQUAL
    assert same(Jacobian(of, by, entries), array(3, 2, "1", "2", "3", "4", "5", "6")).answer is Answer.UNKNOWN
    other = (entries[0], tuple(map(number, ("4", "5", "7"))))
    assert same(Jacobian(of, by, entries), Jacobian(of, by, other)) == DIFFERENT
    found = same(Jacobian(of, by, entries), array(3, 3, *"123456789"))
    assert (found.answer, found.reason) == (Answer.UNKNOWN, "a derivative of an array by an array stands alone")


def test_a_derivative_of_matrices_equals_another_entry_by_entry() -> None:
    """It is neither a matrix nor a diagonal: only its entries can be compared."""
    of, by = array(2, 2, *"0000"), array(2, 2, *"0000")
    entries = tuple(tuple(map(number, row)) for row in ("1234", "5678", "9123", "4567"))
    assert same(Jacobian(of, by, entries), Jacobian(of, by, entries)) == EQUAL
    assert same(Jacobian(of, by, entries), Jacobian(of, by, (*entries[:3], entries[0]))) == DIFFERENT
    assert same(Jacobian(of, by, entries), Jacobian(of, by, entries[:2])).answer is Answer.UNKNOWN


def test_an_entrywise_derivative_may_be_meant_as_a_vector() -> None:
    vector = array(2, 1, "0", "0")
    diagonal = ((number("3"), number("0")), (number("0"), number("4")))
    assert same(Jacobian(vector, vector, diagonal), array(2, 1, "3", "4")) == EQUAL
    assert same(Jacobian(vector, vector, diagonal), array(2, 1, "3", "5")) == DIFFERENT


def test_a_derivative_of_one_entry_by_one_may_be_meant_as_a_number() -> None:
    one = array(1, 1, "0")
    assert same(Jacobian(one, one, ((number("3"),),)), number("3")) == EQUAL
    assert same(Jacobian(one, one, ((number("3"),),)), number("4")).answer is Answer.UNKNOWN


# ---- a formula at several points --------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """x at a place is ``factor`` times the place's number from 1; y is 2; z exists nowhere.

    u is not known, and v, which is 2, not where the factor is 0. ``asked`` notes the places x was asked for.
    """

    factor: int
    asked: list[Places] = field(default_factory=list)

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        if symbol.kind == "x":
            self.asked.append(places)
            return number(self.factor * (1 + places.get("i", 0)))
        if symbol.kind == "z" or (symbol.kind == "first" and places["i"] > 0):
            raise Absent("there is none")
        if symbol.kind == "u" or (symbol.kind == "v" and self.factor == 0):
            raise Undecided(f"{symbol.kind} has no value")
        if symbol.kind == "column":
            return array(2, 1, "1", "2")
        return number(2)


@dataclass(frozen=True)
class Points:
    """A world whose letters i and j both run over so many ``places``; ``asked`` notes for which trees."""

    drawings: Sequence[Any]
    example: Any = None
    completions: Sequence[Any] = ()
    reading: Any = USUAL
    places: int = 1
    asked: list[Sequence[Expression]] = field(default_factory=list)

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]:
        self.asked.append(trees)
        yield from ({"i": i, "j": j} for i in range(self.places) for j in range(self.places))

    def same_range(self, trees: Sequence[Expression], first: str, second: str) -> bool:
        return True


def index(letter: str) -> Symbol:
    return Symbol(INDEX, None, (Index(letter),))


def test_equal_at_one_point_is_not_equal_at_all() -> None:
    twice = Apply("add", (Y, Y))
    assert Comparer(Points([Point(4)])).compare(X, twice) == EQUAL
    assert Comparer(Points([Point(4), Point(5)])).compare(X, twice) == DIFFERENT
    assert Comparer(Points([Point(4), Point(5)]), points=1).compare(X, twice) == EQUAL


def test_with_many_places_each_is_tried_somewhere() -> None:
    world = Points([Point(4), Point(4)], places=2)
    assert Comparer(world).compare(X, Apply("add", (Y, Y))) == DIFFERENT
    assert Comparer(world, most_instances=2).compare(X, Apply("add", (Y, Y))) == EQUAL
    assert set(world.asked) == {(X, Apply("add", (Y, Y)))}


def test_with_many_places_each_is_tried_at_two_points_only() -> None:
    """At the first, and at one of the others in turn: what differs there only is still found."""
    points = [Point(4), Point(4), Point(4)]
    same_value = Apply("multiply", (Y, Y, index("i")))
    assert Comparer(Points(points, places=2)).compare(X, same_value) == EQUAL
    assert [len(point.asked) for point in points] == [4, 1, 1]
    three = [Point(4), Point(4), Point(4)]
    assert Comparer(Points(three, places=2), most_instances=3).compare(X, same_value) == EQUAL
    assert [len(point.asked) for point in three] == [3, 1, 1]
    few = [Point(4), Point(4), Point(4)]
    assert Comparer(Points(few, places=2), most_instances=2).compare(X, same_value) == EQUAL
    assert [len(point.asked) for point in few] == [2, 2, 2]
    assert Comparer(Points([Point(4), Point(5), Point(4)], places=2)).compare(X, same_value) == DIFFERENT


def test_only_places_that_meet_the_conditions_are_asked_for() -> None:
    world = Points([Point(4)], places=2)
    on_the_diagonal, off_it = Condition("i", "j", True), Condition("i", "j", False)
    claim = Apply("multiply", (Y, Y, index("i")))
    assert Comparer(world).compare(X, claim) == EQUAL
    first = Apply("multiply", (Y, Y, index("j")))
    assert Comparer(world).compare(X, first) == DIFFERENT
    assert Comparer(world, (on_the_diagonal,)).compare(X, first) == EQUAL
    assert Comparer(world).compare(X, first, (on_the_diagonal,)) == EQUAL
    assert Comparer(world, (off_it,)).compare(X, first) == DIFFERENT
    found = Comparer(world, (off_it, on_the_diagonal)).compare(X, first)
    assert (found.answer, found.reason) == (Answer.UNKNOWN, "nothing here fits its indices")


def test_a_condition_on_other_letters_asks_for_nothing() -> None:
    assert Condition("i", "j", False).allows({"i": 1, "j": 0})
    assert not Condition("i", "j", False).allows({"i": 1, "j": 1})
    assert all(Condition(*letters, False).allows({"i": 1}) for letters in (("i", "k"), ("k", "i"), ("k", "l")))


def test_a_point_at_which_nothing_can_be_told_is_passed_over() -> None:
    """v has no value at the first point; at the second one it is 2, and the sides are compared there."""
    comparer = Comparer(Points([Point(0), Point(5)]))
    assert comparer.compare(Symbol("v"), Y) == EQUAL
    assert comparer.compare(Symbol("v"), Apply("add", (Y, Y))) == DIFFERENT


def test_places_at_which_a_quantity_does_not_exist_are_passed_over() -> None:
    comparer = Comparer(Points([Point(4), Point(4)], places=2))
    assert comparer.compare(Symbol("first"), Y) == EQUAL
    assert comparer.compare(Symbol("first"), X) == DIFFERENT


def test_arrays_that_do_not_fit_are_told_by_their_shapes() -> None:
    found = Comparer(Points([Point(4)])).compare(
        Apply("add", (Symbol("column"), Apply("transpose", (Symbol("column"),)))), X
    )
    assert (found.answer, found.reason) == (Answer.SHAPE, "2 × 1 and 1 × 2 cannot be added")


def test_signs_mean_what_the_world_reads_them_as() -> None:
    square = Apply("star", (Symbol("column"), Symbol("column")))
    entrywise = Points([Point(4)], Point(4), reading=Reading({"star": "hadamard"}))
    assert Comparer(entrywise).example(square) == array(2, 1, "1", "4")
    assert Comparer(entrywise).compare(square, Apply("hadamard", (Symbol("column"), Symbol("column")))) == EQUAL
    multiplied = Points([Point(4)], Point(4), reading=Reading({"star": "matrix"}))
    entries = Apply("hadamard", (Symbol("column"), Symbol("column")))
    assert Comparer(multiplied).compare(square, entries).answer is Answer.SHAPE
    with pytest.raises(ShapeError):
        Comparer(multiplied).example(square)


def test_what_cannot_be_told_is_not_equal() -> None:
    comparer = Comparer(Points([Point(4)]))
    assert comparer.compare(Symbol("u"), X).reason == "u has no value"
    assert comparer.compare(Symbol("z"), X).answer is Answer.UNKNOWN
    assert not comparer.compare(Symbol("z"), X).known
    assert comparer.compare(Symbol("u"), Symbol("u")) == EQUAL
    assert comparer.compare(X, Y).known
    assert comparer.compare(X, Name("a")).reason == "a is not defined"


def test_the_example_is_a_point_of_its_own() -> None:
    assert Comparer(Points([Point(4)], Point(7))).example(X) == 7
    with pytest.raises(Undecided, match=r"^the document gives no values$"):
        Comparer(Points([Point(4)])).example(X)
    world = Points([Point(4)], Point(7))
    Comparer(world).example(X)
    assert world.asked == [(X,)]
    with pytest.raises(Undecided, match=r"^nothing fits its indices$"):
        Comparer(Points([Point(4)], Point(7), places=0)).example(X)
