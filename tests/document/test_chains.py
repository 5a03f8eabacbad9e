"""Every chain that a document shows, recomputed from its printed operands as intervals, contains its result."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from mpmath import iv

from symbackprop.api import derive, load
from symbackprop.document.blocks import Formula
from symbackprop.examples.library import example_names
from symbackprop.expression import Apply, Chain, Expression, Number, Symbol, walk

iv.dps = 40

IN_ARRAYS = ("any_depth",)
"""Outlines whose numbers stand in matrices."""


def interval(expression: Expression):
    if isinstance(expression, Number):
        digits = expression.text.partition("e")[0].partition(".")[2]
        exponent = int(expression.text.partition("e")[2] or 0)
        half = Fraction(0) if expression.exact else Fraction(10) ** (exponent - len(digits)) / 2
        low, high = expression.value - half, expression.value + half
        return _between(low, high)
    assert isinstance(expression, Apply)
    return RULES[expression.operator](*(interval(part) for part in expression.arguments))


def _between(low: Fraction, high: Fraction):
    first = iv.mpf(low.numerator) / low.denominator
    last = iv.mpf(high.numerator) / high.denominator
    return iv.mpf([first.a, last.b])


def _sum(*terms):
    total = iv.mpf(0)
    for term in terms:
        total += term
    return total


def _product(*factors):
    product = iv.mpf(1)
    for factor in factors:
        product *= factor
    return product


def _power(base, exponent):
    assert exponent == 2
    return base**2


RULES = {
    "add": _sum,
    "multiply": _product,
    "negate": lambda term: -term,
    "divide": lambda above, below: above / below,
    "power": _power,
    "exp": iv.exp,
    "log": iv.log,
    "tanh": lambda x: (iv.exp(x) - iv.exp(-x)) / (iv.exp(x) + iv.exp(-x)),
}


def numeric(expression: Expression) -> bool:
    return not any(isinstance(part, Symbol) for part in walk(expression)) and all(
        part.operator in RULES for part in walk(expression) if isinstance(part, Apply)
    )


def numeric_pairs(chain: Chain) -> Iterator[tuple[Expression, Expression]]:
    """Neighbouring numeric members between which nothing but equality stands."""
    before = None
    for member, relation in zip(chain.expressions, ("=", *chain.relations), strict=True):
        if relation != "=":
            before = None
        if numeric(member):
            if before is not None:
                yield before, member
            before = member


def chains(name: str) -> Iterator[Chain]:
    for block in derive(load(name)).document().document.blocks:
        if isinstance(block, Formula):
            yield from block.chains


@pytest.mark.parametrize("name", example_names())
def test_printed_operands_give_the_printed_result(name):
    compared = 0
    for chain in chains(name):
        for left, right in numeric_pairs(chain):
            first, second = interval(left), interval(right)
            assert first.a <= second.b, (left, right)
            assert second.a <= first.b, (left, right)
            compared += 1
    if load(name).about.outline not in IN_ARRAYS and derive(load(name)).derivation.model.complete:
        assert compared > 10


def test_a_wrong_result_would_be_noticed():
    right = interval(Number("0.4", exact=False))
    product = _product(interval(Number("0.15")), interval(Number("2")))
    assert not (product.a <= right.b and right.a <= product.b)
