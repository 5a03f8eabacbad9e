"""Numbers in prose, tied to the error or the outputs after some steps of training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symbackprop.check.evaluate.traced import number
from symbackprop.check.judge.digits import rounded_like
from symbackprop.check.judge.finding import RIGHT, Finding, undecided
from symbackprop.check.judge.numbers import Digits, judged
from symbackprop.check.statement import PhraseClaim, PhraseKind
from symbackprop.check.verdict import Status
from symbackprop.derive.derivation import Derivation
from symbackprop.derive.reverse import reverse_sweep
from symbackprop.errors import UserError
from symbackprop.expression import Number, Symbol
from symbackprop.numeric.arithmetic import DOUBLES, precise
from symbackprop.numeric.training import Training, train
from symbackprop.spec.model import Order

MOST_STEPS = 200_000
MOST_WORK = 20_000_000
"""Steps times parameters that are run to check a sentence."""
PRECISE_STEPS = 20
"""Up to so many steps the loop runs in many digits."""


@dataclass(frozen=True, slots=True)
class Course:
    """One way to train: the order of updates, and whether biases are updated."""

    order: Order
    biases: bool

    def fact(self) -> str:
        order = (
            "the error goes back through weights that are already updated (sequential order)"
            if self.order == "sequential"
            else "all updates use the original weights (simultaneous order)"
        )
        return order + ("" if not self.biases else ", and the biases are updated too")


@dataclass(frozen=True)
class ProseJudge:
    """Judges phrases about a network that has values."""

    derivation: Derivation
    _runs: dict[tuple[Course, int], Training | None] = field(default_factory=dict, compare=False)

    def judge(self, claim: PhraseClaim) -> Finding:
        if claim.kind in (PhraseKind.ERROR, PhraseKind.OUTPUTS):
            return self._trained(claim)
        return self._given(claim)

    def reached(self, symbol: Symbol, printed: Number, steps: int) -> Finding | None:
        """A printed value of a quantity after some steps; None where the network cannot tell."""
        if not self.derivation.can_train or not self._is_short(steps):
            return None
        own = self._value(self._own, symbol, steps)
        if own is None:
            return undecided(f"its value {_after(steps)} is not computed here")
        if judged(printed, own) is Digits.RIGHT:
            return RIGHT
        expected = rounded_like(printed, own)
        for course in self._courses():
            value = self._value(course, symbol, steps)
            if value is not None and judged(printed, value) is Digits.RIGHT:
                message = f"{_after(steps)} this is what comes out if {course.fact()}; else it is {expected}"
                return Finding(Status.CONVENTION, "update-order", message, expected)
        return Finding(Status.WRONG, None, f"{_after(steps)} it is {expected}", expected)

    def _value(self, course: Course, symbol: Symbol, steps: int) -> Any:
        """The error, an output or a parameter after training; None for anything else."""
        run = self._run(course, steps)
        if run is None:
            return None
        if symbol.kind == "loss" and not symbol.variant:
            return _exact(run.errors[-1])
        kept = {**dict.fromkeys(self.derivation.parameters), **run.outputs, **run.parameters}
        if symbol not in kept:
            return None
        value = kept[symbol]  # None: a bias that is not trained
        return self.derivation.values[symbol] if value is None else _exact(value)

    # ---- values that were given --------------------------------------------------------------

    def _given(self, claim: PhraseClaim) -> Finding:
        kind = {"targets": "target", "inputs": "activation", "learning_rate": "learning_rate"}[claim.kind]
        given = [
            value for symbol, value in self.derivation.model.values.items()
            if symbol.kind == kind and symbol.position in (None, 0)
        ]  # fmt: skip
        values = [Fraction(str(value)) for value in given]
        if [literal.value for literal in claim.numbers] == values:
            return RIGHT
        if len(claim.numbers) < len(values):
            known = all(literal.value in values for literal in claim.numbers)
            return RIGHT if known else undecided("it does not say which values these are")
        return undecided("these are other values than the network's")

    # ---- values that training leads to -------------------------------------------------------

    def _trained(self, claim: PhraseClaim) -> Finding:
        if not self.derivation.can_train:
            return undecided("the network has no values to train with")
        steps = [claim.steps] if claim.steps is not None else [0, 1, self.derivation.network.training.iterations]
        own = self._own
        for count in dict.fromkeys(steps):
            if not self._is_short(count):
                return undecided(f"{count} steps are too many to run here")
            if self._fits(claim, self._values(own, count, claim.kind)):
                return RIGHT
        for count in dict.fromkeys(steps):
            for course in self._courses():
                if course != own and self._fits(claim, self._values(course, count, claim.kind)):
                    expected = self._expected(claim, count)
                    message = f"{_after(count)} this is what comes out if {course.fact()}; else it is {expected}"
                    return Finding(Status.CONVENTION, "update-order", message, expected)
        if claim.steps is None:
            return undecided("it does not say after how many steps")
        expected = self._expected(claim, claim.steps)
        if self._nearly(claim, self._values(own, claim.steps, claim.kind)):
            return Finding(Status.ROUNDING, "last-digit", f"the last digit is off: {expected}", expected)
        return Finding(Status.WRONG, None, f"{_after(claim.steps)} it is {expected}", expected)

    @property
    def _own(self) -> Course:
        training = self.derivation.network.training
        return Course(training.order, training.update_biases)

    def _courses(self) -> Iterator[Course]:
        orders: tuple[Order, ...] = ("simultaneous", "sequential")
        for biases in (self._own.biases, not self._own.biases):
            for order in orders:
                yield Course(order, biases)

    def _is_short(self, steps: int) -> bool:
        return steps <= MOST_STEPS and steps * len(self.derivation.parameters) <= MOST_WORK

    def _values(self, course: Course, steps: int, kind: PhraseKind) -> Sequence[Any]:
        """The error, or the outputs in order, after some steps; nothing where training breaks down."""
        run = self._run(course, steps)
        if run is None:
            return ()
        return [_exact(value) for value in ([run.errors[-1]] if kind is PhraseKind.ERROR else run.outputs.values())]

    def _run(self, course: Course, steps: int) -> Training | None:
        if (course, steps) not in self._runs:
            self._runs[course, steps] = self._trained_by(course, steps)
        return self._runs[course, steps]

    def _trained_by(self, course: Course, steps: int) -> Training | None:
        model = self.derivation.model
        trained = [node for node in model.graph.parameters if course.biases or node.role != "bias"]
        sweep = reverse_sweep(model.graph, trained, model.graph.by_id["learning_rate"], course.order == "sequential")
        arithmetic = precise() if steps <= PRECISE_STEPS else DOUBLES
        try:
            return train(
                sweep.graph, sweep.updates, self.derivation.output, model.values, steps, arithmetic,
                model.samples, self.derivation.network.training.reduction,
            )  # fmt: skip
        except (UserError, ArithmeticError, ValueError):
            return None

    def _fits(self, claim: PhraseClaim, values: Sequence[Any]) -> bool:
        return any(self._all(claim.numbers, chosen, (Digits.RIGHT,)) for chosen in _choices(claim, values))

    def _nearly(self, claim: PhraseClaim, values: Sequence[Any]) -> bool:
        near = (Digits.RIGHT, Digits.TRUNCATED, Digits.LAST)
        return any(self._all(claim.numbers, chosen, near) for chosen in _choices(claim, values))

    def _all(self, numbers: Sequence[Number], values: Sequence[Any], accepted: Sequence[Digits]) -> bool:
        return all(judged(literal, value) in accepted for literal, value in zip(numbers, values, strict=True))

    def _expected(self, claim: PhraseClaim, steps: int) -> str:
        chosen = next(_choices(claim, self._values(self._own, steps, claim.kind)), ())
        return ", ".join(rounded_like(literal, value) for literal, value in zip(claim.numbers, chosen, strict=False))


def _after(steps: int) -> str:
    return f"after {steps} step{'' if steps == 1 else 's'}"


def _exact(value: Any) -> Any:
    return number(repr(value) if isinstance(value, float) else value)


def _choices(claim: PhraseClaim, values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """All values in order, or, for a single number, each of them."""
    if len(claim.numbers) == len(values):
        yield values
    elif len(claim.numbers) == 1:
        for value in values:
            yield (value,)
