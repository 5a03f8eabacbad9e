"""The backward pass: one weight of each layer in full, then the others."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from symbackprop.derive.joint import joint_sweep
from symbackprop.derive.paths import Path, Run
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.document.blocks import Block, Figure, Formula, Heading, Inline, Say, Table, Text
from symbackprop.document.sections.deltas import adjoint_free_of_outputs, flat_units, gradient_of
from symbackprop.document.sections.forward import has_softmax, layer_heading
from symbackprop.document.sections.softmax import softmax_layer
from symbackprop.document.sections.tied import layer_deltas, shared_weight
from symbackprop.document.story import Story, joined, say
from symbackprop.expression import Chain, Expression, Symbol, add, chain, multiply, partial, walk
from symbackprop.forms.scalar import adjoint_free
from symbackprop.functions.activation import ACTIVATIONS

LONGEST_RULE = 150
"""Formulas with more parts than this say nothing to a reader and are left out."""


def backward_pass(story: Story) -> Iterator[Block]:
    yield Heading(1, say("backward.heading"))
    yield Say(say("backward.start", loss=story.loss))
    first = True
    for position in range(story.depth, 0, -1):
        if position == story.depth and has_softmax(story) and story.entries("preactivation", position):
            yield from softmax_layer(story)
            continue
        weights = story.entries("weight", position)
        if not story.entries("preactivation", position):
            continue
        yield Heading(2, layer_heading(story, position))
        if not weights or is_shared(story, weights[0]):
            yield from _with_shared_weights(story, weights, position)
            continue
        yield from one_weight(story, weights[0], first)
        first = False
        yield from _deltas(story, position)
        yield from _slopes(story, position)
        yield from _others(story, weights[1:], position)
        yield from _biases(story, position)


def _slopes(story: Story, position: int) -> Iterator[Block]:
    """Kinks of the activation function, and neurons through which hardly anything comes back."""
    name = getattr(story.derivation.network.layers[position - 1], "activation", "")
    if name in ACTIVATIONS and ACTIVATIONS.get(name).kinks:
        yield Say(say("backward.kink", unit=story.entries("preactivation", position)[0]))
    exactly, nearly = flat_units(story, position)
    if exactly:
        yield Say(say("backward.inactive", units=tuple(exactly)))
    if nearly:
        yield Say(say("backward.saturated", units=tuple(nearly)))


def is_shared(story: Story, weight: Symbol) -> bool:
    """Whether the weight itself is used more than once."""
    run = story.paths.run(weight)
    return bool(run.paths) and not run.factors


def _with_shared_weights(story: Story, weights: tuple[Symbol, ...], position: int) -> Iterator[Block]:
    """A layer whose weights belong to another one as well: its δ; the weights where they are at home."""
    yield from layer_deltas(story, position)
    yield from _slopes(story, position)
    if weights:
        yield from shared_weight(story, weights[0])
        yield from _update(story, weights[0])
        yield Say(say("others.table"))
        yield _others_table(story, weights[1:])
    else:
        yield Say(say("tied.later"))
    yield from _biases(story, position)


def one_weight(story: Story, weight: Symbol, first: bool) -> Iterator[Block]:
    """A weight with every factor written out: the rule, the figure, the factors, the product, δ, the update."""
    run = story.paths.run(weight)
    gradient = partial(story.loss, weight)
    label = f"{weight.position}"
    yield Say(say("backward.question" if first else "backward.question_hidden", weight=weight, gradient=gradient))
    yield Say(say("backward.chain", loss=story.loss, steps=_way(story, run)))
    yield Formula((chain(gradient, chain_product(story, run)),), f"chain-{label}")
    yield Figure(
        f"paths-{weight.position}-{'-'.join(map(str, weight.indices or ()))}",
        say("backward.figure", weight=weight),
        f"paths-{label}",
    )
    yield Say(say("backward.factors" if len(run.factors) > 1 else "backward.one_factor"))
    if run.paths:
        yield from _paths(story, run)
    for factor in run.factors:
        symbol = story.factor_symbol(factor)
        yield Say(say("backward.factor", factor=symbol, of=factor.of, by=factor.by))
        yield Formula((joined(factor.of, factor.definition), story.factor_line(factor)))
        if factor.derivative != factor.preferred:
            yield Say(say("backward.preferred" if first else "backward.preferred_again", of=factor.of))
    yield Say(say("backward.product"))
    parts: list[Expression] = [adjoint_symbol(run.top)] if run.paths else []
    parts += [factor.preferred for factor in run.factors]
    product = story.product(gradient, chain_product(story, run), parts, adjoint_symbol(weight))
    yield Formula((product,), f"product-{label}")
    yield from _rule(story, weight, run, first)
    yield from _update(story, weight)


def chain_product(story: Story, run: Run) -> Expression:
    """∂E/∂top · ... · ∂…/∂entry, as symbols."""
    head = [] if run.top == story.loss else [partial(story.loss, run.top)]
    return multiply(*head, *(story.factor_symbol(factor) for factor in run.factors))


def _way(story: Story, run: Run) -> tuple[Inline, ...]:
    """The quantities between the weight and the loss, nearest the weight first."""
    return tuple(factor.of for factor in reversed(run.factors) if factor.of != story.loss)


def _paths(story: Story, run: Run) -> Iterator[Block]:
    """∂E/∂top as the sum over the ways, each way's own chain in full."""
    top, ways = run.top, run.paths
    total = partial(story.loss, top)
    terms = [story.term_symbol(path, top) for path in ways]
    users = tuple(path.through for path in ways)
    yield Say(say("paths.several", quantity=top, users=users, factor=total))
    yield Formula((chain(total, add(*terms)),), f"paths-sum-{run.entry.position}")
    for number, path in enumerate(ways):
        yield from _path(story, path, top, first=number == 0)
    yield Say(say("paths.sum"))
    values = [story.term_value(path) for path in ways]
    rounded = [story.value(value) for value in values]
    members: list[Expression] = [total, add(*terms)]
    if all(value is not None for value in rounded):
        members.append(add(*(value for value in rounded if value is not None)))
        result = story.value(adjoint_free(story.derivation.graph, adjoint_symbol(top)))
        assert result is not None
        members.append(result)
    else:
        members.append(add(*values))
    yield Formula((joined(*members),), f"paths-total-{run.entry.position}")


