"""Naming slips: which rule turns what is written into what is true, or the truth into what is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from msgspec import structs

from symbackprop.check.bind.indices import free_indices
from symbackprop.check.evaluate.array import ShapeError
from symbackprop.check.evaluate.traced import Undecided
from symbackprop.check.judge.alternative import Alternative
from symbackprop.check.judge.compare import Answer, Comparer, Outcome
from symbackprop.check.judge.digit_slips import digit_slip
from symbackprop.check.judge.digits import shown
from symbackprop.check.judge.finding import RIGHT, Finding, Ledger, Printed
from symbackprop.check.judge.member import Member
from symbackprop.check.judge.numbers import Digits, judged, lone_number, significant
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.rule import Case, Rule, Vocabulary, rules_in_order
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Number, Symbol, transform, walk

MOST_TRIED = 400
"""Candidates of one rule that are compared with the truth."""
MOST_EXPANDED = 2_000


@dataclass
class SlipNamer:
    """Explains steps that do not hold."""

    comparer: Comparer
    values: ValueJudge
    vocabulary: Vocabulary
    ledger: Ledger
    spell: Callable[[Expression], str]
    alternatives: Sequence[Alternative] = ()
    context: str = ""
    """The words around the formula that is judged."""
    active: Alternative | None = None
    """The convention that the chain follows so far, because the words beside it say so."""
    _accepted: set[tuple[Expression, Expression]] = field(default_factory=set)

    def naming_numbers(self) -> SlipNamer:
        """The same, asked by its judge of values what is wrong with a number among printed operands."""
        self.values.explain = lambda part, literal, finding: self.explain_number(part, literal, (), finding)
        return self

    def enter(self, context: str) -> None:
        """A new chain begins, with these words before it."""
        self.context = context
        self.active = next((each for each in self.alternatives if each.of_section and self._says(each)), None)

    def stated(
        self, head: Expression, before: Sequence[tuple[Expression, Finding]], tree: Expression
    ) -> Finding | None:
        """A step with numbers in a chain that follows another convention."""
        if self.active is None:
            return None
        turn = self.active.turn
        finding = self.active.values.judge(turn(head), [(turn(part), found) for part, found in before], turn(tree))
        return finding if finding.holds else None

    # ---- formulas ----------------------------------------------------------------------------

    def explain(
        self, head: Expression, written: Expression, before: Sequence[Member], outcome: Outcome
    ) -> Finding | None:
        """The finding for a formula that is not what it should be."""
        assumed: Finding | None = None
        lettered = frozenset(free_indices(head)) == frozenset(free_indices(written))
        for alternative in self.alternatives:
            stated = self._stated(alternative, head, written)
            # An index on one side only is a slip under every convention.
            if not (lettered or stated) or not alternative.concerns(head, written, stated):
                continue
            if alternative.comparer.compare(alternative.turn(head), alternative.turn(written)).equal:
                if stated:
                    self._accepted.add((head, written))
                    self.active = alternative
                    return RIGHT
                message = f"true only if {alternative.fact}"
                assumed = assumed or Finding(Status.CONVENTION, alternative.rule, message, self._expected(head))
                if not alternative.is_remote:
                    return assumed
        namer = self._of_section(self.active) if self.active is not None and self.active.of_section else self
        return namer._named(head, written, before, outcome) or assumed or self._unnamed(head, written, outcome)

    def _of_section(self, alternative: Alternative) -> SlipNamer:
        """What names slips where a whole section follows another convention."""
        return replace(
            self, comparer=alternative.comparer, values=alternative.values, alternatives=(), active=None,
            _accepted=set(),
        )  # fmt: skip

    def _named(
        self, head: Expression, written: Expression, before: Sequence[Member], outcome: Outcome
    ) -> Finding | None:
        """The first slip that explains a formula."""
        trees = tuple(member.tree for member in before)
        case = Case(head, written, trees, outcome, self.comparer, self.vocabulary, self.spell,
                    lambda: self._at_example(head, written))  # fmt: skip
        found = (self._tried(rule, case) for rule in rules_in_order())
        return next((finding for finding in found if finding is not None), None)

    def _stated(self, alternative: Alternative, head: Expression, written: Expression) -> bool:
        """Whether the words beside this formula, or beside the same one before, state the convention."""
        if not alternative.words:
            return False
        return (head, written) in self._accepted or self._says(alternative)

    def _says(self, alternative: Alternative) -> bool:
        return bool(re.search(alternative.words, self.context, re.IGNORECASE | re.DOTALL))

    def _tried(self, rule: Rule, case: Case) -> Finding | None:
        if rule.examine is not None:
            finding = rule.examine(case)
            if finding is not None:
                return finding
        if rule.repairs is None:
            return None
        for repair in islice(rule.repairs(case), MOST_TRIED):
            if repair.tree != case.head and self.comparer.compare(case.head, repair.tree).equal:
                return Finding(rule.status, rule.name, repair.message, self.spell(repair.tree))
        if rule.priority in _ON_THE_LEFT:
            turned = replace(case, head=case.written, written=case.head)
            for repair in islice(rule.repairs(turned), MOST_TRIED):
                if repair.tree != case.written and self.comparer.compare(case.written, repair.tree).equal:
                    return Finding(rule.status, rule.name, f"on the left, {repair.message}", self.spell(repair.tree))
        return None

    def _unnamed(self, head: Expression, written: Expression, outcome: Outcome) -> Finding:
        expected = self._expected(head)
        if outcome.answer is Answer.SHAPE:
            return Finding(Status.WRONG, "shape", outcome.reason, expected)
        return Finding(Status.WRONG, None, "the two sides are not equal" + self._at_example(head, written), expected)

    def _expected(self, head: Expression) -> str | None:
        definition = self.vocabulary.definition(head)
        return self.spell(definition) if definition is not None else None

    def _at_example(self, head: Expression, written: Expression) -> str:
        try:
            left, right = self.values.value(head), self.values.value(written)
        except (Undecided, ShapeError):
            return ""
        return f": {self.spell(head)} is {shown(left)}, {self.spell(written)} is {shown(right)}"

    # ---- numbers -----------------------------------------------------------------------------

    def explain_number(self, head: Expression, printed: Number, before: Sequence[Member], finding: Finding) -> Finding:
        """The finding for a printed number that is not the true one."""
        if self.active is not None and self.active.of_section:
            namer = self._of_section(self.active)
            own = namer.values.judge(head, (), printed)
            return own if own.holds else namer.explain_number(head, printed, before, own)
        expected = finding.expected or ""
        for rule in rules_in_order():
            if rule.priority < 50 and rule.digits is not None and (fact := rule.digits(printed.text, expected)):
                return Finding(Status.WRONG, rule.name, f"{fact}: {expected}", expected)
        for explain in (self._other_convention, self._inherited, self._slipped):
            found = explain(head, printed, before, expected)
            if found is not None:
                return found
        try:
            slip = digit_slip(printed, self.values.value(head))
        except (Undecided, ShapeError):
            return finding
        return finding if slip is None else Finding(Status.WRONG, slip[0], f"{slip[1]}: {expected}", expected)

    def explain_substituted(
        self, head: Expression, written: Expression, before: Sequence[Member], finding: Finding
    ) -> Finding:
        """The finding for numbers put into a formula that itself has a slip."""
        if self.active is not None and self.active.of_section:
            namer = self._of_section(self.active)
            own = namer.values.judge(head, [(member.tree, RIGHT) for member in before[1:]], written)
            settled = own.holds or own.rule is not None
            return own if settled else namer.explain_substituted(head, written, before, own)
        for formula in self._formulas(head, before):
            for rule in rules_in_order():
                for slip in islice(rule.slips(formula, self.vocabulary), MOST_TRIED) if rule.slips else ():
                    pairs = self.values.operands((slip,), written)
                    if pairs is not None and pairs.holds:
                        message = f"the numbers are put into {self.spell(slip)}"
                        return Finding(Status.WRONG, rule.name, message, self._expected(head))
        return finding

    def _other_convention(
        self, head: Expression, printed: Number, before: Sequence[Member], expected: str
    ) -> Finding | None:
        for alternative in self.alternatives:
            if not alternative.concerns(head):
                continue
            try:
                value = alternative.values.value(head)
            except (Undecided, ShapeError):
                continue
            if judged(printed, value) is Digits.RIGHT:
                message = f"true only if {alternative.fact}; else it is {expected}"
                return Finding(Status.CONVENTION, alternative.rule, message, expected)
        return None

    def _inherited(self, head: Expression, printed: Number, before: Sequence[Member], expected: str) -> Finding | None:
        """Whether the number follows from one that was printed wrong before."""
        formulas = [member.tree for member in reversed(before) if lone_number(member.tree) is None]
        for faulty in self.ledger.faulty:
            for formula in formulas:
                supposed = self._supposing(formula, faulty)
                if supposed is not None and self._gives(supposed, printed):
                    message = f"follows from {faulty.number.text} in line {faulty.line}, which is wrong"
                    return Finding(Status.INHERITED, None, message, expected, faulty.line)
        return None

    def _supposing(self, formula: Expression, faulty: Printed) -> Expression | None:
        """The formula, written out as far as the faulty quantity, with the number that was printed for it."""
        left = [MOST_EXPANDED]

        def expand(tree: Expression) -> Expression | None:
            left[0] -= 1
            if tree == faulty.tree or self._same_quantity(tree, faulty.tree):
                return faulty.number
            definition = self.vocabulary.definition(tree) if left[0] > 0 else None
            if definition is None or definition == tree:
                return None
            inner = transform(definition, expand)
            return Apply("group", (inner,)) if faulty.number in set(walk(inner)) else None

        found = transform(formula, expand)
        return found if found != formula else None

    def _same_quantity(self, tree: Expression, other: Expression) -> bool:
        """``δ_{o1}`` and ``∂E/∂net_{o1}`` are one quantity."""
        return _as_derivative(tree) == _as_derivative(other)

    def _gives(self, tree: Expression, printed: Number) -> bool:
        try:
            value, slack = self.values.value(tree), self.values.spread(tree)
        except (Undecided, ShapeError):
            return False
        return judged(printed, value, slack) is not Digits.WRONG

    def _slipped(self, head: Expression, printed: Number, before: Sequence[Member], expected: str) -> Finding | None:
        """Whether the number comes out of a right formula with one slip in it."""
        if significant(printed.text) < 3 and not self.values.is_exact(printed):
            return None
        for formula in self._formulas(head, before):
            for rule in rules_in_order():
                for slip in islice(rule.slips(formula, self.vocabulary), MOST_TRIED) if rule.slips else ():
                    if self._comes_from(slip, printed):
                        message = f"this is {self.spell(slip)}; it should be {expected}"
                        return Finding(Status.WRONG, rule.name, message, expected)
        return None

    def _formulas(self, head: Expression, before: Sequence[Member]) -> Iterator[Expression]:
        yield head
        definition = self.vocabulary.definition(head)
        if definition is not None:
            yield definition
            yield transform(definition, self._opened)
        for member in before[1:]:
            if any(isinstance(node, Symbol) for node in walk(member.tree)):
                yield member.tree

    def _opened(self, tree: Expression) -> Expression | None:
        """A quantity inside a definition, with its own definition in its place."""
        inner = self.vocabulary.definition(tree)
        return None if inner is None else Apply("group", (inner,))

    def _comes_from(self, slip: Expression, printed: Number) -> bool:
        try:
            return judged(printed, self.values.value(slip)) is Digits.RIGHT
        except (Undecided, ShapeError):
            return False


_ON_THE_LEFT = frozenset({20, 22})
"""Priorities of the rules that are also tried on the left side: another index, another layer."""


def _as_derivative(tree: Expression) -> Expression:
    if isinstance(tree, Symbol) and tree.variant == "adjoint":
        return Apply("partial", (Symbol("loss", None, ()), structs.replace(tree, variant="")))
    return tree
