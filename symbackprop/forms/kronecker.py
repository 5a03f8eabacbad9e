"""Kronecker deltas under sums, eliminated one at a time; every step is kept, so that it can be shown.

A sum over p from 1 to n of δ_{pk} · x_p is x_k, provided that k has the same range as p. Ranges are
declared (those of bound indices by their sums, those of free ones by the caller), so that no case
distinction is ever needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from symbackprop.expression import (
    ONE,
    ZERO,
    Apply,
    Expression,
    Index,
    IndexValue,
    Name,
    Number,
    Symbol,
    add,
    multiply,
    negate,
    transform,
    walk,
)
from symbackprop.forms.algebra import flatten

Ranges = Mapping[str, Expression]
"""Index letter -> the largest value of the index; the smallest is 1."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One step: the whole expression before and after it, and what was done.

    Rules: "kronecker" (the sum over ``index`` keeps the one term at ``replacement``; ``delta`` is gone),
    "split" (a sum of sums), "distribute" (a product multiplied out, because one term holds a delta),
    "factor" (what does not depend on the index stands before the sum).
    """

    rule: str
    before: Expression
    after: Expression
    delta: Expression | None = None
    index: str = ""
    replacement: Expression | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    rule: str
    result: Expression
    delta: Expression | None = None
    index: str = ""
    replacement: Expression | None = None


_Found: TypeAlias = "_Change | None"


def kronecker(first: Expression, second: Expression) -> Expression:
    """δ of two indices: 1 if they are the same, 0 if they are different numbers, else as it stands."""
    if first == second:
        return ONE
    if isinstance(first, Number) and isinstance(second, Number):
        return ZERO
    return Apply("kronecker", (first, second))


def eliminate(expression: Expression, ranges: Ranges) -> tuple[Rewrite, ...]:
    """The steps that remove every delta under a sum over one of its indices; none if there is nothing to do."""
    steps: list[Rewrite] = []
    while True:
        done = _first_change(expression, dict(ranges))
        if done is None:
            return tuple(steps)
        after, change = done
        steps.append(Rewrite(change.rule, expression, after, change.delta, change.index, change.replacement))
        expression = after


def result_of(expression: Expression, steps: tuple[Rewrite, ...]) -> Expression:
    """What is left after the steps."""
    return steps[-1].after if steps else expression


def _first_change(expression: Expression, ranges: dict[str, Expression]) -> tuple[Expression, _Change] | None:
    """The tree after the first possible step (inner sums before outer ones), and what was done."""
    if not isinstance(expression, Apply):
        return None
    inner = dict(ranges)
    if expression.operator == "sum":
        inner[_index(expression)] = expression.arguments[3]
    for position, argument in enumerate(expression.arguments):
        done = _first_change(argument, inner)
        if done is not None:
            return _rebuilt(expression, position, done[0]), done[1]
    if expression.operator != "sum":
        return None
    for rule in _RULES:
        change = rule(expression, inner)
        if change is not None:
            return change.result, change
    return None


def _rebuilt(expression: Apply, position: int, argument: Expression) -> Expression:
    """The node with another argument; sums and products are flattened, ones and zeros dropped."""
    arguments = (*expression.arguments[:position], argument, *expression.arguments[position + 1 :])
    if expression.operator == "sum" and argument == ZERO:
        return ZERO
    rebuild = _FLAT.get(expression.operator)
    return rebuild(*arguments) if rebuild else Apply(expression.operator, arguments)


_FLAT: dict[str, Callable[..., Expression]] = {"add": add, "multiply": multiply, "negate": negate}


# ---- the steps at one sum ---------------------------------------------------------------------


def _split(total: Apply, ranges: Ranges) -> _Found:
    """Σ (x + y) = Σ x + Σ y where a delta waits inside, and Σ (-x) = -Σ x."""
    body, index = total.arguments[0], _index(total)
    if not isinstance(body, Apply) or not any(is_delta(part) for part in walk(body)):
        return None
    if body.operator == "negate":
        return _Change("split", negate(_with_body(total, body.arguments[0])))
    if body.operator != "add" or not _holds_delta(body, index):
        return None
    return _Change("split", add(*(_signed(term, lambda inner: _with_body(total, inner)) for term in body.arguments)))


def _collapse(total: Apply, ranges: Ranges) -> _Found:
    """Σ_p δ_{pk} x_p = x_k, with k in the range of p."""
    index = _index(total)
    parts = factors(total.arguments[0])
    for position, factor in enumerate(parts):
        other = _other_index(factor, index)
        if other is None or not _within(other, total.arguments[3], ranges):
            continue
        rest = multiply(*parts[:position], *parts[position + 1 :])
        return _Change("kronecker", substitute(rest, index, other), factor, index, other)
    return None


def _distribute(total: Apply, ranges: Ranges) -> _Found:
    """Multiply out the factor x + y of the body in which a delta waits."""
    index = _index(total)
    parts = factors(total.arguments[0])
    for position, factor in enumerate(parts):
        if isinstance(factor, Apply) and factor.operator == "add" and _holds_delta(factor, index):
            around = partial(_between, parts[:position], parts[position + 1 :])
            return _Change("distribute", _with_body(total, add(*(_signed(term, around) for term in factor.arguments))))
    return None


def _between(before: tuple[Expression, ...], after: tuple[Expression, ...], inner: Expression) -> Expression:
    return multiply(*before, inner, *after)


def _factor_out(total: Apply, ranges: Ranges) -> _Found:
    """A delta that does not depend on the index stands before the sum, where an outer sum can reach it."""
    index = _index(total)
    parts = factors(total.arguments[0])
    free = [part for part in parts if is_delta(part) and index not in names_in(part)]
    if not free:
        return None
    bound = [part for part in parts if part not in free]
    return _Change("factor", multiply(*free, _with_body(total, multiply(*bound))))


_RULES: tuple[Callable[[Apply, Ranges], _Found], ...] = (_split, _collapse, _distribute, _factor_out)


# ---- looking into expressions -----------------------------------------------------------------


def factors(expression: Expression) -> tuple[Expression, ...]:
    """The factors of a product; anything else is its own only factor."""
    if isinstance(expression, Apply) and expression.operator == "multiply":
        return expression.arguments
    return (expression,)


def is_delta(expression: Expression) -> bool:
    return isinstance(expression, Apply) and expression.operator == "kronecker"


def names_in(expression: Expression) -> frozenset[str]:
    """The index letters that stand in an expression, those of layers left aside."""
    return frozenset(_names(expression))


def _names(expression: Expression) -> Iterator[str]:
    for part in walk(expression):
        if isinstance(part, Name):
            yield part.head
        elif isinstance(part, Symbol):
            yield from (index.symbol for index in part.indices or () if isinstance(index, Index))


def substitute(expression: Expression, letter: str, replacement: Expression) -> Expression:
    """The expression with another index in the place of a letter."""
    symbol = Index("") if isinstance(replacement, Number) else _as_index(replacement)

    def index(value: IndexValue) -> IndexValue:
        if not isinstance(value, Index) or value.symbol != letter:
            return value
        if isinstance(replacement, Number):
            return int(replacement.text) - 1 + value.offset
        return Index(symbol.symbol, symbol.offset + value.offset)

    def replace(part: Expression) -> Expression | None:
        if isinstance(part, Name) and part.head == letter:
            return replacement
        if isinstance(part, Symbol) and part.indices:
            return Symbol(part.kind, part.position, tuple(index(value) for value in part.indices), part.variant)
        if isinstance(part, Apply) and part.operator == "kronecker":
            return kronecker(*(substitute(argument, letter, replacement) for argument in part.arguments))
        return None

    return flatten(transform(expression, replace))


def _as_index(expression: Expression) -> Index:
    if isinstance(expression, Name):
        return Index(expression.head)
    if isinstance(expression, Apply) and expression.operator == "add":
        letter, offset = expression.arguments
        if isinstance(letter, Name) and isinstance(offset, Number):
            return Index(letter.head, int(offset.text))
    raise ValueError(f"{expression} is not an index")


def _index(total: Apply) -> str:
    index = total.arguments[1]
    assert isinstance(index, Name)
    return index.head


def _with_body(total: Apply, body: Expression) -> Expression:
    return ZERO if body == ZERO else Apply("sum", (body, *total.arguments[1:]))


def _holds_delta(expression: Expression, index: str) -> bool:
    return any(is_delta(part) and index in names_in(part) for part in walk(expression))


def _other_index(factor: Expression, index: str) -> Expression | None:
    """The other index of a delta, if the factor is one and the index stands alone in it."""
    if not is_delta(factor):
        return None
    assert isinstance(factor, Apply)
    first, second = factor.arguments
    for one, other in ((first, second), (second, first)):
        if one == Name(index) and index not in names_in(other):
            return other
    return None


def _within(index: Expression, upper: Expression, ranges: Ranges) -> bool:
    """Whether an index surely lies between 1 and ``upper``."""
    if isinstance(index, Name):
        return ranges.get(index.head) == upper
    if isinstance(index, Number):
        return isinstance(upper, Number) and 1 <= index.value <= upper.value
    return False


def _signed(term: Expression, around: Callable[[Expression], Expression]) -> Expression:
    if isinstance(term, Apply) and term.operator == "negate":
        return negate(around(term.arguments[0]))
    return around(term)
