"""From the statements of a document to the model that it makes of itself.

The first equation whose bare left side is not defined yet defines it. δ and the mark of an update have a
meaning of their own (the derivative of the loss by the net input, one step of descent), so that a wrong
formula for them is found instead of believed.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from msgspec.structs import replace

from symbackprop.check.bind.binding import Binder
from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.bind.cycles import break_cycles
from symbackprop.check.bind.declared import counts_in, declared, is_count, matrices, written
from symbackprop.check.bind.document import DocumentNames
from symbackprop.check.bind.general import generalise
from symbackprop.check.bind.hypotheses import name_hypotheses, without_probabilities
from symbackprop.check.bind.listing import are_alike, is_listing
from symbackprop.check.bind.loss import loss_in
from symbackprop.check.bind.moments import without_moments
from symbackprop.check.bind.own_settle import settled, with_counts, with_letters_of_sums
from symbackprop.check.bind.parameters import (
    FREE,
    Parameters,
    called_quantities,
    convolves,
    defined_functions,
    function_head,
    primed_functions,
    with_free_variable,
)
from symbackprop.check.bind.samplewise import capital_of, of_one_sample
from symbackprop.check.bind.scripts import CONSTANTS, LOSSES, WHOLE
from symbackprop.check.bind.showing import adds_losses, is_of_one_unit, only_shows, same_form
from symbackprop.check.bind.usual import complete
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.evaluate.model import Definition, FunctionDefinition, Model
from symbackprop.check.judge.numbers import lone_number
from symbackprop.check.statement import Statement
from symbackprop.derive.reverse import UPDATED
from symbackprop.expression import Apply, Expression, Index, Symbol, transform, walk

EQUALITIES = frozenset({"=", "≡", "≜", ":=", "≈"})
_ARRAY_SIGNS = frozenset({"transpose", "hadamard", "gradient", "matrix", "norm"})
_ARRAY_FONTS = ("\\mathbf", "\\bold", "\\bm", "\\vec", "\\pmb", "\\overrightarrow")


@dataclass
class ModelBuilder:
    """Reads a document once and answers its model."""

    names: DocumentNames
    binder: Binder
    model: Model = field(default_factory=Model)
    chains: dict[int, BoundChain] = field(default_factory=dict)
    """By the identity of the statements' chain."""
    _parallel: list[tuple[Expression, Expression, int]] = field(default_factory=list)
    """Two formulas for what one line defines: the second may say what stands in the first."""

    @staticmethod
    def of(groups: Sequence[list[Statement]]) -> ModelBuilder:
        """``groups`` are the statements of one chain each, in reading order."""
        trees = [tree for group in groups for tree in written(group)]
        names = DocumentNames.of(trees, tuple(matrices(groups)), groups)
        builder = ModelBuilder(names, Binder(names))
        names.quantities = called_quantities(groups, trees)
        names.functions = frozenset(defined_functions(groups, names.quantities | names.lexicon.samplewise.losses))
        names.primed = frozenset(primed_functions(trees))
        builder.model.declared = tuple(declared(groups, names.lexicon))
        builder._find_whole(trees)
        builder.convolves = any(convolves(node) for tree in trees for node in walk(tree))
        for group in groups:
            builder._bind(group)
        name_hypotheses(builder.chains.values())
        builder._tell_numbers()
        builder._measure()
        builder._find_numbers()
        builder._define()
        break_cycles(builder)
        complete(builder)
        return builder

    convolves: bool = False
    """Whether a star between arrays may be a convolution."""

    # ---- binding -----------------------------------------------------------------------------

    def _find_whole(self, trees: Sequence[Expression]) -> None:
        """What holds for the whole document: its loss, its last layer, what it counts."""
        self.names.loss = self.model.loss = loss_in(trees, self.names)
        self.names.forget()
        self.model.last = self.names.lexicon.last
        self.model.neurons = self.names.lexicon.neurons | self.names.lexicon.layered_letters
        self.model.counts = frozenset(counts_in(trees, self.names)) | frozenset(
            size.kind for each in self.model.declared for size in each.sizes if is_count(size)
        )

    def _bind(self, group: list[Statement]) -> None:
        chain = group[0].chain
        assert chain is not None
        members = [self.binder.bind(tree) for tree in without_moments(chain.expressions)]
        for member, tree in zip(members, settled([member.tree for member in members]), strict=True):
            member.tree = tree
        trees = with_letters_of_sums([member.tree for member in members])
        trees = with_counts(trees, self.names.lexicon.chosen)
        trees = of_one_sample(trees, self.names.lexicon.samplewise)
        for member, tree in zip(members, with_free_variable(trees), strict=True):
            member.tree = tree
        members = without_probabilities(members)
        relations = [statement.relation for statement in group if statement.relation is not None]
        self.chains[id(chain)] = BoundChain(group, members, relations)

    # ---- what the quantities look like -------------------------------------------------------

    def symbols(self) -> Iterator[Symbol]:
        for chain in self.chains.values():
            for tree in chain.trees:
                for node in walk(tree):
                    if isinstance(node, Symbol) and node.kind != INDEX:
                        yield node

    def _measure(self) -> None:
        """Ranks, the numbers that indices reach, and the depth."""
        positions: set[int] = set()
        general = False
        for symbol in self.symbols():
            if isinstance(symbol.position, int):
                positions.add(symbol.position)
            elif symbol.position is not None and symbol.position != Index(self.model.last):
                general = True
            for place, index in enumerate(symbol.indices or ()):
                self.model.ranks[symbol.kind] = max(self.model.ranks.get(symbol.kind, 1), place + 1)
                if isinstance(index, int):
                    key = symbol.kind, symbol.position, place
                    self.model.sizes[key] = max(self.model.sizes.get(key, 1), index + 1)
                    if index < 0:
                        self.model.from_nought.add((symbol.kind, place))
        if positions and not general:
            self.model.depth = max(positions)
        else:
            self.model.depth = max(self.model.depth, *positions, 0) if positions else self.model.depth

    def _tell_numbers(self) -> None:
        """``w = 0.6`` in one place and ``w_j`` in another: a number, and the entries of something else."""
        given: dict[str, str] = {}
        for chain in self.chains.values():
            head, printed = chain.trees[0], lone_number(chain.trees[1]) if chain.relations else None
            if isinstance(head, Symbol) and printed is not None and head == Symbol(head.kind):
                given[head.kind] = printed.text
        if not any("." in text for text in given.values()):
            return
        self.model.numbers.update(given)
        for chain in self.chains.values():
            for member in chain.members:
                member.tree = transform(member.tree, lambda node: _entry_beside_number(node, given))

    def _find_numbers(self) -> None:
        """Which bare names are plain numbers: all of them, unless the document works with arrays."""
        numbers = self.model.numbers
        numbers.update(self.names.lexicon.samplewise.numbers)
        self.model.sample = self.names.lexicon.samplewise.letter
        self.model.single = frozenset(
            symbol.kind for symbol in self.symbols() if symbol.indices is not None and len(symbol.indices) == 2
            and symbol.indices[0] == 0 and symbol.kind in map(capital_of, self.names.lexicon.samplewise.alone)
        )  # fmt: skip
        arrays = self._has_arrays()
        for symbol in self.symbols():
            if symbol.indices is not None or symbol.kind in self.model.ranks:
                continue
            if (
                not arrays
                or symbol.kind in LOSSES
                or symbol.kind.startswith(FREE)
                or (symbol.position is None and symbol.kind in CONSTANTS)
            ):
                numbers.add(symbol.kind)
        if self.model.loss is not None:
            numbers.add(self.model.loss.kind)

    def _has_arrays(self) -> bool:
        bare = {symbol.kind for symbol in self.symbols() if symbol.indices is None}
        if bare & set(self.model.ranks) - LOSSES:
            return True
        if any(kind.startswith(_ARRAY_FONTS) for kind in bare):
            return True
        return any(
            isinstance(node, Apply) and node.operator in _ARRAY_SIGNS
            for chain in self.chains.values() for tree in chain.trees for node in walk(tree)
        )  # fmt: skip

    # ---- definitions -------------------------------------------------------------------------

    def _define(self) -> None:
        for chain in self.chains.values():
            if chain.relations and not all(statement.condition for statement in chain.statements):
                self._take(chain)
        # An equation of its own says more of a quantity than a place in a sum.
        for before, after, line in self._parallel:
            self._aligned(before, after, line)

    def _take(self, chain: BoundChain) -> None:
        head = chain.trees[0]
        place = next((place for place, tree in enumerate(chain.trees[1:], 1) if tree != head), 1)
        tree = chain.trees[place]
        if chain.relations[0] not in EQUALITIES or chain.is_condition:
            return
        if chain.statements[0].relation is None:
            return
        if isinstance(head, Apply) and head.operator == "call":
            chain.defines = self._function(chain.statements[0], chain.statements[place - 1])
            self._parallel.extend((before, after, chain.line) for before, after in pairwise(chain.trees[1:]))
        elif isinstance(head, Symbol) and head.kind not in (INDEX, "pi") and _is_open(chain):
            chain.defines = self._quantity(chain, head, tree)

    def _quantity(self, chain: BoundChain, head: Symbol, tree: Expression) -> bool:
        printed = lone_number(tree)
        if printed is not None and len(chain.members) == 2:
            given = head in self.model.values or self.model.defines(head) is not None
            if not given and _is_single(head):
                self.model.values[head] = printed.value
            return not given
        generalise(self.model, head, tree, chain.line)
        known = self.model.defines(head)
        if known is not None and adds_losses(known.tree):
            self._parallel.append((known.tree, tree, chain.line))
        shows = only_shows(tree) or is_of_one_unit(head, tree, self.names.lexicon, self.model)
        if known is not None or self.is_special(head) or not (shows or _has_symbols(tree)):
            return False
        if is_listing(tree, head):
            return True
        if WHOLE in (head.indices or ()) or any(node == head for node in walk(tree)) or are_alike(head, tree):
            return False
        if shows:
            self.model.told.setdefault(self.model.key(head), chain.line)
            return True
        self.model.add(Definition(head, tree, chain.line))
        self._parallel.extend((before, after, chain.line) for before, after in pairwise(chain.trees[1:]))
        return not self._has_units(head)

    def _has_units(self, head: Symbol) -> bool:
        """Whether units of a whole have formulas already: that of the whole then claims something about them."""
        return head.indices is None and head.kind not in self.model.numbers and any(
            found.head.position == head.position and found.head.indices is not None
            and all(isinstance(index, int) for index in found.head.indices)
            for found in self.model.definitions[self.model.key(head)]
        )  # fmt: skip

    def _aligned(self, before: Expression, after: Expression, line: int) -> None:
        """``L = Σ l_i = Σ Loss(y_i)`` says what l_i is, if nothing else does."""
        if before == after or are_alike(before, after):
            return
        if isinstance(before, Symbol):
            known = self.model.defines(before) is not None or before in self.model.values or self.is_special(before)
            if before.kind not in (INDEX, "pi") and not known and _has_symbols(after) and before not in walk(after):
                self.model.add(Definition(before, after, line))
        elif isinstance(before, Apply) and isinstance(after, Apply) and same_form(before, after):
            for one, other in zip(before.arguments, after.arguments, strict=True):
                self._aligned(one, other, line)

    def is_special(self, head: Symbol) -> bool:
        """What has a meaning of its own: δ, and new weights where the learning rate has a name."""
        computed = bool(head.variant) and (head.variant != UPDATED or self.names.rate is not None)
        return computed or head.kind.startswith(("\\delta", "\\Delta"))

    def _function(self, first: Statement, statement: Statement) -> bool:
        """``σ(x) = ...``: the letters in the brackets are parameters; ``statement`` has the formula on its right."""
        found = function_head(first.left) if first.left is not None else None
        if found is None or statement.right is None:
            return False
        family, parameters = found
        if family in self.model.functions:
            return False
        bound = Binder(Parameters(self.names, parameters)).bind(statement.right)
        self.model.functions[family] = FunctionDefinition(parameters, bound.tree)
        return True


def _entry_beside_number(node: Expression, numbers: Container[str]) -> Expression | None:
    """An entry of a quantity that only shares its letter with a number."""
    if isinstance(node, Symbol) and node.indices is not None and node.kind in numbers:
        return replace(node, kind=f"{node.kind}_")
    return None


def _is_open(chain: BoundChain) -> bool:
    """Whether both sides of the first step are understood."""
    return not chain.members[0].unknown and not chain.members[1].unknown


def _is_single(head: Symbol) -> bool:
    return not isinstance(head.position, Index) and not any(isinstance(index, Index) for index in head.indices or ())


def _has_symbols(tree: Expression) -> bool:
    return any(isinstance(node, Symbol) and node.kind not in (INDEX, "pi") for node in walk(tree))
