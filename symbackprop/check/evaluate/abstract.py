"""Smooth functions that stand for "any function": different ones for different names and layers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from symbackprop.check.evaluate.array import Array, entries_of
from symbackprop.check.evaluate.traced import Undecided, applied, number, total

ABSTRACT = "abstract "
"""Before the name of a function of which the document says nothing but its name."""
ARRAY_FUNCTIONS = frozenset(
    "prod rot rot180 flip conv conv2 conv2d upsample pool vec mat concat concatenate reshape flatten kron im2col pad "
    "full valid trace tr softmax_grad einsum argmax argmin".split()
)
"""Functions of arrays that writers use without a formula: no function of numbers stands for them."""
ACTIVATION_LETTERS = frozenset({"\\sigma", "f", "g", "\\phi", "\\varphi", "\\psi", "Act", "act", "h"})


def abstract(name: str, position: int | None, order: int, arguments: Sequence[Any]) -> Any:
    """f (or its derivative) of one argument entry by entry; of several arguments a number."""
    from symbackprop.check.evaluate.functions import entrywise

    parameters = _parameters(name, position)
    if len(arguments) == 1:
        return entrywise(lambda value: _curve(parameters, value), order, arguments[0])
    if order:
        raise Undecided("the derivative of a function of several arguments")
    if any(isinstance(argument, Array) for argument in arguments):
        return _mixed(parameters, [entry for argument in arguments for entry in entries_of(argument)])
    return _mixed(parameters, arguments)


def _parameters(name: str, position: int | None) -> tuple[Any, ...]:
    generator = random.Random(f"{name} {position}")
    return tuple(number(f"{generator.uniform(0.5, 1.5):.6f}") for _ in range(4))


def _curve(parameters: tuple[Any, ...], value: Any) -> Any:
    """a tanh(b x + c) + d x²/4: not linear, not odd, not even, and no square of itself."""
    a, b, c, d = parameters
    return applied("tanh", value * b + c / 3) * a + value * value * (d / 4)


def _mixed(parameters: tuple[Any, ...], values: Sequence[Any]) -> Any:
    """A curve of a weighted sum, and a square, so that no two arguments can change places."""
    weighted = total(value * (parameters[place % 4] + number(place + 1) / 7) for place, value in enumerate(values))
    square = total(value * value * (number(place + 2) / 11) for place, value in enumerate(values))
    return _curve(parameters, weighted) + square
