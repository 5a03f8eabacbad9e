"""A document with code between its text: what a section computes, computed anew by the formulas that stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from symbackprop.derive.derivation import ORDERS
from symbackprop.derive.reverse import ADJOINT, adjoint_symbol, updated_symbol
from symbackprop.document.blocks import Block, Code, Document, Formula, Heading, Inline, Say, Table
from symbackprop.document.python.loop import OWN_NAMES, training_function, training_results
from symbackprop.document.python.script import OwnSigns, Writer, number_format
from symbackprop.document.python.statements import HELPERS, LONGEST_LINE, assignment, functions_in, python_text
from symbackprop.document.sections.training import milestones
from symbackprop.document.story import Story, say
from symbackprop.expression import Apply, Chain, Expression, Number, Symbol, symbols
from symbackprop.notation.roles import NEGATED_ADJOINT
from symbackprop.numeric.program import entries_of
from symbackprop.spec.model import Order

NUMPY_LACKS = ("erf",)


def with_cells(document: Document, story: Story, own_signs: OwnSigns) -> Document:
    """The document with a block of code behind every section that has numbers.

    ``own_signs`` writes a chain in the notation's δ, in which the document is written already.
    """
    if story.derivation.model.missing:
        missing = say("python.no_values", missing=story.derivation.model.missing)
        return replace(document, blocks=(Say(missing), *document.blocks))
    cells = _Cells(story, own_signs)
    blocks: list[Block] = [Say(say("python.notebook"))]
    for section in _sections(document.blocks):
        text = cells.code(section)
        blocks += [*section, *([Code("python", text)] if text else [])]
    return replace(document, blocks=(*blocks[:1], Code("python", cells.start()), *blocks[1:]))


def _sections(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """The blocks from each heading to the next."""
    section: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and section:
            yield section
            section = []
        section.append(block)
    if section:
        yield section


class _Cells:
    """The code of one notebook: what was computed in one cell is known in the next."""

    def __init__(self, story: Story, own_signs: OwnSigns) -> None:
        self.story = story
        self.derivation = story.derivation
        self.writer = Writer(story, own_signs, story.values, OWN_NAMES)
        self.names = self.writer.names
        self.known: set[Symbol] = set()
        self.factors: dict[Expression, str] = {}
        self.texts: list[str] = []
        self.trained: set[Order] = set()

    def start(self) -> str:
        """The first cell: imports, how numbers are shown, and the values that the network starts with.

        It is written last, when it is known what the other cells call.
        """
        called = functions_in(self.texts)
        helpers = [HELPERS[name] for name in called if name in HELPERS]
        called = functions_in([*(name for name in called if name not in HELPERS), *helpers])
        imports = {
            "math": [name for name in called if name in NUMPY_LACKS],
            "numpy": [name for name in called if name not in NUMPY_LACKS],
        }
        shape = number_format(self.story, self.story.values.values())
        graph = self.derivation.graph
        leaves = entries_of(node for node in graph.nodes if node.symbol is not None and node.operation is None)
        given = self.writer.given(
            [leaf for leaf in leaves if leaf in self.story.values], self.derivation.sweep.initial
        )
        return "\n\n\n".join(
            [
                "\n".join(f"from {module} import {', '.join(names)}" for module, names in imports.items() if names),
                *helpers,
                "def show(names):\n"
                "    for name in names.split():\n"
                f'        print(f"{{name}} = {{globals()[name]:{shape}}}")',
                "\n".join(line for part in given for line in part.lines),
            ]
        ).lstrip()

    def code(self, section: list[Block]) -> str:
        """What a section computes; '' where it computes nothing."""
        lines: list[str] = []
        shown: list[str] = []
        for block in section:
            for name, statements in self._block(block):
                lines += statements
                shown += [name] if name else []
        lines += [f'show("{row}")' for row in _rows(dict.fromkeys(shown))]
        lines += self._loops(section)
        self.texts += lines
        return "\n".join(lines)

    def _block(self, block: Block) -> Iterator[tuple[str, list[str]]]:
        """The statements of a block, each with the name of what it computes."""
        if isinstance(block, Formula):
            for line in block.chains:
                yield from self._chain(line)
        elif isinstance(block, Table) and block.label != "values":
            for row in block.rows:
                for cell in row:
                    yield from self._cell(cell)

    def _cell(self, cell: Inline) -> Iterator[tuple[str, list[str]]]:
        """A table's cell: a quantity is computed, and for a parameter its gradient and its new value."""
        if isinstance(cell, tuple):
            for part in cell:
                yield from self._cell(part)
        elif isinstance(cell, Chain):
            yield from self._chain(cell)
        elif isinstance(cell, Symbol):
            for entry in (cell, adjoint_symbol(cell), updated_symbol(cell)):
                yield from self._definitions((entry,))

    def _chain(self, line: Chain) -> Iterator[tuple[str, list[str]]]:
        """``first = ... = formula = number``: the first one's name gets the formula."""
        first, value = line.expressions[0], line.expressions[-1]
        formula = next((part for part in reversed(line.expressions[1:]) if self._computable(part)), None)
        if not isinstance(value, Number) or formula is None:
            yield from self._definitions(entry for entry in symbols(first) if isinstance(value, Number))
            return
        if isinstance(first, Symbol) and line.relations[0] != "=":
            name = self.names.unique(f"{self.names[first]}_other")
        else:
            name = self._name(first)
        if not name or first in self.factors or (isinstance(first, Symbol) and first in self.known):
            return
        yield from self._definitions(symbols(formula))
        if isinstance(first, Symbol) and line.relations[0] == "=":
            self.known.add(first)
        else:
            self.factors[first] = name
        yield name, [assignment(name, python_text(formula, self.names), value.text)]

    def _name(self, first: Expression) -> str:
        """The variable for what a chain begins with; '' for what has no name of its own."""
        if isinstance(first, Symbol):
            return self.names[first]
        if first in self.factors:
            return self.factors[first]
        if isinstance(first, Apply) and first.operator == "partial":
            of, by = first.arguments
            if of == self.story.loss and isinstance(by, Symbol):
                return "" if adjoint_symbol(by) in self.known else self._adjoint(by)
            return self.names.unique(self.names.of_derivative(of, by))
        terms = "_times_".join(self._part(part) for part in getattr(first, "arguments", ()))
        return self.names.unique(terms) if terms else ""

    def _adjoint(self, by: Symbol) -> str:
        self.known.add(adjoint_symbol(by))
        return self.names[adjoint_symbol(by)]

    def _part(self, part: Expression) -> str:
        if isinstance(part, Apply) and part.operator == "partial":
            return self.names.of_derivative(*part.arguments)
        return self.names[part] if isinstance(part, Symbol) else "term"

    def _computable(self, part: Expression) -> bool:
        """Whether Python can compute an expression from quantities that have values."""
        used = symbols(part)
        if not used or any(not self._has_value(symbol) for symbol in used if symbol.kind != "pi"):
            return False
        try:
            python_text(part, self.names)
        except ValueError:
            return False
        return True

    def _has_value(self, symbol: Symbol) -> bool:
        return _positive(symbol) in self.story.values

    def _definitions(self, entries: Iterable[Symbol]) -> Iterator[tuple[str, list[str]]]:
        """What computes some quantities that are not known yet, with everything that they need."""
        for entry in entries:
            if entry in self.known or not self._has_value(entry) or self._is_given(entry):
                continue
            self.known.add(entry)
            line = self._defined(entry)
            yield from self._definitions(symbols(line.expressions[1]))
            name = self.names[entry]
            number = self.story.rounding.number(self._value(entry)).text
            yield name, [assignment(name, python_text(line.expressions[1], self.names), number)]

    def _defined(self, entry: Symbol) -> Chain:
        base = _positive(entry)
        line = Chain((base, self.derivation.definition(base)), ("=",))
        turned = self.writer.own_signs(line)
        return turned if turned.expressions[0] == entry else line

    def _is_given(self, entry: Symbol) -> bool:
        return self.derivation.graph.node(_positive(entry)).operation is None

    def _value(self, entry: Symbol) -> Any:
        value = self.story.values[_positive(entry)]
        return -value if entry.variant == NEGATED_ADJOINT else value

    def _loops(self, section: list[Block]) -> list[str]:
        """The training loop, behind a section that shows its results."""
        labels = {block.label for block in section if isinstance(block, Table)}
        training = self.derivation.network.training
        if not labels & {"orders-table", "errors"} or not (self.derivation.can_train and training.iterations):
            return []
        orders = ORDERS if "orders-table" in labels else (training.order,)
        lines: list[str] = []
        for order in orders:
            if order not in self.trained:
                self.trained.add(order)
                lines += ["", "", *training_function(self.writer, order)]
        lines += ["", ""] if lines else [""]
        shape = number_format(self.story, self.story.values.values())
        for order in orders:
            lines += training_results(order, milestones(training.iterations), shape)
        return lines


def _positive(symbol: Symbol) -> Symbol:
    """A quantity with the sign that it has in the graph."""
    return replace(symbol, variant=ADJOINT) if symbol.variant == NEGATED_ADJOINT else symbol


def _rows(names: Iterable[str]) -> Iterator[str]:
    """Names in rows that are not too long."""
    row = ""
    for name in names:
        if row and len(row) + len(name) > LONGEST_LINE - 10:
            yield row
            row = ""
        row = f"{row} {name}".lstrip()
    if row:
        yield row
