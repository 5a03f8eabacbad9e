"""The source of the training loop: forward pass, gradients and updates, once for every iteration."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, cycle
from typing import Any

from msgspec.structs import replace

from symbackprop.expression import Symbol, symbols
from symbackprop.graph import Graph, Node
from symbackprop.numeric.arithmetic import Arithmetic
from symbackprop.numeric.inlining import inlined
from symbackprop.numeric.program import Assignment, Program, entries_of, program_of, run_generated
from symbackprop.numeric.source import source

NUDGES = 997
"""How many different nudges there are before they repeat."""


@dataclass(frozen=True, slots=True)
class Loop:
    """What is repeated: the lines of ``step``, then every parameter takes its new value, as ``renewals`` say.

    ``forward`` computes the error and the outputs alone. With ``samples`` an iteration takes every
    sample in turn, and E is that of all samples at the iteration's beginning.
    """

    step: Program
    renewals: tuple[Assignment, ...]
    forward: Program
    error: Symbol
    outputs: tuple[Symbol, ...]
    parameters: tuple[Symbol, ...]
    values: Mapping[Symbol, Any]
    samples: Sequence[Mapping[Symbol, Any]]
    mean: bool

    def run(self, iterations: int, arithmetic: Arithmetic, perturbed: bool = False) -> Any:
        """(errors, last parameters, outputs of each sample), calculated in an arithmetic.

        ``perturbed`` puts every assigned value off by about one unit in the last place of a double.
        """
        names = self._names()
        leaves, inside = self._leaves()
        text = self._source(names, leaves, inside, arithmetic, perturbed)
        given = [arithmetic.value(str(self.values[leaf])) for leaf in leaves]
        rows = [[arithmetic.value(str(sample[leaf])) for leaf in inside] for sample in self.samples]
        return run_generated(text, arithmetic)["train"](iterations, given, rows, nudges() if perturbed else iter(()))

    def _leaves(self) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
        """The leaves that stay the same all the time, parameters included, and those of each sample."""
        every = dict.fromkeys((*self.step.leaves, *self.forward.leaves, *self.parameters))
        inside = tuple(leaf for leaf in every if any(leaf in sample for sample in self.samples))
        return tuple(leaf for leaf in every if leaf not in inside), inside

    def _names(self) -> dict[Symbol, str]:
        """A variable for every leaf and entry."""
        lines = chain(self.step.assignments, self.forward.assignments)
        every = dict.fromkeys(chain(*self._leaves(), (line.entry for line in lines)))
        return {entry: f"v{number}" for number, entry in enumerate(every)}

    def _source(
        self,
        names: Mapping[Symbol, str],
        leaves: Iterable[Symbol],
        inside: Iterable[Symbol],
        arithmetic: Arithmetic,
        perturbed: bool,
    ) -> str:
        def write(lines: Iterable[Assignment]) -> list[str]:
            return [
                f"{names[line.entry]} = {source(line.value, names, arithmetic.constant)}"
                + (f" * {'down' if number % 2 else 'up'}" if perturbed else "")
                for number, line in enumerate(lines)
            ]

        forward, error, sample = write(self.forward.assignments), names[self.error], _list(names, inside)
        nudge = ["up, down = next(nudges)"] if perturbed else []
        step = [*nudge, *write(self.step.assignments)]
        renewals = write(self.renewals)
        outputs = f"outputs.append({_list(names, self.outputs)})"
        if self.samples:
            total = [f"errors.append(total / {len(self.samples)})" if self.mean else "errors.append(total)"]
            rows = f"for {sample} in samples:"
            before = ["total = 0", rows, *_in([*forward, f"total += {error}"]), *total]
            every = [*before, rows, *_in([*step, *renewals])]
            last = ["total = 0", rows, *_in([*forward, f"total += {error}", outputs]), *total]
        else:
            every = [*step, f"errors.append({error})", *renewals]
            last = [*forward, f"errors.append({error})", outputs]
        body = [
            f"{_list(names, leaves)} = leaves",
            "errors, outputs = [], []",
            *nudge,
            "for _ in range(iterations):",
            *_in(every),
            *last,
            f"return errors, {_list(names, self.parameters)}, outputs",
        ]
        return "\n".join(["def train(iterations, leaves, samples, nudges):", *_in(body)])


def of_sample(entry: Symbol, number: int) -> Symbol:
    """An output's entry with its sample's number before its own indices."""
    return replace(entry, indices=(number, *(entry.indices or ())))


def _in(lines: Iterable[str]) -> list[str]:
    """Lines of source, one level in."""
    return [f"    {line}" for line in lines]


def _list(names: Mapping[Symbol, str], entries: Iterable[Symbol]) -> str:
    return f"[{', '.join(names[entry] for entry in entries)}]"


def loop_of(
    graph: Graph,
    updates: Mapping[str, Node],
    outputs: Node,
    values: Mapping[Symbol, Any],
    samples: Sequence[Mapping[Symbol, Any]],
    reduction: str,
) -> Loop:
    """The loop over a graph with updates (a leaf's id -> the node of its new value)."""
    parameters = entries_of(graph.by_id[name] for name in updates)
    renewed = entries_of(updates.values())
    error, results = graph.loss.entry(), entries_of([outputs])
    program = program_of(graph)
    forward = program.needed_for((error, *results))
    needed = program.needed_for((*renewed, *(() if samples else (error,))))
    step, renewals = _split(inlined(needed, (*renewed, error)), parameters, renewed)
    return Loop(
        step,
        renewals,
        inlined(forward, (error, *results)),
        error,
        results,
        parameters,
        values,
        samples,
        reduction == "mean",
    )


def _split(
    program: Program, parameters: Sequence[Symbol], renewed: Sequence[Symbol]
) -> tuple[Program, tuple[Assignment, ...]]:
    """The lines that come before the parameters change, and those by which they change.

    A new value that no other line uses, and that depends on no other parameter, is put straight into
    the parameter; any other one is computed first and copied at the end.
    """
    parameter_of = dict(zip(renewed, parameters, strict=True))
    old = frozenset(parameters)
    used = {symbol for line in program.assignments for symbol in symbols(line.value)}
    first, copied, direct = [], [], []
    for line in program.assignments:
        parameter = parameter_of.get(line.entry)
        if parameter is not None and line.entry not in used and not (old & set(symbols(line.value))) - {parameter}:
            direct.append(Assignment(parameter, line.value))
            continue
        first.append(line)
        if parameter is not None:
            copied.append(Assignment(parameter, line.entry))
    return Program(program.leaves, tuple(first)), (*direct, *copied)


def nudges() -> Iterator[tuple[float, float]]:
    """Pairs of factors that differ from 1 by about one unit in the last place of a double, or not at all."""
    generator = random.Random(754)
    factors = [1.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53]
    return cycle([(generator.choice(factors), generator.choice(factors)) for _ in range(NUDGES)])