def _path(story: Story, path: Path, top: Symbol, first: bool) -> Iterator[Block]:
    delta = adjoint_symbol(path.through)
    if path.part is None:
        yield Say(say("paths.known" if first else "paths.likewise", through=path.through, delta=delta))
        yield Formula((story.evaluated(story.term_symbol(path, top), story.term_value(path)),))
        return
    above = story.paths.run(path.through)
    outer = [
        partial(path.part, factor.by) if factor.of == story.loss else story.factor_symbol(factor)
        for factor in above.factors
    ]
    own = story.factor_symbol(path.factor)
    yield Say(
        say(
            "paths.chain" if first else "paths.chain_likewise",
            part=path.part,
            quantity=top,
            through=path.through,
            delta=delta,
        )
    )
    yield Formula(
        (
            chain(partial(path.part, top), multiply(*outer, own)),
            story.evaluated(
                partial(path.part, path.through), multiply(*(factor.preferred for factor in above.factors))
            ),
            story.evaluated(own, path.factor.preferred),
            joined(
                partial(path.part, top),
                multiply(partial(path.part, path.through), own),
                *story.evaluated(story.term_value(path)).expressions,
            ),
        )
    )


def _rule(story: Story, weight: Symbol, run: Run, first: bool) -> Iterator[Block]:
    """The product in the quantities of the forward pass, and what is named δ."""
    derivation = story.derivation
    # where loss and output activation cancel, the rule is written with what is left of them
    written = adjoint_free(joint_sweep(derivation.model).graph, adjoint_symbol(weight))
    if sum(1 for _ in walk(written)) <= LONGEST_RULE:
        yield Say(say("backward.rule" if first else "backward.rule_again"))
        yield Formula((chain(partial(story.loss, weight), written),), f"rule-{weight.position}")
    unit = run.factors[-1].of if run.factors else None
    if unit is None or unit.kind != "preactivation":
        return
    delta, derivative = adjoint_symbol(unit), partial(story.loss, unit)
    key = "delta.name" if first else "delta.name_again"
    yield Say(say(key, definition=chain(delta, derivative)))
    chains = (story.evaluated(delta, derivative, derivation.definition(delta)),)
    yield Formula(chains, f"delta-{weight.position}")
    yield Say(say("delta.gradient" if first else "delta.gradient_again", weight=weight))
    yield Formula((story.evaluated(partial(story.loss, weight), derivation.definition(adjoint_symbol(weight))),))


