"""All updates at a glance, and the order in which they are made."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.derive.derivation import ORDERS
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.document.blocks import Block, Formula, Heading, Inline, Say, Table, Text
from symbackprop.document.rows import EntryRows, JoinedRows
from symbackprop.document.story import Story, counted, say
from symbackprop.expression import Chain, Symbol, symbols
from symbackprop.forms.scalar import definition


def updates(story: Story) -> Iterator[Block]:
    """All updates in a table; the order in which they are made."""
    yield from update_table(story)
    if story.depth > 1 and _handed_back(story) is not None:
        yield Heading(1, say("order.heading"))
        yield from _orders(story)


def update_table(story: Story) -> Iterator[Block]:
    yield Heading(1, say("update.heading"))
    yield Say(say("update.all"))
    yield _table(story)


def _table(story: Story) -> Table:
    derivation = story.derivation

    def row(parameter: Symbol) -> tuple[Inline, ...]:
        gradient, new = adjoint_symbol(parameter), derivation.updated(parameter)
        trained = derivation.is_trained(parameter)
        return (
            parameter,
            story.number(parameter) or Text("–"),
            story.number(gradient) or derivation.definition(gradient),
            (story.number(new) or derivation.definition(new)) if trained else say("update.fixed"),
        )

    parts: list[EntryRows] = []
    for node in derivation.model.graph.parameters:
        entries = tuple(node.entry(*place) for place in node.places())
        shown = [adjoint_symbol(entries[0])]
        shown += [derivation.updated(entries[0])] if derivation.is_trained(entries[0]) else []
        parts.append(story.rows(entries, row, *shown))
    header = (say("update.parameter"), say("update.old"), say("update.gradient"), say("update.new"))
    columns = "crrr" if story.numeric else "clll"
    return Table(say("update.caption"), header, JoinedRows(tuple(parts)), "updates", columns)


def _handed_back(story: Story) -> Symbol | None:
    """The adjoint of a hidden output that differs between the orders; a tied weight may not be updated yet."""
    derivation = story.derivation
    for position in range(story.depth - 1, 0, -1):
        adjoint = adjoint_symbol(story.entries("activation", position)[0])
        if definition(derivation.sweep_in("sequential").graph, adjoint) != derivation.definition(adjoint):
            return adjoint
    return None


def _orders(story: Story) -> Iterator[Block]:
    derivation = story.derivation
    adjoint = _handed_back(story)
    if adjoint is None:
        return
    hidden = replace(adjoint, variant="")
    originals = tuple(entry for entry in symbols(derivation.definition(adjoint)) if not entry.variant)
    yield Say(say("order.why", weights=originals, quantity=hidden))
    yield Say(say("order.sequential_text"))
    gradient = story.evaluated(adjoint, derivation.definition(adjoint))
    other = story.evaluated_in("sequential", adjoint, definition(derivation.sweep_in("sequential").graph, adjoint))
    # What comes back through new weights is not the derivative, and is not called so.
    unequal = Chain(other.expressions, ("≠", *other.relations[1:]))
    yield Formula((gradient, unequal), "orders")
    if not derivation.can_train:
        return
    yield Say(say("order.table"))
    yield _order_table(story)
    yield Say(say("order.choice", order=say(f"order.{derivation.network.training.order}")))


def _order_table(story: Story) -> Table:
    """What differs between the orders: hidden weights after one step, errors, outputs."""
    derivation, rounding = story.derivation, story.rounding
    rows: list[tuple[Inline, ...]] = []
    first = [entry for entry in story.entries("weight", 1) if derivation.is_trained(entry)]
    for weight in first[:4]:
        new = derivation.updated(weight)
        rows.append((new, *(rounding.number(derivation.values_after(order)[new]) for order in ORDERS)))
    if not derivation.model.samples:  # where samples take turns, rounds are counted, and told with the loop
        rows += _after_training(story)
    header: tuple[Inline, ...] = (Text(""), *(say(f"order.{order}") for order in ORDERS))
    return Table(say("order.caption"), header, tuple(rows), "orders-table", "lrr")


def _after_training(story: Story) -> Iterator[tuple[Inline, ...]]:
    """Errors and outputs that each order leads to."""
    runs, steps = {order: story.training(order) for order in ORDERS}, story.iterations
    for count in sorted({1, steps} - {0}):
        label = counted("order.error_after", count, loss=story.loss)
        yield label, *(runs[order].error(count, story.rounding) for order in ORDERS)
    for output in story.entries("activation", story.depth) if steps else ():
        label = counted("order.output_after", steps, output=output)
        yield label, *(runs[order].output(output, story.rounding) for order in ORDERS)
