"""A graph as a straight-line Python function: one statement for each named entry.

The source is generated from the graph alone; no text of a user enters it (variables are numbered).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from symbackprop.expression import Expression, Symbol, symbols
from symbackprop.forms.scalar import definition
from symbackprop.graph import Graph, Node
from symbackprop.numeric.arithmetic import Arithmetic
from symbackprop.numeric.source import source
from symbackprop.numeric.stable import TEMPORARY, Logarithms, known_logarithms, numeric_forms, stable, takes_logarithms
from symbackprop.ops import Composite, Map, Stack


@dataclass(frozen=True, slots=True)
class Assignment:
    """One entry and how it is computed."""

    entry: Symbol
    value: Expression


@dataclass(frozen=True, slots=True)
class Program:
    """Leaves that have to be given, and the assignments that follow, in order."""

    leaves: tuple[Symbol, ...]
    assignments: tuple[Assignment, ...]

    def names(self) -> dict[Symbol, str]:
        """A variable for every entry."""
        entries = [*self.leaves, *(assignment.entry for assignment in self.assignments)]
        return {entry: f"v{number}" for number, entry in enumerate(entries)}

    def lines(self, names: Mapping[Symbol, str], arithmetic: Arithmetic) -> list[str]:
        return [f"{names[line.entry]} = {source(line.value, names, arithmetic.constant)}" for line in self.assignments]

    def function(self, arithmetic: Arithmetic) -> Callable[[Sequence[Any]], list[Any]]:
        """A function from the leaves' values to the values of all entries, leaves first."""
        program: Callable[[Sequence[Any]], list[Any]] = run_generated(self.text(arithmetic), arithmetic)["program"]
        return program

    def text(self, arithmetic: Arithmetic) -> str:
        """The source of that function."""
        names = self.names()
        leaves = ", ".join(names[entry] for entry in self.leaves)
        body = "\n    ".join(self.lines(names, arithmetic))
        return f"def program(leaves):\n    [{leaves}] = leaves\n    {body}\n    return [{', '.join(names.values())}]"

    def evaluate(self, values: Mapping[Symbol, Any], arithmetic: Arithmetic) -> dict[Symbol, Any]:
        """The values of all entries; ``values`` must hold every leaf, as decimal text or number."""
        given = [arithmetic.value(str(values[leaf])) for leaf in self.leaves]
        results = self.function(arithmetic)(given)
        pairs = zip(self.names(), results, strict=True)
        return {entry: value for entry, value in pairs if entry.variant != TEMPORARY}

    def needed_for(self, wanted: Iterable[Symbol]) -> Program:
        """What of the program is needed to compute some entries."""
        needed = set(wanted)
        kept = []
        for assignment in reversed(self.assignments):
            if assignment.entry in needed:
                needed.update(symbols(assignment.value))
                kept.append(assignment)
        return Program(tuple(leaf for leaf in self.leaves if leaf in needed), tuple(reversed(kept)))


def program_of(graph: Graph, wanted: Iterable[Symbol] | None = None) -> Program:
    """The program of a graph's named entries: all of them, or those that ``wanted`` entries need."""
    leaves: list[Symbol] = []
    assignments: list[Assignment] = []
    logarithms: Logarithms | None = None
    for node in graph.nodes:
        if node.symbol is None:
            continue
        if node.operation is None:
            leaves.extend(entries_of([node]))
        elif isinstance(node.operation, Composite) and node.operation.numeric is not None:
            assignments.extend(_composite(node, node.operation))
        else:
            lines = [Assignment(entry, definition(graph, entry)) for entry in entries_of([node])]
            if isinstance(node.operation, Map) and takes_logarithms(node.operation.function):
                logarithms = known_logarithms(graph) if logarithms is None else logarithms
                lines = [Assignment(line.entry, stable(line.value, logarithms)) for line in lines]
            assignments.extend(lines)
    program = Program(tuple(leaves), tuple(assignments))
    return program if wanted is None else program.needed_for(wanted)


def _composite(node: Node, operation: Composite) -> Iterator[Assignment]:
    for places, form in numeric_forms(node, operation):
        for entry, value in form.temporaries:
            yield Assignment(entry, value)
        for place, value in zip(places, form.results, strict=True):
            yield Assignment(node.entry(*place), value)


def run_generated(text: str | CodeType, arithmetic: Arithmetic) -> dict[str, Any]:
    """Run source that this package generated, and answer the names it defines."""
    namespace: dict[str, Any] = dict(arithmetic.functions)
    code = compile(text, f"<generated: {arithmetic.name}>", "exec") if isinstance(text, str) else text
    exec(code, namespace)  # noqa: S102 (own source only)
    return namespace


def entries_of(nodes: Iterable[Node]) -> tuple[Symbol, ...]:
    """All entries of some nodes, a stack standing for what was stacked."""
    found: list[Symbol] = []
    for node in nodes:
        if node.symbol is None and isinstance(node.operation, Stack):
            found.extend(entries_of(node.arguments))
        else:
            found.extend(node.entry(*place) for place in node.places())
    return tuple(found)
