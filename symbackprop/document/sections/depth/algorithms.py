"""The forward and the backward algorithm as numbered steps, in both update orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

from symbackprop.derive.algorithms import (
    Algorithm,
    AlgorithmStep,
    assigned,
    backward_algorithm,
    forward_algorithm,
)
from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Enumeration, Heading, Inline, Message, Say
from symbackprop.document.story import Story, say
from symbackprop.expression import Chain


def algorithms(story: Story, derivation: AnyDepth, start: Chain | None = None) -> Iterator[Block]:
    """Both algorithms; ``start`` says what δ of the last layer is where the derivation leaves that open."""
    yield Heading(1, say("algorithm.heading"))
    yield Heading(2, say("algorithm.forward"))
    yield _steps(forward_algorithm(derivation))
    yield Heading(2, say("algorithm.backward"))
    yield Say(say("algorithm.simultaneous"))
    yield _steps(_started(backward_algorithm(derivation), start))
    yield Say(say("algorithm.sequential"))
    yield _steps(_started(backward_algorithm(derivation, "sequential"), start))
    yield Say(say("algorithm.difference"))


def _started(algorithm: Algorithm, start: Chain | None) -> Algorithm:
    if start is None or len(start.expressions) == 1:
        return algorithm
    first, *others = algorithm.steps
    return replace(algorithm, steps=(replace(first, assignments=(assigned(start),)), *others))


def _steps(algorithm: Algorithm) -> Enumeration:
    return Enumeration(tuple(_step(step) for step in algorithm.steps), ordered=True)


def _step(step: AlgorithmStep) -> Message:
    arguments: dict[str, Inline] = {}
    if step.loop is not None:
        arguments |= {"index": step.loop.index, "first": step.loop.first, "last": step.loop.last}
    if step.condition is not None:
        arguments["condition"] = step.condition
    if step.key == "input":
        arguments["layer"] = step.assignments[0].expressions[0]
    elif step.assignments:
        arguments["assignments"] = step.assignments
    if step.steps:
        arguments["inner"] = reduce(_then, map(_step, step.steps))
    return Message(f"algorithm.{step.key}", arguments)


def _then(first: Message, second: Message) -> Message:
    return say("algorithm.then", first=first, second=second)
