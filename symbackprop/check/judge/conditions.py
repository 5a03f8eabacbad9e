"""Conditions on indices that stand beside formulas: "for i ≠ j", "m = D"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from symbackprop.check.evaluate.drawing import Places
from symbackprop.check.statement import Origin, Statement
from symbackprop.expression import Apply, Expression, Name, Number


@dataclass(frozen=True, slots=True)
class Condition:
    """Two index letters stand for the same place (``are_same``), or for different ones."""

    first: str
    second: str
    are_same: bool

    def allows(self, places: Places) -> bool:
        """Whether places meet it; where one of its letters has none, it asks for nothing."""
        if self.first not in places or self.second not in places:
            return True
        return (places[self.first] == places[self.second]) == self.are_same


_ARE_SAME = {"=": True, "≠": False}


@dataclass
class Conditions:
    """The conditions that hold for the formula that is judged next."""

    of_formula: dict[int, list[Condition]] = field(default_factory=dict)
    _said: list[Condition] = field(default_factory=list)
    _used_by: int | None = None

    @staticmethod
    def of(statements: Sequence[Statement]) -> Conditions:
        """Conditions inside a formula (``... \\text{ if } i = j``) belong to that formula."""
        found = Conditions()
        for statement in statements:
            if statement.condition:
                condition = condition_of(statement)
                if condition is not None:
                    found.of_formula.setdefault(statement.formula, []).append(condition)
        return found

    def say(self, statement: Statement) -> None:
        """A condition in the text holds for the next display."""
        condition = condition_of(statement)
        if condition is None:
            return
        if self._used_by is not None:
            self._said, self._used_by = [], None
        self._said.append(condition)

    def for_formula(self, statement: Statement) -> tuple[Condition, ...]:
        """What holds for a statement; what was said in the text is used up by one display."""
        own = tuple(self.of_formula.get(statement.formula, ()))
        if statement.origin is not Origin.DISPLAY:
            return own
        if self._used_by is None:
            self._used_by = statement.formula
        return own + (tuple(self._said) if self._used_by == statement.formula else ())


def is_about_indices(trees: Sequence[Expression]) -> bool:
    """Whether a chain relates bare letters and small numbers only: ``i = j``, ``l = 2``, ``k > 1``."""
    if any(isinstance(tree, Apply) and sum(map(_is_lettered, tree.arguments)) > 1 for tree in trees):
        return False
    return any(_letter(tree) for tree in trees) and all(_is_index(tree) for tree in trees)


def _is_index(tree: Expression) -> bool:
    if isinstance(tree, Number):
        return tree.text.isdigit()
    if isinstance(tree, Name):
        return _letter(tree) is not None or tree.head in ("dots", "")
    return (
        isinstance(tree, Apply)
        and tree.operator in ("add", "negate", "sequence")
        and all(map(_is_index, tree.arguments))
    )


def _is_lettered(tree: Expression) -> bool:
    return _letter(tree) is not None


def _letter(tree: Expression) -> str | None:
    if (
        isinstance(tree, Name)
        and len(tree.head) == 1
        and tree.superscript is None
        and not tree.primes
        and not tree.style
    ):
        return tree.head if tree.subscript is None else None
    return None


def condition_of(statement: Statement) -> Condition | None:
    """``i ≠ j`` as a condition; None for what is none, or compares with a number."""
    if statement.left is None or statement.right is None or statement.relation not in _ARE_SAME:
        return None
    first, second = _letter(statement.left), _letter(statement.right)
    return None if first is None or second is None else Condition(first, second, _ARE_SAME[statement.relation])
