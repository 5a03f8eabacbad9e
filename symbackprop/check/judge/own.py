"""Judging a document that is its own model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from symbackprop.check.bind.binding import Bound
from symbackprop.check.bind.bound_chain import BoundChain
from symbackprop.check.bind.connect import connect
from symbackprop.check.bind.model import ModelBuilder
from symbackprop.check.bind.spelling import shown
from symbackprop.check.conventions import Conventions
from symbackprop.check.evaluate.model import Model
from symbackprop.check.judge.alternative import Alternative
from symbackprop.check.judge.compare import Comparer
from symbackprop.check.judge.conventions_inference import inferred
from symbackprop.check.judge.finding import Finding, Ledger, undecided
from symbackprop.check.judge.judging import ChainJudge
from symbackprop.check.judge.own_doubt import Doubt
from symbackprop.check.judge.own_evidence import Evidence
from symbackprop.check.judge.own_vocabulary import DocumentVocabulary, spelled
from symbackprop.check.judge.slips import SlipNamer
from symbackprop.check.judge.spell import Speller
from symbackprop.check.judge.values import ValueJudge
from symbackprop.check.judge.vote import vote
from symbackprop.check.statement import PhraseClaim, PhraseKind, Role, Statement
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Name, Number, Symbol

_SHARED_BIAS = r"标量|共享|共用|综合|同一个偏置|scalar|share|same bias|one bias|single bias"
"""Words that say that the neurons of a layer have one bias."""


_BIAS = re.compile(r"(?:\\[a-z]+\{)?b")


@dataclass
class OwnReader:
    """Everything that judges one document against itself."""

    evidence: Evidence

    @staticmethod
    def of(statements: Sequence[Statement], conventions: Conventions, given: frozenset[str]) -> OwnReader:
        """Build the model and settle what it leaves open; ``given`` are the keys of conventions not to be changed."""
        groups = [list(group) for _, group in groupby(statements, key=lambda one: id(one.chain or one))]
        builder = ModelBuilder.of([group for group in groups if group[0].read and group[0].chain is not None])
        evidence = Evidence(builder, conventions)
        evidence = evidence.under(inferred(evidence, given))
        if connect(evidence.world):
            evidence = evidence.renewed()
            evidence = evidence.under(inferred(evidence, given))
        return OwnReader(vote(evidence))

    @property
    def builder(self) -> ModelBuilder:
        return self.evidence.builder

    @property
    def conventions(self) -> Conventions:
        return self.evidence.conventions

    @cached_property
    def speller(self) -> Speller:
        return Speller(spelled, product="", loss=self.builder.model.loss)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger([])

    @cached_property
    def vocabulary(self) -> DocumentVocabulary:
        return DocumentVocabulary(self.evidence.world)

    @cached_property
    def namer(self) -> SlipNamer:
        comparer = Comparer(self.evidence.world)
        values = self._values(comparer)
        alternatives = tuple(self._alternatives())
        return SlipNamer(
            comparer, values, self.vocabulary, self.ledger, self.speller.tex, alternatives
        ).naming_numbers()

    @cached_property
    def doubt(self) -> Doubt:
        comparer, nothing = self.namer.comparer, Number("0")
        return Doubt(self.evidence.world.model, self.speller.tex, lambda tree: comparer.compare(tree, nothing).equal)

    @cached_property
    def chains(self) -> ChainJudge:
        namer, doubt = self.namer, self.doubt
        return ChainJudge(
            namer.comparer, namer.values, self.ledger, namer.explain, namer.explain_number, namer.explain_substituted,
            namer.stated,
            lambda trees: False, doubt.doubtful, doubt.unconnected, doubt.redefined, True,
        )  # fmt: skip

    def evident(self) -> frozenset[str]:
        return self.evidence.open_conventions()

    def chains_for(self, members: Sequence[Bound]) -> ChainJudge:
        return self.chains

    def _values(self, comparer: Comparer) -> ValueJudge:
        exact = frozenset(self.builder.model.values.values()) | {Fraction(1, 2)}
        return ValueJudge(comparer, self.ledger, exact, self.speller.tex, self.vocabulary.definition)

    def _alternatives(self) -> Iterator[Alternative]:
        """What is true under another convention is no plain mistake."""
        model = self.builder.model
        if model.deltas:
            comparer = Comparer(self.evidence.under(self.conventions.with_other_sign()).world)
            yield Alternative(
                rule="delta-redefined", fact="δ is taken with the other sign", comparer=comparer,
                values=self._values(comparer), kinds=frozenset(model.deltas), beside_head=True,
            )  # fmt: skip
        biases = frozenset(_biases(model))
        if biases:
            comparer = Comparer(self.evidence.world_with(biases))
            yield Alternative(
                rule="shared-bias", fact="all neurons of a layer share one bias", comparer=comparer,
                values=self._values(comparer), kinds=biases, words=_SHARED_BIAS,
            )  # fmt: skip

    # ---- what the document judge asks for ----------------------------------------------------

    def _chain(self, statements: Sequence[Statement]) -> BoundChain | None:
        return self.builder.chains.get(id(statements[0].chain))

    def bound(self, members: Sequence[Expression]) -> list[Bound]:
        return self._learned([self.builder.binder.bind(member) for member in members])

    def members(self, statements: Sequence[Statement], written: Sequence[Expression]) -> list[Bound]:
        chain = self._chain(statements)
        return self.bound(written) if chain is None else self._learned(chain.members)

    def _learned(self, found: list[Bound]) -> list[Bound]:
        for bound in found:
            for name, symbol in bound.meanings.items():
                self.speller.learn(name, symbol)
        return found

    def defines(self, statements: Sequence[Statement], written: Sequence[Expression], members: Sequence[Bound]) -> bool:
        chain = self._chain(statements)
        return chain is not None and chain.defines

    def roles(self, name: Expression, role: Role | None) -> Iterator[Symbol]:
        yield from ()

    def enter(self, statement: Statement) -> None:
        """The words before a formula may state what it needs."""
        self.doubt.enter(statement.context.heading, statement.context.before)
        self.namer.enter(f"{statement.context.heading} {statement.context.before} {statement.relation}")

    def oddity(self, name: Name) -> str | None:
        """``y_0`` where the layer otherwise stands above."""
        if name not in self.builder.names.lexicon.lowered:
            return None
        return f"{shown(name)} has its layer below; elsewhere it stands above"

    def phrase(self, claim: PhraseClaim) -> Finding:
        if claim.kind in (PhraseKind.ERROR, PhraseKind.OUTPUTS):
            return undecided("without a network nothing says what it comes to")
        return Finding(Status.DEFINITION)

    def reached(self, symbol: Symbol, printed: Number, steps: int) -> Finding | None:
        return undecided("without a network nothing says what it comes to after training")


def _biases(model: Model) -> Iterator[str]:
    """Vectors called b that are added as they are, and that nothing defines."""
    for definitions in model.definitions.values():
        for definition in definitions:
            if isinstance(definition.tree, Apply) and definition.tree.operator == "add":
                for term in definition.tree.arguments:
                    if (
                        isinstance(term, Symbol)
                        and _BIAS.match(term.kind)
                        and model.defines(term) is None
                        and term.kind not in model.numbers
                    ):
                        yield term.kind
