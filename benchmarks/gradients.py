"""All gradients of a network, derived and printed as TeX, beside SymPy, SymEngine, CasADi and plain f-strings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from benchmarks.clock import Command, in_turn, task
from benchmarks.networks import SMALL, WIDE, sigmoid_network, sizes_of, text_of
from benchmarks.table import Row, compared, failed

FIRST_EVER = "the same, nothing kept from an earlier run"
FURTHER = "the same, a further network in the same process"


def rows() -> Iterator[Row]:
    sizes = text_of(WIDE)
    peers = ("sympy_reverse", "symengine_reverse", "casadi_scalar", "casadi_matrix", "f_strings")
    found = in_turn(_own(sizes) | {name: task(f"gradients:{name}", sizes) for name in peers}, first_ever=("first",))
    what = f"all gradients of {sizes}, derived and printed (δ form)"
    own = found["own"]
    if isinstance(own, str):
        yield failed(what, own)
        return
    what += f", {own.result} equations"
    reverse = "SymPy, reverse mode by intermediate symbols, and `sympy.latex`"
    for name, what_it_is, least in (("own", what, 20), ("first", FIRST_EVER, 20), ("again", FURTHER, 60)):
        yield compared(what_it_is, found[name], reverse, found["sympy_reverse"], ("faster", least))
        yield compared("", found[name], "SymEngine, the same, and `str`", found["symengine_reverse"], ("at most", 2))
    yield compared(what, own, "CasADi SX, scalars (prints nothing)", found["casadi_scalar"], None)
    yield compared("", own, "CasADi SX, matrices (prints nothing)", found["casadi_matrix"], None)
    yield compared("", own, "floor: the same text from f-strings", found["f_strings"], None)
    small = text_of(SMALL)
    found = in_turn(_own(small), first_ever=("first",))
    naive = in_turn({"naive": task("gradients:sympy_naive", small)}, runs=1)["naive"]
    peer = "SymPy, naive: E written out, `diff`, `latex`"
    for name, what in (("own", f"all gradients of {small}"), ("first", FIRST_EVER), ("again", FURTHER)):
        yield compared(what, found[name], peer, naive, ("faster", 3000))


def _own(sizes: str) -> dict[str, Command]:
    own = task("gradients:own", sizes)
    return {"own": own, "first": own, "again": task("gradients:own_again", sizes)}


def own(text: str) -> Callable[[], int]:
    """The first network of a process: where nothing was kept, the activation's derivative is found and proved, too."""
    import sympy  # noqa: F401 (imports are not part of what is measured, here as for the peers)

    from symbackprop.api import derive

    network = sigmoid_network(sizes_of(text))

    def run() -> int:
        return len(list(derive(network).equations()))

    return run


def own_again(text: str) -> Callable[[], int]:
    """A further network in the same process: what grows with the network alone."""
    own(text_of((2, 2, 2)))()
    return own(text)


def _reverse(sizes: tuple[int, ...], symbol: Callable[[str], Any], slope: Any, total: Any) -> Iterator[tuple[str, Any]]:
    """The δ form with a symbol for every quantity: (name, expression) of each derivative."""
    activations = [[symbol(f"a^{layer}_{unit}") for unit in range(1, size + 1)] for layer, size in enumerate(sizes)]
    weights = [
        [[symbol(f"w^{layer}_{to},{source}") for source in range(1, before + 1)] for to in range(1, after + 1)]
        for layer, (before, after) in enumerate(pairwise(sizes), start=1)
    ]
    targets = [symbol(f"t_{unit}") for unit in range(1, sizes[-1] + 1)]
    last = len(sizes) - 1
    deltas: list[Any] = []
    for layer in range(last, 0, -1):
        here = activations[layer]
        if layer == last:
            errors = [output - target for output, target in zip(here, targets, strict=True)]
        else:
            above = weights[layer]
            errors = [
                total([delta * row[unit] for delta, row in zip(deltas, above, strict=True)])
                for unit in range(sizes[layer])
            ]
        adjoints = [symbol(f"e^{layer}_{unit}") for unit in range(1, sizes[layer] + 1)]
        deltas = [symbol(f"d^{layer}_{unit}") for unit in range(1, sizes[layer] + 1)]
        yield from zip((f"e^{layer}_{unit}" for unit in range(1, sizes[layer] + 1)), errors, strict=True)
        for unit, (adjoint, output) in enumerate(zip(adjoints, here, strict=True), start=1):
            yield f"d^{layer}_{unit}", adjoint * slope(output)
            yield f"db^{layer}_{unit}", deltas[unit - 1]
        for to, delta in enumerate(deltas, start=1):
            for source, value in enumerate(activations[layer - 1], start=1):
                yield f"dw^{layer}_{to},{source}", delta * value


