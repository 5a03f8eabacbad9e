"""The table at the top of a document: what each symbol is, in a notation's own words for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from symbackprop.expression import (
    Apply,
    Chain,
    Expression,
    Index,
    IndexValue,
    Name,
    Number,
    Symbol,
    add,
    chain,
    negate,
    partial,
)
from symbackprop.notation.naming import Naming
from symbackprop.notation.roles import ADJOINT, DELTA, NEGATED_ADJOINT, ROLES, ROLES_OF_KIND, Role
from symbackprop.notation.table import Layout

LOSS = Symbol("loss", None, ())


@dataclass(frozen=True, slots=True)
class SymbolRow:
    """One line of the table.

    ``symbols`` are the names to show: one for any entry where the notation has symbolic indices, else
    the first and the last of all. ``array`` is the name of the whole array, if there is one. ``meaning``
    is a key of the locale; its phrase is given ``arguments``. ``shape`` is empty for a number, (rows,
    columns) for an array, and None where it differs from layer to layer and has no name.
    ``definition`` says what the name stands for where that is a convention (the sign of δ).
    """

    role: str
    symbols: tuple[Symbol, ...]
    array: Symbol | None
    meaning: str
    arguments: Mapping[str, Expression]
    shape: tuple[Expression, ...] | None
    definition: Chain | None = None

    @property
    def is_range(self) -> bool:
        """Whether ``symbols`` are the ends of an enumeration: w_1, …, w_8."""
        return len(self.symbols) > 1


def roles_used(naming: Naming, symbols: Iterable[Symbol]) -> tuple[str, ...]:
    """The roles that some quantities play in a notation, in the order of the table."""
    used = {key for symbol in symbols if (key := _role_key(naming, symbol)) is not None}
    return tuple(role.key for role in ROLES if role.key in used)


def _role_key(naming: Naming, symbol: Symbol) -> str | None:
    """The role of a symbol; an adjoint is a δ where the notation has a name for it, whatever that name and its sign."""
    role = naming.role_of(symbol)
    if role is not None or symbol.variant != ADJOINT:
        return None if role is None else role.key
    named = replace(symbol, variant=naming.notation.delta_variant)
    deltas = (role.key for role in ROLES_OF_KIND.get(symbol.kind, ()) if role.variant == DELTA)
    return next(deltas, None) if naming.can_write(named) else None


def describe(naming: Naming, roles: Iterable[str], layout: Layout | None = None) -> tuple[SymbolRow, ...]:
    """The rows for some roles, as far as the notation can write them; ``layout`` None: the notation's own.

    A notation with symbolic indices needs a row a role; one that names every unit has a row a layer.
    """
    describer = _Describer(naming, layout or naming.notation.layout)
    known = {role.key: role for role in ROLES}
    rows = (row for key in roles if key in known for row in describer.rows(known[key]))
    shown: set[tuple[str, ...]] = set()
    kept = []
    for row in rows:
        names = tuple(naming.spell(symbol) for symbol in (*row.symbols, *((row.array,) if row.array else ())))
        if names not in shown:  # the output may have no name of its own
            kept.append(row)
        shown.add(names)
    return tuple(kept)


@dataclass(frozen=True)
class _Describer:
    naming: Naming
    layout: Layout

    @cached_property
    def _names_units(self) -> bool:
        """Whether every unit has a name of its own, so that there are none for any unit of any layer."""
        if not all(isinstance(size, int) for size in self.naming.sizes) or not self.naming.sizes:
            return False
        return not self.naming.can_write(Symbol("weight", Index("layer"), (Index("unit"), Index("before"))))

    def rows(self, role: Role) -> Iterator[SymbolRow]:
        layers = self._layers(role)
        if not layers and self.naming.sizes:
            return
        if self._names_units and (role.indices or role.place in ("layer", "any layer")) and role.place != "time":
            for layer in layers:
                yield from self._row(role, layer, self._ends(role, layer), f"symbols.{role.key}_all")
            return
        position = self._position(role)
        symbol = Symbol(role.kind, position, self._indices(role), self._variant(role))
        entries = (symbol,) if self._writes(role, symbol) else ()
        # where there is only one such layer its size need not be a symbol
        only = layers[0] if len(layers) == 1 and role.place == "layer" else position
        yield from self._row(role, only, entries, f"symbols.{role.key}", position)

    def _row(
        self,
        role: Role,
        layer: IndexValue | None,
        entries: tuple[Symbol, ...],
        meaning: str,
        position: IndexValue | None = None,
    ) -> Iterator[SymbolRow]:
        """The row for the units of a layer; ``position`` is the array's own where it is symbolic."""
        place = None if role.place == "none" else layer if position is None else position
        array = Symbol(role.kind, place, None, self._variant(role))
        found = array if role.array and self._writes(role, array) else None
        if not entries and found is None:
            return
        shape = () if found is None else self._shape(role, layer)
        example = entries[0] if entries else array
        definition = _definition(example) if self.naming.role_of(example) is role and role.variant == DELTA else None
        yield SymbolRow(role.key, entries, found, meaning, self._arguments(role, layer), shape, definition)

    def _writes(self, role: Role, symbol: Symbol) -> bool:
        """Whether the notation writes a symbol, and in this role.

        Inputs may be written as activations, and a δ by a name around that of its pre-activation.
        """
        elsewhere = role.place == "first" or role.variant == DELTA
        return (elsewhere or self.naming.role_of(symbol) is role) and self.naming.can_write(symbol)

    def _variant(self, role: Role) -> str:
        return self.naming.notation.delta_variant if role.variant == DELTA else role.variant

    def _position(self, role: Role) -> IndexValue | None:
        if role.place == "first":
            return 0
        if role.place == "last":
            return self.naming.network.last
        if role.place == "time":
            return Index("time")
        if role.place == "none":
            return None
        # where weights count with the layer that they leave, w^{(l)} leads to layer l+1
        return Index("layer", self.naming.network.departure(role))

    def _indices(self, role: Role) -> tuple[IndexValue, ...]:
        letters = {"unit": Index("unit"), "to": Index("unit"), "from": Index("before"), "sample": Index("sample")}
        names = ("sample", *role.indices) if self.naming.batch and role.sampled else role.indices
        return tuple(letters[name] for name in names)

    def _layers(self, role: Role) -> range:
        """The layers that have entries of this role; none where their number is not known."""
        last = self.naming.network.last
        if not isinstance(last, int):
            return range(0)
        if role.place == "first":
            return range(1)
        if role.place in ("last", "none", "time"):
            return range(last, last + 1)
        own_output = {"activation": "output", "preactivation": "output_preactivation"}.get(role.key)
        return range(1, last if own_output in self.naming.notation.spelling else last + 1)

    def _ends(self, role: Role, layer: int) -> tuple[Symbol, ...]:
        """The first and the last entry of this role in a layer."""
        sizes = self.naming.sizes
        counts = {"unit": sizes[layer], "to": sizes[layer], "from": sizes[layer - 1]}
        last = [size - 1 for name in role.indices if isinstance(size := counts.get(name, 1), int)]
        batch = (Index("sample"),) if self.naming.batch and role.sampled else ()
        position = None if role.place == "none" else layer
        ends = (
            Symbol(role.kind, position, (*batch, *indices), self._variant(role))
            for indices in ([0] * len(role.indices), last)
        )
        return tuple(dict.fromkeys(end for end in ends if self._writes(role, end)))

    def _shape(self, role: Role, layer: IndexValue | None) -> tuple[Expression, ...] | None:
        """(rows, columns) of the whole array."""
        if role.place == "time" or (role.place == "none" and "to" in role.indices):
            return None
        position = self.naming.network.last if layer is None else layer
        sizes = [self._size(position)]
        if "to" in role.indices:
            sizes.append(self._size(_before(position)))
        elif self.naming.batch and role.sampled:
            sizes.append(Symbol("sample_count"))
        else:
            sizes.append(Number("1"))
        if any(size is None for size in sizes):
            return None
        rows, columns = (size for size in sizes if size is not None)
        return (rows, columns) if self.layout == "column" else (columns, rows)

    def _size(self, position: IndexValue) -> Expression | None:
        sizes = self.naming.sizes
        if isinstance(position, int) and sizes:
            size = sizes[position]
            return size if isinstance(size, Symbol) else Number(str(size))
        symbol = Symbol("size", position)
        return symbol if self.naming.can_write(symbol) else None

    def _arguments(self, role: Role, layer: IndexValue | None) -> dict[str, Expression]:
        """What the phrase may mention: the letters of units, and the layer by its letter or its number."""
        indices, network = self.naming.notation.indices, self.naming.network
        if isinstance(layer, int):
            number = layer + self.naming.notation.first_layer
            here: Expression = Number(str(number))
            before: Expression = Number(str(number - 1))
        else:
            departs = network.departure(role)
            letter = Name(indices.layer)
            here = add(letter, Number("1")) if departs else letter
            before = letter if departs else add(letter, negate(Number("1")))
        return {
            "unit": Name(indices.unit),
            "before": Name(indices.before),
            "sample": Name(indices.sample),
            "time": Name(indices.time),
            "layer": here,
            "layer_before": before,
        }


def _before(position: IndexValue) -> IndexValue:
    return Index(position.symbol, position.offset - 1) if isinstance(position, Index) else position - 1


def _definition(delta: Symbol) -> Chain:
    """δ = ∂E/∂(pre-activation), or its negative."""
    derivative = partial(LOSS, replace(delta, variant=""))
    return chain(delta, Apply("negate", (derivative,)) if delta.variant == NEGATED_ADJOINT else derivative)
