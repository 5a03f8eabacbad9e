"""δ of a neuron as a reader works it out."""

from __future__ import annotations

from symbackprop.document.story import Story
from symbackprop.expression import Expression, Symbol
from symbackprop.forms.scalar import definition


def adjoint_free_of_outputs(story: Story, delta: Symbol) -> Expression:
    """δ with the adjoint of its neuron's output written out in the δ of the next layer."""
    graph = story.derivation.graph
    inline = [node.id for node in graph.nodes if node.id.startswith("adjoint ") and node.role != "preactivation"]
    return definition(graph, delta, inline)
