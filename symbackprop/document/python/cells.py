"""A document with code between its text: what a section computes, computed anew by the formulas that stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from msgspec import structs

from symbackprop.derive.derivation import ORDERS
from symbackprop.derive.reverse import ADJOINT, adjoint_symbol, updated_symbol
from symbackprop.document.blocks import Block, Code, Document, Formula, Heading, Inline, Say, Table
from symbackprop.document.python.loop import OWN_NAMES, training_function, training_results
from symbackprop.document.python.script import OwnSigns, Plain, Writer, number_format
from symbackprop.document.python.statements import LONGEST_LINE, assignment, called, python_text
from symbackprop.document.sections.training import milestones
from symbackprop.document.story import Story, say
from symbackprop.expression import Apply, Chain, Expression, Number, Symbol, symbols, transform
from symbackprop.graph import canonical_id
from symbackprop.notation.roles import NEGATED_ADJOINT
from symbackprop.numeric.program import entries_of
from symbackprop.spec.model import Order

NUMPY_LACKS = ("erf",)
SHOW = ("def show(names):", "    for name in names.split():")


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
        self.factors: set[Expression] = set()
        self.texts: list[str] = []
        self.trained: set[Order] = set()
        self.plain = Plain(self.derivation.graph)

    def start(self) -> str:
        """The first cell: imports, how numbers are shown, and the values that the network starts with.

        It is written last, when it is known what the other cells call.
        """
        functions, helpers = called(self.texts)
        imports = {
            "math": [name for name in functions if name in NUMPY_LACKS],
            "numpy": [name for name in functions if name not in NUMPY_LACKS],
        }
        shape = number_format(self.story, self.story.values.values())
        graph = self.derivation.graph
        leaves = entries_of(node for node in graph.nodes if node.symbol is not None and node.operation is None)
        given = self.writer.given([leaf for leaf in leaves if leaf in self.story.values], self.derivation.sweep.initial)
        return "\n\n\n".join(
            [
                "\n".join(f"from {module} import {', '.join(names)}" for module, names in imports.items() if names),
                *helpers,
                "\n".join([*SHOW, f'        print(f"{{name}} = {{globals()[name]:{shape}}}")']),
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
        loops = self._loops(section)
        lines += ["", "", *loops] if lines and loops else loops
        self.texts += lines
        return "\n".join(lines)

    def _block(self, block: Block) -> Iterator[tuple[str, list[str]]]:
        """The statements of a block, each with the name of what it computes."""
        if isinstance(block, Formula):
            for line in block.chains:
                yield from self._chain(line)
        elif isinstance(block, Table) and block.label != "values":
            for cell in (cell for row in block.rows if any(map(_shows_number, row)) for cell in row):
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
        if isinstance(first, Symbol) and first.indices is None and isinstance(value, Apply):
            yield from self._definitions(self._entries(first))
        if not isinstance(value, Number):
            return
        members = (transform(part, self._known_by_name) for part in reversed(line.expressions[1:]))
        formula = next(filter(self._computable, members), None)
        if formula is None:
            yield from self._definitions(symbols(first))
            return
        yield from self._definitions(entry for entry in symbols(formula) if entry != first)
        name = self._new_name(first, line.relations[0])
        if name:
            yield name, [assignment(name, python_text(formula, self.names), value.text)]

    def _known_by_name(self, part: Expression) -> Expression | None:
        """The quantity of the network that the notation calls the same as one of the document's own."""
        if not isinstance(part, Symbol) or self._has_value(part) or not self.story.naming.can_write(part):
            return None
        return self._by_spelling.get(self.story.naming.spell(part))

    @cached_property
    def _by_spelling(self) -> dict[str, Symbol]:
        naming = self.story.naming
        return {naming.spell(entry): entry for entry in self.story.values if naming.can_write(entry)}

    def _entries(self, array: Symbol) -> tuple[Symbol, ...]:
        """The entries of a whole array; none for one of symbolic size."""
        turned = array.variant == NEGATED_ADJOINT
        node = self.derivation.graph.by_id.get(canonical_id(_positive(array)))
        entries = entries_of([node]) if node is not None else ()
        return tuple(structs.replace(entry, variant=NEGATED_ADJOINT) if turned else entry for entry in entries)

    def _new_name(self, first: Expression, relation: str) -> str:
        """The variable for what a chain begins with; '' where it has been computed already."""
        if relation != "=":  # the chain says that it is not what it begins with
            return self.names.unique(f"other_{self._spelled(first)}")
        entry = self._entry(first)
        if entry is not None:
            if entry in self.known:
                return ""
            self.known.add(entry)
            return self.names[entry]
        if first in self.factors:
            return ""
        self.factors.add(first)
        return self.names.unique(self._spelled(first))

    def _entry(self, first: Expression) -> Symbol | None:
        """The quantity that stands there; also for a derivative of the error, which is one."""
        if isinstance(first, Symbol):
            return first
        if isinstance(first, Apply) and first.operator == "partial" and first.arguments[0] == self.story.loss:
            by = first.arguments[1]
            return adjoint_symbol(by) if isinstance(by, Symbol) else None
        return None

    def _spelled(self, part: Expression) -> str:
        """Something like a name: ``dE_dy_dy_dz`` for a product of derivatives."""
        if isinstance(part, Symbol):
            return self.names[part]
        if isinstance(part, Apply) and part.operator == "partial":
            return self.names.of_derivative(*part.arguments)
        return "_".join(map(self._spelled, part.arguments)) if isinstance(part, Apply) else "term"

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
        return symbol in self.known or _positive(symbol) in self.story.values

    def _definitions(self, entries: Iterable[Symbol]) -> Iterator[tuple[str, list[str]]]:
        """What computes some quantities that are not known yet, with everything that they need."""
        for entry in entries:
            if entry in self.known or _positive(entry) not in self.story.values or self._is_given(entry):
                continue
            self.known.add(entry)
            line = self._defined(entry)
            yield from self._definitions(symbols(line.expressions[1]))
            name = self.names[entry]
            number = self.story.rounding.number(self._value(entry)).text
            yield name, [assignment(name, python_text(line.expressions[1], self.names), number)]

    def _defined(self, entry: Symbol) -> Chain:
        base = _positive(entry)
        line = Chain((base, self.plain.definition(base)), ("=",))
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
                lines += [*training_function(self.writer, order), "", ""]
        shape = number_format(self.story, self.story.values.values())
        for order in orders:
            rounds = sorted({1, training.iterations}) if len(orders) > 1 else milestones(training.iterations)
            lines += training_results(order, rounds, shape)
        return lines


def _positive(symbol: Symbol) -> Symbol:
    """A quantity with the sign that it has in the graph."""
    return structs.replace(symbol, variant=ADJOINT) if symbol.variant == NEGATED_ADJOINT else symbol


def _shows_number(cell: Inline) -> bool:
    """Whether a cell of a table has a number in it."""
    if isinstance(cell, tuple):
        return any(map(_shows_number, cell))
    return isinstance(cell.expressions[-1] if isinstance(cell, Chain) else cell, Number)


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
