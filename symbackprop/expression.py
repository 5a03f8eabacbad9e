"""The expression tree: mathematics as it is written down, unevaluated and in the writer's order.

SymPy reorders terms and multiplies numbers out as soon as it sees them, so it cannot hold
``0.15 * 0.05 + 0.2 * 0.1``. This tree can. The generator builds it from the graph and prints it,
the reader builds it from a post; SymPy receives it (``forms.sympy_trees``) for differentiation and proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple, TypeAlias, final

from msgspec import Struct


class Index(NamedTuple):
    """A symbolic index with an offset: ``Index("l", -1)`` is l - 1."""

    symbol: str
    offset: int = 0


IndexValue: TypeAlias = "int | Index"


# Trees are made, compared and looked up by the hundred thousand: structs do that many times as fast as data classes.
# What is frozen holds no cycles, so the garbage collector need not look at it.


class Span(Struct, frozen=True, gc=False):
    """Where something stands in a source text: offsets in characters, end exclusive."""

    start: int
    end: int


class _Placed(Struct, frozen=True, eq=False, gc=False):
    """What has a place in a text: two are equal as written, wherever they stand."""

    def __ne__(self, other: object) -> bool:
        return not self == other  # a struct's own != would not ask __eq__


class Number(_Placed, frozen=True, eq=False, gc=False):
    """A number with the digits it is written with: ``"0.10"``, ``"-0.019"``, ``"3.5e-7"``.

    ``exact`` is False where the text is a rounded value, so that it stands for the interval of
    half a last digit around it.
    """

    text: str
    exact: bool = True
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.text == other.text and self.exact == other.exact

    def __hash__(self) -> int:
        return hash((self.text, self.exact))

    @property
    def value(self) -> Fraction:
        return Fraction(self.text)


class Symbol(Struct, frozen=True, gc=False, cache_hash=True):
    """A quantity of the network by its canonical name; a notation spells it.

    ``kind`` is the role ("weight", "preactivation", ...), ``position`` the layer (or time step),
    ``indices`` the place inside the array, counted from 0 (None: the whole array), ``variant`` a
    state of it ("updated").
    """

    kind: str
    position: IndexValue | None = None
    indices: tuple[IndexValue, ...] | None = None
    variant: str = ""


class Name(_Placed, frozen=True, eq=False, gc=False):
    """A name as it was read in a text, before it is bound to a quantity.

    ``head`` is the letter or word ("w", "net", "delta"); scripts are trees or None; ``primes``
    counts trailing primes; ``style`` is the font or accent wrapped around the head ("mathbf", "hat").
    """

    head: str
    subscript: Expression | None = None
    superscript: Expression | None = None
    primes: int = 0
    style: str = ""
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self._written() == other._written()

    def __hash__(self) -> int:
        return hash(self._written())

    def _written(self) -> tuple[object, ...]:
        return self.head, self.subscript, self.superscript, self.primes, self.style


class Apply(_Placed, frozen=True, eq=False, gc=False):
    """An operator applied to arguments. The operators are those of ``OPERATORS``."""

    operator: str
    arguments: tuple[Expression, ...]
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Apply) and self.operator == other.operator and self.arguments == other.arguments

    def __hash__(self) -> int:
        return hash((self.operator, self.arguments))


Expression: TypeAlias = "Number | Symbol | Name | Apply"

# operator -> what its arguments are. Printing, evaluating and reading are tables over these names.
OPERATORS: dict[str, str] = {
    "add": "terms",
    "multiply": "factors, scalar product",
    "negate": "term",
    "divide": "numerator, denominator",
    "power": "base, exponent",
    "matrix_product": "factors, order matters",
    "hadamard": "factors, entry by entry",
    "transpose": "matrix",
    "matrix": "rows, each an Apply('row')",
    "row": "entries",
    "partial": "of, by",
    "gradient": "of, by (nabla notation)",
    "sum": "body, index, lower, upper (all but the body may be missing from the right)",
    "kronecker": "first index, second index",
    "indicator": "condition",
    "cases": "value, condition, value, condition, ... (a last value alone: otherwise)",
    "call": "function name, arguments",
    "at": "expression, the point or the index at which it is taken",
    "derivative": "function name (f')",
    "exp": "argument",
    "log": "argument",
    "sqrt": "argument",
    "tanh": "argument",
    "sinh": "argument",
    "cosh": "argument",
    "erf": "argument",
    "sign": "argument",
    "absolute": "argument",
    "maximum": "arguments",
    "less": "left, right",
    "less_equal": "left, right",
    "greater": "left, right",
    "greater_equal": "left, right",
    "equal": "left, right",
    "not_equal": "left, right",
    "group": "expression in brackets that the writer put there",
    "space": "sizes of the real space in which an array lies",
    "floor": "expression between the lower halves of square brackets",
    "ceiling": "expression between the upper halves of square brackets",
    "angle": "expression between angle brackets",
    "bracket": "expression in square brackets that the writer put there",
    "brace": "expression in curly brackets; a set where it is a sequence",
    "sequence": "items in a row: indices, arguments, listed values",
    "index": "array, indices (index brackets, or a subscript of something that is no name)",
    "star": "factors with * between them, not yet interpreted",
    "times": "factors with a times sign between them, not yet interpreted",
    "dot": "factors with a dot between them, not yet interpreted",
    "circle": "factors with a small circle between them, not yet interpreted",
    "outer": "factors with a circled times sign between them",
    "product": "body, index, lower, upper (as in a sum)",
    "differential": "of (a partial sign whose other half is missing)",
    "norm": "argument, order (may be missing)",
    "element": "element, set",
    "arrow": "from, to (in indices)",
    "given": "event, condition",
}


@final
class Chain(Struct, frozen=True, gc=False):
    """``first = second = third``: expressions joined by relations ("=", "≈", "≠", "←", ":=").

    There is one relation fewer than there are expressions.
    """

    expressions: tuple[Expression, ...]
    relations: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.relations) != len(self.expressions) - 1:
            raise ValueError("a chain has one relation fewer than it has expressions")


def chain(*expressions: Expression, relation: str = "=") -> Chain:
    """A chain whose members are all joined by the same relation."""
    return Chain(expressions, (relation,) * (len(expressions) - 1))


ZERO = Number("0")
ONE = Number("1")


def add(*terms: Expression) -> Expression:
    """A sum, flattened; zeros are dropped, one term stands for itself."""
    flat: list[Expression] = []
    for term in terms:
        if isinstance(term, Apply) and term.operator == "add":
            flat.extend(term.arguments)
        elif term != ZERO:
            flat.append(term)
    return flat[0] if len(flat) == 1 else Apply("add", tuple(flat)) if flat else ZERO


def multiply(*factors: Expression) -> Expression:
    """A product, flattened; ones are dropped, a zero makes it zero, one factor stands for itself."""
    flat: list[Expression] = []
    for factor in factors:
        if factor == ZERO:
            return ZERO
        if isinstance(factor, Apply) and factor.operator == "multiply":
            flat.extend(factor.arguments)
        elif factor != ONE:
            flat.append(factor)
    return flat[0] if len(flat) == 1 else Apply("multiply", tuple(flat)) if flat else ONE


def negate(term: Expression) -> Expression:
    return term.arguments[0] if isinstance(term, Apply) and term.operator == "negate" else Apply("negate", (term,))


def subtract(left: Expression, right: Expression) -> Expression:
    return add(left, negate(right))


def divide(numerator: Expression, denominator: Expression) -> Expression:
    return Apply("divide", (numerator, denominator))


def power(base: Expression, exponent: Expression) -> Expression:
    return Apply("power", (base, exponent))


def partial(of: Expression, by: Expression) -> Expression:
    """The partial derivative, as a symbol: nothing is differentiated here."""
    return Apply("partial", (of, by))


def transform(expression: Expression, replace: Callable[[Expression], Expression | None]) -> Expression:
    """The tree with every subtree for which ``replace`` answers something put in its place, top down."""
    found = replace(expression)
    if found is not None:
        return found
    if isinstance(expression, Apply):
        arguments = tuple(transform(argument, replace) for argument in expression.arguments)
        if arguments != expression.arguments:
            return Apply(expression.operator, arguments, expression.span)
    return expression


def walk(expression: Expression) -> Iterator[Expression]:
    """Every subtree, the root first."""
    pending = [expression]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, Apply):
            pending.extend(reversed(node.arguments))


def symbols(expression: Expression) -> tuple[Symbol, ...]:
    """The quantities in an expression, each once, in order of appearance."""
    return tuple(dict.fromkeys(node for node in walk(expression) if isinstance(node, Symbol)))
