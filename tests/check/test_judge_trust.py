"""When a document is not taken at its word: what fails without a reason, and chains that mean something else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from support.scanning import statements
from support.small_world import Point, World

from symbackprop.check.bind.binding import Bound
from symbackprop.check.judge.alternative import Terms
from symbackprop.check.judge.chain import begins_with, glued_parts, mended, updated_head
from symbackprop.check.judge.compare import Comparer
from symbackprop.check.judge.finding import UNDEFINED, Finding, Ledger, Printed, undecided
from symbackprop.check.judge.member import Member
from symbackprop.check.judge.trust import MISREAD, fits_better, is_doubtful, trusted
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.verdict import Status, Verdict
from symbackprop.expression import Apply, Expression, Name, Number, Symbol, walk


@dataclass(frozen=True)
class Drawn:
    """Verdicts on a document's formulas, in the order of their lines."""

    verdicts: list[Verdict]

    @staticmethod
    def of(*found: str) -> Drawn:
        """``right``, ``note``, ``wrong``, ``slip`` (wrong, with a rule), ``number`` (wrong), ``inherited LINE``."""
        text = "\n\n".join("$$a = 0.5$$" if one == "number" else "$$a = b$$" for one in found)
        verdicts = []
        for statement, one in zip(statements(text), found, strict=True):
            name, _, line = one.partition(" ")
            status = Status("wrong" if name in ("slip", "number", "shape") else name)
            rule = {"slip": "sign-lost", "shape": "shape"}.get(name)
            verdicts.append(Verdict(statement, status, rule, "said", "b", int(line) if line else None))
        return Drawn(verdicts)


# ---- trust ------------------------------------------------------------------------------------------


def test_a_document_that_mostly_holds_is_believed() -> None:
    """Two that hold for each that fails without a slip; slips and numbers have their reasons."""
    for found in (
        ("right", "right", "wrong"),
        ("right", "note", "shape"),
        ("right", "slip", "slip", "slip"),
        ("right", "number", "number", "number"),
        ("slip", "number"),
    ):
        verdicts = Drawn.of(*found).verdicts
        assert trusted(verdicts) == verdicts
        assert not is_doubtful(verdicts)


def test_where_most_fails_without_a_reason_it_is_left_open() -> None:
    verdicts = Drawn.of("right", "wrong", "shape", "slip", "number", "inherited 3", "inherited 7", "undecided").verdicts
    assert is_doubtful(verdicts)
    found = trusted(verdicts)
    left_open = [one for one in found if one not in verdicts]
    assert [verdicts.index(old) for old, new in zip(verdicts, found, strict=True) if old != new] == [1, 2, 5]
    for one in left_open:
        assert (one.status, one.rule, one.message) == (Status.UNDECIDED, None, MISREAD)
        assert (one.expected, one.from_line) == (None, None)


def test_a_single_failure_does_not_make_another_network() -> None:
    assert not is_doubtful(Drawn.of("wrong").verdicts)
    assert is_doubtful(Drawn.of("wrong", "wrong", "right", "right", "right").verdicts)
    assert not is_doubtful(Drawn.of("wrong", "wrong", *["right"] * 4).verdicts)
    assert trusted(Drawn.of("wrong").verdicts)[0].status is Status.UNDECIDED


def test_a_document_that_holds_more_and_fails_less_by_itself_is_about_another_network() -> None:
    given = Drawn.of("right", "wrong", "wrong").verdicts
    assert fits_better(Drawn.of("right", "right", "wrong").verdicts, given)
    assert not fits_better(Drawn.of("right", "undecided", "wrong").verdicts, given)
    assert not fits_better(Drawn.of("right", "right", "wrong", "inherited 5").verdicts, given)
    assert fits_better(Drawn.of("right", "note", "slip").verdicts, given)


# ---- findings and what was printed before -----------------------------------------------------------


def test_findings_that_can_be_built_on() -> None:
    holding = {status for status in Status if Finding(status).holds}
    assert holding == {Status.RIGHT, Status.NOTE, Status.ROUNDING, Status.DEFINITION}
    assert undecided(f"{UNDEFINED}q") == Finding(Status.UNDECIDED, "undefined-symbol", "not defined here: q")
    assert undecided("too large") == Finding(Status.UNDECIDED, None, "too large")


def test_the_latest_print_of_the_same_digits_counts() -> None:
    x = Symbol("x")
    statuses = (Status.WRONG, Status.RIGHT, Status.INHERITED, Status.RIGHT)
    printed = [
        Printed(x, Number(text), status, line)
        for line, (text, status) in enumerate(zip(("0.5", "0.5", "-0.7", "0.7"), statuses, strict=True))
    ]
    ledger = Ledger([])
    for one in printed:
        ledger.add(one)
    assert ledger.quoted(Number("-0.50")) is printed[0]
    assert ledger.quoted(Number("0.7")) is printed[2]
    assert ledger.quoted(Number("0.6")) is None
    assert ledger.faulty == [printed[2], printed[0]]


# ---- other conventions ------------------------------------------------------------------------------


def terms(**options: object) -> Terms:
    return Terms(rule="other-layout", fact="said", **options)  # type: ignore[arg-type]


