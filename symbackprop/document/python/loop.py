"""The training loop of a notebook: a function for each order of the updates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symbackprop.document.python.script import Writer, round_of
from symbackprop.document.python.statements import listing
from symbackprop.numeric.program import entries_of
from symbackprop.spec.model import Order

OWN_NAMES = (
    *("show", "name", "names", "sign", "softplus", "count", "iterations", "sample", "samples", "total"),
    *("error", "errors", "output", "outputs", "parameter", "parameters", "train_simultaneous", "train_sequential"),
)
"""What the code of a notebook calls things by itself."""


def training_function(writer: Writer, order: Order) -> list[str]:
    """``train_ORDER(iterations)``: the errors before each update and at the end, then the outputs and parameters."""
    derivation = writer.story.derivation
    turn, names = round_of(derivation, order, "--to ipynb"), writer.names
    values = {**derivation.model.values, **turn.sweep.initial}
    forward, backward = (
        [line for assignment in lines for line in writer.statement(assignment, noted=False).split("\n")]
        for lines in (turn.forward, turn.backward)
    )
    error = names[derivation.model.graph.loss.entry()]
    outputs = listing(names[entry] for entry in entries_of([derivation.output]))
    renewals = turn.renewals(names)
    parameters = listing((names[old] for old, _ in turn.updated), "[", "]")
    if turn.of_sample:
        rows = [listing(str(sample[leaf]) for leaf in turn.of_sample) + "," for sample in derivation.model.samples]
        share = f"{error} / {len(rows)}" if derivation.network.training.reduction == "mean" else error
        unpacked = f"{turn.sample(names)} = sample"
        body = [
            "total, outputs = 0, ()",
            "for sample in samples:",
            *_in([unpacked, *forward, f"total += {share}", f"outputs += {outputs}"]),
            "errors.append(total)",
            *_return("outputs", parameters),
            "for sample in samples:",
            *_in([unpacked, *forward, *backward, *renewals]),
        ]
        start = ["samples = [", *_in(rows), "]"]
    else:
        body = [*forward, f"errors.append({error})", *_return(outputs, parameters), *backward, *renewals]
        start = []
    lines = [
        *start,
        *writer.assigned((old for old, _ in turn.updated), values),
        "errors = []",
        "for count in range(iterations + 1):",
        *_in(body),
    ]
    return [f"def train_{order}(iterations):", *_in(lines)]


def _return(outputs: str, parameters: str) -> list[str]:
    return ["if count == iterations:", *_in([f"return errors, {outputs}, {parameters}"])]


def _in(lines: Iterable[str]) -> list[str]:
    """Lines of source, one level in."""
    return [f"    {line}" if line else line for row in lines for line in row.split("\n")]


def training_results(order: Order, rounds: Sequence[int], shape: str) -> list[str]:
    """Statements that run the loop for some numbers of rounds, and print the error and the outputs after each."""
    return [
        f"for count in {tuple(rounds)}:",
        f"    errors, outputs, parameters = train_{order}(count)",
        f'    print(f"{order}, {{count}}: error {{errors[-1]:{shape}}}")',
        f'    print("outputs", *(f"{{output:{shape}}}" for output in outputs))',
        f'    print("parameters", *(f"{{parameter:{shape}}}" for parameter in parameters))',
    ]
