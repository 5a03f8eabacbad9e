"""Which quantity of a network a written name means: through the notation tables first, then by what writers do.

Beyond the tables stand marks of an update (``w_5^{new}``), generic neurons (``out_O``, ``w_{hO}``), a neuron
left out (``target`` inside a formula about one neuron), and a power in a superscript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from symbackprop.check.bind.indices import IMPLICIT
from symbackprop.check.bind.scripts import scripts_of
from symbackprop.check.bind.spelling import script_spelling, spelling
from symbackprop.check.evaluate.array import ONES
from symbackprop.check.evaluate.derived import DERIVED
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.evaluate.functions import known_name
from symbackprop.check.evaluate.time import rank_of
from symbackprop.derive.derivation import Derivation
from symbackprop.derive.reverse import UPDATED
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol, multiply, negate, partial, walk
from symbackprop.notation.canonical import canonical
from symbackprop.notation.naming import Naming
from symbackprop.notation.table import NOTATIONS, Notation

_UPDATE_MARKS = frozenset({"+", "new", "New", "NEW", "*", "(new)", "t+1", "(t+1)", "updated", "new)"})
_PLAIN_KINDS = frozenset({"target", "loss", "loss_part", "learning_rate"})
"""What may also be bound through another notation than the document's."""


ACTIVATION_LETTERS = frozenset({"sigma", "f", "g", "phi", "varphi", "psi", "act", "Act", "activation"})
"""Functions that are the activation, where a notation has no other name for it."""

FUNCTION = "function"
"""The kind of a function: ``variant`` is its name in the table, ``position`` the layer whose activation it is."""


