"""What the printer writes, rule by rule, and that KaTeX in its strictest mode accepts it."""

from __future__ import annotations

import pytest
from support.quantities import speller
from support.typesetters import typeset

from symbackprop.expression import (
    ONE,
    Apply,
    Chain,
    Expression,
    Index,
    Name,
    Number,
    Symbol,
    add,
    chain,
    divide,
    multiply,
    negate,
    partial,
    power,
)
from symbackprop.latex.printer import RULES, Printer

L, NEXT = Index("l"), Index("l", 1)
J, K, DOT = Index("j"), Index("k"), Index("·")
W, Z, A = (Symbol(kind, L) for kind in ("weight", "preactivation", "activation"))
DELTA = Symbol("preactivation", NEXT, None, "adjoint")
W_NEXT, LOSS, SIZE = Symbol("weight", NEXT), Symbol("loss", None, ()), Symbol("size", L)
X, Y = Name("x"), Name("y")
TWO, MINUS = Number("2"), Number("-3")
F = Symbol("activation_function", L)
HALF = divide(ONE, TWO)


def call(head: Expression, *arguments: Expression) -> Expression:
    return Apply("call", (head, *arguments))


def derivative(head: Expression) -> Expression:
    return Apply("derivative", (head,))


def total(body: Expression, upper: Expression = SIZE) -> Expression:
    return Apply("sum", (body, Name("j"), ONE, upper))


def transpose(base: Expression) -> Expression:
    return Apply("transpose", (base,))


def product(*factors: Expression) -> Expression:
    return Apply("matrix_product", factors)


def hadamard(*factors: Expression) -> Expression:
    return Apply("hadamard", factors)


def row(*entries: Expression) -> Expression:
    return Apply("row", entries)


