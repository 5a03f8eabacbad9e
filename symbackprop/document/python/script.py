"""The script of a network: given values, one round of forward pass, gradients and updates, and the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.joint import joint_sweep
from symbackprop.derive.reverse import ADJOINT, UPDATED, Sweep, adjoint_symbol
from symbackprop.document.blocks import Message, Text
from symbackprop.document.python.names import PythonNames
from symbackprop.document.python.statements import HELPERS, assignment, functions_in, listing, python_text
from symbackprop.document.sections.network import leaves
from symbackprop.document.sections.training import milestones
from symbackprop.document.story import Story, say
from symbackprop.errors import UserError
from symbackprop.expression import Chain, Symbol, chain
from symbackprop.forms.scalar import definition
from symbackprop.numeric.arithmetic import DOUBLES
from symbackprop.numeric.program import Assignment, Program, entries_of, program_of
from symbackprop.numeric.stable import TEMPORARY
from symbackprop.spec.error import LOSS_PART
from symbackprop.spec.model import Order

MOST_LINES = 3000
OWN_NAMES = ("ITERATIONS", "SHOWN", "SAMPLES", "count", "number", "sample", "total", "show", "sign", "softplus")
CLOSE_ENOUGH = 1e-9

OwnSigns = Callable[[Chain], Chain]


@dataclass(frozen=True, slots=True)
class Part:
    """Some statements under one comment."""

    title: Message
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """What a script says, in Python; a template puts it in order.

    ``functions`` come from Python's math module, ``helpers`` are functions written out. ``forward``
    ends with the error of one sample; ``backward`` holds gradients and updates, ``renewals`` put the
    new parameters in the place of the old. ``shown`` are the quantities that the first round prints,
    ``number_format`` how. ``sample`` is what ``samples`` unpack into, where training takes one at a
    time. ``shown_rounds`` is empty where nothing is repeated.
    """

    functions: tuple[str, ...]
    helpers: tuple[str, ...]
    given: tuple[Part, ...]
    forward: tuple[Part, ...]
    backward: tuple[Part, ...]
    renewals: tuple[str, ...]
    shown: tuple[str, ...]
    error: str
    outputs: tuple[str, ...]
    number_format: str
    iterations: int
    shown_rounds: tuple[int, ...]
    order: str
    sample: str
    samples: tuple[str, ...]
    mean: bool


def script_of(story: Story, own_signs: OwnSigns) -> Script:
    """The script of a network that has all its values; UserError where one is missing."""
    derivation = story.derivation
    model = derivation.model
    if model.missing:
        known = ", ".join(story.naming.spell(symbol) for symbol in model.missing[:6])
        raise UserError("--to py", f"a script needs a value for every quantity; there is none for {known}")
    order = derivation.network.training.order
    sweep = joint_sweep(model, order)
    program = faithful_program(derivation, sweep, order)
    if len(program.leaves) + len(program.assignments) > MOST_LINES:
        count = len(program.leaves) + len(program.assignments)
        raise UserError("--to py", f"names every quantity by itself, and these are {count:,}: more than {MOST_LINES:,}")
    writer = Writer(story, own_signs, derivation.values_after(order))
    old = entries_of(sweep.graph.by_id[name] for name in (*sweep.updates, *sweep.states) if derivation.can_train)
    new = entries_of([*sweep.updates.values(), *sweep.states.values()]) if derivation.can_train else ()
    split = next(place for place, line in enumerate(program.assignments) if line.entry == story.loss) + 1
    forward, backward = program.assignments[:split], program.assignments[split:]
    inside = tuple(leaf for leaf in program.leaves if model.samples and leaf in model.samples[0])
    given = tuple(writer.given(sweep, [leaf for leaf in program.leaves if leaf not in inside]))
    parts = {"forward": tuple(writer.parts(forward)), "backward": tuple(writer.parts(backward))}
    rounds = derivation.network.training.iterations if derivation.can_train else 0
    names = writer.names
    functions = functions_in(line for part in (*parts["forward"], *parts["backward"]) for line in part.lines)
    helpers = tuple(HELPERS[name] for name in functions if name in HELPERS)
    return Script(
        functions=functions_in([*(name for name in functions if name not in HELPERS), *helpers]),
        helpers=helpers,
        given=given,
        **parts,
        renewals=tuple(f"{names[first]} = {names[second]}" for first, second in zip(old, new, strict=True)),
        shown=tuple(writer.written[line.entry] for line in program.assignments if line.entry in writer.written),
        error=names[story.loss],
        outputs=tuple(names[entry] for entry in entries_of([model.output])),
        number_format=number_format(story, derivation.values_after(order).values()),
        iterations=rounds,
        shown_rounds=milestones(rounds) if rounds else (),
        order=order,
        sample=listing((names[leaf] for leaf in inside), "(", ")") if inside else "",
        samples=tuple(listing((str(sample[leaf]) for leaf in inside), "(", ")") for sample in model.samples),
        mean=derivation.network.training.reduction == "mean",
    )


def faithful_program(derivation: Derivation, sweep: Sweep, order: Order) -> Program:
    """The formulas as they are derived, where doubles hold what they compute; else their stable forms."""
    wanted = [story_loss(derivation), *entries_of([derivation.output])]
    wanted += [adjoint_symbol(parameter) for parameter in derivation.parameters]
    if derivation.can_train:
        wanted += entries_of([*sweep.updates.values(), *sweep.states.values()])
    plain = _plain_program(sweep).needed_for(wanted)
    values = {**derivation.model.values, **sweep.initial}
    try:
        found = plain.evaluate(values, DOUBLES)
    except (OverflowError, ZeroDivisionError, ValueError):
        return program_of(sweep.graph, wanted)
    exact = derivation.values_after(order)
    close = all(abs(value - exact[entry]) <= CLOSE_ENOUGH * abs(exact[entry]) for entry, value in found.items())
    return plain if close else program_of(sweep.graph, wanted)


def story_loss(derivation: Derivation) -> Symbol:
    return derivation.model.graph.loss.entry()


def _plain_program(sweep: Sweep) -> Program:
    """Every entry by its definition, as a reader sees it."""
    nodes = [node for node in sweep.graph.nodes if node.symbol is not None]
    leaves = entries_of(node for node in nodes if node.operation is None)
    lines = (entry for node in nodes if node.operation is not None for entry in entries_of([node]))
    return Program(leaves, tuple(Assignment(entry, definition(sweep.graph, entry)) for entry in lines))


def number_format(story: Story, values: Iterable[Any]) -> str:
    """How Python prints numbers about as the document does: in decimals, unless that would lose small ones."""
    numbers = story.derivation.network.numbers
    smallest = min((abs(value) for value in values if value), default=1)
    decimals = numbers.scheme == "decimals" and smallest >= 10.0 ** (2 - numbers.digits)
    return f".{numbers.digits}{'f' if decimals else 'g'}"


class Writer:
    """Writes the statements of one script or notebook, with names of its own."""

    def __init__(
        self, story: Story, own_signs: OwnSigns, values: Mapping[Symbol, Any], taken: Sequence[str] = OWN_NAMES
    ) -> None:
        self.story = story
        self.own_signs = own_signs
        self.values = values
        self.names = PythonNames(story.naming, story.loss, taken)
        self.written: dict[Symbol, str] = {}
        """the names of the assigned quantities that a reader knows, by their entries"""

    def given(self, sweep: Sweep, wanted: Iterable[Symbol]) -> Iterator[Part]:
        """The values that the network starts with, in the order of the document."""
        values = {**self.story.derivation.model.values, **sweep.initial}
        left = dict.fromkeys(wanted)
        for key, entries in leaves(self.story):
            lines = [f"{self.names[entry]} = {values[entry]}" for entry in entries if entry in left]
            left = {entry: None for entry in left if entry not in entries}
            if lines:
                yield Part(say(key), tuple(lines))
        if left:
            yield Part(say("python.states"), tuple(f"{self.names[entry]} = {values[entry]}" for entry in left))

    def parts(self, lines: Iterable[Assignment]) -> Iterator[Part]:
        """The statements in order, under a comment wherever another stage begins."""
        for title, group in groupby(lines, lambda line: _stage(line.entry)):
            yield Part(title, tuple(self.statement(line) for line in group))

    def statement(self, line: Assignment) -> str:
        """One assignment, with the document's number behind it."""
        entry, value = self.own_signs(chain(line.entry, line.value)).expressions
        if not isinstance(entry, Symbol):
            entry, value = line.entry, line.value
        name = self.names[entry]
        if entry.variant != TEMPORARY:
            self.written[line.entry] = name
        return assignment(name, python_text(value, self.names), self.note(line.entry, entry))

    def note(self, entry: Symbol, written: Symbol) -> str:
        """The number that the document shows of an entry; '' where it shows none."""
        if entry not in self.values:
            return ""
        value = self.values[entry]
        return self.story.rounding.number(value if written == entry else -value).text


def _stage(entry: Symbol) -> Message:
    """The stage of a round to which an entry belongs."""
    words = entry.variant.split()
    if UPDATED in words:
        return say("python.update")
    of = replace(entry, variant="")
    stage = "backward" if ADJOINT in words else "forward"
    if of.position is None or of.kind == LOSS_PART.kind:
        return say(f"python.{stage}_error")
    return say(f"python.{stage}_layer", number=Text(str(of.position)))
