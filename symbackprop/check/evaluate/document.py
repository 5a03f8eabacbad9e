"""A document's own quantities at one point: defined ones follow, all others are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from symbackprop.check.bind.scripts import WHOLE
from symbackprop.check.evaluate.absent import Absent
from symbackprop.check.evaluate.abstract import ABSTRACT, ACTIVATION_LETTERS, ARRAY_FUNCTIONS, abstract
from symbackprop.check.evaluate.array import ONES, Array, Jacobian, Ones, combined, entries_of
from symbackprop.check.evaluate.drawing import INDEX, USUAL, Places, Reading
from symbackprop.check.evaluate.evaluation import Evaluator
from symbackprop.check.evaluate.functions import applied_function
from symbackprop.check.evaluate.leaves import Parameters
from symbackprop.check.evaluate.model import Definition, FunctionDefinition, Model, matched
from symbackprop.check.evaluate.sizes import Sizes
from symbackprop.check.evaluate.traced import Traced, Undecided, derivatives, number, renamed, total
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Apply, Expression, Index, IndexValue, Symbol, multiply, negate, partial, walk

Key = tuple[str, "IndexValue | None", "tuple[IndexValue, ...] | None"]
"""Family (with its variant), layer, indices."""


@dataclass(eq=False)
class DocumentDrawing:
    """``leaf`` gives the value of a quantity that nothing defines; None where it has none."""

    model: Model
    sizes: Sizes
    leaf: Callable[[Symbol], Any]
    reading: Reading = USUAL
    _values: dict[Key, Any] = field(default_factory=dict)
    _slopes: dict[int, Mapping[int, Any]] = field(default_factory=dict)
    _open: set[Key] = field(default_factory=set)

    # ---- what the evaluator asks for -------------------------------------------------------

    def quantity(self, symbol: Symbol, places: Places) -> Any:
        if symbol.kind == ONES:
            return Ones()
        position = self._resolved(symbol.position, places)
        if position is not None and position not in self._layers(symbol):
            raise Absent(f"there is no layer {position}")
        if symbol.indices is None or symbol.kind in self.model.shared:
            return self._whole(Symbol(symbol.kind, position, None, symbol.variant))
        if WHOLE in symbol.indices or len(symbol.indices) < self.sizes.rank(symbol.kind):
            return self._slice(symbol, position, places)
        indices = tuple(self._resolved(index, places) or 0 for index in symbol.indices)
        for place, index in enumerate(indices):
            first = 0 if (symbol.kind, place) not in self.model.from_nought else -1
            if not first <= index < self.sizes.extent(symbol.kind, position, place):
                raise Absent(f"there is no {symbol.kind} with the index {index + 1}")
        return self._entry(Symbol(symbol.kind, position, indices, symbol.variant))

    def function(self, symbol: Symbol, order: int, arguments: list[Any], places: Places) -> Any:
        position = self._resolved(symbol.position, places)
        if not symbol.variant.startswith(ABSTRACT):
            return applied_function(symbol.variant, order, arguments)
        name = symbol.variant.removeprefix(ABSTRACT)
        if name in self.model.functions:
            return self._defined_function(name, order, arguments)
        if name in ARRAY_FUNCTIONS:
            raise Undecided(f"it is not known here what {name} does")
        if self.model.activation != "any" and len(arguments) == 1 and name in ACTIVATION_LETTERS:
            return applied_function(self.model.activation, order, arguments)
        return abstract(name, position, order, arguments)

    def extent(self, symbol: Symbol, position: int, places: Places) -> int | None:
        try:
            layer = self._resolved(symbol.position, places)
        except Undecided:
            return None
        if layer is not None and layer not in self._layers(symbol):
            raise Absent(f"there is no layer {layer}")
        return self.sizes.extent(symbol.kind, layer, position)

    def layers(self, symbol: Symbol) -> range:
        return range(self.model.first_layer(symbol.kind), self.model.depth + 1)

    def _layers(self, symbol: Symbol) -> range:
        """Those of a family; a letter stands only for layers of which the document says something."""
        return self.model.layers_of(symbol.kind) if isinstance(symbol.position, Index) else self.layers(symbol)

    def slopes(self, of: Traced) -> Mapping[int, Any]:
        if of.order not in self._slopes:
            self._slopes[of.order] = derivatives(of)
        return self._slopes[of.order]

    # ---- values ------------------------------------------------------------------------------

    def _resolved(self, index: IndexValue | None, places: Places) -> int | None:
        if not isinstance(index, Index):
            return index
        if index.symbol not in places:
            if index.symbol == self.model.last:
                return self.model.depth + index.offset
            if index.symbol in self.model.fixed:
                return self.model.fixed[index.symbol] + index.offset
            raise Undecided(f"nothing says what the index {index.symbol} is")
        return places[index.symbol] + index.offset

    def _once(self, symbol: Symbol, compute: Callable[[], Any]) -> Any:
        key: Key = self.model.key(symbol), symbol.position, symbol.indices
        if key not in self._values:
            if key in self._open:
                raise Undecided(f"{symbol.kind} is defined by itself")
            self._open.add(key)
            try:
                self._values[key] = compute()
            finally:
                self._open.discard(key)
        return self._values[key]

    def _whole(self, symbol: Symbol) -> Any:
        return self._once(symbol, lambda: self._computed_whole(symbol))

    def _computed_whole(self, symbol: Symbol) -> Any:
        # Where a unit has a formula of its own, the whole is made of its units: they are one quantity. A number is
        # not: the error E of E_1, E_2, E_3 is what the document says it is.
        units = symbol.kind not in self.model.numbers and self._applicable(self._at(symbol, 0, 0)) is not None
        found = None if units and self._applicable(symbol) is None else self._stated(symbol)
        if units and isinstance(found, Array):
            return self._with_units(symbol, found)
        if found is not None:
            return found
        rows, columns = self.sizes.shape(symbol.kind, self._resolved(symbol.position, {}))
        if self.sizes.rank(symbol.kind) or (rows, columns) != (1, 1):
            entries = tuple(
                self._entry(self._at(symbol, row, column)) for row in range(rows) for column in range(columns)
            )
            return Array(rows, columns, entries)
        return self._drawn(symbol)

    def _with_units(self, symbol: Symbol, whole: Array) -> Array:
        """The whole with the units that have a formula of their own; the formula of the whole gives the others."""
        entries = []
        for row in range(whole.rows):
            for column in range(whole.columns):
                unit = self._at(symbol, row, column)
                stated = self._applicable(unit) is not None
                entries.append(self._entry(unit) if stated else whole.at(row, column))
        return Array(whole.rows, whole.columns, tuple(entries))

    def _at(self, symbol: Symbol, row: int, column: int) -> Symbol:
        """The entry of a whole quantity at a row and a column."""
        return Symbol(symbol.kind, symbol.position, self.sizes.indices_at(symbol.kind, row, column), symbol.variant)

    def _entry(self, symbol: Symbol) -> Any:
        return self._once(symbol, lambda: self._computed_entry(symbol))

    def _computed_entry(self, symbol: Symbol) -> Any:
        found = self._stated(symbol)
        if found is not None:
            return found
        whole = Symbol(symbol.kind, symbol.position, None, symbol.variant)
        if self._applicable(whole) is not None:
            array = self._whole(whole)
            if not isinstance(array, Array):
                raise Undecided(f"an index on {symbol.kind}, which is a number")
            row, column = self.sizes.place_of(symbol.kind, symbol.indices or ())
            return array.at(row, column)
        return self._drawn(symbol)

    def _slice(self, symbol: Symbol, position: int | None, places: Places) -> Any:
        """A row or column of a matrix: ``ω_{·j}``, ``ω_j``."""
        given = [None if index == WHOLE else self._resolved(index, places) for index in symbol.indices or ()]
        if len(given) == 1:
            given.append(None)
        if len(given) != 2 or given.count(None) != 1:
            raise Undecided(f"{symbol.kind} with {len(given)} indices")
        free = given.index(None)
        size = self.sizes.extent(symbol.kind, position, free)
        entries = []
        for place in range(size):
            indices = tuple(place if index is None else index for index in given)
            entries.append(self._entry(Symbol(symbol.kind, position, indices, symbol.variant)))
        upright = (free == 0) != self.sizes.swapped
        return Array(size, 1, tuple(entries)) if upright else Array(1, size, tuple(entries))

    def _stated(self, symbol: Symbol) -> Any:
        """The value that the document, or the usual meaning of δ and of an update, gives; None without either."""
        found = self._from_definition(symbol)
        if found is None:
            found = self._usual(symbol)
        if found is not None and symbol.kind in self.model.deltas and self.model.delta_sign < 0:
            return combined(lambda left, right: left * right, found, number(-1), "multiplied")
        return found

    def _usual(self, symbol: Symbol) -> Any:
        base = Symbol(symbol.kind, symbol.position, symbol.indices)
        loss = self.model.loss
        if symbol.variant == UPDATED and loss is not None and self.model.rate is not None:
            step = negate(multiply(self.model.rate, partial(loss, base)))
            return self._evaluated(Apply("add", (base, step)))
        if symbol.variant == ADJOINT and loss is not None:
            return self._evaluated(multiply(*self._per_sample(base), partial(loss, base)))
        if symbol == Symbol(symbol.kind) and (count := self.sizes.count(symbol.kind)) is not None:
            return None if symbol in self.model.values else Traced(number(count))
        net = self.model.deltas.get(symbol.kind, "")
        if net and loss is not None:
            return self._evaluated(partial(loss, Symbol(net, symbol.position, symbol.indices)))
        if symbol.kind in self.model.opaque and symbol.indices is None:
            return self._opaque(symbol)
        return None

    def _per_sample(self, base: Symbol) -> list[Expression]:
        """m, for what is computed where the document divides by m in the gradients of the weights only."""
        computed = bool(self.model.definitions.get(base.kind))
        return [self.model.count] if self.model.count is not None and computed else []

    def _evaluated(self, tree: Expression) -> Any:
        value = Evaluator(self, {}, self.reading, tracing=True).value(tree)
        return value.map(renamed) if isinstance(value, Array) else renamed(value)

    def _opaque(self, symbol: Symbol) -> Any:
        """Any smooth function of what the network puts out, at the symbol's step or at the last one."""
        position = self.model.depth if symbol.position is None else symbol.position
        found = [self._sink(kind, position) for kind in self.model.sinks]
        entries = [entry for sink in found if not isinstance(sink, Undecided) for entry in entries_of(sink)]
        # What cannot be computed stands beside the network; the loss follows from the rest, if there is any.
        for sink in found if not entries else ():
            raise sink
        column = Array(len(entries), 1, tuple(entries))
        return renamed(abstract(symbol.kind, None, 0, [column, number(1)])) if entries else None

    def _sink(self, kind: str, position: Any) -> Any:
        has_layers = any(found.head.position is not None for found in self.model.definitions.get(kind, ()))
        try:
            return self._whole(Symbol(kind, position if has_layers else None))
        except Undecided as reason:
            return reason

    def _from_definition(self, symbol: Symbol) -> Any:
        definition = self._applicable(symbol)
        if definition is None:
            return None
        places = _numbers(matched(definition.head, symbol))
        value = Evaluator(self, places, replace(self.reading, lenient=True), tracing=True).value(definition.tree)
        return self._fitted(symbol, value)

    def _fitted(self, symbol: Symbol, value: Any) -> Any:
        """A value as that of a quantity of its own; what must be a number but came out as an array is its sum."""
        if isinstance(value, Jacobian):
            value = value.diagonal or value.matrix
            if value is None:
                raise Undecided("a derivative of an array by an array as a definition")
        if isinstance(value, Array):
            single = symbol.indices is not None or self.sizes.is_number(symbol.kind)
            return renamed(total(entries_of(value))) if single else value.map(renamed)
        return renamed(value)

    def _applicable(self, symbol: Symbol) -> Definition | None:
        """The definition of a quantity, if everything in it exists at this layer."""
        definition = self.model.defines(symbol)
        if definition is None:
            return None
        places = _numbers(matched(definition.head, symbol))
        return definition if self.sizes.exists(definition.tree, places) else None

    def _drawn(self, symbol: Symbol) -> Traced:
        value = self.leaf(symbol)
        if value is None:
            raise Undecided(f"{symbol.kind} has no value")
        return Traced(number(value))

    def _defined_function(self, name: str, order: int, arguments: list[Any]) -> Any:
        from symbackprop.check.evaluate.functions import entrywise

        definition = self.model.functions[name]
        if len(definition.parameters) != len(arguments):
            raise Undecided(f"{name} of {len(arguments)} arguments")
        if len(arguments) == 1 and not self._is_of_arrays(definition):
            return entrywise(lambda value: self._function_at(name, [value]), order, arguments[0])
        if order:
            raise Undecided("the derivative of a function of several arguments")
        return self._function_at(name, arguments)

    def _is_of_arrays(self, definition: FunctionDefinition) -> bool:
        """Whether a function takes its argument as a whole: ``h(x) = \\theta^T x``."""
        for node in walk(definition.tree):
            if isinstance(node, Apply) and node.operator in ("transpose", "norm", "index"):
                return True
            plain = {*self.model.numbers, INDEX, "pi", "function"}
            if isinstance(node, Symbol) and node.kind not in plain and not node.kind.startswith("parameter "):
                return True
        return False

    def _function_at(self, name: str, arguments: list[Any]) -> Any:
        definition = self.model.functions[name]
        given = {f"parameter {place}": value for place, value in enumerate(arguments)}
        return Evaluator(Parameters(self, given), {}, self.reading, tracing=True).value(definition.tree)


def _numbers(found: Mapping[str, IndexValue] | None) -> dict[str, int]:
    return {letter: value for letter, value in (found or {}).items() if isinstance(value, int)}