@dataclass(frozen=True)
class NetworkNames:
    """Resolves names in one notation."""

    derivation: Derivation
    notation: Notation

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.notation, self.derivation.network.sizes)

    @cached_property
    def _known(self) -> dict[Name, Expression | None]:
        return {}

    @cached_property
    def _others(self) -> tuple[Naming, ...]:
        own = self.notation.name
        return tuple(Naming(other, self.derivation.network.sizes) for other in NOTATIONS if other.name != own)

    def resolve(self, name: Name) -> Expression | None:
        """The quantity, or None. Its indices may be symbolic, or ``IMPLICIT``."""
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def function(self, name: Name, arguments: tuple[Expression, ...]) -> Symbol | None:
        """An activation by its own name, or the network's; the layer is that of what it is applied to.

        A letter that the notation gives to a quantity is no function.
        """
        known = known_name(name.head) if name.subscript is None and name.superscript is None else None
        if known is not None and len(name.head) > 1:
            return Symbol(FUNCTION, None, None, known)
        symbol = next((found for found in self.naming.candidates(spelling(name)) if _is_function(found)), None)
        if symbol is None and name.head in ACTIVATION_LETTERS and self._direct(name) is None:
            symbol = Symbol("activation_function", None, ())
        if symbol is None:
            return None
        position = symbol.position
        if position is None and symbol.kind == "activation_function":
            position = next((layer for layer in map(_layer_of, arguments) if layer is not None), None)
        return Symbol(FUNCTION if symbol.kind == "activation_function" else symbol.kind, position, None)

    def is_function(self, name: Name) -> bool:
        return any(_is_function(found) for found in self.naming.candidates(spelling(name)))

    def called(self, function: Expression, arguments: tuple[Expression, ...]) -> Expression | None:
        """``ℓ(a_j)`` is the part of the loss that belongs to an output, ``ℓ'(a_j)`` its derivative."""
        order, plain = 0, function
        while isinstance(plain, Apply) and plain.operator == "derivative":
            order, plain = order + 1, plain.arguments[0]
        if not (isinstance(plain, Symbol) and plain.kind == "loss_function"):
            return None
        output = next((part for part in arguments if isinstance(part, Symbol) and part.kind == "activation"), None)
        if output is None or order > 1:
            return None
        part = Symbol("loss_part", None, output.indices)
        return partial(part, output) if order else part

    def change(self, symbol: Expression) -> Expression:
        """One step of gradient descent: ``-η ∂E/∂w``."""
        return negate(multiply(Symbol("learning_rate", None, ()), partial(Symbol("loss", None, ()), symbol)))

    def is_loss(self, symbol: Symbol) -> bool:
        return symbol.kind == "loss"

    def of_last_layer(self, name: Name) -> Symbol | None:
        letter = Name(self.notation.indices.last)
        return None if self.resolve(name) is not None else self._direct(replace(name, superscript=letter))

    def indexed(self, array: Name, items: Sequence[Expression]) -> Symbol | None:
        """The quantity of a spelling with index brackets: ``W_1[2,1]``."""
        text = f"{spelling(array)}[{','.join(map(script_spelling, items))}]"
        return self._first(self.naming.candidates(text))

    def neuron(self, name: Name) -> Symbol | None:
        """The neuron that a bare name (``o1``, ``h_2``) means."""
        return next((symbol for symbol in self.naming.candidates(spelling(name)) if symbol.kind == "neuron"), None)

    def strictly(self, name: Name) -> bool:
        """Whether the notation itself spells a quantity so."""
        return self._first(self.naming.read(spelling(name))) is not None

    def _resolve(self, name: Name) -> Expression | None:
        if name.head == "1" and name.subscript is None and name.superscript is None:
            return Symbol(ONES)
        kronecker = kronecker_of(name)
        for attempt in (self._direct, self._updated, self._generic, self._implicit, self._elsewhere):
            found = attempt(name)
            if found is not None:
                return kronecker if kronecker is not None and self._seems_sampled(found) else found
        return self._transposed(name) or kronecker

    def _seems_sampled(self, symbol: Symbol) -> bool:
        """Whether two letters are a sample and a unit only if nothing else fits: neither is the letter of samples."""
        rank = rank_of(self.derivation.model.graph, symbol)
        letters = {index.symbol for index in symbol.indices or () if isinstance(index, Index)}
        return rank is not None and rank < len(letters) and self.notation.indices.sample not in letters

    def _transposed(self, name: Name) -> Expression | None:
        """``W^{[l]+T}``: the transpose at the end of other marks."""
        text = spelling(name)
        if not text.endswith(("T}", "\\top}")) or name.superscript is None:
            return None
        found = self._first(self.naming.candidates(re.sub(r"(?:T|\\top)\}$", "}", text)))
        return None if found is None else Apply("transpose", (found,))

    def _direct(self, name: Name) -> Symbol | None:
        return self._first(self.naming.candidates(spelling(name)))

    def _updated(self, name: Name) -> Symbol | None:
        """``w_5^{new}``, ``w_5'``, ``w_{5,new}``: the quantity after the update."""
        plain = None
        if name.superscript is not None and script_spelling(name.superscript) in _UPDATE_MARKS and not name.primes:
            plain = replace(name, superscript=None)
        elif name.primes == 1 and name.superscript is None:
            plain = replace(name, primes=0)
        if plain is None:
            return None
        symbol = self._direct(plain)
        if symbol is None or symbol.variant or symbol.kind not in ("weight", "bias"):
            return None
        return replace(symbol, variant=UPDATED)

    def _generic(self, name: Name) -> Symbol | None:
        """``out_O``: any neuron of the layer O; ``w_{hO}``: the weight between two neurons."""
        if name.subscript is None or not self._letters:
            return None
        units = self._units(re.sub(r"[{}_,\s]", "", script_spelling(name.subscript)))
        if units is None:
            return None
        if len(units) == 1 and not units[0][1]:
            letter = units[0][0]
            return self._first(self.naming.candidates(spelling(replace(name, subscript=Name(letter * 2)))))
        if len(units) == 2 and name.head in ("w", "W") and name.superscript is None:
            return self._between(*units)
        return None

    @cached_property
    def _letters(self) -> tuple[str, ...]:
        return self.naming.network.letters()

    def _units(self, text: str) -> list[tuple[str, str]] | None:
        """(letter of the layer, number or nothing) for every neuron in a subscript."""
        letters = "|".join(map(re.escape, self._letters))
        unit = rf"({letters})(\d*)"
        if not re.fullmatch(f"(?:{unit})+", text, re.IGNORECASE):
            return None
        return re.findall(unit, text, re.IGNORECASE)

    def _between(self, first: tuple[str, str], second: tuple[str, str]) -> Symbol | None:
        """The weight between two neurons; which of them it leads to follows from their layers."""
        ends = []
        for letter, unit in (first, second):
            position = next(self.naming.network.positions_of(letter), None)
            if position is None:
                return None
            ends.append((position, int(unit) - 1 if unit else Index(letter)))
        (low, source), (high, to) = sorted(ends, key=lambda end: end[0])
        return self._first((Symbol("weight", high, (to, source)),)) if high == low + 1 else None

    def _implicit(self, name: Name) -> Symbol | None:
        """``target``, ``output``: of the output that the formula is about."""
        if name.subscript is not None or not self._letters or len(name.head) < 2:
            return None
        last = self.naming.network.last
        if not isinstance(last, int):
            return None
        letter = self.naming.network.layer_letter(last)
        return self._first(self.naming.candidates(spelling(replace(name, subscript=Name(f"{letter}{IMPLICIT}")))))

    def _elsewhere(self, name: Name) -> Symbol | None:
        """Targets, losses and learning rates as other notations spell them."""
        for naming in self._others:
            found = self._first(symbol for symbol in naming.read(spelling(name)) if symbol.kind in _PLAIN_KINDS)
            if found is not None:
                return found
        return None

    def _first(self, symbols: Iterable[Symbol]) -> Symbol | None:
        """The first that the network has; else, for the bias of a layer, the biases of its units."""
        found = tuple(symbols)
        whole = (replace(symbol, indices=None) for symbol in found if symbol.kind == "bias" and symbol.indices == ())
        return next((symbol for symbol in (*found, *whole) if self._exists(symbol)), None)

    def _exists(self, symbol: Symbol) -> bool:
        """Whether the network has such a quantity, as far as its indices say."""
        if symbol.kind in DERIVED or symbol.kind.endswith("_function"):
            return True
        if "velocity" in symbol.variant or "derivative" in symbol.variant:
            return False
        graph = self.derivation.model.graph
        positions = (
            range(len(self.derivation.network.sizes)) if isinstance(symbol.position, Index) else (symbol.position,)
        )
        for position in positions:
            rank = rank_of(graph, Symbol(symbol.kind, position))
            if rank is None:
                continue
            sampled = symbol.kind not in ("weight", "bias", "learning_rate", "loss")
            if symbol.indices is None or len(symbol.indices) - rank in (0, int(sampled)):
                return True
        return False


def _is_function(symbol: Symbol) -> bool:
    return symbol.kind.endswith("_function") and not symbol.variant


def kronecker_of(name: Name) -> Expression | None:
    """``δ_{ij}`` with two letters, where it is nothing else."""
    scripts = scripts_of(name, frozenset())
    if name.head != "delta" or len(scripts.indices) != 2 or name.superscript is not None or name.primes:
        return None
    letters = [index for index in scripts.indices if isinstance(index, Index) and not index.offset]
    return Apply("kronecker", tuple(Symbol(INDEX, None, (index,)) for index in letters)) if len(letters) == 2 else None


def _layer_of(tree: Expression) -> int | Index | None:
    """The layer of the pre-activation that a function is applied to."""
    return next(
        (
            node.position
            for node in walk(tree)
            if isinstance(node, Symbol) and node.kind in ("preactivation", "activation", "bias")
        ),
        None,
    )


def as_power(name: Name) -> tuple[Name, Name | Number] | None:
    """``out_{h1}^2`` as the name and its exponent; None where there is no plain superscript."""
    if isinstance(name.superscript, Number) or (
        isinstance(name.superscript, Name) and len(canonical(spelling(name.superscript))) == 1
    ):
        return replace(name, superscript=None), name.superscript
    return None
