"""Every formula that the source posts state, and the place in the generated document that states it.

What counts is the meaning: the formula in the document has the same left side, and on the right side a
member with the same value at random points and the same shape. The expected formulas are written here
by hand, as trees over canonical quantities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from msgspec import structs
from support.source_formulas import (
    ROW_VECTOR,
    SIMPLIFIED_SHARES,
    SOFTMAX,
    SOFTMAX_MLP,
    WEIGHT_SHARE,
    D,
    L,
    M,
    Stated,
    d,
)
from support.values import evaluation

from symbackprop.api import derive, load
from symbackprop.derive.reverse import reverse_sweep
from symbackprop.derive.shares import ERROR, SIMPLIFIED, error_shares
from symbackprop.document.blocks import Formula
from symbackprop.expression import (
    Apply,
    Chain,
    Expression,
    Index,
    Number,
    Symbol,
    multiply,
    transform,
)
from symbackprop.forms.any_depth import GenericNetwork
from symbackprop.forms.evaluation import Evaluation
from symbackprop.graph import Graph

# ---- values ---------------------------------------------------------------------------------------------


def generic(layer: str, last: str, loss: str, layout: str) -> list[Evaluation]:
    """Values for the generic layer and for the last one, with definite sizes."""
    sizes = {(layer, -1): 2, (layer, 0): 3, (layer, 1): 2, (last, -1): 3, (last, 0): 2}
    network = GenericNetwork(
        loss=loss,  # type: ignore[arg-type]
        layer=layer,
        last=last,
        size=lambda position: sizes[position.symbol, position.offset],  # type: ignore[union-attr]
    )
    found = []
    for graph in (network.hidden(), network.final()):
        values = evaluation(reverse_sweep(graph).graph, layout)  # type: ignore[arg-type]
        for (letter, offset), number in sizes.items():
            values.values[Symbol("size", Index(letter, offset))] = number  # type: ignore[index]
        found.append(values)
    return found


def definite(name: str) -> list[Evaluation]:
    """Values for a built-in network, at two random points; the targets sum to 1."""
    graph = derive(load(name)).derivation.graph
    return [_with_targets(graph, seed) for seed in (1, 2)]


def _with_targets(graph: Graph, seed: int) -> Evaluation:
    """Random values, with targets that are a distribution."""
    drawn = evaluation(graph, seed=seed)
    targets = [entry for entry in drawn.values if entry.kind == "target" and not entry.variant]
    everything = sum(drawn.values[target] for target in targets)
    fixed = {target: drawn.values[target] / everything for target in targets}
    found = Evaluation(graph, "column", {**drawn.values, **fixed})
    for node in graph.nodes:
        for place in node.places() if node.symbol and node.operation else ():
            from symbackprop.forms.scalar import definition

            entry = node.entry(*place)
            found.values[entry] = found.value(definition(graph, entry))  # type: ignore[index]
    return found


def with_shares(variant: str) -> list[Evaluation]:
    """Values for the network with error shares, under the names that the document uses."""
    graph = error_shares(derive(load("weight-share")).derivation.model).graph
    renamed = Graph(
        tuple(
            replace(node, symbol=Symbol("share", node.symbol.position))
            if node.symbol and node.symbol.kind == ERROR and node.symbol.variant == variant
            else node
            for node in graph.nodes
        ),
        graph.loss,
    )
    found = []
    for seed in (1, 2):
        values = evaluation(graph, seed=seed).values
        shown = {
            structs.replace(entry, kind="share", variant="")
            if (entry.kind, entry.variant) == (ERROR, variant)
            else entry: value
            for entry, value in values.items()
        }
        by_new_id = Graph(
            tuple(
                replace(node, id=f"share[{node.symbol.position}]") if node.role == "share" and node.symbol else node
                for node in renamed.nodes
            ),
            graph.loss,
        )
        found.append(Evaluation(by_new_id, "column", shown))
    return found


CASES: dict[str, tuple[str, tuple[Stated, ...], Callable[[], list[Evaluation]]]] = {
    "S3": ("row-vector", ROW_VECTOR, lambda: generic(M, D, "sum", "row")),
    "S4 one layer": ("softmax", SOFTMAX, lambda: definite("softmax")),
    "S4 any depth": ("softmax-mlp", SOFTMAX_MLP, lambda: generic("l", L, "direct", "column")),
    "S0": ("weight-share", WEIGHT_SHARE, lambda: [*with_shares(""), *definite("weight-share")]),
    "S0 simplified": ("weight-share", SIMPLIFIED_SHARES, lambda: with_shares(SIMPLIFIED)),
}
STATED = [(case, number) for case, (_, rows, _) in CASES.items() for number in range(len(rows))]


@cache
def points(case: str) -> list[Evaluation]:
    return CASES[case][2]()


@cache
def formulas(name: str) -> dict[str, tuple[Chain, ...]]:
    document = derive(load(name)).document("en").document
    return {block.label: block.chains for block in document.blocks if isinstance(block, Formula) and block.label}


def written(part: Expression) -> Expression | None:
    """∂E/∂quantity as the adjoint that it is."""
    if isinstance(part, Apply) and part.operator == "partial":
        top, below = part.arguments
        if isinstance(top, Symbol) and top.kind == "loss" and isinstance(below, Symbol):
            return d(below)
    return None


def members(label: str, name: str, left: Expression) -> Iterator[Expression]:
    """What the document says to be equal to ``left`` under a label; only equality counts."""
    for chain in formulas(name)[label]:
        first, *others = (transform(member, written) for member in chain.expressions)
        if first == left:
            for member, relation in zip(others, chain.relations, strict=True):
                if relation != "=":
                    break
                yield member


def value(evaluation: Evaluation, expression: Expression) -> Any:
    """The value, None where the point has none for one of the quantities."""
    try:
        return evaluation.at(j=1, k=2, i=2).value(expression)
    except (AttributeError, KeyError, ValueError):  # a partial derivative as a symbol has no value
        return None


def close(first: Any, second: Any) -> bool:
    if isinstance(first, tuple) or isinstance(second, tuple):
        return (
            isinstance(first, tuple)
            and isinstance(second, tuple)
            and len(first) == len(second)
            and len(first[0]) == len(second[0])
            and all(close(a, b) for one, two in zip(first, second, strict=True) for a, b in zip(one, two, strict=True))
        )
    return bool(abs(first - second) < 1e-20)


def states(case: str, stated: Stated) -> bool:
    """Whether the document states the formula under its label."""
    name = CASES[case][0]
    for member in members(stated.label, name, transform(stated.left, written)):
        pairs = [(value(point, stated.right), value(point, member)) for point in points(case)]
        known = [pair for pair in pairs if pair[0] is not None and pair[1] is not None]
        if known and all(close(*pair) for pair in known):
            return True
    return False


@pytest.mark.parametrize(("case", "number"), STATED)
def test_the_document_states_the_formula(case: str, number: int) -> None:
    stated = CASES[case][1][number]
    assert states(case, stated), stated


@pytest.mark.parametrize(("case", "number"), STATED)
def test_a_wrong_formula_would_be_noticed(case: str, number: int) -> None:
    stated = CASES[case][1][number]
    assert not states(case, replace(stated, right=multiply(Number("2"), stated.right)))
