"""The script of a network: given values, one round of forward pass, gradients and updates, and the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from symbackprop.derive.derivation import Derivation
from symbackprop.derive.joint import joint_sweep
from symbackprop.derive.reverse import ADJOINT, UPDATED, Sweep, adjoint_symbol
from symbackprop.document.blocks import Message, Text
from symbackprop.document.python.names import PythonNames
from symbackprop.document.python.statements import assignment, called, listing, python_text, together
from symbackprop.document.sections.network import leaves
from symbackprop.document.sections.training import milestones
from symbackprop.document.story import Story, say
from symbackprop.errors import UserError
from symbackprop.expression import Chain, Expression, Symbol, chain
from symbackprop.forms.scalar import definition
from symbackprop.graph import Graph
from symbackprop.notation.naming import plain
from symbackprop.numeric.arithmetic import DOUBLES
from symbackprop.numeric.program import Assignment, Program, entries_of, program_of
from symbackprop.numeric.stable import TEMPORARY
from symbackprop.spec.error import LOSS_PART, TRANSPARENT
from symbackprop.spec.model import Order

MOST_QUANTITIES = 3000
MOST_NAMED = 6
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
    model, training = derivation.model, derivation.network.training
    if model.missing:
        some = [plain(story.naming.spell(symbol)) for symbol in model.missing[:MOST_NAMED]]
        more = " and others" if len(model.missing) > MOST_NAMED else ""
        raise UserError("--to py", f"a script needs all values; there is none for {', '.join(some)}{more}")
    turn = round_of(derivation, training.order, "--to py")
    writer = Writer(story, own_signs, derivation.values_after(training.order))
    given = tuple(writer.given(turn.given, turn.sweep.initial))
    forward, backward = tuple(writer.parts(turn.forward)), tuple(writer.parts(turn.backward))
    functions, helpers = called(line for part in (*forward, *backward) for line in part.lines)
    names = writer.names
    rounds = training.iterations if derivation.can_train else 0
    return Script(
        functions=functions,
        helpers=helpers,
        given=given,
        forward=forward,
        backward=backward,
        renewals=turn.renewals(names),
        shown=tuple(
            writer.written[line.entry] for line in (*turn.forward, *turn.backward) if line.entry in writer.written
        ),
        error=names[story.loss],
        outputs=tuple(names[entry] for entry in entries_of([model.output])),
        number_format=number_format(story, derivation.values_after(training.order).values()),
        iterations=rounds,
        shown_rounds=milestones(rounds) if rounds else (),
        order=training.order,
        sample=turn.sample(names),
        samples=tuple(listing(str(sample[leaf]) for leaf in turn.of_sample) for sample in model.samples),
        mean=training.reduction == "mean",
    )


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the loop: what it is given, what each sample gives, and its statements in order.

    ``forward`` ends with the error; ``updated`` pairs what changes with its new value.
    """

    sweep: Sweep
    given: tuple[Symbol, ...]
    of_sample: tuple[Symbol, ...]
    forward: tuple[Assignment, ...]
    backward: tuple[Assignment, ...]
    updated: tuple[tuple[Symbol, Symbol], ...]

    def renewals(self, names: Mapping[Symbol, str]) -> tuple[str, ...]:
        """The statements that put what is new in the place of the old."""
        return together((names[old], names[new]) for old, new in self.updated)

    def sample(self, names: Mapping[Symbol, str]) -> str:
        """What a sample's row of values unpacks into; '' where training takes all samples at once."""
        return listing(names[leaf] for leaf in self.of_sample) if self.of_sample else ""


