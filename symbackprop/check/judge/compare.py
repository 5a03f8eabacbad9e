"""Whether two bound trees say the same: decided by evaluation at random points in high precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, Protocol

from symbackprop.check.evaluate.absent import Absent
from symbackprop.check.evaluate.array import Array, Jacobian, Ones, ShapeError, scalar_if_single
from symbackprop.check.evaluate.drawing import Drawing, Places, Reading
from symbackprop.check.evaluate.evaluation import Evaluator, Known
from symbackprop.check.evaluate.traced import Undecided, number, plain
from symbackprop.check.judge.conditions import Condition
from symbackprop.expression import Expression

TOLERANCE = number("1e-25")
SMALLEST = number("1e-8")
"""Below this, differences are absolute."""
MOST_INSTANCES = 24
"""Instances of a general formula (layers and units put for its letters) that are tried."""


class Answer(StrEnum):
    EQUAL = "equal"
    DIFFERENT = "different"
    SHAPE = "shape"
    """The arrays do not fit each other, or those inside do not fit."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``reason`` says what does not fit, or why it is not known; ``exchanged``: one side is the other's transpose."""

    answer: Answer
    reason: str = ""
    exchanged: bool = False

    @property
    def equal(self) -> bool:
        return self.answer is Answer.EQUAL

    @property
    def known(self) -> bool:
        return self.answer is not Answer.UNKNOWN


EQUAL = Outcome(Answer.EQUAL)
DIFFERENT = Outcome(Answer.DIFFERENT)


class World(Protocol):
    """The quantities of a document: points to evaluate at, and the values that its letters may take."""

    @property
    def drawings(self) -> Sequence[Drawing]:
        """Random points."""
        ...

    @property
    def example(self) -> Drawing | None:
        """The point that the numbers of the document belong to."""
        ...

    @property
    def completions(self) -> Sequence[Drawing]:
        """The same, with random values for what the document leaves open; none if it leaves out nothing."""
        ...

    @property
    def reading(self) -> Reading: ...

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]:
        """The values of the free letters for which the formula may claim something."""
        ...

    def same_range(self, trees: Sequence[Expression], first: str, second: str) -> bool:
        """Whether two letters run over the same things."""
        ...


@dataclass
class Comparer:
    """Compares trees in a world; values are kept, since a chain asks for them again and again."""

    world: World
    constraints: tuple[Condition, ...] = ()
    """Conditions on the indices of the formula that is compared."""
    points: int | None = None
    """How many random points are tried; None: all of the world's."""
    most_instances: int = MOST_INSTANCES
    _values: dict[tuple[Expression, int, tuple[tuple[str, int], ...]], Any] = field(default_factory=dict)
    _known: dict[tuple[int, tuple[tuple[str, int], ...]], Known] = field(default_factory=dict)

    def compare(self, left: Expression, right: Expression, also: tuple[Condition, ...] = ()) -> Outcome:
        """Equal at every point and instance that exists, or not, or not to be known.

        Only instances that meet the constraints, and what must hold ``also``, are asked for.
        """
        if left == right:
            return EQUAL
        conditions = (*self.constraints, *also)
        possible = self.world.instances((left, right))
        meeting = (places for places in possible if all(condition.allows(places) for condition in conditions))
        instances = list(islice(meeting, self.most_instances))
        drawings = self.world.drawings[: self.points]
        tried, reason = 0, "nothing here fits its indices"
        for number_of, places in enumerate(instances):
            # With many instances each is tried at fewer points: at two, not always the same.
            chosen = range(len(drawings)) if len(instances) < 3 else {number_of % len(drawings), 0}
            for place in sorted(chosen):
                outcome = self.compare_at(left, right, place, places)
                if outcome.answer is Answer.UNKNOWN:
                    reason = outcome.reason or reason
                    if not outcome.reason:
                        break
                    continue
                if not outcome.equal:
                    return outcome
                tried += 1
        return EQUAL if tried else Outcome(Answer.UNKNOWN, reason)

    def compare_at(self, left: Expression, right: Expression, drawing: int, places: Places) -> Outcome:
        """The comparison at one random point; unknown without a reason where the instance does not exist."""
        try:
            first, second = (self._value(side, drawing, places) for side in (left, right))
        except Absent:
            return Outcome(Answer.UNKNOWN)
        except Undecided as reason:
            return Outcome(Answer.UNKNOWN, str(reason))
        except ShapeError as reason:
            return Outcome(Answer.SHAPE, str(reason))
        return same(first, second)

    def _value(self, tree: Expression, drawing: int, places: Places) -> Any:
        where = drawing, tuple(sorted(places.items()))
        key = tree, *where
        if key not in self._values:
            known = self._known.setdefault(where, {})
            evaluator = Evaluator(self.world.drawings[drawing], places, self.world.reading, known=known)
            try:
                self._values[key] = scalar_if_single(evaluator.value(tree))
            except (Undecided, ShapeError) as reason:
                self._values[key] = reason
        found = self._values[key]
        if isinstance(found, Exception):
            raise found
        return found

    def example(self, tree: Expression) -> Any:
        """The value where the numbers of the document belong; Undecided without one."""
        drawing = self.world.example
        if drawing is None:
            raise Undecided("the document gives no values")
        return self.at(drawing, tree)

    def at(self, drawing: Drawing, tree: Expression) -> Any:
        """The value at a point, for the first instance that exists."""
        places = next(iter(self.world.instances((tree,))), None)
        if places is None:
            raise Undecided("nothing fits its indices")
        return scalar_if_single(Evaluator(drawing, places, self.world.reading).value(tree))


