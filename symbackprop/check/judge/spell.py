"""Trees as TeX for messages, in the document's own spelling where it has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from symbackprop.check.bind.indices import IMPLICIT
from symbackprop.check.bind.names import FUNCTION
from symbackprop.check.bind.spelling import shown
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.errors import UserError
from symbackprop.expression import Apply, Expression, Index, Name, Symbol
from symbackprop.latex.printer import Printer

_PLAIN = {
    "star": "multiply", "dot": "multiply", "times": "multiply", "circle": "hadamard", "bracket": "group",
    "brace": "group", "gradient": "partial",
}  # fmt: skip


@dataclass
class Speller:
    """``fallback`` spells what the document never names."""

    fallback: Callable[[Symbol], str]
    written: dict[Symbol, str] = field(default_factory=dict)
    product: str = "\\cdot"
    loss: Symbol | None = None
    """What is differentiated where only an adjoint is given."""

    def learn(self, name: Name, symbol: Symbol) -> None:
        """The document spells a quantity so; its first spelling is kept."""
        self.written.setdefault(symbol, shown(name))

    def tex(self, tree: Expression) -> str:
        """The TeX, or an empty text where there is none."""
        try:
            loss = self.loss or Symbol("loss", None, ())
            return Printer(self._symbol, self.product, loss=loss).tex(_printable(tree))
        except (UserError, KeyError, ValueError, IndexError, AssertionError):
            return ""

    def _symbol(self, symbol: Symbol) -> str:
        found = self.written.get(symbol)
        if found is not None:
            return found
        if symbol.kind == INDEX and symbol.indices:
            index = symbol.indices[0]
            return index.symbol if isinstance(index, Index) else str(index + 1)
        if any(isinstance(index, Index) and index.symbol == IMPLICIT for index in symbol.indices or ()):
            return symbol.kind.replace("_", "\\_")
        if symbol.kind == FUNCTION and not symbol.variant:
            symbol = replace(symbol, kind="activation_function")  # the network's, under the name it has there
        return self.fallback(symbol)


def _printable(tree: Expression) -> Expression:
    """The tree with the operators that are printed."""
    if isinstance(tree, Name):
        return replace(tree, head=shown(tree))
    if not isinstance(tree, Apply):
        return tree
    arguments = tuple(_printable(argument) for argument in tree.arguments)
    if tree.operator == "group" and _is_group(arguments[0]):
        return arguments[0]
    return replace(tree, operator=_PLAIN.get(tree.operator, tree.operator), arguments=arguments)


def _is_group(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator == "group"
