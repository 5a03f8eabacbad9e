"""The equations of a whole array: its formula is printed once, then filled in for every entry.

What differs between the entries of an array is only the indices of the quantities in its formula, as
long as it is made of sums of products and of functions entry by entry. Cost and memory then grow with
the text, and not with the trees of all its formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from msgspec import structs

from symbackprop.expression import Chain, Expression, Index, IndexValue, Symbol, chain
from symbackprop.forms.scalar import definition, general_definition
from symbackprop.graph import Graph, Node, whole
from symbackprop.latex.printer import Printer
from symbackprop.latex.style import printer_for, with_own_signs
from symbackprop.notation.naming import Naming

_MARK = re.compile("\x00([0-9]+)\x00")


def equations(graph: Graph, naming: Naming, node: Node) -> Iterator[str]:
    """``entry = definition`` in TeX for every entry of a node with a name, the last axis fastest."""
    printer = printer_for(naming)
    template = _template(graph, naming, node)
    if template is not None:
        last = tuple(whole(axis) - 1 for axis in node.axes)
        # brackets and spaces must not depend on the indices: the other end of the array shows it
        if template.at(last) == _printed(graph, naming, printer, node, last):
            yield from template.filled()
            return
    for place in node.places():
        yield _printed(graph, naming, printer, node, place)


def every_tex(naming: Naming, formula: Expression | Chain, sizes: Mapping[str, int]) -> list[str] | None:
    """A formula with numbers for its letters, all that there are, the last letter fastest; see ``template``."""
    found = template(naming, formula, sizes)
    return None if found is None else list(found.filled())


def _printed(graph: Graph, naming: Naming, printer: Printer, node: Node, place: tuple[int, ...]) -> str:
    entry = node.entry(*place)
    return printer.tex(with_own_signs(naming, chain(entry, definition(graph, entry))))


@dataclass(frozen=True, slots=True)
class Template:
    """Text with gaps: ``texts`` stand around the names of ``symbols``, whose indices are letters of ``sizes``."""

    naming: Naming
    sizes: Mapping[str, int]
    texts: tuple[str, ...]
    symbols: tuple[Symbol, ...]

    def at(self, place: tuple[int, ...]) -> str:
        """The equation of one entry."""
        letters = dict(zip(self.sizes, place, strict=True))
        names = [self.naming.spell(_put_in(symbol, letters)) for symbol in self.symbols]
        return self.texts[0] + "".join(name + text for name, text in zip(names, self.texts[1:], strict=True))

    def filled(self) -> Iterator[str]:
        """The equations of all entries, the last letter fastest."""
        *outer, last = self.sizes or {"": 1}
        kept: dict[Symbol, list[str]] = {}
        for place in product(*(range(self.sizes[letter]) for letter in outer)):
            yield from self._row(dict(zip(outer, place, strict=True)), last, kept)

    def _row(self, letters: Mapping[str, int], last: str, kept: dict[Symbol, list[str]]) -> list[str]:
        """The equations along the last letter; ``kept`` holds the names that only it tells."""
        pattern = [self.texts[0].replace("%", "%%")]
        columns: list[list[str]] = []
        for symbol, text in zip(self.symbols, self.texts[1:], strict=True):
            here = _put_in(symbol, letters)
            if any(isinstance(index, Index) for index in here.indices or ()):
                columns.append(self._column(here, last, symbol == here, kept))
                pattern.append("%s")
            else:
                pattern.append(self.naming.spell(here).replace("%", "%%"))
            pattern.append(text.replace("%", "%%"))
        row = "".join(pattern)
        if columns:
            return [row % names for names in zip(*columns, strict=True)]
        return [row % ()] * self.sizes.get(last, 1)

    def _column(self, symbol: Symbol, last: str, keep: bool, kept: dict[Symbol, list[str]]) -> list[str]:
        found = kept.get(symbol)
        if found is None:
            indices = symbol.indices or ()
            place = next(at for at, index in enumerate(indices) if isinstance(index, Index))
            found = self.naming.column(symbol, place, self.sizes[last])
            if keep:
                kept[symbol] = found
        return found


def _template(graph: Graph, naming: Naming, node: Node) -> Template | None:
    """The formula with letters for the indices, printed; None where entries differ in more than that."""
    letters = {axis.name: f"\x00{axis.name}" for axis in node.axes}
    place = {name: Index(letter) for name, letter in letters.items()}
    written = general_definition(node, place)
    if written is None:
        return None
    line = with_own_signs(naming, chain(node.entry(*place.values()), written))
    return template(naming, line, {letters[axis.name]: whole(axis) for axis in node.axes})


def template(naming: Naming, formula: Expression | Chain, sizes: Mapping[str, int]) -> Template | None:
    """A formula with letters for some indices, printed; None where more than names depends on them.

    ``sizes`` tells how far each letter runs, from 0 on.
    """
    gaps: dict[Symbol, str] = {}
    at_first = dict.fromkeys(sizes, 0)

    def spell(symbol: Symbol) -> str:
        """The name of the first entry, so that it binds as it does there, and a mark behind it."""
        name = naming.spell(_put_in(symbol, at_first))
        gaps[symbol] = name
        return f"{name}\x00{list(gaps).index(symbol)}\x00"

    printer = replace(
        printer_for(naming), spell=spell, names=lambda symbol: naming.can_write(_put_in(symbol, at_first))
    )
    pieces = _MARK.split(printer.tex(formula))
    symbols = tuple(list(gaps)[int(number)] for number in pieces[1::2])
    texts = [*pieces[::2]]
    for number, symbol in enumerate(symbols):
        if not texts[number].endswith(gaps[symbol]):
            return None
        texts[number] = texts[number].removesuffix(gaps[symbol])
    if not all(_is_plain(symbol) for symbol in symbols):
        return None
    return Template(naming, sizes, tuple(texts), symbols)


def _is_plain(symbol: Symbol) -> bool:
    """Whether each letter stands once among its indices, as it is."""
    letters = [index for index in symbol.indices or () if isinstance(index, Index)]
    return len({index.symbol for index in letters}) == len(letters) and not any(index.offset for index in letters)


def _put_in(symbol: Symbol, letters: Mapping[str, int]) -> Symbol:
    """The symbol with numbers for some letters of its indices."""

    def number(index: IndexValue) -> IndexValue:
        known = letters.get(index.symbol) if isinstance(index, Index) else None
        return index if known is None or not isinstance(index, Index) else known + index.offset

    if not any(isinstance(index, Index) and index.symbol in letters for index in symbol.indices or ()):
        return symbol
    return structs.replace(symbol, indices=tuple(map(number, symbol.indices or ())))
