"""Loss and output activation differentiated together: what their derivatives come down to when multiplied.

Softmax with cross entropy gives y Σt - t, sigmoid with binary cross entropy gives y - t. The plain
sweep divides by outputs that a computer may round to 0 or 1; these forms do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from symbackprop.derive.jacobian import jacobian_entry
from symbackprop.derive.reverse import Sweep, adjoint_symbol, reverse_sweep
from symbackprop.errors import VerificationError
from symbackprop.expression import ONE, Chain, Expression, Symbol, add, chain, multiply, partial, symbols, transform
from symbackprop.forms.algebra import fill, flatten, function_tree, hole
from symbackprop.forms.scalar import adjoint_free, definition
from symbackprop.functions.loss import LOSSES, Loss
from symbackprop.graph import Axis, Builder, Node, whole
from symbackprop.kept import kept
from symbackprop.layers.activate import activate
from symbackprop.ops import Composite, Contract, Map
from symbackprop.ops.evaluation import largest_difference
from symbackprop.ops.pullback import pull_back
from symbackprop.ops.scalar_function import ScalarFunction
from symbackprop.spec.build import Model
from symbackprop.spec.error import LOSS_PART
from symbackprop.spec.model import Order


@dataclass(frozen=True, slots=True)
class Joint:
    """The output layer's pre-activation, output and target, the loss' parts, and the proved joint form.

    ``function`` gives ∂(sum of parts)/∂(pre-activation) from target, output and the sum of targets.
    """

    preactivation: Node
    output: Node
    target: Node
    part: Node
    function: ScalarFunction

    @property
    def uses_total(self) -> bool:
        """Whether the sum of the targets enters."""
        return not self.function.derivative(2).is_zero

    def form(self, build: Builder, adjoints: Mapping[str, Node]) -> Node:
        """∂E/∂(pre-activation): the joint form times ∂E/∂part, which is the same for all outputs of a row."""
        units = frozenset({self.output.axes[-1].name})
        total = build.apply(Contract(units), self.target)
        local = build.apply(Map(self.function), self.target, self.output, total, order=self.output.axes)
        return build.apply(Contract(), adjoints[self.part.id], local, order=self.preactivation.axes)


def joint_of(model: Model) -> Joint | None:
    """The joint form of a model's loss and output activation, if there is one."""
    output, loss = model.output, LOSSES.get(model.network.loss)
    name = output.operation.name if isinstance(output.operation, Composite) else _function_name(output)
    if name not in loss.joint:
        return None
    prove(loss, name)
    part = model.graph.node(LOSS_PART)
    function = ScalarFunction(f"{loss.name} of {name}", 3, loss.joint[name])
    return Joint(output.arguments[0], output, part.arguments[0], part, function)


def _function_name(node: Node) -> str:
    return node.operation.function.name if isinstance(node.operation, Map) else ""


def joint_sweep(model: Model, order: Order = "simultaneous") -> Sweep:
    """The reverse sweep with the joint form where there is one: the same gradients without its divisions."""
    joint = joint_of(model)
    forms = {} if joint is None else {joint.preactivation.id: joint.form}
    rate = model.graph.by_id["learning_rate"]
    return reverse_sweep(model.graph, model.trained, rate, order == "sequential", model.optimiser, forms)


@cache
@kept
def prove(loss: Loss, activation: str) -> bool:
    """Compare a joint form with the derivatives of loss and activation at random points.

    True, or VerificationError where they differ.
    """
    for size in (1, 3):
        build = Builder()
        units = Axis("units", size)
        target, score = build.leaf(Symbol("target"), units), build.leaf(Symbol("preactivation"), units)
        output = activate(build, activation, score, Symbol("activation"))
        part = build.apply(Map(loss.function), target, output, symbol=LOSS_PART)
        error = build.apply(Contract(frozenset({units.name})), part)
        one = build.leaf(Symbol("one"))
        derived = pull_back(build, build.nodes, {error.id: [one]}, {score.id})[score.id]
        part_adjoint = pull_back(build, build.nodes, {error.id: [one]}, {part.id})[part.id]
        joint = Joint(score, output, target, part, ScalarFunction("joint", 3, loss.joint[activation]))
        if largest_difference(derived, joint.form(build, {part.id: part_adjoint})) > 1e-25:
            raise VerificationError(f"{loss.name} of {activation}: the joint form is not their derivative")
    return True


