"""Judging a document that is its own model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from symbackprop.check.bind import Bound
from symbackprop.check.bind_bound_chain import BoundChain
from symbackprop.check.bind_model import ModelBuilder
from symbackprop.check.conventions import Conventions
from symbackprop.check.evaluate import INDEX
from symbackprop.check.evaluate_array import ShapeError
from symbackprop.check.evaluate_own import DocumentWorld
from symbackprop.check.evaluate_traced import Undecided
from symbackprop.check.judge import ChainJudge
from symbackprop.check.judge_compare import Comparer
from symbackprop.check.judge_finding import Finding, Ledger, undecided
from symbackprop.check.judge_own_vocabulary import DocumentVocabulary
from symbackprop.check.judge_slips import Alternative, SlipNamer
from symbackprop.check.judge_spell import Speller
from symbackprop.check.judge_values import ValueJudge
from symbackprop.check.statement import PhraseClaim, Role, Statement
from symbackprop.expression import Apply, Expression, Name, Number, Symbol, walk


@dataclass
class OwnReader:
    """Everything that judges one document against itself."""

    builder: ModelBuilder
    conventions: Conventions

    @staticmethod
    def of(statements: Sequence[Statement], conventions: Conventions, given: frozenset[str]) -> OwnReader:
        """Build the model and settle what it leaves open; ``given`` are the keys of conventions not to be changed."""
        groups = [
            list(group)
            for _, group in groupby(statements, key=lambda statement: id(statement.chain or statement))
        ]
        builder = ModelBuilder.of([group for group in groups if group[0].read and group[0].chain is not None])
        reader = OwnReader(builder, conventions)
        from symbackprop.check.conventions_inference import inferred

        reader.conventions = inferred(reader, given)
        return reader

    def under(self, conventions: Conventions) -> OwnReader:
        """The same document under other conventions."""
        return OwnReader(self.builder, conventions)

    @cached_property
    def world(self) -> DocumentWorld:
        return self._world(self.conventions)

    def _world(self, conventions: Conventions) -> DocumentWorld:
        sign = -1 if conventions.delta_sign == "negative" else 1
        model = replace(self.builder.model, delta_sign=sign)
        row = conventions.layout_of_vectors == "row"
        return DocumentWorld.of(model, row, conventions.index_order == "from-to", conventions.reading())

    @cached_property
    def comparer(self) -> Comparer:
        return Comparer(self.world)

    @cached_property
    def speller(self) -> Speller:
        return Speller(_plain, product="")

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger([])

    @cached_property
    def vocabulary(self) -> DocumentVocabulary:
        return DocumentVocabulary(self.world)

    @cached_property
    def chains(self) -> ChainJudge:
        values = self._values(self.comparer)
        namer = SlipNamer(
            self.comparer, values, self.vocabulary, self.ledger, self.speller.tex, tuple(self._alternatives())
        )
        values.explain = lambda part, literal, finding: namer.explain_number(part, literal, (), finding)
        return ChainJudge(
            self.comparer, values, self.ledger, namer.explain, namer.explain_number, namer.explain_substituted,
            lambda trees: False, self.doubtful,
        )  # fmt: skip

    def _values(self, comparer: Comparer) -> ValueJudge:
        exact = frozenset(self.builder.model.values.values())
        return ValueJudge(comparer, self.ledger, exact | _halves(), self.speller.tex, self.vocabulary.definition)

    def _alternatives(self) -> Iterator[Alternative]:
        if self.builder.model.deltas:
            comparer = Comparer(self._world(self.conventions.with_other_sign()))
            kinds = frozenset(self.builder.model.deltas)
            yield Alternative(
                "delta-redefined", comparer, self._values(comparer), "δ is taken with the other sign", kinds
            )

    # ---- what the document judge asks for ----------------------------------------------------

    def chain(self, statements: Sequence[Statement]) -> BoundChain | None:
        return self.builder.chains.get(id(statements[0].chain))

    def bound(self, members: Sequence[Expression]) -> list[Bound]:
        """Members bound again, for mentions."""
        return self._learned([self.builder.binder.bind(member) for member in members])

    def members(self, statements: Sequence[Statement], written: Sequence[Expression]) -> list[Bound]:
        """The members of a chain as the model has them."""
        chain = self.chain(statements)
        return self.bound(written) if chain is None else self._learned(chain.members)

    def _learned(self, found: list[Bound]) -> list[Bound]:
        for bound in found:
            for name, symbol in bound.meanings.items():
                self.speller.learn(name, symbol)
        return found

    def defines(self, statements: Sequence[Statement], written: Sequence[Expression]) -> bool:
        """Whether the first step of a chain gives a meaning."""
        chain = self.chain(statements)
        return chain is not None and chain.defines

    def condition(self, statements: Sequence[Statement]) -> Expression | None:
        """What a chain between indices demands (``i ≠ j``, ``m = D``); None for any other chain."""
        chain = self.chain(statements)
        if chain is None or not chain.is_condition or len(chain.trees) != 2:
            return None
        operator = {"=": "equal", "≠": "not_equal"}.get(chain.relations[0])
        return Apply(operator, tuple(chain.trees)) if operator else None

    def roles(self, name: Expression, role: Role | None) -> Iterator[Symbol]:
        yield from ()

    def remember(self, name: Name, tree: Expression) -> None:
        """A document that is its own model has its definitions already."""

    def phrase(self, claim: PhraseClaim) -> Finding:
        return undecided("without a network nothing says what it comes to")

    def reached(self, symbol: Symbol, printed: Number, steps: int) -> Finding | None:
        return None

    def doubtful(self, trees: Sequence[Expression]) -> str | None:
        """Why a step that does not hold may still not be wrong: something in it is not connected with the rest."""
        model = self.world.model
        for tree in trees:
            for node in walk(tree):
                if isinstance(node, Symbol) and node.kind not in (INDEX, "pi", "function") and not self._is_known(node):
                    return f"not defined here: {self.speller.tex(node) or node.kind}"
                if isinstance(node, Apply) and node.operator in ("partial", "gradient") and len(node.arguments) == 2:
                    of, by = node.arguments
                    if isinstance(by, Symbol) and not model.depends(of, by) and not self._is_opaque(of):
                        return f"nothing here says how {self.speller.tex(of)} depends on {self.speller.tex(by)}"
        return None

    def _is_known(self, symbol: Symbol) -> bool:
        return symbol.kind in self._known or symbol.kind in self.world.model.deltas

    def _is_opaque(self, tree: Expression) -> bool:
        return isinstance(tree, Symbol) and tree.kind in self.world.model.opaque and bool(self.world.model.sinks)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The families that some definition is about."""
        model = self.world.model
        found = set(model.opaque) | {symbol.kind for symbol in model.values}
        for definitions in model.definitions.values():
            for definition in definitions:
                found.add(definition.head.kind)
                found.update(node.kind for node in walk(definition.tree) if isinstance(node, Symbol))
        if model.rate is not None:
            found.add(model.rate.kind)
        return frozenset(found)

    def failures(self) -> int:
        """How much of the document does not hold under these conventions; definitions that do not fit weigh most."""
        count = 0
        for definitions in self.world.model.definitions.values():
            for definition in definitions:
                count += 5 * self._breaks(definition.head)
        for chain in self.builder.chains.values():
            if chain.relations and not chain.is_condition:
                count += self._failing(chain)
        return count

    def _breaks(self, head: Symbol) -> bool:
        from symbackprop.check.evaluate import Evaluator

        for places in list(self.world.instances((head,)))[:4]:
            try:
                Evaluator(self.world.drawings[0], places, self.world.reading).value(head)
            except ShapeError:
                return True
            except Undecided:
                continue
        return False

    def _failing(self, chain: BoundChain) -> int:
        head = chain.trees[0]
        if any(member.unknown for member in chain.members):
            return 0
        return sum(
            self.comparer.compare(head, tree).answer in ("different", "shape")
            for tree in chain.trees[1:]
            if not any(isinstance(node, Number) and "." in node.text for node in walk(tree))
        )


def _plain(symbol: Symbol) -> str:
    """A name for what the document never spells in this way."""
    from symbackprop.check.judge_own_vocabulary import spelled

    return spelled(symbol)


def _halves() -> frozenset[Fraction]:
    return frozenset({Fraction(1, 2)})
