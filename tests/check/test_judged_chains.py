"""Chains judged step by step: against the head, and against what stands before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from support.scanning import statements
from support.small_world import Point, World, array

from symbackprop.check.bind.binding import Bound
from symbackprop.check.judge.chain import mended
from symbackprop.check.judge.compare import Comparer, Outcome
from symbackprop.check.judge.finding import Finding, Ledger
from symbackprop.check.judge.judging import MOST_NODES, ChainJudge
from symbackprop.check.judge.member import Member
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Name, Number, Symbol

X, Y, Z, W = (Symbol(kind) for kind in "xyzw")
TWICE = Apply("add", (Y, Y))
NEW = Symbol("w", None, None, "updated")
POINTS: list[dict[str, Any]] = [
    {"column": array(2, 1, "1", "2"), "x": "0.5", "y": "0.25", "z": "3", "w": "0.4", "w updated": "0.3"},
    {"column": array(2, 1, "3", "4"), "x": "0.7", "y": "0.35", "z": "5", "w": "0.6", "w updated": "0.4"},
]
"""x is 2 y; the new w is the old one less something; z is a number of its own."""


class Varied(Point):
    """Quantities by their kind and variant."""

    def quantity(self, symbol: Symbol, places: Any) -> Any:
        return super().quantity(Symbol(f"{symbol.kind} {symbol.variant}".strip()), places)


def chain_judge(**options: Any) -> ChainJudge:
    points = [Varied(point) for point in POINTS]
    comparer = Comparer(World(points[0], drawings=points))
    ledger = Ledger([])
    values = ValueJudge(comparer, ledger, frozenset(), lambda tree: "spelled")
    usual: dict[str, Any] = {
        "explain": lambda head, written, before, outcome: None,
        "explain_number": lambda head, literal, before, finding: finding,
        "explain_substituted": lambda head, written, before, finding: finding,
        "stated": lambda head, before, written: None,
    }
    return ChainJudge(comparer, values, ledger, **{**usual, **options})


def judged(*trees: Expression, relations: str = "", judge: ChainJudge | None = None, **options: Any) -> list[Finding]:
    """The findings on a chain; its members stand in lines 1, 2, ...; ``q`` is not known."""
    members = [
        Member(Bound(tree, unknown=[tree] if isinstance(tree, Name) and tree.head == "q" else []), line)
        for line, tree in enumerate(trees, 1)
    ]
    return (judge or chain_judge(**options)).judge(members, relations.split() or ["="] * (len(trees) - 1))


def statuses(findings: Sequence[Finding]) -> list[str]:
    return [finding.status.value for finding in findings]


def test_each_step_is_compared_with_the_head() -> None:
    assert statuses(judged(X, TWICE, Apply("multiply", (Number("2"), Y)))) == ["right", "right"]
    wrong = judged(X, Z, TWICE)
    assert statuses(wrong) == ["wrong", "right"]
    assert wrong[0].message == "the two sides are not equal"


def test_what_follows_from_a_wrong_step_inherits_from_its_line() -> None:
    same_as_z = Apply("multiply", (Number("1"), Z))
    found = judged(X, Z, same_as_z, Apply("add", (Z, Number("0"))))
    assert statuses(found) == ["wrong", "inherited", "inherited"]
    assert [finding.from_line for finding in found] == [None, 2, 2]
    assert found[1].message == "follows from the step before it, which is wrong"
    after_right = judged(X, TWICE, Z)
    assert statuses(after_right) == ["right", "wrong"]


def test_numbers_that_follow_from_wrong_ones_inherit_from_their_line() -> None:
    product = Apply("multiply", (Number("0.31"), Number("2.0")))
    found = judged(X, product, Number("0.62"), Number("0.62"))
    assert statuses(found) == ["wrong", "inherited", "inherited"]
    assert [finding.from_line for finding in found] == [None, 2, 2]


def test_relations_that_claim_nothing_or_something_else() -> None:
    assert statuses(judged(X, Z, relations="∈")) == ["mention"]
    assert statuses(judged(X, TWICE, relations="≈")) == ["right"]
    odd = judged(X, TWICE, relations="⊂")
    assert (odd[0].status, odd[0].message) == (Status.UNDECIDED, "a relation ⊂ is not judged")
    assert statuses(judged(X, Z, relations="≠")) == ["right"]
    equal = judged(X, TWICE, relations="≠")
    assert (equal[0].status, equal[0].message) == (Status.WRONG, "the two sides are equal")
    unknown = judged(X, Symbol("nothing"), relations="≠")
    assert (unknown[0].status, unknown[0].message) == (Status.UNDECIDED, "nothing has no value")
    assert judged(Name("q"), X, relations="≠")[0].message == "not defined here: q"


def test_after_an_inequality_a_chain_begins_anew() -> None:
    found = judged(X, Z, Apply("multiply", (Number("1"), Z)), TWICE, relations="≠ = =")
    assert statuses(found) == ["right", "right", "wrong"]


def test_without_a_left_side_the_rest_is_still_judged() -> None:
    """The first member that is known takes its place."""
    found = judged(Name(""), X, TWICE, Z)
    assert statuses(found) == ["undecided", "right", "wrong"]
    assert found[0].message == "its left side is missing"
    unknown = judged(Name("q"), X, TWICE, Z, Apply("multiply", (Number("1"), Z)))
    assert statuses(unknown) == ["undecided", "right", "wrong", "inherited"]
    assert (unknown[0].rule, unknown[0].message) == ("undefined-symbol", "not defined here: q")
    assert unknown[3].from_line == 4
    both = judged(Name("q"), Name("q"), X, TWICE)
    assert statuses(both) == ["undecided", "undecided", "right"]


def test_members_that_cannot_be_judged_say_why() -> None:
    several = judged(X, Apply("sequence", (Y, Z)))
    assert (several[0].status, several[0].rule, several[0].message) == (
        Status.UNDECIDED, None, "several things stand in one place"
    )  # fmt: skip
    large = judged(X, Apply("add", (Y,) * (MOST_NODES + 1)))
    assert large[0].message == "too large to evaluate"
    assert statuses(judged(X, Apply("add", (Y, Y, *[Number("0")] * (MOST_NODES - 3))))) == ["right"]
    open_one = judged(X, Symbol("nothing"))
    assert (open_one[0].status, open_one[0].message) == (Status.UNDECIDED, "nothing has no value")


def test_a_new_value_written_as_an_equation() -> None:
    """w = w - (w - new): an assignment; with an arrow it is right."""
    change = Apply("add", (W, Apply("negate", (Apply("add", (W, Apply("negate", (NEW,)))),))))
    found = judged(W, change)
    assert (found[0].status, found[0].rule) == (Status.NOTE, "assignment-as-equation")
    assert found[0].message == "this is an assignment, not an equation"
    assert statuses(judged(W, change, relations="←")) == ["right"]
    assert statuses(judged(W, change, relations=":=")) == ["right"]
    assert statuses(judged(W, Apply("add", (W, Z)), relations="←")) == ["wrong"]


def test_a_new_value_in_numbers() -> None:
    """w = 0.4 - 0.1 = 0.3 after w = 0.4 is about the new w."""
    step = Apply("add", (Number("0.4"), Number("-0.1")))
    found = judged(W, step, Number("0.3"))
    assert found == [Finding(Status.NOTE, "assignment-as-equation", "this is an assignment, not an equation")] * 2
    judge = chain_judge()
    judged(W, step, Number("0.9"), judge=judge)
    assert [(entry.tree, entry.line) for entry in judge.ledger.entries] == [(NEW, 3)]
    assert statuses(judged(W, Apply("multiply", (Number("0.4"), Number("1.0"))))) == ["right"]
    assert statuses(judged(W, step, Number("0.9"))) == ["note", "wrong"]
    assert statuses(judged(W, Apply("add", (Number("0.5"), Number("-0.1"))), Number("0.4"))) == ["right", "right"]
    assert statuses(judged(NEW, step)) == ["right"]
    assert statuses(judged(X, Apply("add", (Number("0.5"), Number("-0.1"))))) != ["right"]


def test_doubts_leave_open_what_would_be_wrong() -> None:
    assert judged(X, Z, doubtful=lambda trees: "it may be meant otherwise")[0].message == "it may be meant otherwise"
    assert judged(X, Number("0.9"), doubtful=lambda trees: "unclear")[0].message == "unclear"
    assert statuses(judged(X, TWICE, doubtful=lambda trees: "unclear")) == ["right"]
    assert judged(X, TWICE, unconnected=lambda trees: "0 = 0")[0].message == "0 = 0"
    assert judged(X, Z, redefined=lambda tree: "it has two meanings")[0].message == "it has two meanings"
    ambiguous = judged(X, TWICE, ambiguous=lambda trees: True)
    assert ambiguous[0].message == "it does not say which neuron is meant"


def test_slips_are_named_before_anything_else_is_said() -> None:
    asked: list[tuple[Expression, Expression, int, Outcome]] = []

    def explain(head: Expression, written: Expression, before: Sequence[Member], outcome: Outcome) -> Finding:
        asked.append((head, written, len(before), outcome))
        return Finding(Status.WRONG, "sign-lost", "named")

    found = judged(X, TWICE, Z, explain=explain, redefined=lambda tree: "it has two meanings")
    assert found[1].rule == "sign-lost"
    assert [(head, written, before) for head, written, before, _ in asked] == [(X, Z, 2)]
    for vague_rule in (None, "shape"):
        vague = Finding(Status.WRONG, vague_rule, "it does not fit")
        redefined = judged(X, Z, explain=lambda *_, vague=vague: vague, redefined=lambda tree: "it has two meanings")
        assert redefined[0].message == "it has two meanings"
    vague = Finding(Status.WRONG, "shape", "it does not fit")
    assert judged(X, Z, explain=lambda *_: vague) == [vague]
    number = judged(X, Number("0.9"), explain_number=lambda *_: Finding(Status.WRONG, "digit-wrong"))
    assert number[0].rule == "digit-wrong"


def test_what_explains_a_number_is_given_the_head_and_what_stands_before() -> None:
    asked: list[tuple[Any, ...]] = []

    def noting(*arguments: Any) -> Any:
        asked.append(arguments)
        return arguments[-1]

    step = Apply("multiply", (Number("0.31"), Number("2.0")))
    judged(X, TWICE, step, Number("0.9"), explain_number=noting, explain_substituted=noting)
    (head, written, before, finding), (head_of_number, literal, before_number, _) = asked
    assert (head, written, len(before), finding.status) == (X, step, 2, Status.WRONG)
    assert (head_of_number, literal, len(before_number)) == (X, Number("0.9"), 3)
    ruled = Finding(Status.RIGHT, None, "stated")
    given: list[tuple[Any, ...]] = []
    assert judged(X, Number("0.9"), stated=lambda *arguments: given.append(arguments) or ruled) == [ruled]
    assert given == [(X, [], Number("0.9"))]
    doubted: list[Any] = []
    judged(X, Number("0.9"), doubtful=doubted.append)
    assert [tuple(trees) for trees in doubted] == [(X, Number("0.9"))]


def test_arrays_that_do_not_fit_are_told_by_their_shapes() -> None:
    turned = Apply("add", (Symbol("column"), Apply("transpose", (Symbol("column"),))))
    reason = "2 × 1 and 1 × 2 cannot be added"
    assert judged(X, turned) == [Finding(Status.WRONG, "shape", reason)]
    assert judged(X, turned, takes_values=True) == [Finding(Status.WRONG, "shape", reason)]


def test_an_algorithm_may_go_back_through_new_weights() -> None:
    through_new = Finding(Status.WRONG, "updated-weight", "a weight is already updated")
    told = {"explain": lambda *_: through_new, "takes_values": True}
    found = judged(X, Z, relations="←", **told)
    assert found == [
        Finding(Status.UNDECIDED, None, "an algorithm may go back through weights that are already updated")
    ]
    assert judged(X, Z, **told) == [through_new]
    assert judged(X, Z, relations="←", explain=told["explain"]) == [through_new]
    other = Finding(Status.WRONG, "sign-lost", "a sign")
    assert judged(X, Z, relations="←", explain=lambda *_: other, takes_values=True) == [other]


def test_whole_numbers_hold_though_nothing_connects_them() -> None:
    assert statuses(
        judged(Apply("add", (X, Apply("negate", (X,)))), Number("0"), unconnected=lambda trees: "0 = 0")
    ) == ["right"]


def test_values_of_the_document_may_stand_in_for_quantities() -> None:
    """z is 3 at the document's values, as 2 (2 + 1) x is there, and there only."""
    tree = Apply("multiply", (X, Number("2"), Apply("add", (Number("2"), Number("1")))))
    assert statuses(judged(Z, tree)) == ["wrong"]
    found = judged(Z, tree, takes_values=True)
    assert (found[0].status, found[0].message) == (
        Status.NOTE, "this holds with the values that are given here, not in general"
    )  # fmt: skip


