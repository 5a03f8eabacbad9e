"""Judging a document with the network it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from msgspec import structs

from symbackprop.check.bind.binding import Binder, Bound
from symbackprop.check.bind.names import NetworkNames
from symbackprop.check.bind.notation_choice import best_notation
from symbackprop.check.bind.settle import Settler
from symbackprop.check.conventions import Conventions
from symbackprop.check.evaluate.batch import SAMPLED
from symbackprop.check.evaluate.network import Layout
from symbackprop.check.evaluate.time import steps_of
from symbackprop.check.evaluate.world import NetworkWorld
from symbackprop.check.judge.alternative import Alternative
from symbackprop.check.judge.compare import Comparer
from symbackprop.check.judge.finding import Finding, Ledger
from symbackprop.check.judge.judging import EQUALITIES, ChainJudge
from symbackprop.check.judge.network_alternatives import Possible, network_alternatives
from symbackprop.check.judge.network_layout import evident_conventions, fitting_layout
from symbackprop.check.judge.prose import ProseJudge
from symbackprop.check.judge.slips import SlipNamer
from symbackprop.check.judge.spell import Speller
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.judge.vocabulary import NetworkVocabulary
from symbackprop.check.statement import PhraseClaim, Role, Statement
from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.expression import Expression, Name, Number, Symbol, walk
from symbackprop.notation.table import NOTATIONS, Notation


@dataclass
class NetworkReader:
    """Everything that judges one document against one network."""

    derivation: Derivation
    conventions: Conventions
    notation: Notation
    statements: Sequence[Statement] = ()

    @staticmethod
    def of(
        derivation: Derivation, statements: Sequence[Statement], notation: str | None, conventions: Conventions,
        given: frozenset[str],
    ) -> NetworkReader:  # fmt: skip
        """Without a notation, the one that fits the names best; without a layout ``given``, the one that fits best."""
        trees = [tree for one in statements for tree in (one.left, one.right) if tree is not None]
        table = NOTATIONS.get(notation) if notation else best_notation(derivation, _names(trees))
        if "layout" in given:
            return NetworkReader(derivation, conventions, table, statements)
        other = "row" if table.layout == "column" else "column"
        readers = {
            layout: NetworkReader(derivation, replace(conventions, layout_of_vectors=layout), table, statements)
            for layout in (table.layout, other)
        }
        pairs = [(one.left, one.right) for one in statements if one.left is not None and one.right is not None]
        worlds = [(layout, reader.world) for layout, reader in readers.items()]
        return readers[fitting_layout(pairs, readers[table.layout].binder, worlds)]

    @cached_property
    def names(self) -> NetworkNames:
        return NetworkNames(self.derivation, self.notation)

    @cached_property
    def binder(self) -> Binder:
        return Binder(self.names)

    @cached_property
    def settler(self) -> Settler:
        return Settler(self.derivation, frozenset(letter.casefold() for letter in self.names.naming.network.letters()))

    @cached_property
    def speller(self) -> Speller:
        return Speller(self.names.naming.spell, product=self.notation.product)

    @cached_property
    def layout(self) -> Layout:
        return self.conventions.layout()

    @cached_property
    def world(self) -> NetworkWorld:
        return NetworkWorld(self.derivation, self.layout)

    @cached_property
    def vocabulary(self) -> NetworkVocabulary:
        return NetworkVocabulary(self.derivation)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger([])

    @cached_property
    def namer(self) -> SlipNamer:
        comparer = Comparer(self.world)
        values = self._values(comparer)
        alternatives = tuple(self._alternatives())
        return SlipNamer(
            comparer, values, self.vocabulary, self.ledger, self.speller.tex, alternatives
        ).naming_numbers()

    @cached_property
    def chains(self) -> ChainJudge:
        return self._judge(self.namer)

    @cached_property
    def _batch_chains(self) -> ChainJudge:
        """The judge of formulas that speak of several samples."""
        comparer = Comparer(self.world.batched())
        namer = SlipNamer(comparer, self._values(comparer), self.vocabulary, self.ledger, self.speller.tex)
        return self._judge(namer)

    def _judge(self, namer: SlipNamer) -> ChainJudge:
        return ChainJudge(
            namer.comparer, namer.values, self.ledger, namer.explain, namer.explain_number, namer.explain_substituted,
            namer.stated,
            self.settler.ambiguous,
        )  # fmt: skip

    def evident(self) -> frozenset[str]:
        return evident_conventions(self.statements, self.binder)

    def chains_for(self, members: Sequence[Bound]) -> ChainJudge:
        if steps_of(self.derivation.model.graph) is not None:
            return self.chains
        return self._batch_chains if any(_is_sampled(member.tree) for member in members) else self.chains

    @cached_property
    def prose(self) -> ProseJudge:
        return ProseJudge(self.derivation)

    def bound(self, members: Sequence[Expression]) -> list[Bound]:
        """The members of a chain, bound and settled."""
        found = [self.binder.bind(member) for member in members]
        for bound, tree in zip(found, self.settler.settled([bound.tree for bound in found]), strict=True):
            bound.tree = tree
        for bound in found:
            for name, symbol in bound.meanings.items():
                self.speller.learn(name, symbol)
        return found

    def members(self, statements: Sequence[Statement], written: Sequence[Expression]) -> list[Bound]:
        return self.bound(written)

    def defines(self, statements: Sequence[Statement], written: Sequence[Expression], members: Sequence[Bound]) -> bool:
        """A name that the network does not have gets its meaning from its first equation."""
        head = written[0]
        if not isinstance(head, Name) or not head.head or statements[0].relation not in EQUALITIES:
            return False
        if members[0].unknown != [head] or members[1].unknown or members[1].tree == Name(""):
            return False
        self.binder.defined[structs.replace(head, span=None)] = members[1].tree
        return True

    def roles(self, name: Expression, role: Role | None) -> Iterator[Symbol]:
        """``o1 = 0.01`` among the given values is a target; elsewhere it may be an output."""
        neuron = self.names.neuron(name) if isinstance(name, Name) else None
        if neuron is not None and neuron.position == len(self.derivation.network.layers):
            yield Symbol("target", None, neuron.indices)
        if neuron is not None and role is not Role.TARGET:
            yield Symbol("activation", neuron.position, neuron.indices)

    def enter(self, statement: Statement) -> None:
        """The words before a formula may state what it needs."""
        self.namer.enter(f"{statement.context.heading} {statement.context.before} {statement.relation}")

    def oddity(self, name: Name) -> str | None:
        return None

    def phrase(self, claim: PhraseClaim) -> Finding:
        return self.prose.judge(claim)

    def reached(self, symbol: Symbol, printed: Number, steps: int) -> Finding | None:
        return self.prose.reached(symbol, printed, steps)

    def _values(self, comparer: Comparer) -> ValueJudge:
        exact = frozenset(Fraction(str(value)) for value in self.derivation.model.values.values())
        return ValueJudge(comparer, self.ledger, exact, self.speller.tex, self.vocabulary.definition)

    def _alternatives(self) -> Iterator[Alternative]:
        """The conventions that a single statement may follow while the document follows others."""
        for possible in network_alternatives(self.conventions):
            world = self._world_of(possible)
            if world is None:
                continue
            comparer = Comparer(world)
            yield Alternative(**possible.terms(), comparer=comparer, values=self._values(comparer))

    def _world_of(self, possible: Possible) -> NetworkWorld | None:
        if possible.network is None:
            return self.world.arranged(possible.layout(self.layout))
        network = possible.network(self.derivation.network)
        return None if network is None else NetworkWorld(derive_model(network), self.layout)


def _names(trees: Sequence[Expression]) -> Iterator[Name]:
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Name) and node.head:
                yield node


def _is_sampled(tree: Expression) -> bool:
    """Whether a quantity in a tree has the index of a sample."""
    return any(
        isinstance(node, Symbol) and node.indices is not None and len(node.indices) == 2 and node.kind in SAMPLED
        for node in walk(tree)
    )
