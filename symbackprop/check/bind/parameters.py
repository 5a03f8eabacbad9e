"""Functions that a document defines, ``σ(x) = ...``, and losses that only look like functions, ``J(W, b) = ...``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from symbackprop.check.bind.lexicon import family_of
from symbackprop.check.bind.samplewise import PARAMETERS
from symbackprop.check.bind.scripts import LOSSES
from symbackprop.check.statement import Statement
from symbackprop.expression import Apply, Expression, Name, Symbol, transform, walk

if TYPE_CHECKING:
    from symbackprop.check.bind.document import DocumentNames

_CONVOLVING = frozenset("rot180 rot conv conv2 conv2d convolution upsample im2col flip".split())
FREE = "free "
"""Before the family of a variable that stands for any number."""


@dataclass
class Parameters:
    """The names of a document, with the parameters of a function beside them."""

    names: DocumentNames
    parameters: tuple[Name, ...]

    def resolve(self, name: Name) -> Expression | None:
        if name in self.parameters:
            return Symbol(f"parameter {self.parameters.index(name)}")
        return self.names.resolve(name)

    def function(self, name: Name, arguments: tuple[Expression, ...]) -> Symbol | None:
        return self.names.function(name, arguments)

    def is_function(self, name: Name) -> bool:
        return self.names.is_function(name)

    def called(self, function: Expression, arguments: tuple[Expression, ...]) -> Expression | None:
        return self.names.called(function, arguments)

    def change(self, symbol: Expression) -> Expression:
        return self.names.change(symbol)

    def is_loss(self, symbol: Symbol) -> bool:
        return False

    def of_last_layer(self, name: Name) -> Symbol | None:
        return None

    def indexed(self, array: Name, items: Sequence[Expression]) -> Symbol | None:
        return self.names.indexed(array, items)


def defined_functions(groups: Iterable[Sequence[Statement]], quantities: frozenset[str]) -> Iterator[str]:
    """Families that stand with a letter in brackets on the left of an equation."""
    for group in groups:
        if group[0].relation is not None and group[0].left is not None:
            found = function_head(group[0].left)
            if found is not None and found[0] not in quantities:
                yield found[0]


def function_head(tree: Expression) -> tuple[str, tuple[Name, ...]] | None:
    """(family, parameters) of ``σ(x)`` where x is a bare letter; ``s(x)`` reads like a product."""
    if not isinstance(tree, Apply) or tree.operator not in ("call", "multiply"):
        return None
    head, *arguments = tree.arguments
    if tree.operator == "multiply":
        group = arguments[0]
        if len(arguments) != 1 or not isinstance(group, Apply) or group.operator != "group":
            return None
        arguments = list(group.arguments)
    if not isinstance(head, Name) or head.primes:
        return None
    if not all(isinstance(argument, Name) and _is_bare(argument) for argument in arguments):
        return None
    return function_family(head), tuple(argument for argument in arguments if isinstance(argument, Name))


def function_family(name: Name) -> str:
    """The family of a function: ``h_\\theta`` is called h."""
    return family_of(replace(name, subscript=None, superscript=None, primes=0, style=name.style))


def primed_functions(trees: Iterable[Expression]) -> Iterator[str]:
    """Families whose derivative is called."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator == "call":
                head = node.arguments[0]
                if isinstance(head, Name) and head.primes:
                    yield function_family(head)


def called_quantities(groups: Iterable[Sequence[Statement]], trees: Iterable[Expression]) -> frozenset[str]:
    """Losses that are defined or differentiated, and always called with the same arguments: ``J(W, b)`` is J."""
    calls: dict[str, set[tuple[Expression, ...]]] = defaultdict(set)
    products: set[str] = set()
    meant = {group[0].left for group in groups if group[0].relation is not None}
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator in ("partial", "gradient"):
                meant.add(node.arguments[0])
            if isinstance(node, Apply) and node.operator == "call" and isinstance(node.arguments[0], Name):
                calls[function_family(node.arguments[0])].add(node.arguments[1:])
    for left in meant:
        # J(θ) looks like a product; nothing is said by one on the left of an equals sign.
        head = function_head(left) if isinstance(left, Apply) and left.operator == "multiply" else None
        if head is not None and all(family_of(argument) in PARAMETERS for argument in head[1]):
            calls[head[0]].add(head[1])
            products.add(head[0])
    called = [tree.arguments[0] for tree in meant if isinstance(tree, Apply) and tree.operator == "call"]
    heads = products | {function_family(head) for head in called if isinstance(head, Name)}
    return frozenset(
        family for family, found in calls.items() if family in LOSSES and family in heads and len(found) == 1
    )


def convolves(tree: Expression) -> bool:
    """``rot180(W)``, ``upsample(δ)``, two matrices with a star between them: signs of a convolution."""
    if isinstance(tree, Name):
        return tree.head.lower() in _CONVOLVING
    return (
        isinstance(tree, Apply)
        and tree.operator == "star"
        and any(isinstance(node, Apply) and node.operator == "matrix" for part in tree.arguments for node in walk(part))
    )


def with_free_variable(trees: Sequence[Expression]) -> list[Expression]:
    """``f'(x) = f(x)(1 - f(x))`` holds for any number x, also where x is an array elsewhere in the document."""
    used = {node for tree in trees for node in walk(tree) if isinstance(node, Symbol) and node.kind != "function"}
    if len(used) != 1 or not _is_identity(trees[0]):
        return list(trees)
    (variable,) = used
    if variable.indices is not None or variable.position is not None or variable.variant:
        return list(trees)
    return [transform(tree, lambda node: Symbol(FREE + variable.kind) if node == variable else None) for tree in trees]


def _is_identity(head: Expression) -> bool:
    """``f(x)``, ``f'(x)``, ``\\frac{d f(x)}{dx}``"""
    if isinstance(head, Apply) and head.operator == "partial":
        head = head.arguments[0]
    return isinstance(head, Apply) and head.operator == "call"


def _is_bare(name: Name) -> bool:
    return name.subscript is None and name.superscript is None
