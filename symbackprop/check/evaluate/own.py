"""The world of a document that is its own model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from symbackprop.check.bind.declared import size_name
from symbackprop.check.bind.indices import free_indices
from symbackprop.check.evaluate.abstract import ABSTRACT
from symbackprop.check.evaluate.document import DocumentDrawing
from symbackprop.check.evaluate.drawing import INDEX, USUAL, Places, Reading
from symbackprop.check.evaluate.leaves import RandomLeaves
from symbackprop.check.evaluate.model import Definition, Model
from symbackprop.check.evaluate.shapes import ONE, SIZE, Shapes
from symbackprop.check.evaluate.sizes import Sizes
from symbackprop.check.evaluate.world import instances, letters_of, same_range
from symbackprop.expression import Apply, Expression, Index, Symbol, transform, walk

POINTS = 4


@dataclass
class DocumentWorld:
    """A model with shapes, drawn several times."""

    model: Model
    sizes: Sizes
    reading: Reading = USUAL
    _points: list[DocumentDrawing] = field(default_factory=list)
    _example: list[DocumentDrawing] = field(default_factory=list)
    _completed: list[DocumentDrawing] = field(default_factory=list)

    @staticmethod
    def of(model: Model, row: bool, swapped: bool, reading: Reading) -> DocumentWorld:
        """Infer the shapes under a layout and draw."""
        shapes = Shapes(
            lambda kind: model.ranks.get(kind),
            lambda symbol: symbol.kind in model.numbers or symbol.kind in model.shared,
            row,
            swapped,
        )
        infer(model, shapes)
        return DocumentWorld(model, Sizes(model, shapes), reading)

    @property
    def drawings(self) -> Sequence[DocumentDrawing]:
        if not self._points:
            positive, normalised = constrained(self.model)
            self._points = [
                DocumentDrawing(
                    self.model, self.sizes, RandomLeaves(seed, positive, normalised, self.sizes), self.reading
                )
                for seed in range(POINTS)
            ]
        return self._points

    @property
    def example(self) -> DocumentDrawing | None:
        """The values that the document gives."""
        if not self._example and self.model.values:
            values = self.model.values

            def given(symbol: Symbol) -> Any:
                value = values.get(symbol)
                return None if value is None else f"{value.numerator}/{value.denominator}"

            self._example = [DocumentDrawing(self.model, self.sizes, given, self.reading)]
        return self._example[0] if self._example else None

    @property
    def completions(self) -> Sequence[DocumentDrawing]:
        """The values that the document gives, with others drawn for the rest."""
        if not self._completed and self.model.values:
            positive, normalised = constrained(self.model)
            for seed in range(2):
                drawn = RandomLeaves(100 + seed, positive, normalised, self.sizes)
                self._completed.append(DocumentDrawing(self.model, self.sizes, self._given_or(drawn), self.reading))
        return self._completed

    def _given_or(self, drawn: RandomLeaves) -> Callable[[Symbol], Any]:
        def leaf(symbol: Symbol) -> Any:
            value = self.model.values.get(symbol)
            return drawn(symbol) if value is None else f"{value.numerator}/{value.denominator}"

        return leaf

    def instances(self, trees: Sequence[Expression]) -> Iterator[Places]:
        yield from instances(self.drawings[0], self.model.depth, trees, self.model.last, self.model.fixed)

    def same_range(self, trees: Sequence[Expression], first: str, second: str) -> bool:
        return same_range(self, trees, first, second)


def infer(model: Model, shapes: Shapes) -> None:
    """Learn the shapes from every definition at every layer; twice, so that later ones inform earlier ones."""
    _declare(model, shapes)
    _flatten_vectors(model, shapes)
    for kind in model.single:
        shapes.join((kind, None, 0), ONE)
    for kind in model.ranks:
        label = kind.rpartition("_")[2]
        if label in model.neurons:
            shapes.join((kind, None, 0), ("neurons", label))
    for turn in range(2):
        for definitions in model.definitions.values():
            for number, definition in enumerate(definitions):
                tree = _written_out(model, definition.tree)
                for places in (*_layers(model, definition.head, definition.tree), *_as_the_last(model, definition)):
                    scope = f"{definition.head.kind} {number} {sorted(places.items())}"
                    shapes.learn(definition.head, tree, places, scope)
                if turn == 0:
                    _settle_numbers(model, shapes, definition.head, definition.tree)


def _written_out(model: Model, tree: Expression) -> Expression:
    r"""What functions with weights say about them: ``\theta^T x^{(i)}`` for ``h(x^{(i)})``."""

    def put_in(node: Expression) -> Expression | None:
        if not (isinstance(node, Apply) and node.operator == "call" and isinstance(node.arguments[0], Symbol)):
            return None
        function = model.functions.get(node.arguments[0].variant.removeprefix(ABSTRACT))
        if function is None or len(function.parameters) != len(node.arguments) - 1:
            return None
        given = {f"parameter {place}": argument for place, argument in enumerate(node.arguments[1:])}
        symbols = [part.kind for part in walk(function.tree) if isinstance(part, Symbol) and part.kind != INDEX]
        if set(symbols) <= {*given, "function", "pi"}:
            return None
        return transform(function.tree, lambda part: given.get(part.kind) if isinstance(part, Symbol) else None)

    return transform(tree, put_in)


def _declare(model: Model, shapes: Shapes) -> None:
    """What the document says about shapes."""
    for each in model.declared:
        for places in _layers(model, each.head, each.head):
            position = each.head.position
            if isinstance(position, Index):
                position = places[position.symbol] + position.offset
            names = [size_name(size, places) for size in each.sizes]
            axes = [ONE if name == "1" else (SIZE, name) for name in names]
            if None in names or each.head.kind in model.numbers:
                continue
            rows, columns = shapes.axes(each.head.kind, position)
            if len(axes) == 2:
                shapes.join(rows, axes[0])
                shapes.join(columns, axes[1])
            else:
                shapes.join(columns if shapes.row else rows, axes[0])
                shapes.join(rows if shapes.row else columns, ONE)


def _flatten_vectors(model: Model, shapes: Shapes) -> None:
    """What has a small letter and no index anywhere is a vector, unless it multiplies one."""
    trees = [definition.tree for definitions in model.definitions.values() for definition in definitions]
    matrices = {kind for tree in trees for kind in _multiplying(tree, shapes.row)}
    heads = [definition.head for definitions in model.definitions.values() for definition in definitions]
    small = {
        node.kind
        for tree in (*trees, *heads) for node in walk(tree)
        if isinstance(node, Symbol) and node.indices is None and node.kind not in model.numbers | set(model.ranks)
        and _is_small(node.kind)
    } - matrices  # fmt: skip
    upright = frozenset(_turned(trees)) if shapes.row else small
    for kind in sorted(small):
        for position in (None, *range(model.depth + 1)):
            rows, columns = shapes.axes(kind, position)
            shapes.join(columns if kind in upright else rows, ONE)


def _turned(trees: Sequence[Expression]) -> Iterator[str]:
    """Vectors that are columns among rows: b of ``z = aW + b^T``, which never stands without the transpose."""
    terms = {term for tree in trees for node in walk(tree) if isinstance(node, Apply) and node.operator == "add"
             for term in node.arguments}  # fmt: skip
    plain = {term.kind for term in terms if isinstance(term, Symbol)}
    turned = (term.arguments[0] for term in terms if isinstance(term, Apply) and term.operator == "transpose")
    yield from (inner.kind for inner in turned if isinstance(inner, Symbol) and inner.kind not in plain)


def _multiplying(tree: Expression, row: bool) -> Iterator[str]:
    """What stands beside a vector in a product, on the side of the matrix: ``w a``, or ``a w`` for rows."""
    for node in walk(tree):
        if isinstance(node, Apply) and node.operator in ("multiply", "dot", "star", "times", "matrix_product"):
            pair = node.arguments[-1:] if row else node.arguments[:-1]
            yield from (part.kind for part in pair if isinstance(part, Symbol) and len(node.arguments) > 1)


def _is_small(kind: str) -> bool:
    letters = re.sub(r"\\[a-z]+\{|[\\{}]", "", kind.partition("_")[0])
    return letters[:1].islower()


def _settle_numbers(model: Model, shapes: Shapes, head: Symbol, tree: Expression) -> None:
    """A quantity whose definition is a number is a number."""
    from symbackprop.check.evaluate.shapes import Unknown, _Walk

    if head.indices is not None or head.kind in model.ranks or head.kind in model.numbers:
        return
    for places in _layers(model, head, tree):
        try:
            if _Walk(shapes, places, "number").shape(tree) is None:
                model.numbers.add(head.kind)
        except Unknown:
            pass
        return


def _layers(model: Model, head: Symbol, tree: Expression) -> Iterator[dict[str, int]]:
    """The layers that the letters of a definition may stand for."""
    letters, _ = letters_of((head, tree), frozenset({model.last}))
    for positions in product(range(model.depth + 1), repeat=len(letters)):
        places = {model.last: model.depth, **dict(zip(letters, positions, strict=True))}
        inside = [
            places[node.position.symbol] + node.position.offset
            for part in (head, tree) for node in walk(part)
            if isinstance(node, Symbol) and isinstance(node.position, Index) and node.position.symbol in places
        ]  # fmt: skip
        if all(0 <= position <= model.depth for position in inside):
            yield places


def _as_the_last(model: Model, definition: Definition) -> Iterator[dict[str, int]]:
    """Layers that are made like the last one, where the document shows only how that one is: ``a^L = \\sigma(z^L)``."""
    heads = [found.head for found in model.definitions[model.key(definition.head)]]
    quantities = [
        node for tree in (definition.head, definition.tree) for node in walk(tree)
        if isinstance(node, Symbol) and node.kind not in (INDEX, "pi", "function", *model.numbers)
    ]  # fmt: skip
    if all(isinstance(node.position, Index) and node.position.symbol == model.last for node in (*heads, *quantities)):
        lowest = max(-node.position.offset for node in quantities if isinstance(node.position, Index))
        yield from ({model.last: layer} for layer in range(max(lowest, 0), model.depth))


def constrained(model: Model) -> tuple[frozenset[str], dict[str, int]]:
    """(families drawn positive, families whose entries add up to 1 -> the index along which they do)."""
    positive: set[str] = set()
    normalised: dict[str, int] = {}
    for definitions in model.definitions.values():
        for definition in definitions:
            for node in walk(definition.tree):
                if isinstance(node, Apply) and node.operator == "log":
                    positive.update(part.kind for part in walk(node) if isinstance(part, Symbol))
                elif isinstance(node, Apply) and node.operator == "sum":
                    normalised.update(_targets(model, node))
    return frozenset(positive), {kind: along for kind, along in normalised.items() if kind not in positive}


def _targets(model: Model, total: Apply) -> Iterator[tuple[str, int]]:
    """t of ``Σ t_k log y_k``: the entries of a target add up to 1 there, along the classes."""
    for node in walk(total.arguments[0]):
        if isinstance(node, Apply) and node.operator in ("multiply", "star", "dot"):
            logs = [part for part in node.arguments if isinstance(part, Apply) and part.operator == "log"]
            plain = [part for part in node.arguments if isinstance(part, Symbol)]
            if len(logs) == 1 and len(plain) == 1 and len(node.arguments) == 2 and len(list(_logs(total))) == 1:
                yield plain[0].kind, _along(model, logs[0].arguments[0], plain[0])


def _along(model: Model, of: Expression, target: Symbol) -> int:
    """The index of a target that runs over the classes: the one that the softmax of its output sums over."""
    definition = model.defines(of) if isinstance(of, Symbol) else None
    if definition is None or not isinstance(of, Symbol) or len(target.indices or ()) < 2:
        return 0
    kept = {
        letter
        for node in walk(definition.tree)
        if isinstance(node, Apply) and node.operator == "sum"
        for letter in free_indices(node)
    }
    for place, index in enumerate(definition.head.indices or ()):
        if isinstance(index, Index) and index.symbol not in kept:
            own = (of.indices or ())[place]
            return (target.indices or ()).index(own) if own in (target.indices or ()) else 0
    return 0


def _logs(tree: Expression) -> Iterator[Expression]:
    return (node for node in walk(tree) if isinstance(node, Apply) and node.operator == "log")
