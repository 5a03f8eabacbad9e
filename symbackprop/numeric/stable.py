"""How programs compute what the formulas say without running out of the range or the digits of doubles.

Every rule here replaces an expression by an equal one; the tests prove each at random points.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from symbackprop.expression import ONE, Apply, Expression, Symbol, add, subtract, transform
from symbackprop.forms.algebra import fill, flatten, function_tree
from symbackprop.forms.scalar import expand
from symbackprop.graph import Graph, Node
from symbackprop.kept import kept
from symbackprop.ops import Composite, Map
from symbackprop.ops.composite import NumericForm
from symbackprop.ops.scalar_function import ScalarFunction

TEMPORARY = "temporary"
"""The variant of quantities that only a program knows."""

Logarithms = Mapping[Expression, Expression]


def stable(expression: Expression, logarithms: Logarithms) -> Expression:
    """The expression with logarithms of outputs written by what the outputs come from.

    log(1 + x) and log(1 + e^x) become one function each.
    """

    def replace(part: Expression) -> Expression | None:
        if not isinstance(part, Apply) or part.operator != "log":
            return None
        return _log_of_sum(logarithms.get(part, part))

    return transform(expression, replace)


def _log_of_sum(expression: Expression) -> Expression:
    """log(1 + e^x) as softplus(x), and log(1 + x) as log1p(x), wherever they stand."""

    def replace(part: Expression) -> Expression | None:
        if isinstance(part, Apply) and part.operator == "log":
            (inner,) = part.arguments
            if isinstance(inner, Apply) and inner.operator == "add" and inner.arguments[0] == ONE:
                rest = add(*inner.arguments[1:])
                if isinstance(rest, Apply) and rest.operator == "exp":
                    return Apply("softplus", rest.arguments)
                return Apply("log1p", (rest,))
        return None

    return transform(expression, replace)


@cache
@kept
def takes_logarithms(function: ScalarFunction) -> bool:
    """Whether a function's formula has a logarithm in it."""
    import sympy

    return bool(function.expression.has(sympy.log))


def known_logarithms(graph: Graph) -> dict[Expression, Expression]:
    """log y and log(1 - y) for every output y of which they can be had without y itself."""
    found: dict[Expression, Expression] = {}
    for node in graph.nodes:
        if node.symbol is None:
            continue
        if isinstance(node.operation, Map) and node.operation.function.logarithms is not None:
            of_result, of_rest = (
                function_tree(ScalarFunction("logarithm", 1, formula)) for formula in node.operation.function.logarithms
            )
            for place in node.places():
                result = node.entry(*place)
                named = dict(zip((axis.name for axis in node.axes), place, strict=True))
                argument = (expand(node.arguments[0], named),)
                found[Apply("log", (result,))] = fill(of_result, argument)
                found[Apply("log", (flatten(subtract(ONE, result)),))] = fill(of_rest, argument)
        elif isinstance(node.operation, Composite) and node.operation.numeric is not None:
            for places, form in numeric_forms(node, node.operation):
                entries = (node.entry(*place) for place in places)
                found.update({Apply("log", (entry,)): log for entry, log in zip(entries, form.logarithms, strict=True)})
    return found


def numeric_forms(node: Node, operation: Composite) -> list[tuple[list[tuple[int, ...]], NumericForm]]:
    """For every run along the composite's axis: the places of its entries, and how a program computes them."""
    assert operation.numeric is not None
    runs: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    along = [axis.name for axis in node.axes].index(operation.axis)
    for place in node.places():
        runs.setdefault(place[:along] + place[along + 1 :], []).append(place)
    forms = []
    for others, places in runs.items():
        names = [dict(zip((axis.name for axis in node.axes), place, strict=True)) for place in places]
        scores = tuple(expand(node.arguments[0], name) for name in names)

        def temporary(name: str, others: tuple[int, ...] = others) -> Symbol:
            return Symbol(f"{node.id}: {name}", None, others, TEMPORARY)

        forms.append((places, operation.numeric(scores, temporary)))
    return forms