def test_a_lost_sign_of_a_derivative_is_a_slip_though_the_step_holds() -> None:
    chain = statements("$c = \\frac{\\partial a}{b}$")[0].chain
    assert chain is not None
    lost = chain.expressions[1]
    mended_tree = mended(lost)
    assert mended_tree is not None
    found = judged(mended_tree, lost)
    assert (found[0].status, found[0].rule, found[0].message) == (Status.WRONG, "partial-lost", "a ∂ is missing")
    assert found[0].expected == "spelled"
    on_the_left = judged(lost, mended_tree, Apply("group", (mended_tree,)))
    assert [one.rule for one in on_the_left] == ["partial-lost", None]
    assert judged(mended_tree, mended_tree, lost)[0].status is Status.RIGHT


def test_what_is_printed_is_remembered_with_what_became_of_it() -> None:
    judge = chain_judge()
    judged(X, Number("0.5"), Number("0.9"), judge=judge)
    assert [(entry.tree, entry.number.text, entry.status, entry.line) for entry in judge.ledger.entries] == [
        (X, "0.5", Status.RIGHT, 2),
        (X, "0.9", Status.WRONG, 3),
    ]


@pytest.mark.parametrize("relation", ["<", ">", "≤", "≥", "→", "∼", "∝"])
def test_ranges_and_descriptions_are_no_claims(relation: str) -> None:
    assert statuses(judged(X, Z, relations=relation)) == ["mention"]