def sympy_reverse(text: str) -> Callable[[], int]:
    import sympy

    sizes = sizes_of(text)

    def run() -> int:
        argument, result = sympy.symbols("z y")
        logistic = 1 / (1 + sympy.exp(-argument))
        derivative = sympy.simplify(sympy.diff(logistic, argument).subs(argument, sympy.log(result / (1 - result))))
        found = _reverse(
            sizes, sympy.Symbol, lambda y: derivative.xreplace({result: y}), lambda terms: sympy.Add(*terms)
        )
        return len([f"{name} = {sympy.latex(value)}" for name, value in found])

    return run


def symengine_reverse(text: str) -> Callable[[], int]:
    import symengine

    sizes = sizes_of(text)

    def run() -> int:
        found = _reverse(sizes, symengine.Symbol, lambda y: y * (1 - y), lambda terms: symengine.Add(*terms))
        return len([f"{name} = {value}" for name, value in found])

    return run


def casadi_scalar(text: str) -> Callable[[], int]:
    import casadi

    sizes = sizes_of(text)

    def run() -> int:
        values = [casadi.SX.sym(f"x_{unit}") for unit in range(sizes[0])]
        parameters = []
        for layer, (before, after) in enumerate(pairwise(sizes), start=1):
            rows = [[casadi.SX.sym(f"w{layer}_{to}_{at}") for at in range(before)] for to in range(after)]
            biases = [casadi.SX.sym(f"b{layer}_{to}") for to in range(after)]
            parameters += [*(weight for row in rows for weight in row), *biases]
            values = [
                1 / (1 + casadi.exp(-(sum(w * a for w, a in zip(row, values, strict=True)) + bias)))
                for row, bias in zip(rows, biases, strict=True)
            ]
        error = sum((casadi.SX.sym(f"t{unit}") - value) ** 2 for unit, value in enumerate(values)) / 2
        return int(casadi.gradient(error, casadi.vertcat(*parameters)).numel())

    return run


def casadi_matrix(text: str) -> Callable[[], int]:
    import casadi

    sizes = sizes_of(text)

    def run() -> int:
        value = casadi.SX.sym("x", sizes[0])
        parameters = []
        for layer, (before, after) in enumerate(pairwise(sizes), start=1):
            weight, bias = casadi.SX.sym(f"w{layer}", after, before), casadi.SX.sym(f"b{layer}", after)
            parameters += [casadi.vec(weight), bias]
            value = 1 / (1 + casadi.exp(-(weight @ value + bias)))
        error = casadi.sumsqr(casadi.SX.sym("t", sizes[-1]) - value) / 2
        return int(casadi.gradient(error, casadi.vertcat(*parameters)).numel())

    return run


def f_strings(text: str) -> Callable[[], int]:
    sizes = sizes_of(text)

    def run() -> int:
        lines = []
        for layer in range(1, len(sizes)):
            for to in range(1, sizes[layer] + 1):
                lines.append(f"\\delta^{layer}_{{{to}}} = \\frac{{\\partial C}}{{\\partial a^{layer}_{{{to}}}}} "
                             f"a^{layer}_{{{to}}}(1 - a^{layer}_{{{to}}})")  # fmt: skip
                lines.append(f"\\frac{{\\partial C}}{{\\partial b^{layer}_{{{to}}}}} = \\delta^{layer}_{{{to}}}")
                above = sizes[layer + 1] if layer + 1 < len(sizes) else 0
                lines.append(f"\\frac{{\\partial C}}{{\\partial a^{layer}_{{{to}}}}} = " + " + ".join([
                    f"\\delta^{layer + 1}_{{{up}}} w^{layer + 1}_{{{up},{to}}}" for up in range(1, above + 1)
                ]))  # fmt: skip
                lines += [
                    f"\\frac{{\\partial C}}{{\\partial w^{layer}_{{{to},{source}}}}} = "
                    f"\\delta^{layer}_{{{to}}} a^{layer - 1}_{{{source}}}"
                    for source in range(1, sizes[layer - 1] + 1)
                ]
        return len(lines)

    return run


def sympy_naive(text: str) -> Callable[[], int]:
    import sympy

    sizes = sizes_of(text)

    def run() -> int:
        values = [sympy.Symbol(f"x_{unit}") for unit in range(sizes[0])]
        parameters = []
        for layer, (before, after) in enumerate(pairwise(sizes), start=1):
            rows = [[sympy.Symbol(f"w^{layer}_{to},{at}") for at in range(before)] for to in range(after)]
            biases = [sympy.Symbol(f"b^{layer}_{to}") for to in range(after)]
            parameters += [*(weight for row in rows for weight in row), *biases]
            values = [
                1 / (1 + sympy.exp(-sympy.Add(*(w * a for w, a in zip(row, values, strict=True)), bias)))
                for row, bias in zip(rows, biases, strict=True)
            ]
        error = sympy.Add(*((sympy.Symbol(f"t_{unit}") - value) ** 2 for unit, value in enumerate(values))) / 2
        return len([sympy.latex(sympy.diff(error, parameter)) for parameter in parameters])

    return run
