"""What the source posts state, in their own order: trees over canonical quantities, written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from symbackprop.expression import (
    ONE,
    Apply,
    Expression,
    Index,
    Name,
    Symbol,
    add,
    divide,
    multiply,
    negate,
    subtract,
)
from symbackprop.forms.shapes import WHOLE

M, D = "m", "D"
LOSS = Symbol("loss", None, ())


# ---- the quantities of the posts -----------------------------------------------------------------------


def at(kind: str, offset: int = 0, *indices: Any, layer: str = M, variant: str = "") -> Symbol:
    """A quantity of layer m (or D), an entry where indices are given; letters stand for indices."""
    placed = tuple(Index(index) if isinstance(index, str) else index for index in indices)
    return Symbol(kind, Index(layer, offset), placed or None, variant)


def d(symbol: Symbol) -> Symbol:
    """∂L/∂symbol."""
    return replace(symbol, variant="adjoint")


def total(body: Expression, letter: str, upper: Expression) -> Expression:
    return Apply("sum", (body, Name(letter), ONE, upper))


def product(*factors: Expression) -> Expression:
    return Apply("matrix_product", factors)


def turned(matrix: Expression) -> Expression:
    return Apply("transpose", (matrix,))


def entrywise(*factors: Expression) -> Expression:
    return Apply("hadamard", factors)


def act(argument: Expression, layer: str = M, derivative: bool = False) -> Expression:
    head: Expression = Symbol("activation_function", Index(layer))
    return Apply("call", (Apply("derivative", (head,)) if derivative else head, argument))


def loss_of(argument: Expression, derivative: bool = False) -> Expression:
    head: Expression = Symbol("loss_function")
    return Apply("call", (Apply("derivative", (head,)) if derivative else head, argument))


def size(offset: int = 0, layer: str = M) -> Symbol:
    return Symbol("size", Index(layer, offset))


@dataclass(frozen=True)
class Stated:
    """A formula of a post: where the document states it (its label), its two sides."""

    label: str
    left: Expression
    right: Expression


E_M = at("preactivation")
Y_D, E_D = at("activation", layer=D), at("preactivation", layer=D)

# S3: D layers of any size, row vectors; ω_{kj} leads from k to j
ROW_VECTOR = (
    Stated("forward-matrix", E_M, add(product(at("activation", -1), at("weight")), at("bias"))),
    Stated("forward-matrix", at("activation"), act(E_M)),
    Stated(
        "forward-entries",
        at("preactivation", 0, "j"),
        add(total(multiply(at("activation", -1, "k"), at("weight", 0, "j", "k")), "k", size(-1)), at("bias", 0, "j")),
    ),
    Stated("loss", LOSS, total(loss_of(at("activation", 0, "j", layer=D)), "j", size(layer=D))),
    Stated(
        "weight-entry",
        d(at("weight", 0, "j", "k")),
        multiply(at("activation", -1, "k"), d(at("preactivation", 0, "j"))),
    ),
    Stated(
        "weight-line",
        d(Symbol("weight", Index(M), (Index("j"), WHOLE))),
        multiply(turned(at("activation", -1)), d(at("preactivation", 0, "j"))),
    ),
    Stated("weight-matrix", d(at("weight")), product(turned(at("activation", -1)), d(E_M))),
    Stated(
        "recursion-entry",
        d(at("preactivation", 0, "j")),
        multiply(
            act(at("preactivation", 0, "j"), derivative=True),
            total(multiply(d(at("preactivation", 1, "i")), at("weight", 1, "i", "j")), "i", size(1)),
        ),
    ),
    Stated(
        "recursion-matrix",
        d(E_M),
        entrywise(act(E_M, derivative=True), product(d(at("preactivation", 1)), turned(at("weight", 1)))),
    ),
    Stated(
        "start-entry",
        d(at("preactivation", 0, "j", layer=D)),
        multiply(
            loss_of(at("activation", 0, "j", layer=D), derivative=True),
            act(at("preactivation", 0, "j", layer=D), D, derivative=True),
        ),
    ),
    Stated("start-matrix", d(E_D), entrywise(loss_of(Y_D, derivative=True), act(E_D, D, derivative=True))),
    Stated("bias", d(at("bias")), d(E_M)),
)


def of(kind: str, position: int | None, *indices: int) -> Symbol:
    """A quantity of a network of definite size; indices as readers count, from 1."""
    return Symbol(kind, position, tuple(index - 1 for index in indices))


def whole(kind: str, position: int | None = None, variant: str = "") -> Symbol:
    return Symbol(kind, position, None, variant)


def exp(position: int) -> Expression:
    return Apply("exp", (of("preactivation", 1, position),))


SCORES = add(exp(1), exp(2), exp(3))
Y1, Y2, T1 = of("activation", 1, 1), of("activation", 1, 2), of("target", None, 1)
TARGETS = add(*(of("target", None, place) for place in (1, 2, 3)))


def delta(position: int, *indices: int) -> Symbol:
    return d(of("preactivation", position, *indices))


# S4: a = W x + b, y = softmax(a), E = -Σ t log y
SOFTMAX = (
    Stated(
        "matrix-column-forward-1",
        whole("preactivation", 1),
        add(product(whole("weight", 1), whole("activation", 0)), whole("bias", 1)),
    ),
    Stated("softmax", Y1, divide(exp(1), SCORES)),
    Stated(
        "error",
        LOSS,
        negate(
            add(
                *(
                    multiply(of("target", None, place), Apply("log", (of("activation", 1, place),)))
                    for place in (1, 2, 3)
                )
            )
        ),
    ),
    Stated("delta", delta(1, 1), subtract(multiply(Y1, TARGETS), T1)),
    Stated("delta-one", delta(1, 1), subtract(Y1, T1)),
    Stated(
        "indexed-backward-1",
        Symbol("preactivation", 1, (Index("i"),), "adjoint"),
        subtract(Symbol("activation", 1, (Index("i"),)), Symbol("target", None, (Index("i"),))),
    ),
    Stated("weight-first", d(of("weight", 1, 1, 1)), multiply(subtract(Y1, T1), of("activation", 0, 1))),
    Stated("biases", d(of("bias", 1, 2)), subtract(Y2, of("target", None, 2))),
    Stated(
        "matrix-column-backward-1",
        d(whole("weight", 1)),
        product(
            Apply("add", (whole("activation", 1), negate(whole("target")))),
            turned(whole("activation", 0)),
        ),
    ),
    Stated("matrix-column-backward-1", d(whole("bias", 1)), add(whole("activation", 1), negate(whole("target")))),
    Stated(
        "update-first",
        of("weight", 1, 1, 1).__class__("weight", 1, (0, 0), "updated"),
        subtract(of("weight", 1, 1, 1), multiply(Symbol("learning_rate", None, ()), d(of("weight", 1, 1, 1)))),
    ),
)

L = "L"


def lay(kind: str, offset: int = 0) -> Symbol:
    return at(kind, offset, layer="l")


# S4 with L layers: δ of layer l from layer l+1, gradients of every W and b
SOFTMAX_MLP = (
    Stated(
        "deep-recursion",
        d(lay("preactivation")),
        entrywise(
            product(turned(lay("weight", 1)), d(lay("preactivation", 1))),
            act(lay("preactivation"), "l", derivative=True),
        ),
    ),
    Stated("deep-gradients", d(lay("weight")), product(d(lay("preactivation")), turned(lay("activation", -1)))),
    Stated("deep-gradients", d(lay("bias")), d(lay("preactivation"))),
)


def weight_y(source: int, to: int) -> Symbol:
    return of("weight", 2, to, source)


def share(position: int, unit: int) -> Symbol:
    return of("share", position, unit)


def part_of(source: int, to: int) -> Expression:
    return divide(weight_y(source, to), add(*(weight_y(other, to) for other in (1, 2, 3))))


def slope(position: int, unit: int) -> Expression:
    output = of("activation", position, unit)
    return multiply(output, subtract(ONE, output))


def error(unit: int) -> Expression:
    return subtract(of("activation", 2, unit), of("target", None, unit))


# S0: 2-3-2 without biases; W_{Y_{ij}} leads from i to j
WEIGHT_SHARE = (
    Stated(
        "forward-1",
        of("preactivation", 1, 1),
        add(
            multiply(of("weight", 1, 1, 1), of("activation", 0, 1)),
            multiply(of("weight", 1, 1, 2), of("activation", 0, 2)),
        ),
    ),
    Stated("forward-matrix-1", whole("preactivation", 1), product(whole("weight", 1), whole("activation", 0))),
    Stated("forward-matrix-2", whole("preactivation", 2), product(whole("weight", 2), whole("activation", 1))),
    Stated(
        "shares-1",
        share(1, 1),
        add(multiply(part_of(1, 1), share(2, 1)), multiply(part_of(1, 2), share(2, 2))),
    ),
    Stated("rule-2", d(weight_y(1, 1)), multiply(error(1), slope(2, 1), of("activation", 1, 1))),
    Stated(
        "rule-1",
        d(of("weight", 1, 1, 1)),
        multiply(
            add(
                multiply(error(1), slope(2, 1), weight_y(1, 1)),
                multiply(error(2), slope(2, 2), weight_y(1, 2)),
            ),
            slope(1, 1),
            of("activation", 0, 1),
        ),
    ),
    Stated(
        "step-again",
        d(whole("preactivation", 1)),
        entrywise(
            product(turned(whole("weight", 2)), d(whole("preactivation", 2))),
            Apply("call", (Apply("derivative", (Name("sigmoid"),)), whole("preactivation", 1))),
        ),
    ),
    Stated(
        "update-2",
        replace(weight_y(1, 1), variant="updated"),
        subtract(weight_y(1, 1), multiply(Symbol("learning_rate", None, ()), d(weight_y(1, 1)))),
    ),
)
# the simplified form says something else under the same names, so it is compared with values of its own
SIMPLIFIED_SHARES = (
    Stated(
        "shares-simplified-1",
        whole("share", 1),
        product(turned(whole("weight", 2)), whole("share", 2)),
    ),
    Stated(
        "shares-simplified-0",
        whole("share", 0),
        product(turned(whole("weight", 1)), whole("share", 1)),
    ),
)
