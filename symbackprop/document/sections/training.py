"""The loop: the error over the iterations, as a curve and as a table."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block, Figure, Heading, Inline, Say, Table, Text
from symbackprop.document.story import Story, say
from symbackprop.expression import Number, chain


def training(story: Story) -> Iterator[Block]:
    steps = story.iterations
    if not steps:
        return
    yield Heading(1, say("training.heading"))
    count = Text(f"{steps:,}")
    if not story.derivation.can_train:
        yield Say(say("training.symbolic", count=count))
        return
    run = story.training(story.derivation.network.training.order)
    order = say(f"order.{story.derivation.network.training.order}")
    yield Say(say("training.start", count=count, loss=story.loss, order=order))
    yield Figure("curve", say("training.figure", loss=story.loss, count=count), "curve")
    yield Table(
        say("training.caption", loss=story.loss),
        (say("training.iterations"), story.loss),
        tuple((Number(str(n)), run.error(n, story.rounding)) for n in milestones(steps)),
        "errors",
        "rr",
    )
    rows: tuple[Inline, ...] = tuple(
        chain(output, run.output(output, story.rounding)) for output in story.entries("activation", story.depth)
    )
    targets: tuple[Inline, ...] = tuple(
        chain(target, number) for target in story.entries("target") if (number := story.number(target))
    )
    yield Say(say("training.outputs", count=count, outputs=rows, targets=targets))


def milestones(steps: int) -> tuple[int, ...]:
    """0, the powers of ten, and the end."""
    powers = [10**exponent for exponent in range(len(str(steps)))]
    return tuple(dict.fromkeys([0, *(power for power in powers if power <= steps), steps]))