CASES: list[tuple[Expression | Chain, str]] = [
    # sums, products, signs
    (add(X, negate(Y)), "x - y"),
    (add(X, negate(add(Y, ONE))), "x - (y + 1)"),
    (add(X, MINUS), "x + (-3)"),
    (multiply(MINUS, X), "-3 x"),
    (multiply(X, MINUS), "x \\cdot (-3)"),
    (multiply(TWO, MINUS), "2 \\cdot (-3)"),
    (add(X, multiply(MINUS, Y)), "x + (-3 y)"),
    (multiply(negate(X), Y), "-x y"),
    (add(X, multiply(negate(X), Y)), "x + (-x y)"),
    (Apply("negate", (negate(X),)), "-(-x)"),
    (multiply(TWO, Number("3")), "2 \\cdot 3"),
    (multiply(X, TWO), "x \\cdot 2"),
    (Apply("multiply", (TWO, Apply("multiply", (Number("3"), X)))), "2 \\cdot 3 x"),
    (Apply("multiply", (TWO, Apply("multiply", (HALF, X)))), "2 \\cdot \\frac{1}{2} x"),
    (multiply(HALF, X), "\\frac{1}{2} x"),
    (multiply(Number("1.5e-7"), X), "1.5 \\times 10^{-7} x"),
    (power(Number("1.5e-7"), TWO), "(1.5 \\times 10^{-7})^2"),
    (multiply(add(X, Y), add(X, ONE)), "(x + y)(x + 1)"),
    # powers
    (power(X, TWO), "x^2"),
    (power(MINUS, TWO), "(-3)^2"),
    (power(negate(X), TWO), "(-x)^2"),
    (power(Symbol("weight", L, (J, K)), TWO), "(w^{l}_{jk})^2"),
    (power(power(X, TWO), Number("3")), "(x^2)^3"),
    (power(HALF, TWO), "\\left(\\frac{1}{2}\\right)^2"),
    (power(partial(LOSS, A), TWO), "\\left(\\frac{\\partial E}{\\partial a^{l}}\\right)^2"),
    (power(Apply("tanh", (X,)), TWO), "\\tanh^2(x)"),
    (power(Apply("exp", (X,)), TWO), "(e^x)^2"),
    (power(call(F, X), TWO), "(f_{l}(x))^2"),
    (Apply("exp", (negate(X),)), "e^{-x}"),
    # what is open at its end stands last, or in brackets
    (total(Symbol("activation", L, (J,))), "\\sum_{j=1}^{n_{l}} a^{l}_{j}"),
    (multiply(X, total(Y)), "x \\sum_{j=1}^{n_{l}} y"),
    (multiply(total(Y), X), "\\left(\\sum_{j=1}^{n_{l}} y\\right) x"),
    (add(total(Y), X), "\\sum_{j=1}^{n_{l}} y + x"),
    (total(add(X, Y)), "\\sum_{j=1}^{n_{l}} (x + y)"),
    (total(negate(X)), "\\sum_{j=1}^{n_{l}} (-x)"),
    (total(total(X, TWO), TWO), "\\sum_{j=1}^2 \\sum_{j=1}^2 x"),
    (Apply("multiply", (X, Apply("multiply", (Y, total(X))), Y)), "x\\left(y \\sum_{j=1}^{n_{l}} x\\right) y"),
    (Apply("sum", (X, Name("j"))), "\\sum_{j} x"),
    (Apply("sum", (X,)), "\\sum x"),
    (multiply(Apply("log", (X,)), Y), "\\ln (x) y"),
    (multiply(Apply("log", (A,)), Y), "(\\ln a^{l}) y"),
    (multiply(Y, Apply("log", (A,))), "y \\ln a^{l}"),
    (Apply("log", (Apply("log", (A,)),)), "\\ln (\\ln a^{l})"),
    # indices
    (Apply("kronecker", (Name("i"), Name("j"))), "\\delta_{ij}"),
    (Apply("kronecker", (Name("i"), add(Name("j"), ONE))), "\\delta_{i,j+1}"),
    (Apply("indicator", (Apply("equal", (Name("k"), Name("y"))),)), "\\mathbb{1}[k = y]"),
    (Symbol("weight", L, (DOT, K)), "w^{l}_{\\cdot k}"),
    (Symbol("weight", L, (J, DOT)), "w^{l}_{j\\cdot}"),
    # derivatives
    (partial(LOSS, W), "\\frac{\\partial E}{\\partial W^{l}}"),
    (Symbol("weight", L, None, "adjoint"), "\\frac{\\partial E}{\\partial W^{l}}"),
    (Apply("gradient", (LOSS, A)), "\\nabla_{a^{l}} E"),
    (Apply("gradient", (LOSS,)), "\\nabla E"),
    # functions by name
    (call(F, Z), "f_{l}(z^{l})"),
    (call(derivative(F), Z), "f'_{l}(z^{l})"),
    (call(derivative(derivative(F)), Z), "f''_{l}(z^{l})"),
    (call(Name("sigmoid"), Z), "\\sigma(z^{l})"),
    (call(derivative(Name("sigmoid")), Z), "\\sigma'(z^{l})"),
    (call(derivative(Name("tanh")), Z), "\\tanh'(z^{l})"),
    (call(Name("leaky_relu"), Z), "\\mathrm{LeakyReLU}(z^{l})"),
    (call(Name("made_up"), Z), "\\mathrm{madeup}(z^{l})"),
    (call(F, X, Y), "f_{l}(x, y)"),
    (multiply(X, call(Name("relu"), Y)), "x \\thinspace \\mathrm{ReLU}(y)"),
    # matrices
    (product(transpose(W_NEXT), DELTA), "(W^{l+1})^{\\top} \\delta^{l+1}"),
    (hadamard(product(transpose(W_NEXT), DELTA), call(derivative(F), Z)),
     "((W^{l+1})^{\\top} \\delta^{l+1}) \\odot f'_{l}(z^{l})"),
    (hadamard(A, add(ONE, negate(A))), "a^{l} \\odot (1 - a^{l})"),
    (add(hadamard(A, A), negate(hadamard(A, A))), "a^{l} \\odot a^{l} - a^{l} \\odot a^{l}"),
    (multiply(HALF, hadamard(A, A)), "\\frac{1}{2}(a^{l} \\odot a^{l})"),
    (hadamard(multiply(TWO, A), A), "(2 a^{l}) \\odot a^{l}"),
    (product(add(W, W), A), "(W^{l} + W^{l}) a^{l}"),
    (multiply(product(transpose(A), A), A), "((a^{l})^{\\top} a^{l}) a^{l}"),
    (multiply(TWO, product(W, A)), "2 W^{l} a^{l}"),
    (transpose(product(W, A)), "(W^{l} a^{l})^{\\top}"),
    (transpose(partial(LOSS, A)), "\\left(\\frac{\\partial E}{\\partial a^{l}}\\right)^{\\top}"),
    (transpose(Symbol("activation", L, None, "adjoint")),
     "\\left(\\frac{\\partial E}{\\partial a^{l}}\\right)^{\\top}"),
    (product(transpose(Symbol("ones")), A), "\\mathbf{1}^{\\top} a^{l}"),
    (Apply("matrix", (row(X, Y), row(ONE, TWO))), "\\begin{bmatrix} x & y \\\\ 1 & 2 \\end{bmatrix}"),
    (row(X, Y), "\\begin{bmatrix} x & y \\end{bmatrix}"),
    (Chain((A, Apply("space", (SIZE, ONE))), ("∈",)), "a^{l} \\in \\mathbb{R}^{n_{l} \\times 1}"),
    (Apply("space", ()), "\\mathbb{R}"),
    # relations
    (chain(W, add(W, ONE), relation="←"), "W^{l} \\leftarrow W^{l} + 1"),
    (Apply("less", (add(X, Y), TWO)), "x + y < 2"),
    (Apply("cases", (X, Apply("greater", (X, ONE)), ONE)),
     "\\begin{cases} x, & x > 1 \\\\ 1, & x \\le 1 \\end{cases}"),
    # names as they were read
    (Name("delta", Name("o1")), "\\delta_{o1}"),
    (Name("w", Number("5"), Name("+")), "w_5^+"),
    (Name("y", style="hat"), "\\hat{y}"),
    (Name("w", style="mathbf hat"), "\\mathbf{\\hat{w}}"),
    (Name("f", primes=1), "f'"),
    (Name("domega"), "d\\omega"),
    (Name("Deltaw", Number("1")), "\\Delta w_1"),
    (power(Name("f", primes=1), TWO), "(f')^2"),
    (Apply("absolute", (negate(X),)), "\\lvert -x \\rvert"),
    (Apply("sqrt", (TWO,)), "\\sqrt{2}"),
    (Apply("maximum", (X, TWO)), "\\max(x, 2)"),
    (Apply("group", (add(X, Y),)), "(x + y)"),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "tex"), CASES, ids=[tex for _, tex in CASES])
