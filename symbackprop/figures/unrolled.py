"""A network that goes through time, unrolled: the neurons of every step, and the weights between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symbackprop.derive.paths import Paths
from symbackprop.document.story import Story
from symbackprop.errors import UserError
from symbackprop.expression import Expression, Symbol
from symbackprop.figures.keys import key
from symbackprop.figures.model import ComputationPicture, Dependency, Step, StepKind

SHOWN = ("initial", "activation", "loss_part", "loss")
"""The kinds that are drawn; edges lead through all others."""
MOST_STEPS, MOST_DEPENDENCIES = 60, 100
"""What one can still read."""


def unrolled(story: Story, tex: Callable[[Expression], str]) -> ComputationPicture:
    """States, outputs and errors of all steps in time; on an edge stands its weight."""
    paths = Paths(story.derivation, transparent=())
    graph = story.derivation.model.graph
    entries = [node.entry(*place) for node in graph.nodes if node.role in SHOWN for place in node.places()]
    edges = [edge for entry in entries for edge in _edges(story, paths, entry, tex)]
    if len(entries) > MOST_STEPS or len(edges) > MOST_DEPENDENCIES:
        size = f"{len(entries)} neurons of all steps and {len(edges)} edges"
        raise UserError("figure network", f"{size} are too many for one picture; take fewer steps or units")
    used = {end for edge in edges for end in (edge.source, edge.target)}
    steps = tuple(Step(key(entry), tex(entry), _kind(story, entry)) for entry in entries if key(entry) in used)
    return ComputationPicture(steps, tuple(edges), direction="right")


def _kind(story: Story, entry: Symbol) -> StepKind:
    is_leaf = story.derivation.model.graph.node(entry).operation is None
    return "leaf" if is_leaf else "result" if entry == story.loss else "operation"


def _edges(story: Story, paths: Paths, source: Symbol, tex: Callable[[Expression], str]) -> Iterator[Dependency]:
    """To what is drawn next on every way; the weight comes from the first use."""
    for user in dict.fromkeys(paths.uses.get(source, ())):
        label = paths.factor(user, source).preferred if user.kind == "preactivation" else None
        for target in _next_shown(paths, user):
            spelled = tex(label) if isinstance(label, Symbol) else ""
            yield Dependency(key(source), key(target), spelled, key=key(label) if isinstance(label, Symbol) else "")


def _next_shown(paths: Paths, entry: Symbol) -> Iterator[Symbol]:
    if entry.kind in SHOWN:
        yield entry
        return
    for user in dict.fromkeys(paths.uses.get(entry, ())):
        yield from _next_shown(paths, user)
