"""35 pairs of expressions of backpropagation, over the quantities of the worked example: equal ones and near misses."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """Two expressions in the short names of ``NAMES``, and whether they are equal."""

    left: str
    right: str
    equal: bool


NAMES = {
    **{f"n{k}": f"net_{{o{k}}}" for k in (1, 2)},
    **{f"m{k}": f"net_{{h{k}}}" for k in (1, 2)},
    **{f"o{k}": f"out_{{o{k}}}" for k in (1, 2)},
    **{f"h{k}": f"out_{{h{k}}}" for k in (1, 2)},
    **{f"t{k}": f"target_{{o{k}}}" for k in (1, 2)},
    **{f"i{k}": f"i_{k}" for k in (1, 2)},
    **{f"w{k}": f"w_{k}" for k in range(1, 9)},
    **{f"b{k}": f"b_{k}" for k in (1, 2)},
    **{f"d{k}": f"\\delta_{{o{k}}}" for k in (1, 2)},
    **{f"e{k}": f"\\delta_{{h{k}}}" for k in (1, 2)},
    "E": "E_{total}",
}
"""Short name -> TeX."""

DEFINED = {
    **{f"o{k}": f"1/(1 + exp(-n{k}))" for k in (1, 2)},
    **{f"h{k}": f"1/(1 + exp(-m{k}))" for k in (1, 2)},
    "n1": "w5*h1 + w6*h2 + b2",
    "n2": "w7*h1 + w8*h2 + b2",
    "m1": "w1*i1 + w2*i2 + b1",
    "m2": "w3*i1 + w4*i2 + b1",
    "d1": "(o1 - t1)*o1*(1 - o1)",
    "d2": "(o2 - t2)*o2*(1 - o2)",
    "e1": "(d1*w5 + d2*w7)*h1*(1 - h1)",
    "e2": "(d1*w6 + d2*w8)*h2*(1 - h2)",
    "E": "(t1 - o1)**2/2 + (t2 - o2)**2/2",
}
VALUES = {"w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55, "b1": 0.35,
          "b2": 0.6, "i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99}  # fmt: skip

PAIRS = (
    # the logistic function in its forms
    Pair("o1*(1 - o1)", "exp(-n1)/(1 + exp(-n1))**2", True),
    Pair("1 - o1", "1/(1 + exp(n1))", True),
    Pair("o1", "exp(n1)/(1 + exp(n1))", True),
    Pair("o1", "(1 + tanh(n1/2))/2", True),
    Pair("o1 - o1**2", "o1*(1 - o1)", True),
    Pair("D(o1,n1)", "o1*(1 - o1)", True),
    Pair("D(h2,m2)", "exp(m2)/(1 + exp(m2))**2", True),
    Pair("o1", "1/(1 + exp(n1))", False),
    Pair("D(o1,n1)", "n1*(1 - n1)", False),
    Pair("D(o1,n1)", "o1*(1 - o2)", False),
    Pair("exp(-n1)/(1 + exp(-n1))", "o1*(1 - o1)", False),
    # the two outputs' shares of a softmax over their net inputs
    Pair("exp(n1)/(exp(n1) + exp(n2))", "1/(1 + exp(n2 - n1))", True),
    Pair("exp(n1)/(exp(n1) + exp(n2))*(1 - exp(n1)/(exp(n1) + exp(n2)))", "exp(n1)*exp(n2)/(exp(n1) + exp(n2))**2",
         True),
    Pair("exp(n1)/(exp(n1) + exp(n2))", "1/(1 + exp(n1 - n2))", False),
    # the error and its derivatives
    Pair("E", "(o1 - t1)**2/2 + (o2 - t2)**2/2", True),
    Pair("D(E,o1)", "o1 - t1", True),
    Pair("D(E,o1)", "-(t1 - o1)", True),
    Pair("D(E,n1)", "(o1 - t1)*o1*(1 - o1)", True),
    Pair("E", "(t1 - o1)**2 + (t2 - o2)**2", False),
    Pair("D(E,o1)", "t1 - o1", False),
    # sums over neurons, in any order
    Pair("n1", "b2 + w6*h2 + w5*h1", True),
    Pair("D(E,h1)", "w7*d2 + d1*w5", True),
    Pair("D(E,b2)", "d1 + d2", True),
    Pair("n1", "w5*h1 + w7*h2 + b2", False),
    Pair("D(E,h1)", "d1*w5", False),
    Pair("D(E,b2)", "d1", False),
    # a transpose forgotten: the weights that lead to a neuron for those that lead from it
    Pair("D(E,h1)", "d1*w5 + d2*w6", False),
    # gradients of weights
    Pair("D(E,w5)", "(o1 - t1)*o1*(1 - o1)*h1", True),
    Pair("D(E,w1)", "(d1*w5 + d2*w7)*h1*(1 - h1)*i1", True),
    Pair("D(E,w4)", "e2*i2", True),
    Pair("D(E,w5)", "d1*h2", False),
    Pair("D(E,w1)", "(d1*w5 + d2*w7)*h1*i1", False),
    Pair("D(E,w1)", "(d1*w5 + d2*w7)*o1*(1 - o1)*i1", False),
    # printed numbers: rounded, and with a digit lost
    Pair("o1", "0.75136507", True),
    Pair("o1", "0.7513507", False),
)  # fmt: skip

_DERIVATIVE = re.compile(r"D\((\w+),(\w+)\)")


def post() -> str:
    """Each pair as a display ``left = right``."""
    return "\n\n".join(f"$$\n{_tex(pair.left)} = {_tex(pair.right)}\n$$" for pair in PAIRS)


def _tex(text: str) -> str:
    derivative = _DERIVATIVE.fullmatch(text)
    if derivative:
        of, by = (NAMES[name] for name in derivative.groups())
        return f"\\frac{{\\partial {of}}}{{\\partial {by}}}"
    import sympy

    with sympy.evaluate(False):
        tree = sympy.sympify(text, evaluate=False, locals=_symbols())
    return str(sympy.latex(tree, symbol_names={sympy.Symbol(name): tex for name, tex in NAMES.items()}, order="none"))


@cache
def _symbols() -> dict[str, Any]:
    import sympy

    return {name: sympy.Symbol(name) for name in NAMES}


def expanded(pair: Pair) -> tuple[Any, Any]:
    """Both sides down to inputs, targets, weights and biases; with numbers for these beside a number."""
    left, right = _expanded(pair.left), _expanded(pair.right)
    if right.is_number:
        import sympy

        left = left.subs({sympy.Symbol(name): value for name, value in VALUES.items()})
    return left, right


def _expanded(text: str) -> Any:
    import sympy

    derivative = _DERIVATIVE.fullmatch(text)
    if not derivative:
        return _written_out(sympy.sympify(text, locals=_symbols()))
    of, by = derivative.groups()
    if by in DEFINED:  # by a quantity on the way: written out down to it, and then further
        kept = sympy.Symbol(by)
        return _written_out(sympy.diff(_written_out(sympy.Symbol(of), {by}), kept))
    return sympy.diff(_written_out(sympy.Symbol(of)), sympy.Symbol(by))


def _written_out(expression: Any, kept: set[str] = frozenset()) -> Any:  # type: ignore[assignment]
    import sympy

    definitions = {
        sympy.Symbol(name): sympy.sympify(text, locals=_symbols()) for name, text in DEFINED.items() if name not in kept
    }
    while expression.free_symbols & definitions.keys():
        expression = expression.xreplace(definitions)
    return expression