def test_a_convention_concerns_steps_about_the_quantities_that_it_changes() -> None:
    delta, new, other = Symbol("delta"), Symbol("w", None, None, "updated"), Symbol("x")
    inside = Apply("add", (other, Apply("negate", (delta,))))
    by_kind, by_variant = terms(kinds=frozenset({"delta"})), terms(variants=frozenset({"updated"}))
    assert by_kind.concerns(inside)
    assert by_kind.concerns(other, inside)
    assert by_variant.concerns(new)
    assert not by_kind.concerns(other)
    assert not by_kind.concerns(new, other)
    assert not by_variant.concerns(delta, inside)


def test_a_convention_about_a_quantity_that_is_computed_does_not_concern_its_uses() -> None:
    delta, other = Symbol("delta"), Symbol("x")
    of_head = terms(kinds=frozenset({"delta"}), of_head=True)
    assert of_head.concerns(delta, other)
    assert not of_head.concerns(other, delta)
    assert of_head.concerns(other, delta, stated=True)
    beside = terms(kinds=frozenset({"delta"}), beside_head=True)
    assert beside.concerns(other, delta)
    assert not beside.concerns(delta, delta)
    refuted = terms(kinds=frozenset({"delta"}), refuted=lambda tree: tree == delta)
    assert not refuted.concerns(delta, delta)
    assert refuted.concerns(delta, other)
    assert refuted.concerns(delta)


def test_the_terms_of_a_convention_are_what_makes_it_anew() -> None:
    made = terms(kinds=frozenset({"delta"}), words="row vectors", is_remote=True)
    assert Terms(**made.terms()) == made


# ---- chains that mean something else ----------------------------------------------------------------


def member(tree: Expression, line: int = 1) -> Member:
    return Member(Bound(tree), line)


A, B, C = (Symbol(kind) for kind in "abc")


def test_a_number_that_runs_into_a_name_ends_an_equation() -> None:
    """``a = 0.1 b = -0.2 c = 3`` is a = 0.1, b = -0.2 and c = 3."""
    first = Apply("multiply", (Number("0.1"), B))
    second = Apply("negate", (Apply("multiply", (Number("0.2"), C)),))
    members = [member(A), member(first, 2), member(second, 3), member(Number("3"), 4)]
    parts = glued_parts(members)
    assert parts is not None
    assert [[one.tree for one in part] for part in parts] == [
        [A, Number("0.1")],
        [B, Apply("negate", (Number("0.2"),))],
        [C, Number("3")],
    ]
    assert [[one.line for one in part] for part in parts] == [[1, 2], [2, 3], [3, 4]]


@pytest.mark.parametrize(
    "middle",
    [
        Apply("multiply", (Number("2"), B)),
        Apply("add", (Number("0.1"), B)),
        Apply("multiply", (B, Number("0.1"))),
        Apply("negate", (B,)),
        B,
    ],
)
def test_factors_and_sums_are_no_equations_run_together(middle: Expression) -> None:
    assert glued_parts([member(A), member(middle), member(Number("3"))]) is None


def test_all_that_follows_a_number_stays_together() -> None:
    glued = Apply("multiply", (Number("0.1"), B, C))
    parts = glued_parts([member(A), member(glued), member(Number("3"))])
    assert parts is not None
    assert parts[1][0].tree == Apply("multiply", (B, C))
    after_another = glued_parts([member(A), member(B), member(glued), member(Number("3"))])
    assert after_another is not None
    assert [one.tree for one in after_another[0]] == [A, B, Number("0.1")]


def test_a_lost_derivative_sign_is_put_back() -> None:
    """``∂E / w`` and ``E / ∂w`` are ∂E/∂w; a quotient without any ∂, or with both, is what it says."""
    for tex in ("\\frac{\\partial a}{b}", "\\frac{a}{\\partial b}"):
        chain = statements(f"$c = 2 {tex}$")[0].chain
        assert chain is not None
        found = mended(chain.expressions[1])
        assert found is not None
        assert [node for node in walk(found) if isinstance(node, Apply) and node.operator == "partial"] == [
            Apply("partial", (Name("a"), Name("b")))
        ]
    for tex in ("\\frac{a}{b}", "\\frac{\\partial a}{\\partial b}", "a"):
        chain = statements(f"$c = {tex}$")[0].chain
        assert chain is not None
        assert mended(chain.expressions[1]) is None


def test_a_parameter_on_both_sides_gets_a_new_value() -> None:
    step = Apply("add", (A, Apply("negate", (B,))))
    assert updated_head(A, step) == Symbol("a", None, None, "updated")
    assert updated_head(C, step) is None
    assert updated_head(step, step) is None
    new = Symbol("a", None, None, "updated")
    assert updated_head(new, Apply("add", (new, B))) is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(("0.4", "-0.041"), True), (("0.4", "0.0"), False), (("0.3", "0.1"), False), (("0.359", "0.041"), False)],
)
def test_a_sum_of_numbers_may_start_from_the_old_value(texts: tuple[str, str], expected: bool) -> None:
    values = ValueJudge(Comparer(World(Point({"a": "0.4"}))), Ledger([]), frozenset(), str)
    change = Apply("add", tuple(map(Number, texts)))
    assert begins_with(values, A, change) is expected
    assert begins_with(values, B, change) is False
    assert begins_with(values, A, Apply("add", (A, Number("0.1")))) is False
