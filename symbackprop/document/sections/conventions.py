"""The notation of a document: its conventions in words, and the table of its symbols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from symbackprop.document.blocks import Block, Heading, Inline, Message, Say, Table, Text
from symbackprop.document.story import Story, say
from symbackprop.expression import Apply, Chain, Index, IndexValue, Number, Symbol
from symbackprop.forms.shapes import Shapes
from symbackprop.graph import Node, canonical_id
from symbackprop.notation.describing import SymbolRow, describe, roles_used
from symbackprop.notation.roles import NAMED_KINDS, NEGATED_ADJOINT


def conventions(story: Story, more: Iterable[Node] = ()) -> Iterator[Block]:
    """What the names mean, and what a reader of another notation must know; ``more`` are quantities of the text."""
    yield Heading(1, say("conventions.heading"))
    yield Say(say("conventions.start"))
    header = (say("symbols.symbol"), say("symbols.meaning"), say("symbols.shape"))
    rows = tuple((_names(row), meaning_of(story, row), _shape(story, row)) for row in symbol_rows(story, more))
    yield Table(say("conventions.caption"), header, rows, "symbols", "lll")
    for statement in _statements(story):
        yield Say(statement)


def symbol_rows(story: Story, more: Iterable[Node] = ()) -> tuple[SymbolRow, ...]:
    """The rows of the table of symbols; ``more`` are quantities of the text."""
    nodes = [node for node in (*story.derivation.graph.nodes, *more) if node.symbol is not None]
    entries = [node.entry(*place) for node in nodes for place in node.places()]
    present = {(node.role, node.symbol.position) for node in nodes if node.symbol}
    rows = describe(story.naming, roles_used(story.naming, entries), story.layouts[0])
    named = {kind: [node.entry() for node in nodes if node.role.endswith(f"_{kind}")] for kind in NAMED_KINDS}
    return tuple(_of_this_network(row, named) for row in rows if _is_present(row, present))


def _of_this_network(row: SymbolRow, named: dict[str, list[Symbol]]) -> SymbolRow:
    """A penalty or its coefficient with the name that it has here."""
    own = [entry for entry in named.get(row.role, []) if not entry.variant]
    return replace(row, symbols=(own[0],)) if own else row


def _is_present(row: SymbolRow, present: set[tuple[str, IndexValue | None]]) -> bool:
    """Whether the network has such quantities: not every layer has biases, or recurrent weights."""
    shown = row.symbols[0] if row.symbols else row.array
    assert shown is not None
    return not isinstance(shown.position, int) or (shown.kind, shown.position) in present


def _names(row: SymbolRow) -> Inline:
    if row.is_range:
        ends = [row.symbols[0].indices or (), row.symbols[-1].indices or ()]
        if ends[0][:-1] == ends[1][:-1] and [end[-1] for end in ends] == [0, 1]:
            return row.symbols
        return say("conventions.range", first=row.symbols[0], last=row.symbols[-1])
    return row.symbols[0] if row.symbols else row.array or Text("")


def meaning_of(story: Story, row: SymbolRow) -> Message:
    """What the symbols of a row stand for, in words."""
    shown = row.symbols[0] if row.symbols else row.array
    assert shown is not None
    key = row.meaning.removeprefix("symbols.")
    source = "from_input" if row.arguments["layer_before"] == Number("0") else "from_neuron"
    return say(
        f"meaning.{key}",
        **row.arguments,
        where=place(story, shown, row),
        source=say(f"place.{source}", before=row.arguments["before"]),
    )


def place(story: Story, symbol: Symbol, row: SymbolRow) -> Message:
    """The layer of a symbol in words."""
    if isinstance(symbol.position, Index) and story.depth > 1:
        return say("place.any", layer=row.arguments["layer"])
    if symbol.position == 0:
        return say("place.input")
    if not isinstance(symbol.position, int) or symbol.position == story.depth:
        return say("place.output")
    if story.depth == 2:
        return say("place.hidden")
    return say("place.numbered", number=Text(str(symbol.position)))


def _shape(story: Story, row: SymbolRow) -> Inline:
    if row.array is None or not row.shape:
        return say("conventions.numbers" if row.is_range else "symbols.number")
    if canonical_id(row.array) in story.derivation.graph.by_id:
        stated = Shapes(story.derivation.graph, story.layouts[0]).stated(row.array)
        return Chain((row.array, stated.space), ("∈",))
    return Chain((row.array, Apply("space", row.shape)), ("∈",))


def _statements(story: Story) -> Iterator[Message]:
    notation, naming = story.notation, story.naming
    weight = Symbol("weight", story.depth, (Index(notation.indices.unit), Index(notation.indices.before)))
    if naming.can_write(weight):
        yield say(f"conventions.{notation.index_order.replace('-', '_')}", weight=weight)
    elif weights := story.entries("weight", 1):
        own = tuple(entry for entry in weights if (entry.indices or ())[:1] == (0,))
        yield say("conventions.through", weights=own, unit=story.entries("preactivation", 1)[0])
    if story.depth > 1 and not notation.letters:
        yield say(f"conventions.{notation.weight_layer}")
        if notation.first_layer:
            yield say("conventions.first_layer")
    if story.shows("matrix"):
        yield say("conventions.both_layouts" if len(story.layouts) > 1 else f"conventions.{story.layouts[0]}")
    yield from _delta(story)
    trained = next((entry for entry in story.derivation.parameters if story.derivation.is_trained(entry)), None)
    if trained is not None:
        yield say("conventions.updated", updated=story.derivation.updated(trained), weight=trained)


def _delta(story: Story) -> Iterator[Message]:
    """δ's definition, with its sign."""
    row = next((row for row in symbol_rows(story) if row.definition is not None), None)
    if row is not None and row.definition is not None:
        negated = row.symbols[0].variant == NEGATED_ADJOINT if row.symbols else False
        yield say("conventions.delta_negated" if negated else "conventions.delta", definition=row.definition)
