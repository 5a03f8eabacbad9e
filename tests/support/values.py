"""Random values for a graph: the leaves drawn, everything else computed by the scalar form."""

from __future__ import annotations

import random
from typing import Any

from symbackprop.expression import Symbol
from symbackprop.forms.any_depth import Remainder, RemainderGradient
from symbackprop.forms.evaluation import Evaluation
from symbackprop.forms.layout import Layout
from symbackprop.forms.scalar import definition
from symbackprop.graph import Graph

OPAQUE = (type(None), Remainder, RemainderGradient)


def evaluation(graph: Graph, layout: Layout = "column", seed: int = 1) -> Evaluation:
    """An evaluator with a value for every entry of every named node."""
    generator = random.Random(seed)
    values: dict[Symbol, Any] = {}
    found = Evaluation(graph, layout, values)
    for node in graph.nodes:
        if node.symbol is None:
            continue
        for place in node.places():
            entry = node.entry(*place)
            if isinstance(node.operation, OPAQUE):
                values[entry] = found.numbers.mpf(f"{generator.uniform(0.2, 1.4):.6f}")
            else:
                values[entry] = found.value(definition(graph, entry))
    return found
