"""The loop: the error over the iterations, as a curve and as a table."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.document.blocks import Block, Figure, Heading, Inline, Say, Table, Text
from symbackprop.document.story import Story, say
from symbackprop.expression import Number, chain
from symbackprop.numeric.loop import of_sample
from symbackprop.numeric.training import Training


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
    samples = story.derivation.model.samples
    if samples:
        how_many = Text(str(len(samples)))
        yield Say(say("rounds.start", count=count, loss=story.loss, order=order, samples=how_many))
    else:
        yield Say(say("training.start", count=count, loss=story.loss, order=order))
    yield Figure("curve", say(f"{story.loop}.figure", loss=story.loss, count=count), "curve")
    yield Table(
        say(f"{story.loop}.caption", loss=story.loss),
        (say(f"{story.loop}.iterations"), story.loss),
        tuple((Number(str(n)), run.error(n, story.rounding)) for n in milestones(steps)),
        "errors",
        "rr",
    )
    if samples:
        yield _outputs_of_samples(story, run, count)
        return
    outputs: tuple[Inline, ...] = tuple(
        chain(output, run.output(output, story.rounding)) for output in story.entries("activation", story.depth)
    )
    targets: tuple[Inline, ...] = tuple(
        chain(target, number) for target in story.entries("target") if (number := story.number(target))
    )
    yield Say(say("training.outputs", count=count, outputs=outputs, targets=targets))


def _outputs_of_samples(story: Story, run: Training, count: Text) -> Table:
    """A row for each sample: its number, its outputs, its targets."""
    outputs, targets = story.entries("activation", story.depth), story.entries("target")
    rows: list[tuple[Inline, ...]] = []
    for number, sample in enumerate(story.derivation.model.samples):
        reached = (run.output(of_sample(output, number), story.rounding) for output in outputs)
        wanted = (story.rounding.number(sample[target]) for target in targets)
        rows.append((Number(str(number + 1)), *reached, *wanted))
    header: tuple[Inline, ...] = (say("rounds.sample"), *outputs, *targets)
    caption = say("rounds.outputs", count=count)
    return Table(caption, header, tuple(rows), "outputs", "r" * len(header))


def milestones(steps: int) -> tuple[int, ...]:
    """0, the powers of ten, and the end."""
    powers = [10**exponent for exponent in range(len(str(steps)))]
    return tuple(dict.fromkeys([0, *(power for power in powers if power <= steps), steps]))
