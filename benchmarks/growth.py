"""How time and memory grow with the number of weights, and with depth at equal width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log

from benchmarks.clock import Measured, in_turn, task
from benchmarks.networks import WIDE, text_of, weights
from benchmarks.table import Row, bounded, failed

SIZES = ((64, 64, 64, 10), (128, 128, 128, 10), (256, 256, 128, 10))
DEPTHS = tuple((32,) * layers for layers in (3, 9, 27))


def rows() -> Iterator[Row]:
    yield from _exponent("time grows with the weights as W^", SIZES)
    yield from _exponent("time grows with the depth (32 units a layer) as W^", DEPTHS)
    found = in_turn({"own": task("gradients:own", text_of(WIDE))}, runs=3)["own"]
    if isinstance(found, Measured):
        yield bounded(
            f"peak memory at {text_of(WIDE)}, whole process, every equation kept", found.memory, "MiB", most=120
        )


def _exponent(what: str, sizes: Sequence[tuple[int, ...]]) -> Iterator[Row]:
    """The slope between the smallest and the largest network in logarithms, of the work that grows with them."""
    found = in_turn({text_of(each): task("gradients:own_again", text_of(each)) for each in sizes}, runs=3)
    times = []
    for each in sizes:
        measured = found[text_of(each)]
        if isinstance(measured, str) or measured.own is None:
            yield failed(what, str(measured))
            return
        times.append(measured.own)
    slope = log(times[-1] / times[0]) / log(weights(sizes[-1]) / weights(sizes[0]))
    detail = ", ".join(f"{weights(each):,}: {seconds:.2f} s" for each, seconds in zip(sizes, times, strict=True))
    yield bounded(f"{what}x; weights and seconds: {detail}", slope, "", most=1.1)