def round_of(derivation: Derivation, order: Order, place: str) -> Round:
    """One round in an update order; UserError at ``place`` where a network is too large to name every quantity."""
    model, sweep = derivation.model, joint_sweep(derivation.model, order)
    old = [sweep.graph.by_id[name] for name in (*sweep.updates, *sweep.states) if derivation.can_train]
    new = [*sweep.updates.values(), *sweep.states.values()] if derivation.can_train else []
    wanted = [model.graph.loss.entry(), *entries_of([model.output, *new])]
    wanted += [adjoint_symbol(parameter) for parameter in derivation.parameters]
    size = sum(len(tuple(node.places())) for node in sweep.graph.nodes if node.symbol is not None)
    if size > MOST_QUANTITIES:
        raise UserError(place, f"every quantity has its own name in code, and these are {size:,}, too many to read")
    program = faithful_program(derivation, sweep, order, wanted)
    lines = program.assignments
    split = next(number for number, line in enumerate(lines) if line.entry == model.graph.loss.entry()) + 1
    backward = lines[split:]
    if order == "simultaneous":
        backward = tuple(sorted(backward, key=lambda line: UPDATED in line.entry.variant.split()))
    of_sample = tuple(leaf for leaf in program.leaves if model.samples and leaf in model.samples[0])
    given = tuple(leaf for leaf in program.leaves if leaf not in of_sample)
    updated = tuple(zip(entries_of(old), entries_of(new), strict=True))
    return Round(sweep, given, of_sample, lines[:split], backward, updated)


def faithful_program(derivation: Derivation, sweep: Sweep, order: Order, wanted: Iterable[Symbol]) -> Program:
    """The formulas as they are derived, where doubles hold what they compute; else their stable forms."""
    wanted = tuple(wanted)
    plain_lines = _plain_program(sweep).needed_for(wanted)
    try:
        found = plain_lines.evaluate({**derivation.model.values, **sweep.initial}, DOUBLES)
    except (OverflowError, ZeroDivisionError, ValueError):
        return program_of(sweep.graph, wanted)
    exact = derivation.values_after(order)
    close = all(abs(value - exact[entry]) <= CLOSE_ENOUGH * abs(exact[entry]) for entry, value in found.items())
    return plain_lines if close else program_of(sweep.graph, wanted)


def _plain_program(sweep: Sweep) -> Program:
    """Every entry by its definition, as a reader sees it."""
    plain_form = Plain(sweep.graph)
    nodes = [node for node in sweep.graph.nodes if node.symbol is not None]
    leaves = entries_of(node for node in nodes if node.operation is None)
    lines = (entry for node in nodes if node.operation is not None for entry in entries_of([node]))
    return Program(leaves, tuple(Assignment(entry, plain_form.definition(entry)) for entry in lines))


class Plain:
    """Definitions for readers: the derivatives that are mere numbers (∂E/∂E_1) are written out, and so are gone."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._inline = [
            node.id
            for node in graph.nodes
            if node.role in TRANSPARENT and node.symbol is not None and node.symbol.variant == ADJOINT
        ]

    def definition(self, entry: Symbol) -> Expression:
        return definition(self._graph, entry, self._inline)


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

    def given(self, wanted: Iterable[Symbol], initial: Mapping[Symbol, int]) -> Iterator[Part]:
        """The values that the network starts with, in the order of the document; ``initial`` are the optimiser's."""
        values = {**self.story.derivation.model.values, **initial}
        left = dict.fromkeys(wanted)
        for key, entries in leaves(self.story):
            lines = self.assigned([entry for entry in entries if entry in left], values)
            left = {entry: None for entry in left if entry not in entries}
            if lines:
                yield Part(say(key), lines)
        if left:
            yield Part(say("python.states"), self.assigned(left, values))

    def assigned(self, entries: Iterable[Symbol], values: Mapping[Symbol, Any]) -> tuple[str, ...]:
        """Statements that give some entries their values."""
        return together((self.names[entry], str(values[entry])) for entry in entries)

    def parts(self, lines: Iterable[Assignment]) -> Iterator[Part]:
        """The statements in order, under a comment wherever another stage begins."""
        for title, group in groupby(lines, lambda line: _stage(line.entry)):
            yield Part(title, tuple(self.statement(line) for line in group))

    def statement(self, line: Assignment, noted: bool = True) -> str:
        """One assignment, with the document's number behind it where it is to be ``noted``."""
        entry, value = self.own_signs(chain(line.entry, line.value)).expressions
        if not isinstance(entry, Symbol):
            entry, value = line.entry, line.value
        name = self.names[entry]
        if entry.variant != TEMPORARY:
            self.written[line.entry] = name
        return assignment(name, python_text(value, self.names), self.note(line.entry, entry) if noted else "")

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