def same(left: Any, right: Any) -> Outcome:
    """Compare two values."""
    if isinstance(left, Ones) or isinstance(right, Ones):
        return Outcome(Answer.UNKNOWN, "a vector of ones whose length nothing says")
    if isinstance(left, Jacobian) or isinstance(right, Jacobian):
        return _same_jacobian(left, right)
    if not isinstance(left, Array) and not isinstance(right, Array):
        return EQUAL if close(left, right) else DIFFERENT
    if not (isinstance(left, Array) and isinstance(right, Array)):
        return Outcome(Answer.SHAPE, f"one side is {_shape(left)}, the other {_shape(right)}")
    if left.shape != right.shape:
        exchanged = left.shape == right.transposed.shape and _all_close(left, right.transposed)
        return Outcome(Answer.SHAPE, f"the left side is {left}, the right side {right}", exchanged)
    if _all_close(left, right):
        return EQUAL
    return Outcome(Answer.DIFFERENT, exchanged=left.rows == left.columns and _all_close(left, right.transposed))


def _shape(value: Any) -> str:
    return str(value) if isinstance(value, Array) else "a number"


def _all_close(left: Array, right: Array) -> bool:
    return all(close(first, second) for first, second in zip(left.entries, right.entries, strict=True))


def _same_jacobian(left: Any, right: Any) -> Outcome:
    """A derivative of an array by an array may be meant as a matrix, in either layout, or entry by entry."""
    for first in _meanings(left):
        for second in _meanings(right):
            if first.shape == second.shape and _all_close(first, second):
                return EQUAL
    if isinstance(left, Jacobian) and isinstance(right, Jacobian):
        flat = [tuple(entry for row in side.entries for entry in row) for side in (left, right)]
        if len(flat[0]) == len(flat[1]):
            return EQUAL if all(map(close, *flat)) else DIFFERENT
    array, other = (right, left) if isinstance(left, Jacobian) else (left, right)
    if isinstance(array, Array) and isinstance(other, Jacobian):
        diagonal = other.diagonal
        if array.is_vector and diagonal is not None and diagonal.shape == array.shape:
            return DIFFERENT  # in no other way is it such a vector
    return Outcome(Answer.UNKNOWN, "a derivative of an array by an array stands alone")


def _meanings(value: Any) -> Iterator[Array]:
    if isinstance(value, Array):
        yield value
    elif isinstance(value, Jacobian):
        if (matrix := value.matrix) is not None:
            yield matrix
            yield matrix.transposed
        if (diagonal := value.diagonal) is not None:
            yield diagonal
    else:
        yield Array(1, 1, (value,))


def close(left: Any, right: Any) -> bool:
    """Equal but for the rounding of the evaluation."""
    first, second = number(plain(left)), number(plain(right))
    scale = max(abs(first), abs(second), SMALLEST)
    return bool(abs(first - second) <= TOLERANCE * scale)