def _update(story: Story, weight: Symbol) -> Iterator[Block]:
    if not story.derivation.is_trained(weight):
        return
    new = story.derivation.updated(weight)
    rate = story.entries("learning_rate")[0]
    states = [replace(weight, variant=f"updated {name}") for name in story.derivation.model.optimiser.states]
    yield Say(say("update.with_state" if states else "update.one", weight=weight, rate=rate))
    yield Formula(tuple(story.defined(entry) for entry in (*states, new)), f"update-{weight.position}")


def _deltas(story: Story, position: int) -> Iterator[Block]:
    """δ of the other neurons of the layer."""
    others = story.entries("preactivation", position, "adjoint")[1:]
    if not others:
        return
    yield Say(say("delta.others"))
    yield Formula(tuple(_delta_line(story, delta) for delta in others))


def _delta_line(story: Story, delta: Symbol) -> Chain:
    return story.evaluated(delta, adjoint_free_of_outputs(story, delta))


def _others(story: Story, weights: tuple[Symbol, ...], position: int) -> Iterator[Block]:
    if not weights:
        return
    if story.detail == "brief":
        yield Say(say("others.table"))
        yield _others_table(story, weights)
        return
    yield Say(say("others.full"))
    for weight in weights:
        run = story.paths.run(weight)
        gradient = partial(story.loss, weight)
        lines = [
            chain(gradient, chain_product(story, run)),
            chain(gradient, adjoint_free(story.derivation.graph, adjoint_symbol(weight))),
            story.evaluated(gradient, gradient_of(story, weight)),
        ]
        if story.derivation.is_trained(weight):
            lines.append(story.defined(story.derivation.updated(weight)))
        yield Formula(tuple(lines), aside=True)


def _others_table(story: Story, weights: tuple[Symbol, ...]) -> Table:
    """All but the first weight of a layer."""

    def row(weight: Symbol) -> tuple[Inline, ...]:
        gradient = adjoint_symbol(weight)
        new = story.derivation.updated(weight)
        return (
            chain(gradient, gradient_of(story, weight)),
            story.number(gradient) or Text(""),
            new if story.derivation.is_trained(weight) else Text(""),
            story.number(new) or Text(""),
        )

    header = (say("others.gradient"), say("values.value"), say("others.new"), say("values.value"))
    rows = story.rows(weights, row, adjoint_symbol(weights[0])) if weights else ()
    return Table(say("others.caption"), header, rows, columns="lrcr")


def _biases(story: Story, position: int) -> Iterator[Block]:
    biases = story.entries("bias", position)
    if not biases:
        return
    units = story.entries("preactivation", position)
    shared = not biases[0].indices and len(units) > 1
    several = not shared and len(units) > len(biases)
    first = biases[0]
    key = "bias.shared" if shared else "bias.samples" if several else "bias.own"
    yield Say(say(key, bias=first, unit=units[0]))
    lines: list[Chain] = []
    for bias in biases:
        gradient = adjoint_symbol(bias)
        ways = story.paths.run(bias)
        product = (
            add(*(story.term_symbol(path, bias) for path in _without_parts(ways)))
            if ways.paths and not ways.factors
            else chain_product(story, ways)
        )
        lines.append(story.evaluated(partial(story.loss, bias), product, story.derivation.definition(gradient)))
        if story.derivation.is_trained(bias):
            lines.append(story.defined(story.derivation.updated(bias)))
    yield Formula(tuple(lines), f"bias-{position}")
    if not story.derivation.is_trained(first):
        yield Say(say("bias.fixed", bias=first))


def _without_parts(run: Run) -> list[Path]:
    return [Path(path.through, path.factor, None) for path in run.paths]
