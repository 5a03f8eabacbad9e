"""Expression trees to TeX: one rule an operator, brackets where precedence needs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symbackprop.expression import Apply, Chain, Expression, Number, Symbol
from symbackprop.latex.binding import ATOM, POWER, PRODUCT, SIGN, Printed, bracketed, top_level
from symbackprop.latex.printer_arrays import ARRAY_RULES
from symbackprop.latex.printer_names import name_tex
from symbackprop.latex.printer_scalars import SCALAR_RULES

Spell = Callable[[Symbol], str]

RULES: dict[str, Callable[[Printer, Apply], Printed]] = SCALAR_RULES | ARRAY_RULES
"""Operator -> how it is printed."""

RELATIONS = {
    "=": "=",
    "≈": "\\approx",
    "≠": "\\neq",
    "≡": "\\equiv",
    "←": "\\leftarrow",
    ":=": ":=",
    "∈": "\\in",
    "⇒": "\\Rightarrow",
}


LOSS = Symbol("loss", None, ())
MOST_KEPT = 20_000
"""Formulas that are not printed anew."""


def _is_delta(symbol: Symbol) -> bool:
    """The adjoint that most notations name: that of a pre-activation."""
    return symbol.kind == "preactivation"


@dataclass(frozen=True)
class Printer:
    """Prints trees.

    ``spell`` writes a quantity. ``product`` stands between scalar factors and ``matrix_product``
    between matrices (empty: nothing does). ``log`` is the logarithm, ``transposed`` the sign of a
    transpose, which ``transposed_inside`` puts into a superscript that is there already
    (``A^{[l]T}``), ``kronecker`` the letter of Kronecker's delta.

    ``loss`` is what is differentiated where only an adjoint's symbol is given. ``names`` tells for
    which adjoints ``spell`` has a name (δ, or dW); whole arrays of the roles in ``nabla`` are
    written with nabla, all others as ∂E/∂...
    """

    spell: Spell
    product: str = ""
    log: str = "\\ln"
    transposed: str = "\\top"
    loss: Symbol = LOSS
    matrix_product: str = ""
    transposed_inside: bool = False
    kronecker: str = "\\delta"
    names: Callable[[Symbol], bool] = _is_delta
    hadamard: str = "\\odot"
    nabla: frozenset[str] = frozenset()
    _symbols: dict[Symbol, Printed] = field(default_factory=dict, init=False, repr=False, compare=False)
    _formulas: dict[int, tuple[Apply, Printed]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By their identity: what breaks a line asks for a formula's parts again and again."""

    def tex(self, mathematics: Expression | Chain) -> str:
        """The TeX of an expression, or of a chain on one line."""
        if not isinstance(mathematics, Chain):
            return self.printed(mathematics)[0]
        text = self.printed(mathematics.expressions[0])[0]
        for relation, member in zip(mathematics.relations, mathematics.expressions[1:], strict=True):
            text += f" {RELATIONS[relation]} {self.printed(member)[0]}"
        return text

    def printed(self, expression: Expression) -> Printed:
        """The TeX of an expression and how tightly it binds."""
        if isinstance(expression, Apply):
            known = self._formulas.get(id(expression))
            return self._applied(expression) if known is None else known[1]
        if isinstance(expression, Symbol):
            found = self._symbols.get(expression)
            if found is None:
                found = self._symbols[expression] = self._symbol(expression)
            return found
        if isinstance(expression, Number):
            return number_tex(expression)
        return name_tex(self, expression)

    def at(self, expression: Expression, level: int) -> str:
        """The expression in a place that asks for at least this binding."""
        tex, binding = self.printed(expression)
        return tex if binding >= level else bracketed(tex)

    def _applied(self, expression: Apply) -> Printed:
        found = RULES[expression.operator](self, expression)
        if len(self._formulas) >= MOST_KEPT:
            self._formulas.clear()
        self._formulas[id(expression)] = expression, found
        return found

    def _symbol(self, symbol: Symbol) -> Printed:
        if symbol.kind in _CONSTANTS:
            return _CONSTANTS[symbol.kind], ATOM
        if symbol.variant == "adjoint" and not self.names(symbol):
            whole = symbol.indices is None and symbol.kind in self.nabla
            operator = "gradient" if whole else "partial"
            quantity = Symbol(symbol.kind, symbol.position, symbol.indices)
            return RULES[operator](self, Apply(operator, (self.loss, quantity)))
        tex = self.spell(symbol)
        if DOT in tex:
            tex = tex.replace(DOT, "\\cdot ").replace("\\cdot }", "\\cdot}")
        return tex, ATOM if "^" not in tex or top_level(tex, "^") < 0 else POWER


DOT = "·"
"""The letter of an index that runs over a whole axis: ``Index("·")`` in W_{·j}."""

_CONSTANTS = {"pi": "\\pi", "ones": "\\mathbf{1}"}


def number_tex(number: Number) -> Printed:
    """A number with its digits as written; a power of ten is set as such."""
    mantissa, _, exponent = number.text.partition("e")
    negative = mantissa.startswith("-")
    if exponent:
        return f"{mantissa} \\times 10^{{{int(exponent)}}}", SIGN if negative else PRODUCT
    return mantissa, SIGN if negative else ATOM
