"""Steps that hold numbers, judged at the example's values: printed results and substituted formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from symbackprop.check.evaluate.array import Array, Jacobian, ShapeError
from symbackprop.check.evaluate.drawing import Drawing
from symbackprop.check.evaluate.traced import Undecided, number, plain
from symbackprop.check.judge.compare import Comparer
from symbackprop.check.judge.digits import close_to, rounded_like, shown
from symbackprop.check.judge.finding import RIGHT, Finding, Ledger, undecided
from symbackprop.check.judge.matrices import Rows, judged_rows, printed_rows
from symbackprop.check.judge.numbers import (
    TINY,
    Digits,
    Pair,
    aligned,
    as_number,
    is_whole,
    judged,
    lone_number,
    significant,
    spread,
)
from symbackprop.check.verdict import Status
from symbackprop.expression import Expression, Number, Symbol, walk


@dataclass
class ValueJudge:
    """Judges numbers against the truth, and against what was printed before."""

    comparer: Comparer
    ledger: Ledger
    exact_values: frozenset[Fraction]
    """The values that the document or the spec gives, which are exact as they are printed."""
    spell: Callable[[Expression], str]
    definition: Callable[[Expression], Expression | None] = lambda tree: None
    """How a quantity is computed, as far as the network or the document says."""
    explain: Callable[[Expression, Number, Finding], Finding] = lambda part, literal, finding: finding
    """Names the slip behind a number that was put in for a quantity."""

    def value(self, tree: Expression) -> Any:
        """The number that a tree is at the example's values; Undecided where it is none."""
        try:
            value = plain(self.comparer.example(tree))
        except Undecided:
            value = self._known_anyway(tree)
        if isinstance(value, Array | Jacobian):
            raise Undecided("an array, and its numbers are not printed")
        return value

    def _known_anyway(self, tree: Expression) -> Any:
        """The value of what does not depend on the values that are left open."""
        values = [plain(self.comparer.at(drawing, tree)) for drawing in self.comparer.world.completions]
        if not values or any(isinstance(value, Array | Jacobian) for value in values):
            raise Undecided("the document gives no values for it")
        if any(abs(value - values[0]) > TINY for value in values):
            raise Undecided("it depends on values that are left open")
        return values[0]

    def spread(self, tree: Expression) -> Any:
        return spread(tree, self.value, self.is_exact)

    def is_exact(self, literal: Number) -> bool:
        return is_whole(literal.text) or literal.value in self.exact_values

    def judge(self, head: Expression, before: Sequence[tuple[Expression, Finding]], tree: Expression) -> Finding:
        """A member that holds numbers; ``before`` are the members between the head and it."""
        rows = printed_rows(tree)
        if rows is not None:
            return self._matrix(head, rows)
        try:
            truth, slack = self.value(head), self.spread(head)
        except (Undecided, ShapeError) as reason:
            completed = self._completed(head, tree)
            if completed is not None and completed.status is Status.WRONG:
                return self._misput(head, before, tree) or completed
            return completed or self._arithmetic(before, tree, str(reason))
        try:
            lone = lone_number(tree)
            if lone is not None:
                return self._printed(lone, truth, slack, before)
            return self._substituted(head, before, tree, truth, slack)
        except Undecided as reason:
            return undecided(str(reason))
        except ShapeError as reason:
            return Finding(Status.WRONG, "shape", str(reason))

    def _matrix(self, head: Expression, rows: Rows) -> Finding:
        try:
            truth = self.comparer.example(head)
        except Undecided as reason:
            return undecided(str(reason))
        except ShapeError as reason:
            return Finding(Status.WRONG, "shape", str(reason))
        if not isinstance(truth, Array):
            return undecided("a matrix of numbers for what is none")
        return judged_rows(rows, truth, self._digits, rounded_like)

    # ---- a printed number --------------------------------------------------------------------

    def _printed(self, lone: Number, truth: Any, slack: Any, before: Sequence[tuple[Expression, Finding]]) -> Finding:
        found = self._digits(lone, truth, slack)
        if found is Digits.RIGHT:
            return RIGHT
        expected = rounded_like(lone, truth)
        if found is Digits.TRUNCATED:
            return Finding(
                Status.ROUNDING, "last-digit", f"cut off after the last digit; rounded it is {expected}", expected
            )
        near = self._from_neighbour(lone, before)
        if found is Digits.LAST:
            how = ", as the rounded numbers before it give" if near else ""
            return Finding(Status.ROUNDING, "last-digit", f"the last digit is off by one{how}: {expected}", expected)
        if near:
            neighbour = before[-1][1]
            if neighbour.holds:
                message = f"right from the rounded numbers before it; from exact ones it is {expected}"
                return Finding(Status.ROUNDING, "rounded-intermediates", message, expected)
            return Finding(
                Status.INHERITED, None, f"follows from what stands before it; it should be {expected}", expected
            )
        return Finding(Status.WRONG, None, f"{lone.text} should be {expected}", expected)

    def _from_neighbour(self, lone: Number, before: Sequence[tuple[Expression, Finding]]) -> bool:
        """Whether the number is what the member before it gives, its numbers taken as rounded."""
        if not before:
            return False
        tree = before[-1][0]
        try:
            value, slack = self.value(tree), self.spread(tree)
        except (Undecided, ShapeError):
            return False
        return judged(lone, value, slack) is not Digits.WRONG

    # ---- a formula with numbers in it --------------------------------------------------------

    def _substituted(
        self, head: Expression, before: Sequence[tuple[Expression, Finding]], tree: Expression, truth: Any, slack: Any
    ) -> Finding:
        definition = self.definition(head)
        formulas = (*([definition] if definition is not None else []), head, *(member for member, _ in before))
        operands = self.operands(formulas, tree)
        if operands is not None:
            return operands
        value, width = self.value(tree), self.spread(tree) + slack
        difference = abs(value - truth)
        if difference <= width * number("1.01") + TINY * max(1, abs(truth)):
            return RIGHT
        source = self._quoted(tree)
        if source is not None:
            return source
        if difference <= 3 * width and all(significant(literal.text) > 3 for literal in _rounded(self, tree)):
            return Finding(Status.ROUNDING, "last-digit", "a last digit in it is off")
        return Finding(Status.WRONG, None, f"this is {shown(value)}, and it should be {shown(truth)}", None)

    def operands(self, symbolic: Iterable[Expression], tree: Expression) -> Finding | None:
        """Number by number against the formula it was put into; None where no formula before has its form."""
        for formula in reversed(tuple(symbolic)):
            if not any(isinstance(node, Symbol) for node in walk(formula)):
                continue
            pairs = aligned(formula, tree)
            if pairs is None:
                continue
            found = self._paired(pairs)
            reordered = found is not None and found.status is Status.WRONG and self._is_reordered(formula, tree, pairs)
            return RIGHT if reordered else found
        return None

    def _is_reordered(self, formula: Expression, tree: Expression, pairs: list[Pair]) -> bool:
        """Whether the same numbers were put in in another order, and give the same."""
        try:
            wanted = sorted(abs(self.value(part)) for part, _ in pairs)
            width = self.spread(tree) * number("1.01") + TINY
            if abs(self.value(tree) - self.value(formula)) > width:
                return False
        except (Undecided, ShapeError):
            return False
        found = sorted((Number(literal.text.lstrip("-"), literal.exact) for _, literal in pairs), key=as_number)
        return all(self._digits(*pair) is Digits.RIGHT for pair in zip(found, wanted, strict=True))

    def _paired(self, pairs: list[tuple[Expression, Number]]) -> Finding | None:
        worst = RIGHT
        for part, literal in pairs:
            try:
                truth = self.value(part)
            except (Undecided, ShapeError):
                return None
            found = self._digits(literal, truth)
            if found is Digits.RIGHT:
                continue
            finding = self._operand(part, literal, truth, found)
            if finding.status is Status.WRONG:
                return finding
            if not finding.holds or worst is RIGHT:
                worst = finding
        return worst

    def _digits(self, literal: Number, truth: Any, slack: Any = 0) -> Digits:
        """A given value must be written as it was given: 0.2 is no rounding of 0.15."""
        if significant(literal.text) < 3 and not close_to(literal, truth) and self._is_given(truth):
            return Digits.WRONG
        return judged(literal, truth, slack)

    def _is_given(self, truth: Any) -> bool:
        return any(abs(as_number(value) - truth) <= TINY for value in self.exact_values)

    def _operand(self, part: Expression, literal: Number, truth: Any, found: Digits) -> Finding:
        expected = rounded_like(literal, truth)
        quoted = self.ledger.quoted(literal)
        if quoted is not None:
            if quoted.status is Status.ROUNDING:
                return RIGHT
            message = f"{literal.text} comes from line {quoted.line}; {self.spell(part)} is {expected}"
            return Finding(Status.INHERITED, None, message, expected, quoted.line)
        message = f"{literal.text} stands for {self.spell(part)}, which is {expected}"
        if found in (Digits.LAST, Digits.TRUNCATED):
            return Finding(Status.ROUNDING, "last-digit", message, expected)
        wrong = Finding(Status.WRONG, None, message, expected)
        named = self.explain(part, literal, wrong)
        return Finding(named.status, named.rule, message, expected, named.from_line)

    def _quoted(self, tree: Expression) -> Finding | None:
        """Whether a number in it was printed before and was wrong there."""
        for node in walk(tree):
            if isinstance(node, Number):
                quoted = self.ledger.quoted(node)
                if quoted is not None and quoted.status in (Status.WRONG, Status.INHERITED):
                    message = f"{node.text} comes from line {quoted.line}, where it is wrong"
                    return Finding(Status.INHERITED, None, message, None, quoted.line)
        return None

    # ---- with values left open ---------------------------------------------------------------

    def _misput(
        self, head: Expression, before: Sequence[tuple[Expression, Finding]], tree: Expression
    ) -> Finding | None:
        """The given value that was put in wrongly, beside symbols."""
        formulas = (self.definition(head) or head, *(member for member, _ in before))
        found = self.operands(formulas, tree)
        return found if found is not None and found.status is Status.WRONG else None

    def _completed(self, head: Expression, tree: Expression) -> Finding | None:
        """Given values put into a formula in which others stay symbols; None where that is not the case."""
        drawings = self.comparer.world.completions
        if not drawings or not any(isinstance(node, Symbol) for node in walk(tree)):
            return None
        for drawing in drawings:
            try:
                truth = self._number_at(drawing, head)
                width = spread(tree, partial(self._number_at, drawing), self.is_exact)
                difference = abs(self._number_at(drawing, tree) - truth)
            except (Undecided, ShapeError):
                return None
            if difference > width * number("1.01") + TINY * max(1, abs(truth)):
                return Finding(Status.WRONG, None, "with the given values the two sides are not equal")
        return RIGHT

    def _number_at(self, drawing: Drawing, tree: Expression) -> Any:
        value = plain(self.comparer.at(drawing, tree))
        if isinstance(value, Array | Jacobian):
            raise Undecided("an array")
        return value

    # ---- without a truth ---------------------------------------------------------------------

    def _arithmetic(self, before: Sequence[tuple[Expression, Finding]], tree: Expression, reason: str) -> Finding:
        """Numbers compared with the member before them, where the head has no value."""
        if not before or any(isinstance(node, Symbol) for node in walk(before[-1][0])):
            return undecided(reason)
        neighbour = before[-1][0]
        try:
            value, slack = self.value(neighbour), self.spread(neighbour)
            lone = lone_number(tree)
            if lone is None:
                width = slack + self.spread(tree)
                return RIGHT if abs(self.value(tree) - value) <= width + TINY else _off(shown(value))
            found = judged(lone, value, slack)
        except Undecided as trouble:
            return undecided(str(trouble))
        if found is Digits.RIGHT:
            return RIGHT
        expected = rounded_like(lone, value)
        if found is Digits.WRONG:
            return _off(expected)
        return Finding(Status.ROUNDING, "last-digit", f"the last digit is off: {expected}", expected)


def _off(expected: str) -> Finding:
    return Finding(Status.WRONG, None, f"the numbers before it give {expected}", expected)


def _rounded(judge: ValueJudge, tree: Expression) -> list[Number]:
    return [node for node in walk(tree) if isinstance(node, Number) and not judge.is_exact(node)]