def test_rule(tree: Expression | Chain, tex: str) -> None:
    assert Printer(speller()).tex(tree) == tex


def test_every_operator_is_printed() -> None:
    from symbackprop.expression import OPERATORS

    printed = {part.operator for tree, _ in CASES for part in _applications(tree)}
    assert printed <= set(OPERATORS)
    assert set(RULES) <= set(OPERATORS)
    untried = set(RULES) - printed - {"sinh", "cosh", "erf", "sign", "less_equal", "greater_equal", "not_equal"}
    assert untried == set()


def _applications(tree: Expression | Chain) -> list[Apply]:
    from symbackprop.expression import walk

    members = tree.expressions if isinstance(tree, Chain) else (tree,)
    return [part for member in members for part in walk(member) if isinstance(part, Apply)]


def test_signs_of_products_come_from_the_notation() -> None:
    dotted = Printer(speller(), product="\\cdot", matrix_product="\\cdot", transposed="T", hadamard="\\circ")
    assert dotted.tex(multiply(X, Y)) == "x \\cdot y"
    assert dotted.tex(product(A, transpose(W))) == "a^{l} \\cdot (W^{l})^T"
    assert dotted.tex(hadamard(A, A)) == "a^{l} \\circ a^{l}"


def test_a_transpose_may_join_the_superscript_that_is_there() -> None:
    printer = Printer(speller(), transposed="T", transposed_inside=True)
    assert printer.tex(transpose(W)) == "W^{lT}"
    assert printer.tex(transpose(Symbol("weight", L, (DOT, K)))) == "w^{lT}_{\\cdot k}"
    assert printer.tex(transpose(X)) == "x^T"
    assert printer.tex(transpose(add(W, W))) == "(W^{l} + W^{l})^T"


def test_adjoints_are_names_derivatives_or_nabla() -> None:
    adjoint = Symbol("activation", L, None, "adjoint")
    entry = Symbol("activation", L, (J,), "adjoint")
    assert Printer(speller(), nabla=frozenset({"activation"})).tex(adjoint) == "\\nabla_{a^{l}} E"
    assert Printer(speller(), nabla=frozenset({"activation"})).tex(entry) == "\\frac{\\partial E}{\\partial a^{l}_{j}}"
    named = Printer(lambda symbol: "dW" if symbol.variant else "W", names=lambda symbol: symbol.variant == "adjoint")
    assert named.tex(Symbol("weight", L, None, "adjoint")) == "dW"
    unnamed = Printer(speller(), names=lambda symbol: False)
    assert unnamed.tex(DELTA) == "\\frac{\\partial E}{\\partial z^{l+1}}"


def test_a_notation_may_have_a_name_for_a_derivative() -> None:
    def spell(symbol: Symbol) -> str:
        return "g^{[l]\\prime}" if symbol.variant == "derivative" else "g^{[l]}"

    assert Printer(spell, names=lambda symbol: True).tex(call(derivative(F), X)) == "g^{[l]\\prime}(x)"
    assert Printer(spell).tex(call(derivative(F), X)) == "g'^{[l]}(x)"


def test_katex_accepts_every_rule() -> None:
    results = typeset("katex", [("display", tex) for _, tex in CASES])
    assert [(tex, found) for (_, tex), found in zip(CASES, results, strict=True) if found.startswith("error: ")] == []
