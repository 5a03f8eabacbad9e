"""What a figure shows, in neutral terms: no network, no notation, no file format.

Labels and values are TeX without dollar signs (``w_{5}``, ``0.15``, ``3.5\\cdot 10^{-7}``); titles
and captions are words in which formulas stand between dollar signs (``error $E_{total}$``).
"""

from __future__ import annotations

from collections.abc import Container, Set
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

NeuronKind: TypeAlias = Literal["input", "hidden", "output", "bias", "loss"]
StepKind: TypeAlias = Literal["leaf", "operation", "result"]
Direction: TypeAlias = Literal["auto", "right", "down"]


@dataclass(frozen=True, slots=True)
class Neuron:
    """A node of a network.

    ``layer`` is the column in which it stands, from 0 on the left; a bias stands in the column its
    edges come from, beneath that column's units. Losses (one for each output, or only the total)
    are columns of their own on the right. ``unit`` counts within the column from 0: a gap in the
    count is drawn as an ellipsis.
    """

    key: str
    label_tex: str
    kind: NeuronKind
    layer: int
    unit: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection between neurons, by their keys.

    ``key`` names the quantity on the edge, so edges that share a bias share a key; ``path`` names
    the edge itself. Without a label only the line is drawn.
    """

    key: str
    source: str
    target: str
    label_tex: str = ""
    value: str | None = None

    @property
    def path(self) -> str:
        return f"{self.source}>{self.target}"

    def is_among(self, keys: Container[str]) -> bool:
        return self.key in keys or self.path in keys


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of the chain rule, written where the gradient passes: at an edge or at a neuron."""

    key: str
    label_tex: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Highlight:
    """Paths through a network, by keys of neurons and keys or paths of edges; what is on none of them fades.

    ``forward`` is drawn in the first colour; along ``backward`` arrows lead back to the weight in
    the second colour, with the ``factors`` beside them.
    """

    forward: tuple[str, ...] = ()
    backward: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.forward) | frozenset(self.backward)


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """A network from left to right; ``layer_titles`` are words over the columns ("" for none)."""

    neurons: tuple[Neuron, ...]
    edges: tuple[Edge, ...]
    layer_titles: tuple[str, ...] = ()
    highlight: Highlight = field(default_factory=Highlight)

    def __post_init__(self) -> None:
        neurons = {neuron.key for neuron in self.neurons}
        if not neurons:
            raise ValueError("a network picture needs a neuron")
        if len(neurons) != len(self.neurons):
            raise ValueError("two neurons have the same key")
        _refuse_unknown("edges end at", {end for edge in self.edges for end in (edge.source, edge.target)} - neurons)
        known = neurons | {name for edge in self.edges for name in (edge.key, edge.path)}
        marked = self.highlight.keys | {factor.key for factor in self.highlight.factors}
        _refuse_unknown("the highlight names", marked - known)


@dataclass(frozen=True, slots=True)
class Step:
    """A node of a computation graph, with what flows through it forward and backward."""

    key: str
    label_tex: str
    kind: StepKind = "operation"
    value: str | None = None
    gradient: str | None = None


@dataclass(frozen=True, slots=True)
class Dependency:
    """An edge of a computation graph: ``target`` is computed from ``source``.

    On the edge stands the local derivative (``label_tex``, ``derivative`` its value); over it the
    value that is handed on, under it the gradient that comes back, where they are given.
    """

    source: str
    target: str
    label_tex: str = ""
    derivative: str | None = None
    value: str | None = None
    gradient: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class ComputationPicture:
    """A computation graph; the two captions explain the colours of values and gradients.

    ``direction`` is where the result lies; "auto" takes what fits a page better.
    """

    steps: tuple[Step, ...]
    dependencies: tuple[Dependency, ...]
    value_caption: str = ""
    gradient_caption: str = ""
    direction: Direction = "auto"

    def __post_init__(self) -> None:
        steps = {step.key for step in self.steps}
        if not steps:
            raise ValueError("a computation picture needs a step")
        if len(steps) != len(self.steps):
            raise ValueError("two steps have the same key")
        ends = {end for edge in self.dependencies for end in (edge.source, edge.target)}
        _refuse_unknown("dependencies end at", ends - steps)


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart; ``label`` is words for the legend."""

    points: tuple[tuple[float, float], ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """Curves over common axes; the axis labels are words.

    Points that an axis cannot show (not finite, or not positive where it is logarithmic) are left out.
    """

    curves: tuple[Curve, ...]
    x_label: str = ""
    y_label: str = ""
    x_logarithmic: bool = False
    y_logarithmic: bool = False


Picture: TypeAlias = "NetworkPicture | ComputationPicture | CurvePicture"


def _refuse_unknown(what: str, keys: Set[str]) -> None:
    if keys:
        raise ValueError(f"{what} unknown keys: {', '.join(sorted(keys))}")
