"""10,000 steps of gradient descent on the worked example, beside a loop by hand, lambdify, NumPy and PyTorch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from benchmarks.clock import in_turn, task
from benchmarks.table import Row, compared

STEPS = 10_000
FIRST, SECOND = [[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]
BIASES, INPUTS, TARGETS, RATE = (0.35, 0.60), [0.05, 0.10], [0.01, 0.99], 0.5


def rows() -> Iterator[Row]:
    found = in_turn({name: task(f"training:{name}") for name in ("own", "by_hand", "lambdified", "arrays", "torch")})
    own = found["own"]
    what = f"{STEPS:,} SGD steps of the 2-2-2 network, preparation included"
    yield compared(what, own, "loop written by hand", found["by_hand"], ("at most", 1.5))
    yield compared("", own, "NumPy", found["arrays"], ("faster", 13))
    yield compared("", own, "PyTorch", found["torch"], ("faster", 60))
    yield compared("", own, "SymPy, `lambdify` with `cse`, preparation included", found["lambdified"], None)


def own() -> Callable[[], str]:
    """From the derived graph on: writing the loop's source, compiling it, running it."""
    import symbackprop as sbp
    from symbackprop.derive.joint import joint_sweep

    derivation = sbp.derive(sbp.load("mazur")).derivation
    joint_sweep(derivation.model)

    def run() -> str:
        return f"{derivation.train('simultaneous', STEPS).errors[-1]:.9f}"

    return run


def by_hand() -> Callable[[], str]:
    def run() -> str:
        (w1, w2), (w3, w4) = FIRST
        (w5, w6), (w7, w8) = SECOND
        b1, b2 = BIASES
        i1, i2 = INPUTS
        t1, t2 = TARGETS
        exp = math.exp
        errors = []
        for _ in range(STEPS + 1):
            h1 = 1 / (1 + exp(-(w1 * i1 + w2 * i2 + b1)))
            h2 = 1 / (1 + exp(-(w3 * i1 + w4 * i2 + b1)))
            o1 = 1 / (1 + exp(-(w5 * h1 + w6 * h2 + b2)))
            o2 = 1 / (1 + exp(-(w7 * h1 + w8 * h2 + b2)))
            errors.append(((t1 - o1) ** 2 + (t2 - o2) ** 2) / 2)
            d1 = (o1 - t1) * o1 * (1 - o1)
            d2 = (o2 - t2) * o2 * (1 - o2)
            e1 = (d1 * w5 + d2 * w7) * h1 * (1 - h1)
            e2 = (d1 * w6 + d2 * w8) * h2 * (1 - h2)
            w5 -= RATE * d1 * h1
            w6 -= RATE * d1 * h2
            w7 -= RATE * d2 * h1
            w8 -= RATE * d2 * h2
            w1 -= RATE * e1 * i1
            w2 -= RATE * e1 * i2
            w3 -= RATE * e2 * i1
            w4 -= RATE * e2 * i2
        return f"{errors[-1]:.9f}"

    return run


def lambdified() -> Callable[[], str]:
    import sympy

    def run() -> str:
        weights = sympy.symbols("w1:9")
        hidden = [
            1 / (1 + sympy.exp(-(weights[2 * j] * INPUTS[0] + weights[2 * j + 1] * INPUTS[1] + BIASES[0])))
            for j in range(2)
        ]
        outputs = [
            1 / (1 + sympy.exp(-(weights[4 + 2 * j] * hidden[0] + weights[5 + 2 * j] * hidden[1] + BIASES[1])))
            for j in range(2)
        ]
        error = sum((t - o) ** 2 for t, o in zip(TARGETS, outputs, strict=True)) / 2
        step = sympy.lambdify(weights, [error, *(w - RATE * sympy.diff(error, w) for w in weights)], "math", cse=True)
        values = [*FIRST[0], *FIRST[1], *SECOND[0], *SECOND[1]]
        errors = []
        for _ in range(STEPS + 1):
            last, *values = step(*values)
            errors.append(last)
        return f"{errors[-1]:.9f}"

    return run


def arrays() -> Callable[[], str]:
    import numpy as np

    def run() -> str:
        first, second, x, target = (np.array(each) for each in (FIRST, SECOND, INPUTS, TARGETS))
        errors = []
        for _ in range(STEPS + 1):
            hidden = 1 / (1 + np.exp(-(first @ x + BIASES[0])))
            output = 1 / (1 + np.exp(-(second @ hidden + BIASES[1])))
            errors.append(((target - output) ** 2).sum() / 2)
            delta = (output - target) * output * (1 - output)
            back = (second.T @ delta) * hidden * (1 - hidden)
            second = second - RATE * np.outer(delta, hidden)
            first = first - RATE * np.outer(back, x)
        return f"{errors[-1]:.9f}"

    return run


def torch() -> Callable[[], str]:
    import torch as pytorch

    def run() -> str:
        first, second = (pytorch.tensor(w, dtype=pytorch.float64, requires_grad=True) for w in (FIRST, SECOND))
        x, target = (pytorch.tensor(v, dtype=pytorch.float64) for v in (INPUTS, TARGETS))
        optimiser = pytorch.optim.SGD([first, second], lr=RATE)
        errors = []
        for _ in range(STEPS + 1):
            output = pytorch.sigmoid(second @ pytorch.sigmoid(first @ x + BIASES[0]) + BIASES[1])
            error = ((target - output) ** 2).sum() / 2
            errors.append(error.item())
            optimiser.zero_grad()
            error.backward()
            optimiser.step()
        return f"{errors[-1]:.9f}"

    return run
