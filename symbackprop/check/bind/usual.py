"""What a document leaves unsaid: what δ is, what an update does, how the loss follows from the outputs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.bind.indices import free_indices
from symbackprop.check.bind.scripts import LOSSES, WHOLE
from symbackprop.check.evaluate.model import Definition, Model
from symbackprop.check.judge.numbers import aligned
from symbackprop.expression import Apply, Expression, Index, Symbol, transform, walk

if TYPE_CHECKING:
    from symbackprop.check.bind.model import ModelBuilder

_BRACKETS = frozenset({"group", "bracket", "brace"})


def complete(builder: ModelBuilder) -> None:
    """Add to a model what is usually meant."""
    model = builder.model
    model.rate = builder.names.rate
    _between(builder)
    for family in sorted({symbol.kind for symbol in builder.symbols() if symbol.kind.startswith("\\delta")}):
        _delta(builder, family)
    model.opaque.update(symbol.kind for symbol in _differentiated(builder) if model.defines(symbol) is None)
    model.sinks = tuple(sorted(_sinks(model)))
    _values(builder)
    model.fixed.update(dict.fromkeys(_true_classes(builder), TRUE_CLASS))


TRUE_CLASS = 1
"""The unit that a letter for one unit stands for: not the first, which formulas reach by accident."""


def _true_classes(builder: ModelBuilder) -> Iterator[str]:
    """Letters that a definition uses for one unit, and that conditions compare with an index: ``[k = c]``."""
    lexicon = builder.names.lexicon
    samples = {index.symbol for index in lexicon.samples if isinstance(index, Index)}
    if builder.model.loss is not None:
        yield from free_indices(builder.model.loss)
    for definitions in builder.model.definitions.values():
        for definition in definitions:
            head = frozenset(free_indices(definition.head))
            yield from frozenset(free_indices(definition.tree)) & (lexicon.chosen | samples) - head


def _values(builder: ModelBuilder) -> None:
    """``net = w_1 i_1 + b = 0.15 · 0.05 + 0.35``: what is put in for a quantity that nothing gives is its value."""
    model = builder.model
    for chain in builder.chains.values():
        head = chain.trees[0]
        known = model.defines(head) if isinstance(head, Symbol) and _is_single(head) else None
        trees = chain.trees if known is None else [known.tree, *chain.trees[1:]]
        for before, after in pairwise(trees):
            if any(isinstance(node, Symbol) for node in walk(after)):
                continue
            for part, literal in aligned(before, after) or ():
                if (
                    isinstance(part, Symbol)
                    and part.kind != "index"
                    and model.defines(part) is None
                    and _is_single(part)
                ):
                    model.values.setdefault(part, literal.value)


def _is_single(symbol: Symbol) -> bool:
    return not symbol.variant and not any(isinstance(i, Index) for i in (symbol.position, *(symbol.indices or ())))


# ---- δ ----------------------------------------------------------------------------------------------


def _delta(builder: ModelBuilder, family: str) -> None:
    """As the document states it (``δ = ∂C/∂z``), else the derivative by the net input, else its first equation."""
    model = builder.model
    stated = next(_stated(builder, family), None)
    if stated is not None:
        chain, head, tree = stated
        net = _of_same_unit(head, tree)
        if net is not None:
            model.deltas[family] = net
            chain.defines = chain.defines or tree == chain.trees[1]
            return
        model.add(Definition(head, tree, chain.line))
        model.deltas[family] = ""
        chain.defines = chain.defines or tree == chain.trees[1]
        return
    net = _net_input(model, family)
    if net is not None and model.loss is not None:
        model.deltas[family] = net
        return
    for chain in builder.chains.values():
        first = chain.trees[0]
        if not isinstance(first, Symbol) or first.kind != family or len(chain.trees) < 2 or chain.members[1].unknown:
            continue
        if model.defines(first) is None and not first.variant and WHOLE not in (first.indices or ()):
            model.add(Definition(first, chain.trees[1], chain.line))
            chain.defines = True
    model.deltas[family] = ""


def _of_same_unit(head: Symbol, tree: Expression) -> str | None:
    """z of ``\\delta_1^{(3)} = \\frac{\\partial E}{\\partial z_1^{(3)}}``, which says what every other δ is too."""
    if not (isinstance(tree, Apply) and tree.operator == "partial"):
        return None
    by = tree.arguments[1]
    if not isinstance(by, Symbol) or (by.position, by.indices) != (head.position, head.indices) or not by.indices:
        return None
    return by.kind if all(isinstance(index, int) for index in by.indices) else None


def _stated(builder: ModelBuilder, family: str) -> Iterator[tuple[BoundChain, Symbol, Expression]]:
    """Equations between a δ and plus or minus a derivative of the loss by one quantity, general ones first."""
    found = []
    for chain in builder.chains.values():
        head = chain.trees[0]
        if isinstance(head, Symbol) and head.kind == family and not head.variant and chain.relations:
            for tree in chain.trees[1:]:
                if _is_derivative(tree):
                    found.append((chain, head, tree))
    found.sort(key=lambda item: -sum(isinstance(i, Index) for i in (item[1].position, *(item[1].indices or ()))))
    yield from found


def _is_derivative(tree: Expression) -> bool:
    while isinstance(tree, Apply) and (tree.operator == "negate" or tree.operator in _BRACKETS):
        tree = tree.arguments[0]
    return (
        isinstance(tree, Apply) and tree.operator in ("partial", "gradient") and len(tree.arguments) == 2
        and all(isinstance(part, Symbol) for part in tree.arguments)
    )  # fmt: skip


def _net_input(model: Model, family: str) -> str | None:
    """The family that an activation is applied to, of the same neurons as the δ."""
    label = family.partition("_")[2]
    found: list[str] = []
    for definitions in model.definitions.values():
        for definition in definitions:
            symbols = [node for node in walk(definition.tree) if isinstance(node, Symbol) and node.kind != "function"]
            kinds = {symbol.kind for symbol in symbols}
            own = definition.head.kind.rpartition("_")[2] if label else ""
            if len(kinds) == 1 and _is_activation(definition.tree) and own == label:
                found.extend(kinds)
    return found[0] if found else None


def _is_activation(tree: Expression) -> bool:
    """``σ(z)``, ``\\frac{1}{1 + e^{-z}}``: a function of one quantity that is no sum over others."""
    if isinstance(tree, Apply) and tree.operator in ("call", "tanh", "maximum", "cases"):
        return True
    return any(
        isinstance(node, Apply) and (node.operator == "exp" or node.operator == "power") for node in walk(tree)
    ) and not any(isinstance(node, Apply) and node.operator in ("sum", "log") for node in walk(tree))


# ---- losses -----------------------------------------------------------------------------------------


def _differentiated(builder: ModelBuilder) -> set[Symbol]:
    """Plain numbers that the document differentiates."""
    found: set[Symbol] = set()
    for chain in builder.chains.values():
        for tree in chain.trees:
            for node in walk(tree):
                if isinstance(node, Apply) and node.operator in ("partial", "gradient"):
                    of = node.arguments[0]
                    if isinstance(of, Symbol) and of.indices is None and of.kind in builder.model.numbers | LOSSES:
                        found.add(of)
    if builder.model.loss is not None:
        found.add(builder.model.loss)
    return found


def _sinks(model: Model) -> Iterator[str]:
    """Families that are computed, and from which nothing of the same layer is computed."""
    for kind, definitions in model.definitions.items():
        if not definitions or kind in model.numbers or kind in model.deltas or " " in kind:
            continue
        if any(_is_derived(definition.tree) for definition in definitions):
            continue
        if not any(_uses_here(definition, kind) for found in model.definitions.values() for definition in found):
            yield kind


def _is_derived(tree: Expression) -> bool:
    """Whether something is computed from derivatives, as ``g_t = \\partial J/\\partial h_t`` is."""
    return any(isinstance(node, Apply) and node.operator in ("partial", "gradient") for node in walk(tree))


def _uses_here(definition: Definition, kind: str) -> bool:
    base = definition.head.position
    if definition.head.kind == kind or definition.head.kind.startswith("\\delta") or _is_derived(definition.tree):
        return False
    for node in walk(definition.tree):
        if isinstance(node, Symbol) and node.kind == kind:
            if isinstance(base, int) and isinstance(node.position, int):
                if base <= node.position:
                    return True
                continue
            if not isinstance(base, Index) or not isinstance(node.position, Index):
                return True
            if base.offset - node.position.offset <= 0:
                return True
    return False


# ---- weights between named neurons ------------------------------------------------------------------


def _between(builder: ModelBuilder) -> None:
    """``w_{hO}`` as ∂net_O/∂out_h, once it is known which families these are."""
    for chain in builder.chains.values():
        for member in chain.members:
            member.tree = transform(member.tree, lambda node: _weight(builder.model, node))


def _weight(model: Model, node: Expression) -> Expression | None:
    if not (isinstance(node, Apply) and node.operator == "between"):
        return None
    first, second = node.arguments
    assert isinstance(first, Symbol)
    assert isinstance(second, Symbol)
    for source, to in ((first, second), (second, first)):
        for kind, definitions in model.definitions.items():
            if kind.endswith(f"_{to.kind}") and definitions:
                inner = [part for part in walk(definitions[0].tree) if isinstance(part, Symbol)]
                used = next((part.kind for part in inner if part.kind.endswith(f"_{source.kind}")), None)
                if used is not None:
                    return Apply("partial", (Symbol(kind, None, to.indices), Symbol(used, None, source.indices)))
    return None
