"""The forward and the backward algorithm of a network of any depth, as numbered steps with assignments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from msgspec import structs

from symbackprop.derive.any_depth import AnyDepth
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import (
    ONE,
    Apply,
    Chain,
    Expression,
    Index,
    Name,
    Symbol,
    chain,
    transform,
)
from symbackprop.spec.model import Order

ASSIGN = "←"


@dataclass(frozen=True, slots=True)
class Loop:
    """The layers that steps run over, from ``first`` to ``last`` by one up or down."""

    index: Expression
    first: Expression
    last: Expression


@dataclass(frozen=True, slots=True)
class AlgorithmStep:
    """One numbered step: what it is for (``key``), its assignments, and the steps inside it.

    Keys: "input", "layers_up", "layer", "start", "layers_down", "gradients", "pass_back", "update",
    "update_all". ``condition`` restricts a step to some layers.
    """

    key: str
    assignments: tuple[Chain, ...] = ()
    loop: Loop | None = None
    condition: Expression | None = None
    steps: tuple[AlgorithmStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An algorithm: "forward" or "backward", and its steps in order."""

    name: str
    steps: tuple[AlgorithmStep, ...]


def forward_algorithm(derivation: AnyDepth) -> Algorithm:
    """From the given a^0 layer after layer; all z and a are kept."""
    letter = derivation.network.layer
    inputs = Chain((Symbol("activation", 0),), ())
    up = Loop(Name(letter), ONE, Name(derivation.network.last))
    layer = AlgorithmStep("layer", tuple(assigned(equation) for equation in derivation.forward))
    return Algorithm("forward", (AlgorithmStep("input", (inputs,)), AlgorithmStep("layers_up", (), up, None, (layer,))))


def backward_algorithm(derivation: AnyDepth, order: Order = "simultaneous", overwrite: bool = False) -> Algorithm:
    """δ of the last layer, then back layer after layer, in an update order.

    Simultaneous: all gradients first, all updates after them, so that the error goes back through
    the weights that the forward pass used. Sequential: a layer is updated as soon as its gradients
    are known, and the error goes back through its new weights. With ``overwrite`` a parameter
    keeps its name when it is updated, as in a program.
    """
    letter, last = derivation.network.layer, derivation.network.last
    down, up = Loop(Name(letter), Name(last), ONE), Loop(Name(letter), ONE, Name(last))
    given = len(derivation.start.expressions) == 1
    start = AlgorithmStep("start", (derivation.start if given else assigned(derivation.start),))
    gradients = AlgorithmStep(
        "gradients",
        tuple(assigned(derivation.equation(derivation.node(kind, ADJOINT))) for kind in derivation.parameters),
    )
    update = AlgorithmStep("update", tuple(assigned(derivation.update(kind)) for kind in derivation.parameters))
    above_first = Apply("greater", (Name(letter), ONE))
    handed_on = shifted(assigned(derivation.passed_back(order)), letter, -1)
    pass_back = AlgorithmStep("pass_back", (handed_on,), condition=above_first)
    if order == "sequential":
        backward = [AlgorithmStep("layers_down", (), down, None, (gradients, update, pass_back))]
    else:
        backward = [
            AlgorithmStep("layers_down", (), down, None, (gradients, pass_back)),
            AlgorithmStep("update_all", (), up, None, (update,)),
        ]
    algorithm = Algorithm("backward", (start, *backward))
    return _overwritten(algorithm) if overwrite else algorithm


def assigned(equation: Chain) -> Chain:
    """The equation as an assignment of its last member to its first."""
    return chain(equation.expressions[0], equation.expressions[-1], relation=ASSIGN)


def shifted(equation: Chain, letter: str, offset: int) -> Chain:
    """The same statement for another layer: every layer index moved by an offset."""

    def moved(part: Expression) -> Expression | None:
        if isinstance(part, Symbol) and isinstance(part.position, Index) and part.position.symbol == letter:
            return structs.replace(part, position=Index(letter, part.position.offset + offset))
        return None

    return _mapped(equation, lambda expression: transform(expression, moved))


def _overwritten(algorithm: Algorithm) -> Algorithm:
    def plain(part: Expression) -> Expression | None:
        return structs.replace(part, variant="") if isinstance(part, Symbol) and part.variant == UPDATED else None

    def rewrite(step: AlgorithmStep) -> AlgorithmStep:
        assignments = tuple(
            _mapped(assignment, lambda expression: transform(expression, plain)) for assignment in step.assignments
        )
        return replace(step, assignments=assignments, steps=tuple(rewrite(inner) for inner in step.steps))

    return replace(algorithm, steps=tuple(rewrite(step) for step in algorithm.steps))


def _mapped(equation: Chain, change: Callable[[Expression], Expression]) -> Chain:
    return structs.replace(equation, expressions=tuple(change(expression) for expression in equation.expressions))
