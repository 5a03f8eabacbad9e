"""The judge's small parts, each by itself: conditions on indices, digits as printed, matrices of numbers, members."""

from __future__ import annotations

import pytest
from support.scanning import statements

from symbackprop.check.bind.binding import Bound
from symbackprop.check.evaluate.array import Array
from symbackprop.check.evaluate.traced import number
from symbackprop.check.judge.conditions import Condition, Conditions, condition_of, is_about_indices
from symbackprop.check.judge.digits import close_to, cut_off_like, rounded_like, shown
from symbackprop.check.judge.finding import RIGHT
from symbackprop.check.judge.matrices import judged_rows, printed_rows
from symbackprop.check.judge.member import Member
from symbackprop.check.judge.numbers import judged
from symbackprop.check.statement import Statement
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Name, Number, Symbol

X = Symbol("x")

# ---- conditions on indices --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "condition"),
    [
        ("i = j", Condition("i", "j", True)),
        ("i \\neq j", Condition("i", "j", False)),
        ("i < j", None),
        ("i = 1", None),
        ("1 = j", None),
        ("i", None),
        ("i_1 = j", None),
        ("i' \\neq j", None),
        ("i^2 = j", None),
        ("ab = j", None),
        ("\\mathbf{i} = j", None),
    ],
)
def test_conditions_relate_two_letters(tex: str, condition: Condition | None) -> None:
    assert condition_of(statements(f"${tex}$")[0]) == condition


def test_a_condition_inside_a_formula_holds_for_that_formula() -> None:
    text = "$$a_i = b_j \\text{ if } i = j$$\n\n$$a_i = c_j \\text{ for } i \\neq j$$\n\n$$a_i = d_i$$"
    found = statements(text)
    conditions = Conditions.of(found)
    held = [conditions.for_formula(statement) for statement in found if not statement.condition]
    assert held == [(Condition("i", "j", True),), (Condition("i", "j", False),), ()]


def displays(found: list[Statement]) -> dict[str, Statement]:
    return {statement.tex: statement for statement in found}


def test_a_condition_in_the_text_holds_for_the_next_display_only() -> None:
    text = "For $i \\neq j$ and $k = l$ we get, with $u$,\n\n$$a = b$$\n\n$$c = d$$\n\nFor $i = j$\n\n$$e = f$$"
    by_tex = displays(statements(text))
    conditions = Conditions.of(list(by_tex.values()))
    said = (Condition("i", "j", False), Condition("k", "l", True))
    conditions.say(by_tex["i \\neq j"])
    conditions.say(by_tex["k = l"])
    assert conditions.for_formula(by_tex["u"]) == ()
    assert conditions.for_formula(by_tex["a = b"]) == said
    assert conditions.for_formula(by_tex["a = b"]) == said
    conditions.say(by_tex["u"])
    assert conditions.for_formula(by_tex["c = d"]) == ()
    conditions.say(by_tex["i = j"])
    assert conditions.for_formula(by_tex["e = f"]) == (Condition("i", "j", True),)


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("i = j", True), ("l = 2", True), ("k > 1", True), ("i = 1, \\dots, n", True), ("l = L - 1", True),
        ("2 = 3", False), ("i = 0.5", False), ("a = bc", False), ("a_1 = 2", False), ("\\sigma(x) = y", False),
        ("c = a + b", False), ("i + 1 = 2", False),
    ],
)  # fmt: skip
def test_chains_of_bare_letters_and_small_numbers_are_about_indices(tex: str, expected: bool) -> None:
    chain = statements(f"${tex}$")[0].chain
    assert chain is not None
    assert is_about_indices(chain.expressions) is expected


def test_a_missing_side_may_be_an_index() -> None:
    """A row that goes on with ``= j``."""
    assert is_about_indices((Name(""), Name("j")))
    assert not is_about_indices((Name("net"), Name("j")))


# ---- numbers as they are printed --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "truth", "rounded", "cut"),
    [
        ("0.15", "0.1285", "0.13", "0.12"), ("0.15", "-0.1285", "-0.13", "-0.12"), ("-0.2", "0.04", "0.04", "0.04"),
        ("1.5", "2.25", "2.3", "2.2"), ("0.15", "0", "0.00", "0.00"), ("0.15", "0.006", "0.01", "0.006"), ("3", "2.5", "2.500000000", "2.500000000"),
        ("1.5e3", "1649", "1600", "1600"), ("1.5e3", "1650", "1700", "1600"), ("12.0", "0.99999", "1.0", "0.9"),
        ("-0.10", "-0.005", "-0.01", "-0.005"),
    ],
)  # fmt: skip
def test_true_values_are_written_with_the_digits_of_the_printed_one(
    printed: str, truth: str, rounded: str, cut: str
) -> None:
    assert (rounded_like(Number(printed), number(truth)), cut_off_like(Number(printed), number(truth))) == (
        rounded,
        cut,
    )


