"""Judging a chain: each step against the truth of its head, and against its printed neighbour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from msgspec import structs

from symbackprop.check.bind.indices import free_indices
from symbackprop.check.bind.spelling import spelling
from symbackprop.check.evaluate.array import ShapeError
from symbackprop.check.evaluate.traced import Undecided
from symbackprop.check.judge.chain import begins_with, mended, updated_head
from symbackprop.check.judge.compare import Answer, Comparer, Outcome, same
from symbackprop.check.judge.conditions import Condition
from symbackprop.check.judge.finding import FAILED, RIGHT, UNDEFINED, Finding, Ledger, Printed, undecided
from symbackprop.check.judge.member import Member
from symbackprop.check.judge.numbers import lone_number
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.verdict import Status
from symbackprop.derive.reverse import UPDATED
from symbackprop.expression import Apply, Expression, Number, Symbol, walk

EQUALITIES = frozenset({"=", "≈", "≡", "≜", ":="})
ASSIGNMENTS = frozenset({"←", ":="})
UNCLAIMED = frozenset({"∈", "→", "∼", "∝", "<", ">", "≤", "≥"})
"""Relations that declare or describe: the range of a learning rate is no claim about the network."""
MOST_NODES = 5_000
"""Larger members are not evaluated."""

Explain = Callable[[Expression, Expression, Sequence[Member], Outcome], Finding | None]
"""Names the slip: head, what was written instead, the members before it, and how they differ."""


@dataclass
class ChainJudge:
    """Judges chains of bound members in one world."""

    comparer: Comparer
    values: ValueJudge
    ledger: Ledger
    explain: Explain
    explain_number: Callable[[Expression, Number, Sequence[Member], Finding], Finding]
    explain_substituted: Callable[[Expression, Expression, Sequence[Member], Finding], Finding]
    stated: Callable[[Expression, Sequence[tuple[Expression, Finding]], Expression], Finding | None]
    """Judges numbers under another convention, where the words beside the chain state one."""
    ambiguous: Callable[[Sequence[Expression]], bool] = lambda trees: False
    doubtful: Callable[[Sequence[Expression]], str | None] = lambda trees: None
    """Why a step that does not hold is still not to be called wrong."""
    unconnected: Callable[[Sequence[Expression]], str | None] = lambda trees: None
    """Why a step that holds may hold for nothing: 0 = 0."""
    redefined: Callable[[Expression], str | None] = lambda tree: None
    """Whether a left side has a meaning of its own already, so that an equation may give it another one."""
    takes_values: bool = False
    """Whether a formula may have the values of the document put in without a word, where these are 0 or 1."""
    _findings: list[Finding] = field(default_factory=list)

    def judge(self, members: Sequence[Member], relations: Sequence[str]) -> list[Finding]:
        """A finding for every step, in order."""
        self._findings = []
        broken = [mended(member.tree) for member in members]
        members = [
            member if tree is None else replace(member, bound=replace(member.bound, tree=tree))
            for member, tree in zip(members, broken, strict=True)
        ]
        first = 0
        assigned = self._assigned(members)
        members = members if assigned is None else assigned
        for place in range(1, len(members)):
            finding = self._from(members, place, first, relations[place - 1])
            first = place if relations[place - 1] == "≠" else first
            if broken[place] is not None or (place == 1 and broken[0] is not None):
                finding = self._lost(finding, broken[place] or broken[0])
            if assigned is not None and finding.status is Status.RIGHT:
                finding = Finding(Status.NOTE, "assignment-as-equation", "this is an assignment, not an equation")
            self._findings.append(finding)
            self._remember(members, place, finding)
            new = updated_head(members[0].tree, members[1].tree) if place == 1 and finding.holds else None
            if new is not None:
                # What follows ``w = w - \eta \partial E / \partial w`` is the new value.
                members = [replace(members[0], bound=replace(members[0].bound, tree=new)), *members[1:]]
        return self._findings

    def _assigned(self, members: Sequence[Member]) -> Sequence[Member] | None:
        """``w_5 = 0.4 - 0.041 = 0.359`` after ``w_5 = 0.4``: the members, with the new value on the left."""
        head, first = members[0].tree, members[1].tree
        if not isinstance(head, Symbol) or head.variant or not members[1].is_purely_numeric:
            return None
        if not isinstance(first, Apply) or first.operator != "add" or not isinstance(first.arguments[0], Number):
            return None
        if not begins_with(self.values, head, first):
            return None
        new = replace(members[0].bound, tree=structs.replace(head, variant=UPDATED))
        return [replace(members[0], bound=new), *members[1:]]

    def _lost(self, finding: Finding, tree: Expression | None) -> Finding:
        """A step that holds once the lost ∂ is put back."""
        if not finding.holds or tree is None:
            return finding
        return Finding(Status.WRONG, "partial-lost", "a ∂ is missing", self.values.spell(tree) or None)

    def _remember(self, members: Sequence[Member], place: int, finding: Finding) -> None:
        lone = lone_number(members[place].tree)
        if lone is not None:
            self.ledger.add(Printed(members[0].tree, lone, finding.status, members[place].line))

    def _step(self, members: Sequence[Member], place: int, relation: str) -> Finding:
        member, head = members[place], members[0]
        if relation in UNCLAIMED:
            return Finding(Status.MENTION)
        problem = _problem(member)
        if problem is not None:
            return _unjudged(member, problem)
        if relation == "≠":
            return self._unequal(members[place - 1], member)
        if relation not in EQUALITIES and relation not in ASSIGNMENTS:
            return undecided(f"a relation {relation} is not judged")
        if head.is_missing or _problem(head) is not None:
            return self._without_head(members, place)
        if self.ambiguous((head.tree, member.tree)):
            return undecided("it does not say which neuron is meant")
        return self._against_head(members, place, relation)

    def _against_head(self, members: Sequence[Member], place: int, relation: str) -> Finding:
        head, member = members[0], members[place]
        new = updated_head(head.tree, member.tree)
        if new is not None and self.comparer.compare(new, member.tree).equal:
            if relation in ASSIGNMENTS:
                return RIGHT
            return Finding(Status.NOTE, "assignment-as-equation", "this is an assignment, not an equation")
        outcome = Outcome(Answer.DIFFERENT)
        if not member.is_purely_numeric or member.is_exact:
            outcome = self.comparer.compare(head.tree, member.tree)
            if outcome.equal:
                vacuous = None if member.is_exact else self.unconnected((head.tree, member.tree))
                return RIGHT if vacuous is None else undecided(vacuous)
        if member.is_numeric or (member.is_purely_numeric and not head.is_purely_numeric):
            finding = self._at_example(members, place)
            if finding.status is not Status.WRONG or member.is_purely_numeric or finding.rule is not None:
                return finding
        if not outcome.known:
            return undecided(outcome.reason)
        finding = self._different(members, place, outcome)
        if finding.rule == "updated-weight" and relation in ASSIGNMENTS and self.takes_values:
            return undecided("an algorithm may go back through weights that are already updated")
        return finding

    def _at_example(self, members: Sequence[Member], place: int) -> Finding:
        before = [(member.tree, found) for member, found in zip(members[1:place], self._findings, strict=False)]
        stated = self.stated(members[0].tree, before, members[place].tree)
        if stated is not None:
            return stated
        finding = self.values.judge(members[0].tree, before, members[place].tree)
        if finding.status in (Status.WRONG, Status.INHERITED, Status.ROUNDING):
            doubt = self.doubtful(tuple(member.tree for member in members[: place + 1]))
            if doubt is not None:
                return undecided(doubt)
        if finding.status is Status.INHERITED and finding.from_line is None:
            return self._inherited(members, place, finding)
        if finding.status is Status.WRONG:
            lone = lone_number(members[place].tree)
            if lone is not None:
                return self.explain_number(members[0].tree, lone, members[:place], finding)
            if finding.rule is None:
                return self.explain_substituted(members[0].tree, members[place].tree, members[:place], finding)
        return finding

    def _inherited(self, members: Sequence[Member], place: int, finding: Finding) -> Finding:
        """The line of the step before it, or the line from which that one inherits."""
        before = self._findings[place - 2]
        line = before.from_line if before.from_line is not None else members[place - 1].line
        return Finding(Status.INHERITED, None, finding.message, finding.expected, line)

    def _different(self, members: Sequence[Member], place: int, outcome: Outcome) -> Finding:
        head, member = members[0], members[place]
        if place > 1 and self._findings[-1].status in FAILED:
            near = self.comparer.compare(members[place - 1].tree, member.tree)
            if near.equal:
                finding = Finding(Status.INHERITED, None, "follows from the step before it, which is wrong", None, None)
                return self._inherited(members, place, finding)
        doubt = self._doubt(members, place)
        if doubt is not None:
            return undecided(doubt)
        partly = None if _tell_apart([member]) else self._only_partly(head.tree, member.tree)
        if partly is not None and not _tell_apart(members[1:]):
            return undecided(partly)
        if self.takes_values and self._holds_at_example(head.tree, member.tree):
            return Finding(Status.NOTE, None, "this holds with the values that are given here, not in general")
        explained = self.explain(head.tree, member.tree, members[:place], outcome)
        if explained is not None and explained.rule not in (None, "shape"):
            return explained
        redefined = self.redefined(head.tree)
        if redefined is not None:
            return undecided(redefined)
        if partly is not None:
            return Finding(Status.WRONG, None, f"{partly}, and another step of the chain speaks of both cases")
        if explained is not None:
            return explained
        if outcome.answer is Answer.SHAPE:
            return Finding(Status.WRONG, "shape", outcome.reason)
        return Finding(Status.WRONG, None, "the two sides are not equal")

    def _doubt(self, members: Sequence[Member], place: int) -> str | None:
        """Why a step may still not be wrong; behind a step that is left open, also what is doubtful there."""
        near = members[place - 1 : place] if place > 1 and self._findings[-1].status is Status.UNDECIDED else ()
        return self.doubtful(tuple(member.tree for member in (members[0], *near, members[place])))

    def _holds_at_example(self, head: Expression, tree: Expression) -> bool:
        try:
            return same(self.comparer.example(head), self.comparer.example(tree)).equal
        except (Undecided, ShapeError):
            return False

    def _only_partly(self, head: Expression, tree: Expression) -> str | None:
        """A formula in two letters that holds where they are the same unit, or where they are not."""
        letters = _apart(head)
        for first, second in combinations(letters, 2):
            for are_same, sign in ((False, "≠"), (True, "=")):
                if self.comparer.compare(head, tree, (Condition(first, second, are_same),)).equal:
                    if are_same and not self.comparer.world.same_range((head, tree), first, second):
                        continue
                    return f"it holds only for {first} {sign} {second}"
        return None

    def _without_head(self, members: Sequence[Member], place: int) -> Finding:
        """The left side is not known; what stands between known members can still be judged."""
        known = [member for member in members[1:place] if _problem(member) is None and not member.is_missing]
        head = members[0]
        if not known:
            if head.is_missing:
                return undecided("its left side is missing")
            return _unjudged(head, _problem(head) or "its left side is not known")
        first = members.index(known[0])
        return self._restarted(members, place, first)

    def _from(self, members: Sequence[Member], place: int, first: int, relation: str) -> Finding:
        """A step of the part of the chain that begins with member ``first``: what follows a ≠ has a head of its own."""
        if not first:
            return self._step(members, place, relation)
        saved = self._findings
        self._findings = saved[first:]
        finding = self._step(members[first:], place - first, relation)
        self._findings = saved
        return finding

    def _restarted(self, members: Sequence[Member], place: int, first: int) -> Finding:
        saved = self._findings
        self._findings = saved[first:]
        finding = self._against_head(members[first:], place - first, "=")
        self._findings = saved
        return finding

    def _unequal(self, before: Member, member: Member) -> Finding:
        problem = _problem(before)
        if problem is not None:
            return undecided(problem)
        outcome = self.comparer.compare(before.tree, member.tree)
        if outcome.equal:
            return Finding(Status.WRONG, None, "the two sides are equal")
        return RIGHT if outcome.known else undecided(outcome.reason)


_DISTINGUISHING = frozenset({"cases", "kronecker", "indicator"})


def _tell_apart(members: Sequence[Member]) -> bool:
    """Whether a step says itself which units are meant: then all steps of its chain speak of both cases."""
    nodes = (node for member in members for node in walk(member.tree))
    return any(isinstance(node, Apply) and node.operator in _DISTINGUISHING for node in nodes)


def _apart(head: Expression) -> list[str]:
    """Letters of a derivative of one unit by another: such a formula is often given for one of its cases only."""
    if not (isinstance(head, Apply) and head.operator == "partial" and len(head.arguments) == 2):
        return []
    of, by = (frozenset(free_indices(part)) for part in head.arguments)
    return sorted((of | by) if of - by and by - of else ())


def _unjudged(member: Member, problem: str) -> Finding:
    return Finding(Status.UNDECIDED, "undefined-symbol" if member.bound.unknown else None, problem)


def _problem(member: Member) -> str | None:
    """Why a member cannot be judged."""
    if member.bound.unknown:
        names = ", ".join(dict.fromkeys(spelling(name) for name in member.bound.unknown))
        return f"{UNDEFINED}{names}"
    for count, node in enumerate(walk(member.tree)):
        if count > MOST_NODES:
            return "too large to evaluate"
        if isinstance(node, Apply) and node.operator in _CLAIMLESS:
            return "several things stand in one place"
    return None


_CLAIMLESS = frozenset({"sequence"})
