"""Deciding whether two expressions of backpropagation are equal, beside SymPy's ``simplify`` and ``equals``."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

from benchmarks.clock import Measured, in_turn, task
from benchmarks.pairs import PAIRS, expanded, post
from benchmarks.table import Row, bounded, compared, failed

PATIENCE = 1
"""Seconds that a peer has for a pair."""


def rows() -> Iterator[Row]:
    found = in_turn({"own": task("deciding:own")})
    found |= in_turn({name: task(f"deciding:{name}") for name in ("simplify", "equals", "probe")}, runs=1)
    own = found["own"]
    what = f"deciding {len(PAIRS)} pairs of expressions"
    if not isinstance(own, Measured) or own.own is None:
        yield failed(what, str(own))
        return
    yield bounded(f"{what}: decided rightly", float(own.result.split()[0]), "", least=len(PAIRS))
    yield bounded("the same: time, the slip in each near miss named", own.own, "s", most=0.2)
    for name, title in (
        ("simplify", "`simplify(left - right)`"),
        ("equals", "`left.equals(right)`"),
        ("probe", "SymPy, floats at 5 points"),
    ):
        peer = found[name]
        right = f", {peer.result}" if isinstance(peer, Measured) else ""
        yield compared("", own, f"{title}, {PATIENCE} s for each{right}", peer, None)


def own() -> Callable[[], str]:
    """Each pair as a display of a post about the network, judged by ``check``."""
    import symbackprop as sbp

    text, network = post(), sbp.load("mazur")
    sbp.check("$$w_1 = 0.15$$", network)

    def run() -> str:
        steps = sbp.check(text, network).files[0].verdicts
        answers = [str(verdict.status) != "wrong" if str(verdict.status) in _DECIDED else None for verdict in steps]
        right = sum(answer is pair.equal for answer, pair in zip(answers, PAIRS, strict=True))
        return f"{right} right"

    return run


_DECIDED = ("right", "rounding", "wrong", "note", "convention")


def simplify() -> Callable[[], str]:
    import sympy

    return _peer(lambda left, right: sympy.simplify(left - right) == 0)


def equals() -> Callable[[], str]:
    return _peer(lambda left, right: bool(left.equals(right)))


def probe() -> Callable[[], str]:
    import random

    def close(left, right) -> bool:  # type: ignore[no-untyped-def]
        generator = random.Random(1)
        names = sorted(left.free_symbols | right.free_symbols, key=str)
        for _ in range(5):
            point = {name: generator.uniform(-1, 1) for name in names}
            first, second = (float(side.subs(point)) for side in (left, right))
            if abs(first - second) > 1e-9 * max(1, abs(first)):
                return False
        return True

    return _peer(close)


def _peer(decide) -> Callable[[], str]:  # type: ignore[no-untyped-def]
    sides = [expanded(pair) for pair in PAIRS]

    def give_up(*_: object) -> None:
        raise TimeoutError

    def run() -> str:
        right = late = 0
        signal.signal(signal.SIGALRM, give_up)
        for pair, (left, other) in zip(PAIRS, sides, strict=True):
            signal.alarm(PATIENCE)
            try:
                right += decide(left, other) is pair.equal
            except TimeoutError:
                late += 1
            except Exception:
                continue
            finally:
                signal.alarm(0)
        return f"{right} right, {late} time-outs"

    return run