def test_close_is_relative_to_large_values_only() -> None:
    assert close_to(Number("1000"), number("1000") + number("0.9e-25"))
    assert not close_to(Number("1000"), number("1000") + number("1.1e-25"))
    assert close_to(Number("0.001"), number("0.001") + number("0.9e-28"))
    assert not close_to(Number("0.001"), number("0.001") + number("1.1e-28"))
    assert shown(number("0.25")) == "0.25"
    assert shown(number(1) / 3) == "0.333333333"


# ---- matrices ---------------------------------------------------------------------------------------


def matrix(*rows: tuple[Expression, ...]) -> Apply:
    return Apply("matrix", tuple(Apply("row", row) for row in rows))


ONE, TWO, THREE, FOUR = map(Number, ("0.11", "0.22", "0.33", "0.44"))


def test_a_matrix_of_numbers_only_is_read_by_rows() -> None:
    assert printed_rows(matrix((ONE, TWO), (THREE, Apply("negate", (FOUR,))))) == [[ONE, TWO], [THREE, Number("-0.44")]]
    assert printed_rows(Apply("matrix", (ONE, TWO))) == [[ONE], [TWO]]
    assert printed_rows(matrix((ONE, X))) is None
    assert printed_rows(matrix((ONE, TWO), (THREE,))) is None
    assert printed_rows(Apply("matrix", ())) is None
    assert printed_rows(Apply("row", (ONE, TWO))) is None
    assert printed_rows(ONE) is None


def array(rows: int, columns: int, *entries: str) -> Array:
    return Array(rows, columns, tuple(map(number, entries)))


def test_every_entry_of_a_matrix_is_judged() -> None:
    rows = [[ONE, TWO], [THREE, FOUR]]
    assert judged_rows(rows, array(2, 2, "0.11", "0.22", "0.33", "0.44"), judged, rounded_like) == RIGHT
    wrong = judged_rows(rows, array(2, 2, "0.11", "0.22", "0.7", "0.44"), judged, rounded_like)
    assert (wrong.status, wrong.rule, wrong.expected) == (Status.WRONG, None, "0.70")
    assert wrong.message == "0.33 in row 2, column 1 should be 0.70"
    cut = judged_rows(rows, array(2, 2, "0.11", "0.229", "0.33", "0.44"), judged, rounded_like)
    assert (cut.status, cut.rule, cut.expected) == (Status.ROUNDING, "last-digit", "0.23")
    assert cut.message == "the last digit in row 1, column 2 is off: 0.23"
    both = judged_rows(rows, array(2, 2, "0.11", "0.229", "0.33", "0.9"), judged, rounded_like)
    assert (both.status, both.expected) == (Status.WRONG, "0.90")
    slipped = judged_rows([[Number("12.34")]], array(1, 1, "1.234"), judged, rounded_like)
    assert slipped.rule == "decimal-point"
    assert slipped.message.startswith("12.34 in row 1, column 1 should be 1.23: ")


def test_a_matrix_of_another_shape_does_not_fit() -> None:
    found = judged_rows([[ONE, TWO]], array(2, 1, "0.11", "0.22"), judged, rounded_like)
    assert (found.status, found.rule) == (Status.WRONG, "shape")
    assert found.message == "the matrix is 1 × 2, and it should be 2 × 1"


# ---- members of a chain -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "numeric", "purely", "exact"),
    [
        (Number("0.5"), True, True, False),
        (Number("3"), True, True, True),
        (Number("2"), False, True, True),
        (Apply("multiply", (Number("2"), X)), False, False, False),
        (Apply("multiply", (Number("-3"), X)), True, False, False),
        (Apply("multiply", (Number("-2"), X)), False, False, False),
        (Apply("multiply", (Number("0.5"), Symbol("pi"))), True, True, False),
        (Apply("power", (Name("e"), Number("0.5"))), True, True, False),
        (Apply("multiply", (Name("q"), Number("0.5"))), True, False, False),
        (Apply("multiply", (Number("0"), Number("-1"), X)), False, False, False),
        (Apply("sum", (X, Name("e"), Number("1"), Number("3"))), False, False, False),
        (Apply("product", (X, Name("e"), Number("1"), Number("3"))), False, False, False),
        (
            Apply("sum", (Apply("multiply", (Number("0.5"), X)), Name("e"), Number("1"), Number("3"))),
            True,
            False,
            False,
        ),
        (X, False, False, False),
    ],
)
def test_members_with_numbers(tree: Expression, numeric: bool, purely: bool, exact: bool) -> None:
    member = Member(Bound(tree), 1)
    assert (member.is_numeric, member.is_purely_numeric, member.is_exact) == (numeric, purely, exact)
    assert not member.is_missing
    assert Member(Bound(Name("")), 1).is_missing
