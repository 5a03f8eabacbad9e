"""The table of symbols: what each stands for, and its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from symbackprop.document.blocks import Block, Inline, Say, Table
from symbackprop.document.story import say
from symbackprop.expression import Chain, Expression, Symbol
from symbackprop.forms.layout import Layout
from symbackprop.forms.shapes import Shapes
from symbackprop.graph import Graph, Node


def symbols_table(graph: Graph, layout: Layout, nodes: Iterable[Node], label: str) -> Iterator[Block]:
    """Arrays with their meaning and the space in which they lie, in a layout."""
    shapes = Shapes(graph, layout)
    rows: list[tuple[Inline, ...]] = []
    for node in nodes:
        assert node.symbol is not None
        symbol = node.symbol if node.axes else node.entry()
        rows.append((symbol, say(f"symbols.{_meaning(node.symbol)}"), _space(shapes, symbol, bool(node.axes))))
    yield Say(say(f"symbols.start_{layout}"))
    header = (say("symbols.symbol"), say("symbols.meaning"), say("symbols.shape"))
    yield Table(say(f"symbols.caption_{layout}"), header, tuple(rows), label, "llc")


def _meaning(symbol: Symbol) -> str:
    """The key of a symbol's meaning: its kind, "input" for the first layer's activation, "delta" for δ."""
    if symbol.kind == "activation" and symbol.position == 0:
        return "input"
    if symbol.variant == "adjoint":
        return "delta" if symbol.kind == "preactivation" else "adjoint"
    return symbol.kind


def _space(shapes: Shapes, symbol: Symbol, is_array: bool) -> Inline:
    if not is_array:
        return say("symbols.number")
    whole: Expression = replace(symbol, indices=None)
    return Chain((whole, shapes.stated(whole).space), ("∈",))
