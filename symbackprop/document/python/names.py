"""Python identifiers for quantities, read off their spelling in a notation."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Apply, Expression, Symbol
from symbackprop.notation.naming import Naming, meaning, plain
from symbackprop.numeric.source import FUNCTIONS

RESERVED = frozenset(
    (*keyword.kwlist, *keyword.softkwlist, *FUNCTIONS, "pi", "nan", "abs", "max", "min", "np", "print", "range", "len")
)
"""What a quantity must not be called, besides what a script says itself."""

# a font around a letter goes, a hat goes behind its letter, a plus says that a quantity is new
_SPELLINGS = (
    (re.compile(r"math(?:cal|bf|rm)\((\w+)\)"), r"\1"),
    (re.compile(r"(hat|tilde|bar)\((\w+)\)"), r"\2_\1"),
    (re.compile(r"^([^+]*)[,^]?\+(.*)$"), r"\1_\2_new"),
    (re.compile(r"['′]"), "_prime"),
    (re.compile(r"\W+"), "_"),
    (re.compile(r"_{2,}"), "_"),
    (re.compile(r"\b([A-Za-z])_(\d+)(?=$|_new$)"), r"\1\2"),
    (re.compile(r"(?<=_d)([A-Za-z])_(\d+)$"), r"\1\2"),
)


def identifier(name: str) -> str:
    """A Python identifier for a plain name: ``w_5^+`` is ``w5_new``, ``hat(y)_1`` is ``y_hat_1``."""
    # Python reads identifiers in this form, so that two which look different may be the same
    name = unicodedata.normalize("NFKC", name)
    for pattern, replacement in _SPELLINGS:
        name = pattern.sub(replacement, name)
    name = name.strip("_")
    if not name or name[0].isdigit():
        name = f"value_{name}".rstrip("_")
    return f"{name}_" if name in RESERVED else name


class PythonNames(Mapping[Symbol, str]):
    """A variable for every quantity, no two the same; those that a script uses itself are ``taken``."""

    def __init__(self, naming: Naming, loss: Symbol, taken: Iterable[str] = ()) -> None:
        self._naming = naming
        self._loss = loss
        self._names: dict[Symbol, str] = {}
        self._taken = set(taken)

    def __getitem__(self, symbol: Symbol) -> str:
        if symbol not in self._names:
            self._names[symbol] = self.unique(self._readable(symbol))
        return self._names[symbol]

    def __iter__(self) -> Iterator[Symbol]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def unique(self, name: str) -> str:
        """The name, or one with a number behind it that nothing else has; nothing else will get it."""
        candidate, number = name, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{name}_{number}"
        self._taken.add(candidate)
        return candidate

    def of_derivative(self, of: Expression, by: Expression) -> str:
        """What ∂of/∂by would be called: ``dout_o1_dnet_o1``."""
        return identifier(f"d{self._part(of)}_d{self._part(by)}")

    def _part(self, expression: Expression) -> str:
        if isinstance(expression, Symbol):
            return self[expression]
        if isinstance(expression, Apply) and expression.arguments:
            return self._part(expression.arguments[0])
        return "value"

    def _readable(self, symbol: Symbol) -> str:
        if self._naming.can_write(symbol):
            return identifier(plain(self._naming.spell(symbol)))
        if symbol.variant == ADJOINT:
            return self.of_derivative(self._loss, replace(symbol, variant=""))
        if symbol.variant and self._naming.can_write(replace(symbol, variant="")):
            return identifier(f"{self[replace(symbol, variant='')]}_{symbol.variant}")
        return identifier(meaning(replace(symbol, variant="", position=None)))
