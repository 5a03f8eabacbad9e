"""Every gradient is compared with central differences of the loss in high precision.

The differences use the forward pass alone, so they are independent of the reverse sweep and of
every derivative in it. Points: random ones, and the example's own values.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.errors import VerificationError
from symbackprop.expression import Symbol
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.functions.loss import LOSSES
from symbackprop.numeric.arithmetic import precise
from symbackprop.numeric.program import program_of

DIGITS = 60
PRECISIONS = (DIGITS, 240, 960)
"""Digits, tried in turn: where units are saturated (1 - out, out close to 1) the first ones may cancel."""
STEP = Decimal("1e-20")
"""Truncation and cancellation are then both near 1e-40."""
TOLERANCE = Decimal("1e-30")
NOTHING = Decimal("1e-1000")
"""Saturated units leave differences so small that a Decimal cannot hold them."""
MOST_PARAMETERS = 100
DIRECTIONS = 8
RANDOM_POINTS = 2

Direction = Mapping[int, int]
"""Number of a parameter -> 1 or -1; the others stay."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked. ``largest`` is the largest difference met, relative to the gradient's size.

    ``method`` is "each" (every parameter by itself) or "directions" (random directions).
    ``kinks`` are pre-activations at which the activation has no derivative; the example's own
    point is then left out. ``digits`` is the precision that it took.
    """

    method: str
    parameters: int
    points: int
    at_example: bool
    largest: Decimal
    kinks: tuple[Symbol, ...] = ()
    digits: int = DIGITS


def verify(derivation: Derivation) -> Verification:
    """Check all gradients; VerificationError names the first one that fails at every precision."""
    failure: VerificationError | None = None
    for digits in PRECISIONS:
        try:
            return _verify(derivation, digits)
        except VerificationError as error:
            failure = error
        except ZeroDivisionError as error:
            fact = f"with {digits} digits something is still divided by 0: the gradient is not defined there, or nearly"
            failure = VerificationError(fact)
            failure.__cause__ = error
    assert failure is not None
    raise failure


def _verify(derivation: Derivation, digits: int) -> Verification:
    parameters = derivation.parameters
    arithmetic = precise(digits)
    forward = program_of(derivation.model.graph)
    loss = tuple(forward.names()).index(derivation.model.graph.loss.entry())
    run = forward.function(arithmetic)
    adjoints = [adjoint_symbol(parameter) for parameter in parameters]
    backward = program_of(derivation.graph, adjoints)
    gradients = backward.function(arithmetic)
    at = {name: place for place, name in enumerate(backward.names())}
    wanted = [at[adjoint] for adjoint in adjoints]

    def error(leaves: Sequence[Any]) -> Any:
        return run(leaves)[loss]

    kinks = _kinks(derivation)
    points = list(_points(derivation, forward.leaves, arithmetic.value, use_example=not kinks))
    directions = _directions(len(parameters))
    largest = arithmetic.value("0")
    for point in points:
        found = gradients([point[leaf] for leaf in backward.leaves])
        derived = [found[place] for place in wanted]
        largest = max(largest, _compare(parameters, point, directions, error, derived, arithmetic.value))
    each = len(parameters) <= MOST_PARAMETERS
    at_example = derivation.model.complete and not kinks
    method = "each" if each else "directions"
    shown = Decimal(str(largest)) if largest > arithmetic.value(str(NOTHING)) else Decimal(0)
    return Verification(method, len(parameters), len(points), at_example, shown, kinks, digits)


def _compare(
    parameters: Sequence[Symbol],
    point: Mapping[Symbol, Any],
    directions: Sequence[Direction],
    error: Callable[[Sequence[Any]], Any],
    derived: Sequence[Any],
    value: Callable[[str], Any],
) -> Any:
    """The largest difference, relative to the gradient's size, in any of the directions."""
    size = max(abs(entry) for entry in derived)
    step = value(str(STEP))
    leaves = list(point)
    places = {leaf: place for place, leaf in enumerate(leaves)}
    at = [places[parameter] for parameter in parameters]
    shifted = {side: [point[parameter] + side * step for parameter in parameters] for side in (1, -1)}
    largest = value("0")
    for direction in directions:
        ends = {}
        for side in (1, -1):
            values = list(point.values())
            for number, sign in direction.items():
                values[at[number]] = shifted[side * sign][number]
            ends[side] = error(values)
        measured = (ends[1] - ends[-1]) / (2 * step)
        claimed = sum(derived[number] if sign > 0 else -derived[number] for number, sign in direction.items())
        difference = abs(measured - claimed) / max(size, value("1e-6"))
        if not difference <= value(str(TOLERANCE)):
            parameter = parameters[next(iter(direction))]
            raise VerificationError(
                f"the derived gradient of {parameter.kind} {parameter.position} {parameter.indices} differs "
                f"from central differences of the loss by {float(difference):.3e}"
            )
        largest = max(largest, difference)
    return largest


def _directions(parameters: int) -> list[Direction]:
    """One for each of few parameters; for many, random corners of the cube, which all of them take part in."""
    if parameters <= MOST_PARAMETERS:
        return [{number: 1} for number in range(parameters)]
    generator = random.Random(parameters)
    return [{number: generator.choice((-1, 1)) for number in range(parameters)} for _ in range(DIRECTIONS)]


def _points(
    derivation: Derivation, leaves: Sequence[Symbol], value: Callable[[str], Any], use_example: bool
) -> list[dict[Symbol, Any]]:
    """Random values for every leaf, and the example's values where all of them are given."""
    generator = random.Random(1986)
    needs = LOSSES.get(derivation.network.loss).needs
    points = []
    for _ in range(RANDOM_POINTS):
        point = {leaf: value(f"{generator.uniform(-1.5, 1.5):.6f}") for leaf in leaves}
        if needs:
            point |= {leaf: value(f"{generator.uniform(0.1, 0.9):.6f}") for leaf in leaves if leaf.kind == "target"}
        points.append(point)
    if derivation.model.complete and use_example:
        given = derivation.model.values
        points.append({leaf: value(str(given.get(leaf, 1))) for leaf in leaves})
    return points


def _kinks(derivation: Derivation) -> tuple[Symbol, ...]:
    """Pre-activations whose value lies exactly on a kink of their activation."""
    found = []
    for node in derivation.model.graph.roles("preactivation"):
        assert node.symbol is not None
        assert isinstance(node.symbol.position, int)
        name = getattr(derivation.network.layers[node.symbol.position - 1], "activation", "")
        kinks = ACTIVATIONS.get(name).kinks if name in ACTIVATIONS else ()
        if not kinks:
            continue
        for place in node.places():
            entry = node.entry(*place)
            if any(entry in derivation.values and abs(derivation.values[entry] - kink) < 1e-30 for kink in kinks):
                found.append(entry)
    return tuple(found)
