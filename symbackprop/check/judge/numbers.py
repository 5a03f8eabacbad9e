"""Printed numbers: what they stand for, and whether they are right from what was printed before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from fractions import Fraction
from typing import Any

from symbackprop.check.bind.indices import BRACKETS, without_brackets
from symbackprop.check.evaluate.traced import number
from symbackprop.expression import Apply, Expression, Name, Number, transform, walk

TINY = number("1e-28")
"""What is left of evaluating; a decimal fraction is not met exactly."""

PRODUCTS = frozenset({"multiply", "star", "dot", "times"})


class Digits(StrEnum):
    """How a printed number stands to the true value."""

    RIGHT = "right"
    TRUNCATED = "truncated"
    LAST = "last digit"
    WRONG = "wrong"


def last_place(text: str) -> Fraction:
    """The weight of the last digit of a number as it is printed."""
    return Fraction(10) ** _last_exponent(text)


def _last_exponent(text: str) -> int:
    mantissa, _, exponent = text.lower().partition("e")
    return int(exponent or 0) - len(mantissa.partition(".")[2])


def significant(text: str) -> int:
    """How many digits of a printed number count."""
    mantissa = text.lower().partition("e")[0].lstrip("-+").replace(".", "")
    return len(mantissa.lstrip("0"))


def is_whole(text: str) -> bool:
    """Whether the number is an integer without an exponent, which people write for the exact value."""
    return text.lstrip("-").isdigit()


def judged(printed: Number, truth: Any, slack: Any = 0) -> Digits:
    """A printed number against the true value, which is known up to ``slack``."""
    value = as_number(printed)
    step = as_number(last_place(printed.text))
    if is_whole(printed.text) and significant(printed.text) < 4:
        return Digits.RIGHT if abs(value - truth) <= slack + TINY * max(1, abs(value)) else Digits.WRONG
    difference = abs(value - truth)
    if difference <= step / 2 + slack + TINY:
        return Digits.RIGHT
    if abs(value) <= abs(truth) + slack and difference < step + slack - TINY and value * truth >= 0:
        return Digits.TRUNCATED
    if difference <= step * number("1.5") + slack + TINY and significant(printed.text) > 2:
        return Digits.LAST
    return Digits.WRONG


def as_number(value: Number | Fraction) -> Any:
    """The exact value of decimal digits."""
    exact = value.value if isinstance(value, Number) else value
    return number(exact.numerator) / number(exact.denominator)


def lone_number(tree: Expression) -> Number | None:
    """The number that the tree is, brackets and a sign aside."""
    inner = without_brackets(tree)
    if isinstance(inner, Number):
        return inner
    if isinstance(inner, Apply) and inner.operator == "negate":
        found = lone_number(inner.arguments[0])
        if found is not None and not found.text.startswith("-"):
            return Number("-" + found.text, span=found.span)
    return None


def literals(tree: Expression) -> tuple[Number, ...]:
    """The numbers in a tree, each text once."""
    return tuple(dict.fromkeys(node for node in walk(tree) if isinstance(node, Number)))


def spread(tree: Expression, evaluate: Callable[[Expression], Any], exact: Callable[[Number], bool]) -> Any:
    """How far the value of a tree may be off because its printed numbers are rounded to half a last digit."""
    centre = evaluate(tree)
    result = number(0)
    for literal in literals(tree):
        if not exact(literal):
            ends = (evaluate(_shifted(tree, literal, sign)) for sign in (1, -1))
            result += max(abs(end - centre) for end in ends)
    return result


def _shifted(tree: Expression, literal: Number, sign: int) -> Expression:
    """The tree with half of a last digit more (or less, by the sign) in one of its numbers."""
    exponent = _last_exponent(literal.text) - 1
    moved = Number(f"{literal.value / Fraction(10) ** exponent + 5 * sign}e{exponent}")
    return transform(tree, lambda node: moved if node == literal else None)


# ---- operands -------------------------------------------------------------------------------------

Pair = tuple[Expression, Number]


def aligned(symbolic: Expression, numeric: Expression) -> list[Pair] | None:
    """Which part of a formula each number of its substituted form stands for; None where the forms differ."""
    pairs: list[Pair] = []
    return pairs if _align(symbolic, numeric, pairs) else None


def _align(symbolic: Expression, numeric: Expression, pairs: list[Pair]) -> bool:
    left, right = _exponential(without_brackets(symbolic)), _exponential(without_brackets(numeric))
    lone = lone_number(right)
    if lone is not None:
        if isinstance(left, Number):
            return left.value == lone.value
        pairs.append((left, lone))
        return True
    if not isinstance(left, Apply) or not isinstance(right, Apply):
        return left == right
    if right.operator == "negate" and left.operator != "negate":
        right = _with_sign_inside(right)
    first, second = _parts(left), _parts(right)
    if _kind(left) != _kind(right) or len(first) != len(second):
        return False
    return all(_align(one, other, pairs) for one, other in zip(first, second, strict=True))


def _with_sign_inside(tree: Apply) -> Apply:
    """``-0.3 · 0.2`` with the minus sign at its first number, where a negative value was put in."""
    inner = without_brackets(tree.arguments[0])
    if not (isinstance(inner, Apply) and inner.operator in PRODUCTS):
        return tree
    first = Apply("negate", inner.arguments[:1])
    return Apply(inner.operator, (first, *inner.arguments[1:]), inner.span)


def _exponential(tree: Expression) -> Expression:
    """``e^x`` and ``exp(x)`` alike."""
    if isinstance(tree, Apply) and tree.operator == "power" and tree.arguments[0] == Name("e"):
        return Apply("exp", tree.arguments[1:], tree.span)
    return tree


def _kind(tree: Apply) -> str:
    return "product" if tree.operator in PRODUCTS else tree.operator


def _parts(tree: Apply) -> tuple[Expression, ...]:
    """The arguments; products inside products and sums inside sums are laid flat."""
    if tree.operator in PRODUCTS or tree.operator == "add":
        return tuple(_flat(tree, _kind(tree)))
    return tree.arguments


def _flat(tree: Apply, kind: str) -> Iterator[Expression]:
    for argument in tree.arguments:
        inner = without_brackets(argument) if kind == "product" else argument
        if isinstance(inner, Apply) and _kind(inner) == kind and inner.operator not in BRACKETS:
            yield from _flat(inner, kind)
        else:
            yield argument