@dataclass(frozen=True, slots=True)
class JointSteps:
    """How δ of one output unit comes about.

    ``chain``: the sum over outputs, the derivatives inserted, equal factors cancelled, multiplied
    out, collected. ``total`` is the sum of the targets where it enters, and ``if_one`` what is left
    if that sum is 1; ``total_is_one`` says whether it is (None: the targets have no values).
    """

    chain: Chain
    total: Expression | None
    if_one: Expression
    total_is_one: bool | None


def joint_steps(model: Model, joint: Joint, plain: Sweep, entry: Symbol) -> JointSteps:
    """The steps for one entry of the output layer's pre-activation; ``plain`` is the sweep without joint forms."""
    *row, place = entry.indices or ()
    size = whole(joint.output.axes[-1])
    units = range(size) if isinstance(joint.output.operation, Composite) else (place,)
    outputs = [joint.output.entry(*row, unit) for unit in units]
    locals_ = {output: _local(joint, output, entry) for output in outputs}
    loss = model.graph.loss.entry()
    ruled = add(*(multiply(partial(loss, output), partial(output, entry)) for output in outputs))
    terms = [multiply(adjoint_free(plain.graph, adjoint_symbol(output)), locals_[output]) for output in outputs]
    cancelled = [_simplified(term, outputs) for term in terms]
    multiplied_out = _simplified(add(*cancelled), outputs, multiplied_out=True)
    targets = [joint.target.entry(*row, unit) for unit in range(size)]
    collected = _collected(model, joint, entry)
    if_one = flatten(transform(collected, lambda part: ONE if part == add(*targets) else None))
    members = [ruled, add(*terms), add(*cancelled), multiplied_out, collected]
    distinct = [member for number, member in enumerate(members) if member not in members[:number]]
    if not joint.uses_total:
        # nothing to multiply out: the cancelled product is the result
        distinct = [ruled, add(*terms), collected]
    given = [model.values[target] for target in targets if target in model.values]
    known = sum(given) == 1 if joint.uses_total and len(given) == size else None
    total = add(*targets) if joint.uses_total else None
    return JointSteps(chain(adjoint_symbol(entry), *distinct), total, if_one, known)


def _local(joint: Joint, output: Symbol, entry: Symbol) -> Expression:
    """∂output/∂entry as people write it."""
    entry_of = jacobian_entry(joint.output, output, entry)
    if entry_of is not None:
        return entry_of
    assert isinstance(joint.output.operation, Map)
    local = joint.output.operation.function.derivative(0)
    return fill(function_tree(local), (entry, output) if local.uses_result else (entry,))


def _collected(model: Model, joint: Joint, entry: Symbol) -> Expression:
    """The joint form of one entry, with ∂E/∂part written out."""
    graph = joint_sweep(model).graph
    parts = [node.id for node in graph.nodes if node.symbol is not None and node.symbol.variant == "adjoint"]
    return definition(graph, adjoint_symbol(entry), [name for name in parts if name != joint.preactivation.id])


def _simplified(expression: Expression, outputs: list[Symbol], multiplied_out: bool = False) -> Expression:
    """Equal factors cancelled, and products multiplied out if wanted; outputs are written first."""
    order = [*outputs, *(symbol for symbol in symbols(expression) if symbol not in outputs)]
    holes: dict[Expression, Symbol] = {symbol: hole(number) for number, symbol in enumerate(order)}
    names: dict[Expression, Symbol] = {hole(number): symbol for number, symbol in enumerate(order)}
    shape = _cancelled(transform(expression, holes.get), len(order), multiplied_out)
    return transform(shape, names.get)


@kept
def _cancelled(shape: Expression, count: int, multiplied_out: bool) -> Expression:
    """What SymPy makes of a formula with so many holes, written in their order."""
    import sympy

    from symbackprop.forms.sympy_trees import to_sympy, to_tree

    names: dict[Symbol, Any] = {hole(number): sympy.Symbol(f"q{number}", real=True) for number in range(count)}
    found = to_sympy(shape, names.__getitem__)
    return to_tree(sympy.expand(found) if multiplied_out else found, {name: hole for hole, name in names.items()})
