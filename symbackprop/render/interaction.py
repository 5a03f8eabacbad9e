"""What a page knows besides its text: which quantity depends on which, what each is called, how training moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from symbackprop.derive.course import Snapshot, checkpoints, course
from symbackprop.document.sections.conventions import meaning_of, symbol_rows
from symbackprop.document.story import Story
from symbackprop.expression import Symbol
from symbackprop.figures.keys import key
from symbackprop.figures.model import Edge
from symbackprop.render.inline import Words

MOST_QUANTITIES = 600
"""Beyond, only the quantity pointed at lights up, not what depends on it."""
MOST_WATCHED = 60
"""Beyond so many weights, the error and the outputs alone are watched."""
MOST_CHOICES = 40
"""Beyond so many weights, there are no buttons for them."""
DIGITS, FIGURE_DIGITS = 6, 3
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


def page_facts(story: Story, words: Words, edges: tuple[Edge, ...]) -> Page:
    """What the page of a story is told; ``edges`` are those of the picture of its network."""
    snapshots = _snapshots(story)
    watched = tuple(_watched(story, words, snapshots))
    parameters = story.derivation.parameters
    choices = parameters if len(parameters) <= MOST_CHOICES else ()
    counts = tuple(f"{snapshot.iterations:,}" for snapshot in snapshots)
    data = {
        "uses": _uses(story),
        "edges": [[edge.key, edge.source, edge.target] for edge in edges] if len(edges) <= MOST_QUANTITIES else [],
        "meanings": _meanings(story, words),
        "start": {key(entry): str(number.text) for entry in parameters if (number := story.number(entry))},
        "counts": counts,
        "errors": [float(snapshot.error) for snapshot in snapshots],
        "steps": [snapshot.iterations for snapshot in snapshots],
        "watched": {item.key: item.values for item in watched},
        "weights": _weights(story, snapshots),
    }
    buttons = tuple(Choice(key(entry), words.line(entry), words.escape(words.plain(entry))) for entry in choices)
    return Page(data, buttons, counts, watched)


def _uses(story: Story) -> dict[str, list[str]]:
    """Quantity -> those whose definitions contain it, all by their keys."""
    uses = story.paths.uses
    if len(uses) > MOST_QUANTITIES:
        return {}
    return {key(entry): [key(user) for user in users] for entry, users in uses.items()}


def _meanings(story: Story, words: Words) -> dict[str, str]:
    """What quantities are, by kind and layer (``weight-1``), or by kind where every layer has the same name."""
    found: dict[str, str] = {}
    for row in symbol_rows(story):
        shown: Symbol | None = row.symbols[0] if row.symbols else row.array
        if shown is None:
            continue
        layer = shown.position if isinstance(shown.position, int) else None
        name = key(Symbol(shown.kind, layer))
        found.setdefault(f"loss|{name}" if shown.variant else name, words.plain(meaning_of(story, row)))
    return found


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


def _weights(story: Story, snapshots: tuple[Snapshot, ...]) -> dict[str, list[str]]:
    """The weights and biases at each checkpoint, as short as a figure has room for."""
    entries = snapshots[0].parameters if snapshots else {}
    if len(entries) > MOST_WATCHED:
        return {}
    short = story.rounding.number
    return {
        key(entry): [short(snapshot.parameters[entry], FIGURE_DIGITS).text for snapshot in snapshots]
        for entry in entries
        if not entry.variant
    }


def _shown(story: Story, value: Any) -> str:
    """A number in plain characters, with as many digits as fit beside each other."""
    mantissa, _, exponent = story.rounding.number(value, DIGITS).text.partition("e")
    shown = mantissa.replace("-", "−")
    return f"{shown}·10{exponent.translate(SUPERSCRIPTS)}" if exponent else shown
