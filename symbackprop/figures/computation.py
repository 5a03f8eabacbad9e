"""The computation graph of a story: every quantity a node, every local derivative on its edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from symbackprop.derive.paths import Paths
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.document.story import Story
from symbackprop.errors import UserError
from symbackprop.expression import ONE, Expression, Number, Symbol, multiply, symbols
from symbackprop.figures.keys import key
from symbackprop.figures.model import ComputationPicture, Dependency, Step, StepKind

MOST_STEPS, MOST_DEPENDENCIES = 48, 72
"""What one can still read; beyond, only the ways of one weight are drawn."""


@dataclass(frozen=True)
class Computation:
    """Values flow from the leaves to the error, gradients come back.

    With a ``start``, only what lies between that quantity and the error. ``tex`` spells a quantity,
    ``words`` gives the phrase of a key in the document's language.
    """

    story: Story
    tex: Callable[[Expression], str]
    words: Callable[[str], str]
    start: Symbol | None = None

    def picture(self) -> ComputationPicture:
        steps = tuple(self._step(entry) for entry in self.entries)
        value = self.words("graph.value") if any(step.value for step in steps) else ""
        gradient = self.words("graph.gradient") if any(step.gradient for step in steps) else ""
        return ComputationPicture(steps, tuple(self._dependencies()), value, gradient)

    @cached_property
    def paths(self) -> Paths:
        """The ways through every named quantity, the parts of the loss among them."""
        return Paths(self.story.derivation, transparent=())

    @cached_property
    def entries(self) -> tuple[Symbol, ...]:
        """The quantities that are drawn, each after those that it is computed from."""
        graph = self.story.derivation.model.graph
        drawn = self._behind(self.start) if self.start else self._before(self.story.loss)
        every = [node.entry(*place) for node in graph.nodes if node.symbol is not None for place in node.places()]
        found = tuple(entry for entry in every if entry in drawn)
        self._refuse_many(len(found), sum(len(self._uses(entry)) for entry in found))
        return found

    def _refuse_many(self, steps: int, dependencies: int) -> None:
        if steps > MOST_STEPS or dependencies > MOST_DEPENDENCIES:
            size = f"{steps} quantities and {dependencies} dependencies are too many for one picture"
            most = f"at most {MOST_STEPS} and {MOST_DEPENDENCIES} can be read"
            remedy = "take a smaller network" if self.start else "--weight draws what lies between one weight and E"
            raise UserError("graph", f"{size}, {most}; {remedy}")

    def _uses(self, entry: Symbol) -> tuple[Symbol, ...]:
        return tuple(dict.fromkeys(self.paths.uses.get(entry, ())))

    def _behind(self, start: Symbol) -> set[Symbol]:
        """What an entry has an influence on, and itself."""
        found, pending = {start}, [start]
        while pending:
            new = [user for user in self._uses(pending.pop()) if user not in found]
            found.update(new)
            pending += new
        return found

    def _before(self, end: Symbol) -> set[Symbol]:
        """What an entry depends on, and itself."""
        found, pending = {end}, [end]
        while pending:
            entry = pending.pop()
            new = {used for used in symbols(self.paths.definition(entry)) if used not in found and used.kind != "pi"}
            found |= new
            pending += new
        return found

    def _step(self, entry: Symbol) -> Step:
        story = self.story
        is_leaf = entry == self.start or story.derivation.model.graph.node(entry).operation is None
        kind: StepKind = "result" if entry == story.loss else "leaf" if is_leaf else "operation"
        value, gradient = self._spelled(story.number(entry)), self._spelled(self._adjoint(entry))
        return Step(key(entry), self.tex(entry), kind, value, gradient)

    def _dependencies(self) -> Iterator[Dependency]:
        for source in self.entries:
            uses = [user for user in self._uses(source) if user in self.entries]
            for target in uses:
                yield self._dependency(source, target, shared=len(uses) == 2)

    def _dependency(self, source: Symbol, target: Symbol, shared: bool) -> Dependency:
        """An edge with its local derivative; where two part, also with what each hands back."""
        story = self.story
        if not self._has_gradient(source):
            return Dependency(key(source), key(target))
        local = self.paths.factor(target, source).preferred
        if isinstance(local, Number):
            return Dependency(key(source), key(target), self.tex(local))
        value = story.value(local)
        back = story.value(multiply(adjoint_symbol(target) if target != story.loss else ONE, local)) if shared else None
        return Dependency(key(source), key(target), self.tex(local), self._spelled(value), gradient=self._spelled(back))

    def _has_gradient(self, entry: Symbol) -> bool:
        """Inputs and targets are no parameters and depend on none: nothing flows back to them."""
        try:
            self.story.derivation.graph.node(adjoint_symbol(entry))
        except KeyError:
            return entry == self.story.loss
        return True

    def _adjoint(self, entry: Symbol) -> Number | None:
        if entry == self.story.loss:
            return ONE if self.story.number(entry) else None
        return self.story.number(adjoint_symbol(entry))

    def _spelled(self, number: Number | None) -> str | None:
        return None if number is None else self.tex(number)
