"""δ of a neuron as a reader works it out."""

from __future__ import annotations

from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.document.story import Story
from symbackprop.expression import Expression, Symbol, symbols
from symbackprop.forms.scalar import definition
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.numeric.evaluation import value_of


def adjoint_free_of_outputs(story: Story, delta: Symbol) -> Expression:
    """δ with the adjoint of its neuron's output written out in the δ of the next layer."""
    graph = story.derivation.graph
    inline = [node.id for node in graph.nodes if node.id.startswith("adjoint ") and node.role != "preactivation"]
    return definition(graph, delta, inline)


def gradient_of(story: Story, parameter: Symbol) -> Expression:
    """∂E/∂parameter in the δ of the neurons that it leads to; ∂E/∂penalty, which is 1, is not written."""
    graph = story.derivation.graph
    inline = [node.id for node in graph.nodes if node.role.endswith("_penalty") and node.id.startswith("adjoint ")]
    adjoint = adjoint_symbol(parameter)
    return definition(graph, adjoint, inline) if inline else story.derivation.definition(adjoint)


def flat_units(story: Story, position: int) -> tuple[list[Symbol], list[Symbol]]:
    """The pre-activations at which the activation's slope is 0, and those where it is nearly 0 and δ is small by it."""
    name = getattr(story.derivation.network.layers[position - 1], "activation", "")
    # Where no branch is flat, 0 only means that no digit was left: the output of a saturated unit is 1 - 1e-435.
    has_flat_branch = name in ACTIVATIONS and ACTIVATIONS.get(name).has_flat_branch
    exactly: list[Symbol] = []
    nearly: list[Symbol] = []
    for output in story.entries("activation", position):
        for used in symbols(story.paths.definition(output)):
            if used == Symbol("preactivation", output.position, output.indices):
                slope = value_of(story.paths.factor(output, used).preferred, story.values)
                if slope == 0 and has_flat_branch:
                    exactly.append(used)
                elif slope is not None and abs(slope) < NEARLY_FLAT and _learns_slowly(story, used):
                    nearly.append(used)
    return exactly, nearly


def _learns_slowly(story: Story, preactivation: Symbol) -> bool:
    """Not so where the loss fits the activation: its own slope is then as steep as that of the activation is flat."""
    delta = story.values.get(adjoint_symbol(preactivation))
    return delta is None or abs(delta) < NEARLY_FLAT


NEARLY_FLAT = 0.01
"""Below this slope a neuron counts as saturated, if its δ is as small."""
