"""The output layer with softmax: its Jacobian, and what δ of its scores comes down to."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.derive.jacobian import jacobian_entry
from symbackprop.derive.jacobian_indexed import jacobian_indexed
from symbackprop.derive.joint import JointSteps, joint_of, joint_steps
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.derive.softmax import jacobian_chain
from symbackprop.document.blocks import Block, Formula, Heading, Inline, Say, Table, Text
from symbackprop.document.sections.deltas import adjoint_free_of_outputs
from symbackprop.document.story import Story, joined, say
from symbackprop.expression import Chain, Expression, Index, Symbol, chain, multiply, partial
from symbackprop.forms.scalar import adjoint_free


def jacobian(story: Story) -> Iterator[Block]:
    """∂y_i/∂a_j by cases, and both cases in one line."""
    output = story.derivation.output
    outputs, scores = _entries(story)
    row = outputs[0].indices[:-1] if outputs[0].indices else ()
    place = tuple(index for index in row if isinstance(index, int))
    yield Heading(2, say("softmax.jacobian"))
    yield Say(say("softmax.all_depend", output=outputs[0], scores=scores))
    yield Say(say("softmax.same", output=outputs[0], score=scores[0]))
    yield Formula((jacobian_chain(output, 0, 0, place),), "jacobian-same")
    if len(outputs) > 1:
        yield Say(say("softmax.different", output=outputs[0], score=scores[1]))
        yield Formula((jacobian_chain(output, 0, 1, place),), "jacobian-different")
    if story.naming.can_write(Symbol("activation", story.depth, (*(Index("s") for _ in row), Index("j")))):
        both = jacobian_indexed(output, story.letters)
        yield Say(say("softmax.kronecker"))
        yield Formula((both,), "jacobian")
    if story.numeric and len(outputs) > 1:
        yield from _table(story, outputs, scores)


def _table(story: Story, outputs: tuple[Symbol, ...], scores: tuple[Symbol, ...]) -> Iterator[Block]:
    rows: list[tuple[Inline, ...]] = []
    for one in outputs:
        cells: list[Inline] = [one]
        for score in scores:
            entry = jacobian_entry(story.derivation.output, one, score)
            assert entry is not None
            cells.append(story.value(entry) or entry)
        rows.append(tuple(cells))
    yield Say(say("softmax.rows_sum"))
    header: tuple[Inline, ...] = (Text(""), *scores)
    yield Table(say("softmax.table"), header, tuple(rows), "jacobian-table", "c" + "r" * len(scores))


def output_delta(story: Story) -> Iterator[Block]:
    """δ of the output layer: the sum over all outputs, and what it comes down to."""
    outputs, scores = _entries(story)
    first, loss = scores[0], story.loss
    delta = adjoint_symbol(first)
    steps = joint_of_entry(story, first)
    yield Heading(2, say("softmax.delta"))
    yield Say(say("softmax.loss_by_output", output=outputs[0]))
    yield Formula(tuple(story.evaluated(partial(loss, output), _by_output(story, output)) for output in outputs))
    yield Say(say("softmax.sum", score=first, outputs=outputs))
    if steps is None:
        yield Formula((story.evaluated(partial(loss, first), adjoint_free_of_outputs(story, delta)),), "delta")
        yield Say(say("softmax.stays"))
    else:
        yield Formula((chain(partial(loss, first), *steps.chain.expressions[1:]),), "delta")
        yield from _total(story, first, steps)
    yield Say(say("softmax.others"))
    yield Formula(
        tuple(story.evaluated(adjoint_symbol(score), shortest_delta(story, score)) for score in scores), "deltas"
    )


def _total(story: Story, score: Symbol, steps: JointSteps) -> Iterator[Block]:
    """The place at which the targets' sum enters."""
    if steps.total is None:
        return
    kind = {None: "open", True: "one", False: "other"}[steps.total_is_one]
    yield Say(say(f"softmax.total_{kind}", total=steps.total))
    yield Formula((chain(partial(story.loss, score), steps.if_one),), "delta-one")
    yield Say(say("softmax.without", general=steps.chain.expressions[-1]))


def joint_of_entry(story: Story, score: Symbol) -> JointSteps | None:
    """The steps to δ of an output neuron where loss and activation cancel; None where they do not."""
    model = story.derivation.model
    joint = joint_of(model)
    return None if joint is None else joint_steps(model, joint, story.derivation.sweep, score)


def shortest_delta(story: Story, score: Symbol) -> Expression:
    """δ of an output neuron in its shortest form."""
    steps = joint_of_entry(story, score)
    if steps is None:
        return adjoint_free_of_outputs(story, adjoint_symbol(score))
    # Only targets that are known not to sum to 1 keep their sum.
    return steps.chain.expressions[-1] if steps.total_is_one is False else steps.if_one


def _by_output(story: Story, output: Symbol) -> Expression:
    return adjoint_free(story.derivation.graph, adjoint_symbol(output))


def _entries(story: Story) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """The outputs and the scores they are made of, of the first sample where there are several."""
    outputs, scores = story.entries("activation", story.depth), story.entries("preactivation", story.depth)

    def first_row(entries: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
        row = (entries[0].indices or ())[:-1]
        return tuple(entry for entry in entries if (entry.indices or ())[:-1] == row)

    return first_row(outputs), first_row(scores)


def softmax_layer(story: Story) -> Iterator[Block]:
    """The backward pass through an output layer with softmax."""
    yield from jacobian(story)
    yield from output_delta(story)
    yield from weights_of_scores(story)


def weights_of_scores(story: Story) -> Iterator[Block]:
    """∂E/∂w and ∂E/∂b of the output layer: δ handed on through a sum."""
    derivation = story.derivation
    weights, biases = story.entries("weight", story.depth), story.entries("bias", story.depth)
    yield Heading(2, say("softmax.gradients"))
    if not weights:
        return
    first = weights[0]
    factor = story.paths.run(first).factors[-1]
    yield Say(say("softmax.weight", weight=first, score=factor.of))
    yield Formula((story.factor_line(factor), _gradient(story, first, factor.of)), "weight-first")
    yield Say(say("softmax.all_weights"))
    yield Formula(tuple(_short(story, weight) for weight in weights[1:]), "weights")
    if biases:
        yield Say(say("softmax.biases"))
        yield Formula(tuple(_short(story, bias) for bias in biases), "biases")
    if derivation.is_trained(first):
        yield Say(say("update.one", weight=first, rate=story.entries("learning_rate")[0]))
        yield Formula((story.defined(derivation.updated(first)),), "update-first")


def _gradient(story: Story, weight: Symbol, unit: Symbol) -> Chain:
    loss, gradient = story.loss, adjoint_symbol(weight)
    rule = (partial(loss, unit), partial(unit, weight))
    return joined(
        partial(loss, weight), multiply(*rule), *story.evaluated(story.derivation.definition(gradient)).expressions
    )


def _short(story: Story, parameter: Symbol) -> Chain:
    return story.evaluated(partial(story.loss, parameter), story.derivation.definition(adjoint_symbol(parameter)))
