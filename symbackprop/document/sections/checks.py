"""How every gradient in the document was verified."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.verification import DIRECTIONS, STEP
from symbackprop.document.blocks import Block, Heading, Say, Text
from symbackprop.document.story import Story, say
from symbackprop.expression import Number
from symbackprop.numeric.rounding import WORKING_DIGITS, Rounding


def checks(story: Story) -> Iterator[Block]:
    found = story.verification
    yield Heading(1, say("checks.heading"))
    random = found.points - found.at_example
    points = say("checks.points_and_example" if found.at_example else "checks.points", count=Text(str(random)))
    yield Say(
        say(
            f"checks.{found.method}",
            count=Text(str(found.parameters)),
            directions=Text(str(DIRECTIONS)),
            digits=Text(str(found.digits)),
            step=Number(str(STEP).lower()),
            points=points,
        )
    )
    yield Say(say("checks.result", largest=Rounding(1, "significant").number(found.largest)))
    if found.kinks:
        yield Say(say("checks.kinks", units=found.kinks))
    if story.derivation.model.values:
        yield Say(say("checks.rounding", digits=Text(str(WORKING_DIGITS))))
    yield Say(say("checks.derivatives"))
