"""The rows of the table, and the table as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.clock import Measured

Aim = tuple[Literal["faster", "at most"], float] | None
"""("faster", 20): the peer takes at least 20 times as long. ("at most", 2): we take at most twice as long."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; cells are text. ``reached`` is None where nothing is asked for."""

    what: str
    ours: str
    peer: str
    theirs: str
    ratio: str
    aim: str
    reached: bool | None


def compared(what: str, ours: Measured | str, peer: str, theirs: Measured | str, aim: Aim, whole: bool = False) -> Row:
    """Our time beside a peer's: of whole processes, or as the processes reported themselves."""
    first, second = (_seconds(side, whole) for side in (ours, theirs))
    asked = "" if aim is None else f"≥ {aim[1]:g}× faster" if aim[0] == "faster" else f"≤ {aim[1]:g}×"
    if isinstance(first, str) or isinstance(second, str):
        return Row(what, _text(first), peer, _text(second), "", asked, None)
    if aim is not None and aim[0] == "at most":
        return Row(what, _text(first), peer, _text(second), f"{first / second:.2f}×", asked, first <= aim[1] * second)
    faster = second / first
    reached = None if aim is None else faster >= aim[1]
    return Row(what, _text(first), peer, _text(second), f"{faster:,.3g}× faster", asked, reached)


def bounded(what: str, value: float, unit: str, most: float | None = None, least: float | None = None) -> Row:
    """A figure with a bound of its own."""
    asked = f"≤ {most:g} {unit}" if most is not None else f"≥ {least:,g} {unit}" if least is not None else ""
    reached = value <= most if most is not None else value >= least if least is not None else None
    return Row(what, f"{value:,.4g} {unit}", "", "", "", asked.strip(), reached)


def failed(what: str, why: str) -> Row:
    return Row(what, why, "", "", "", "", False)


def _seconds(side: Measured | str, whole: bool) -> float | str:
    if isinstance(side, str):
        return side
    return side.seconds if whole or side.own is None else side.own


def _text(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | symbackprop | beside | takes | ratio | to reach | reached |", "|---|---|---|---|---|---|---|"]
    signs = {None: "", True: "yes", False: "no"}
    lines += [
        f"| {row.what} | {row.ours} | {row.peer} | {row.theirs} | {row.ratio} | {row.aim} | {signs[row.reached]} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"
