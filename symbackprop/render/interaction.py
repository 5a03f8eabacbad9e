"""What a page knows besides its text: which quantity depends on which, what each is called, how training moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from symbackprop.derive.course import Snapshot, checkpoints, course
from symbackprop.document.blocks import Message, Text
from symbackprop.document.sections.conventions import meaning_of, symbol_rows
from symbackprop.document.story import Story
from symbackprop.expression import Expression, Index, Number, Symbol
from symbackprop.figures.keys import key
from symbackprop.figures.model import Edge
from symbackprop.notation.describing import SymbolRow
from symbackprop.render.inline import Words

MOST_QUANTITIES = 600
"""Beyond, only the quantity pointed at lights up, not what depends on it."""
MOST_WATCHED = 60
"""Beyond so many weights, the error and the outputs alone are watched."""
MOST_CHOICES = 40
"""Beyond so many weights, there are no buttons for them."""
DIGITS, FIGURE_DIGITS = 6, 3
WEIGHTS = ("weight", "recurrent_weight")
"""What leads from one unit to another."""
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Choice:
    """A quantity with its key and its name as the page writes it."""

    key: str
    name: str
    plain: str
    """the name without markup, for those who hear the page"""


@dataclass(frozen=True, slots=True)
class Watched:
    """A quantity that training moves, with what it is at each checkpoint."""

    key: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The facts: ``data`` for the page's script, the rest for its template."""

    data: Mapping[str, Any]
    choices: tuple[Choice, ...]
    counts: tuple[str, ...]
    watched: tuple[Watched, ...]


def page_facts(story: Story, words: Words, edges: tuple[Edge, ...], curve: tuple[float, ...]) -> Page:
    """What the page of a story is told.

    ``edges`` are those of the picture of its network; ``curve`` is between which iterations the curve
    of the error is drawn, if it is.
    """
    snapshots = _snapshots(story)
    watched = tuple(_watched(story, words, snapshots))
    parameters = story.derivation.parameters
    choices = parameters if len(parameters) <= MOST_CHOICES else ()
    counts = tuple(f"{snapshot.iterations:,}" for snapshot in snapshots)
    data = {
        "uses": _uses(story),
        "edges": [[edge.key, edge.source, edge.target] for edge in edges] if len(edges) <= MOST_QUANTITIES else [],
        "meanings": _meanings(story, words),
        "start": {key(entry): _start(words, number) for entry in parameters if (number := story.number(entry))},
        "counts": counts,
        "curve": curve,
        "iterations": [snapshot.iterations for snapshot in snapshots],
        "watched": {item.key: item.values for item in watched},
        "weights": _short(story, [snapshot.parameters for snapshot in snapshots]),
        "outputs": _short(story, [snapshot.outputs for snapshot in snapshots]),
    }
    buttons = tuple(Choice(key(entry), words.line(entry), words.escape(words.plain(entry))) for entry in choices)
    return Page(data, buttons, counts, watched)


def _uses(story: Story) -> dict[str, list[str]]:
    """Quantity -> those whose definitions contain it, all by their keys."""
    uses = story.paths.uses
    if len(uses) > MOST_QUANTITIES:
        return {}
    return {key(entry): [key(user) for user in users] for entry, users in uses.items()}


def _start(words: Words, number: Number) -> str:
    return words.plain(Message("html.start", {"value": Text(number.text.replace("-", "−"))}))


def _meanings(story: Story, words: Words) -> dict[str, str]:
    """What quantities are: each entry of a small network, else by kind and layer (``weight-1``) or by kind alone."""
    entries = story.paths.uses
    found: dict[str, str] = {}
    for row in symbol_rows(story):
        shown: Symbol | None = row.symbols[0] if row.symbols else row.array
        if shown is None:
            continue
        layer = shown.position if isinstance(shown.position, int) else None
        name = key(Symbol(shown.kind, layer))
        found.setdefault(f"loss|{name}" if shown.variant else name, words.plain(meaning_of(story, row)))
        if shown.variant or len(entries) > MOST_QUANTITIES:
            continue
        for entry in entries:
            same_layer = entry.position == shown.position or isinstance(shown.position, Index)
            if entry.kind == shown.kind and not entry.variant and same_layer and entry.indices:
                found.setdefault(key(entry), words.plain(meaning_of(story, _row_of(row, entry))))
    return found


def _row_of(row: SymbolRow, entry: Symbol) -> SymbolRow:
    """The row for this entry alone; units are counted from one, as the text counts them."""
    units: list[Expression] = [Number(str(index + 1)) for index in entry.indices or () if isinstance(index, int)]
    names = ("unit", "before") if entry.kind in WEIGHTS else ("unit",)
    arguments = {**row.arguments, **dict(zip(names, units[-len(names) :], strict=False))}
    if isinstance(entry.position, int):
        arguments["layer_before"] = Number(str(entry.position - 1))
    # where inputs have no row of their own they are written as the outputs of layer 0
    meaning = "symbols.input" if entry.position == 0 else row.meaning.removesuffix("_all")
    return replace(row, symbols=(entry,), meaning=meaning, arguments=arguments)


def _snapshots(story: Story) -> tuple[Snapshot, ...]:
    if not story.iterations or not story.derivation.can_train:
        return ()
    order = story.derivation.network.training.order
    return tuple(course(story.derivation, order, checkpoints(story.iterations)))


def _watched(story: Story, words: Words, snapshots: tuple[Snapshot, ...]) -> Iterator[Watched]:
    if not snapshots:
        return
    loss = words.line(story.loss)
    yield Watched(key(story.loss), loss, tuple(_shown(story, snapshot.error) for snapshot in snapshots))
    first = snapshots[0]
    moved = [entry for entry in story.derivation.parameters if entry in first.parameters]
    parameters = moved if len(moved) <= MOST_WATCHED else []
    for kind, entries in (("outputs", first.outputs), ("parameters", parameters)):
        for entry in entries:
            if not story.naming.can_write(entry) or entry.variant:
                continue
            values = tuple(_shown(story, getattr(snapshot, kind)[entry]) for snapshot in snapshots)
            yield Watched(key(entry), words.line(entry), values)


def _short(story: Story, snapshots: Sequence[Mapping[Symbol, Any]]) -> dict[str, list[str]]:
    """Quantities at each checkpoint, as short as a figure has room for; none where they are too many."""
    entries = snapshots[0] if snapshots else {}
    if len(entries) > MOST_WATCHED:
        return {}
    short = story.rounding.number
    return {
        key(entry): [short(values[entry], FIGURE_DIGITS).text for values in snapshots]
        for entry in entries
        if not entry.variant
    }


def _shown(story: Story, value: Any) -> str:
    """A number in plain characters, with as many digits as fit beside each other."""
    mantissa, _, exponent = story.rounding.number(value, DIGITS).text.partition("e")
    shown = mantissa.replace("-", "−")
    return f"{shown}·10{exponent.translate(SUPERSCRIPTS)}" if exponent else shown
