"""The forward and the backward algorithm as numbered steps, in both update orders."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.algorithms import Algorithm, AlgorithmStep, backward_algorithm, forward_algorithm
from symbackprop.derive.any_depth import AnyDepth
from symbackprop.document.blocks import Block, Enumeration, Heading, Inline, Message, Say
from symbackprop.document.story import Story, say


def algorithms(story: Story, derivation: AnyDepth) -> Iterator[Block]:
    yield Heading(1, say("algorithm.heading"))
    yield Heading(2, say("algorithm.forward"))
    yield _steps(forward_algorithm(derivation))
    yield Heading(2, say("algorithm.backward"))
    yield Say(say("algorithm.simultaneous"))
    yield _steps(backward_algorithm(derivation))
    yield Say(say("algorithm.sequential"))
    yield _steps(backward_algorithm(derivation, "sequential"))
    yield Say(say("algorithm.difference"))


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
        arguments["inner"] = tuple(_step(inner) for inner in step.steps)
    return Message(f"algorithm.{step.key}", arguments)
