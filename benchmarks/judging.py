"""Judging a long post with its network, after start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from benchmarks.clock import Measured, in_turn, task
from benchmarks.table import Row, bounded, failed


def rows() -> Iterator[Row]:
    what = "`check` of a long post with its network, after start-up"
    found = in_turn({"own": task("judging:own")}, runs=3)["own"]
    if not isinstance(found, Measured) or found.own is None:
        yield failed(what, str(found))
        return
    displays, steps, wrong = map(int, found.result.split())
    yield bounded(
        f"{what}: {displays} displays, {steps} steps, {wrong} of them wrong", displays / found.own, "displays a second",
        least=400,
    )  # fmt: skip


def own() -> Callable[[], str]:
    """A document of every weight of a 3-4-3 network, each formula a display of its own, some signs turned."""
    import symbackprop as sbp
    from symbackprop.api import derive

    derivation = derive(_network())
    post, displays = _post(derivation)
    sbp.check("$$w_1 = 0.15$$", sbp.load("mazur"))  # start-up: what the first check imports and builds

    def run() -> str:
        summary = sbp.check(post, derivation.network).files[0].summary
        steps = sum(count for _, count in summary.items())
        return f"{displays} {steps} {summary['wrong']}"

    return run


def _network():  # type: ignore[no-untyped-def]
    import symbackprop as sbp

    def numbers(rows: int, columns: int) -> list[list[Decimal]]:
        return [[Decimal((7 * row + 3 * column) % 11 - 5) / 10 for column in range(columns)] for row in range(rows)]

    layers = [sbp.Dense(4, weights=numbers(4, 3), biases=numbers(1, 4)[0]),
              sbp.Dense(3, weights=numbers(3, 4), biases=numbers(1, 3)[0])]  # fmt: skip
    data = sbp.Data(inputs=numbers(1, 3)[0], targets=[Decimal("0.1"), Decimal("0.9"), Decimal("0.5")])
    training = sbp.Training(learning_rate=Decimal("0.5"))
    return sbp.Network("long", inputs=3, layers=layers, data=data, training=training)


def _post(derivation) -> tuple[str, int]:  # type: ignore[no-untyped-def]
    story = derivation.story
    lines = []
    for node in derivation.derivation.graph.nodes:
        if node.symbol is None or node.operation is None:
            continue
        lines += [derivation.printer.tex(story.defined(node.entry(*place))) for place in node.places()]
    for gradient in derivation.gradients:
        forms = gradient.forms()
        lines += [derivation.printer.tex(forms[name]) for name in ("factors", "delta")]
    slipped = [line.replace(" + ", " - ", 1) if number % 10 == 0 else line for number, line in enumerate(lines)]
    post = "\n\n".join(f"Then:\n\n$$\n{line}\n$$" for line in slipped)
    return post, len(slipped)
