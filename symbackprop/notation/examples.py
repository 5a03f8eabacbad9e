"""The formula by which a notation shows itself in a list: derived like any other, in that notation's letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symbackprop.expression import Chain, Index, Symbol, chain
from symbackprop.notation.table import Notation

if TYPE_CHECKING:
    from symbackprop.derive.reverse import Sweep
    from symbackprop.forms.indexed import Letters
    from symbackprop.spec.build import Model


@dataclass(frozen=True, slots=True)
class Example:
    """A formula, the sizes of the network it belongs to (none: any depth), and whether arrays hold a batch."""

    chain: Chain
    sizes: tuple[int, ...] = ()
    batch: bool = False


def _weight_gradient(notation: Notation) -> Example:
    """∂E/∂w of the first weight of the last layer of a 2-2-2 network, folded."""
    return _gradient_in(_SMALL, Symbol("weight", 2, (0, 0)))


def _output_delta(notation: Notation) -> Example:
    """δ of the first output of a softmax layer with cross entropy, for targets that add up to 1."""
    from symbackprop.derive.joint import joint_of, joint_steps

    model, sweep = _derived(_SOFTMAX)
    joint = joint_of(model)
    assert joint is not None
    steps = joint_steps(model, joint, sweep, Symbol("preactivation", 1, (0,)))
    return Example(chain(steps.chain.expressions[0], steps.if_one), model.network.sizes)


def _gradient_over_time(notation: Notation) -> Example:
    """∂E/∂w of a weight that is used at two steps in time."""
    return replace(_gradient_in(_OVER_TIME, Symbol("weight", 1, (0, 0))), batch=True)


def _gradient_in(spec: str, entry: Symbol) -> Example:
    from symbackprop.derive.reverse import adjoint_symbol
    from symbackprop.forms.scalar import definition

    model, sweep = _derived(spec)
    adjoint = adjoint_symbol(entry)
    return Example(chain(adjoint, definition(sweep.graph, adjoint)), model.network.sizes)


def _weight_gradient_matrix(notation: Notation) -> Example:
    """∂E/∂W of any layer, as matrices."""
    return _matrix_equation(notation, Symbol("weight", _layer(notation), None, "adjoint"))


def _delta_recursion(notation: Notation) -> Example:
    """δ of any layer from the δ of the next, as matrices."""
    return _matrix_equation(notation, Symbol("preactivation", _layer(notation), None, "adjoint"))


def _matrix_equation(notation: Notation, symbol: Symbol) -> Example:
    from symbackprop.forms.matrix import MatrixForm
    from symbackprop.graph import canonical_id

    graph = _any_depth(notation).graph
    between = canonical_id(Symbol("activation", symbol.position, None, "adjoint"))
    form = MatrixForm(graph, notation.layout, inline=frozenset({between}))
    return Example(chain(symbol, form.definition(graph.by_id[canonical_id(symbol)]).expression))


def _indexed_gradient(notation: Notation) -> Example:
    """∂E/∂w of any weight, with indices."""
    return _indexed_equation(notation, Symbol("weight", _layer(notation), None, "adjoint"), batch=False)


def _preactivation_sum(notation: Notation) -> Example:
    """The pre-activation of any unit for any sample, as a sum."""
    return _indexed_equation(notation, Symbol("preactivation", _layer(notation)), batch=True)


def _indexed_equation(notation: Notation, symbol: Symbol, batch: bool) -> Example:
    from symbackprop.forms.indexed import IndexedForm, entry_at
    from symbackprop.graph import canonical_id

    node = _any_depth(notation, batch).graph.by_id[canonical_id(symbol)]
    letters = _letters(notation)
    place = letters.place(node.axes)
    return Example(chain(entry_at(node, place), IndexedForm(letters).definition(node, place)), (), batch)


def _layer(notation: Notation) -> Index:
    return Index(notation.indices.layer)


def _letters(notation: Notation) -> Letters:
    from symbackprop.forms.indexed import Letters

    return Letters(notation.indices.units, (notation.indices.sample,))


def _any_depth(notation: Notation, batch: bool = False) -> Sweep:
    from symbackprop.derive.reverse import reverse_sweep
    from symbackprop.forms.any_depth import GenericNetwork

    indices = notation.indices
    return reverse_sweep(GenericNetwork("none", batch=batch, layer=indices.layer, last=indices.last).hidden())


def _derived(spec: str) -> tuple[Model, Sweep]:
    from symbackprop.derive.reverse import reverse_sweep
    from symbackprop.spec.build import build_model
    from symbackprop.spec.reading import parse_spec

    model = build_model(parse_spec(spec))
    return model, reverse_sweep(model.graph)


_SMALL = """
name = "small"
inputs = 2
layers = [{ kind = "dense", size = 2, bias = "none" }, { kind = "dense", size = 2, bias = "none" }]
"""
_SOFTMAX = """
name = "softmax"
inputs = 2
layers = [{ kind = "dense", size = 3, activation = "softmax", bias = "none" }]
loss = "cross_entropy"
"""
_OVER_TIME = """
name = "steps"
inputs = 1
layers = [{ kind = "dense", size = 1, bias = "none" }, { kind = "dense", size = 1, bias = "none" }]
data.rows = 2
"""

EXAMPLES: Mapping[str, Callable[[Notation], Example]] = {
    "weight_gradient": _weight_gradient,
    "output_delta": _output_delta,
    "gradient_over_time": _gradient_over_time,
    "indexed_gradient": _indexed_gradient,
    "preactivation_sum": _preactivation_sum,
    "weight_gradient_matrix": _weight_gradient_matrix,
    "delta_recursion": _delta_recursion,
}
"""The formulas that a table may choose as its ``example``."""
