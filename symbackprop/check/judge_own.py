"""Judging a document that is its own model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import groupby, islice

from symbackprop.check.bind import Bound
from symbackprop.check.bind_bound_chain import BoundChain
from symbackprop.check.bind_connect import connect
from symbackprop.check.bind_model import ModelBuilder
from symbackprop.check.bind_spelling import shown
from symbackprop.check.conventions import CHOICES, Conventions
from symbackprop.check.conventions_inference import inferred
from symbackprop.check.evaluate import INDEX, Evaluator
from symbackprop.check.evaluate_array import Array, Jacobian, ShapeError
from symbackprop.check.evaluate_document import ABSTRACT, ACTIVATION_LETTERS
from symbackprop.check.evaluate_model import Model
from symbackprop.check.evaluate_own import DocumentWorld
from symbackprop.check.evaluate_traced import Undecided, plain
from symbackprop.check.judge import ChainJudge
from symbackprop.check.judge_compare import Answer, Comparer
from symbackprop.check.judge_finding import Finding, Ledger, undecided
from symbackprop.check.judge_numbers import Digits, judged, lone_number
from symbackprop.check.judge_own_vocabulary import DocumentVocabulary
from symbackprop.check.judge_slips import Alternative, SlipNamer
from symbackprop.check.judge_spell import Speller
from symbackprop.check.judge_values import ValueJudge
from symbackprop.check.judge_vote import vote
from symbackprop.check.statement import PhraseClaim, PhraseKind, Role, Statement
from symbackprop.check.verdict import Status
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Apply, Expression, Index, Name, Number, Symbol, walk


BROKEN = 20
"""What a definition that cannot be evaluated weighs against claims that fail."""


@dataclass
class OwnReader:
    """Everything that judges one document against itself."""

    builder: ModelBuilder
    conventions: Conventions
    namer: SlipNamer | None = None

    @staticmethod
    def of(statements: Sequence[Statement], conventions: Conventions, given: frozenset[str]) -> OwnReader:
        """Build the model and settle what it leaves open; ``given`` are the keys of conventions not to be changed."""
        groups = [
            list(group)
            for _, group in groupby(statements, key=lambda statement: id(statement.chain or statement))
        ]
        builder = ModelBuilder.of([group for group in groups if group[0].read and group[0].chain is not None])
        reader = OwnReader(builder, conventions)
        reader = reader.under(inferred(reader, given))
        if connect(reader.world):
            reader = reader.renewed()
            reader = reader.under(inferred(reader, given))
        return vote(reader)

    def renewed(self) -> OwnReader:
        """The same, after the model was changed."""
        return self.under(self.conventions)

    def under(self, conventions: Conventions) -> OwnReader:
        """The same document under other conventions."""
        return OwnReader(self.builder, conventions)

    @cached_property
    def world(self) -> DocumentWorld:
        return self._world(self.conventions)

    def _world(self, conventions: Conventions, shared: frozenset[str] = frozenset()) -> DocumentWorld:
        sign = -1 if conventions.delta_sign == "negative" else 1
        count = Symbol("m") if conventions.mean == "outside" else None
        model = replace(self.builder.model, delta_sign=sign, count=count, activation=conventions.activation, shared=shared)
        row = conventions.layout_of_vectors == "row"
        return DocumentWorld.of(model, row, conventions.index_order == "from-to", conventions.reading())

    @cached_property
    def comparer(self) -> Comparer:
        return Comparer(self.world)

    @cached_property
    def speller(self) -> Speller:
        return Speller(_plain, product="", loss=self.builder.model.loss)

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
        self.namer = namer
        values.explain = lambda part, literal, finding: namer.explain_number(part, literal, (), finding)
        return ChainJudge(
            self.comparer, values, self.ledger, namer.explain, namer.explain_number, namer.explain_substituted,
            lambda trees: False, self.doubtful, self.unconnected,
        )  # fmt: skip

    def _values(self, comparer: Comparer) -> ValueJudge:
        exact = frozenset(self.builder.model.values.values())
        return ValueJudge(comparer, self.ledger, exact | _halves(), self.speller.tex, self.vocabulary.definition)

    def _alternatives(self) -> Iterator[Alternative]:
        if self.builder.model.deltas:
            comparer = Comparer(self._world(self.conventions.with_other_sign()))
            kinds = frozenset(self.builder.model.deltas)
            yield Alternative(
                "delta-redefined", comparer, self._values(comparer), "δ is taken with the other sign", frozenset(),
                kinds=kinds,
            )  # fmt: skip
        biases = frozenset(_biases(self.builder.model))
        if biases:
            comparer = Comparer(self._world(self.conventions, biases))
            yield Alternative(
                "shared-bias", comparer, self._values(comparer), "all neurons of a layer share one bias", frozenset(),
                kinds=biases, words=_SHARED,
            )  # fmt: skip

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

    def defines(self, statements: Sequence[Statement], written: Sequence[Expression], members: Sequence[Bound]) -> bool:
        """Whether the first step of a chain gives a meaning."""
        chain = self.chain(statements)
        return chain is not None and chain.defines

    def roles(self, name: Expression, role: Role | None) -> Iterator[Symbol]:
        yield from ()

    def enter(self, statement: Statement) -> None:
        """The words before a formula may state what it needs."""
        if self.chains and self.namer is not None:
            context = statement.context
            self.namer.context = f"{context.heading} {context.before}"

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
        return None

    def doubtful(self, trees: Sequence[Expression]) -> str | None:
        """Why a step that does not hold may still not be wrong: something in it is not connected with the rest."""
        for tree in trees:
            for node in walk(tree):
                if isinstance(node, Symbol) and node.kind not in (INDEX, "pi", "function") and not self._is_known(node):
                    return f"not defined here: {self.speller.tex(node) or node.kind}"
                if isinstance(node, Symbol) and self._is_left_out(node):
                    return f"nothing here says how {self.speller.tex(node)} is computed"
        return self.unconnected(trees)

    def unconnected(self, trees: Sequence[Expression]) -> str | None:
        """A derivative of something by what it does not depend on, as far as the document says."""
        for tree in trees:
            for of, by in self._derivatives(tree):
                if not self._depends(of, by) and not self._is_opaque(of):
                    on = self.speller.tex(replace(by, variant=""))
                    return f"nothing here says how {self.speller.tex(of)} depends on {on}"
        return None

    def _derivatives(self, tree: Expression) -> Iterator[tuple[Expression, Symbol]]:
        """All derivatives in a tree, and those that its δ stand for."""
        yield from _derivatives(tree, self.builder.model.loss)
        for node in walk(tree):
            if isinstance(node, Symbol) and node.kind in self.builder.model.deltas:
                definition = self.builder.model.defines(node)
                if definition is not None:
                    yield from _derivatives(definition.tree, self.builder.model.loss)

    def _depends(self, of: Expression, by: Symbol) -> bool:
        key = of, by.kind
        if key not in self._connected:
            self._connected[key] = self.builder.model.depends(of, replace(by, variant=""))
        return self._connected[key]

    @cached_property
    def _connected(self) -> dict[tuple[Expression, str], bool]:
        return {}

    def _is_left_out(self, symbol: Symbol) -> bool:
        """A neuron without a formula, beside others of its layer that have one."""
        model = self.world.model
        if symbol.variant or not symbol.indices or not model.definitions.get(symbol.kind):
            return False
        return not _is_general(symbol) and model.defines(symbol) is None and symbol.position is None

    def _is_known(self, symbol: Symbol) -> bool:
        return symbol.kind in self._known or symbol.kind in self.world.model.deltas

    def _is_opaque(self, tree: Expression) -> bool:
        model = self.world.model
        return isinstance(tree, Symbol) and tree.kind in model.opaque and model.defines(tree) is None and bool(model.sinks)

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

    # ---- conventions -------------------------------------------------------------------------

    def open_conventions(self) -> frozenset[str]:
        """Which conventions the document leaves open at all."""
        model = self.builder.model
        found = set()
        nodes = [node for chain in self.builder.chains.values() for tree in chain.trees for node in walk(tree)]
        if self._activations():
            found.add("activation")
        whole = {node.kind for node in nodes if isinstance(node, Symbol) and node.indices is None} - model.numbers
        if whole:
            found.add("layout")
        if any(model.ranks.get(kind) == 2 for kind in whole):
            found.add("index_order")
        if any(isinstance(node, Apply) and node.operator == "star" for node in nodes):
            found.add("product")
        if any(isinstance(node, Symbol) and node.kind == "m" for node in nodes):
            found.add("mean")
        if model.deltas:
            found.add("delta_sign")
        return frozenset(found)

    def choices(self, key: str) -> tuple[str, ...]:
        """The values of a convention that this document may mean."""
        return self._activations() if key == "activation" else CHOICES[key]

    def _activations(self) -> tuple[str, ...]:
        """σ without a definition may be what the document differentiates it like: ``a(1 - a)``, ``1 - a^2``."""
        nodes = [node for chain in self.builder.chains.values() for tree in chain.trees for node in walk(tree)]
        letters = {
            node.variant.removeprefix(ABSTRACT) for node in nodes
            if isinstance(node, Symbol) and node.variant.startswith(ABSTRACT) and node.position is None
        }  # fmt: skip
        if not letters & ACTIVATION_LETTERS:
            return ()
        found = []
        for node in nodes:
            if isinstance(node, Apply) and node.operator == "add" and node.arguments[0] == Number("1"):
                rest = node.arguments[1:]
                if len(rest) == 1 and isinstance(rest[0], Apply) and rest[0].operator == "negate":
                    squared = any(isinstance(part, Apply) and part.operator == "power" for part in walk(rest[0]))
                    found.append("tanh" if squared else "sigmoid")
        return tuple(dict.fromkeys(found))

    def failing(self, among: frozenset[int] | None = None) -> dict[int, int]:
        """Definitions that do not fit and claims that do not hold, with their weights; at one point each."""
        comparer = Comparer(self.world, points=1, most_instances=6)
        found: dict[int, int] = {}
        definitions = [definition for found in self.world.model.definitions.values() for definition in found]
        if among is None or 10**6 in among:
            flat = self._flat()
            found |= {10**6: BROKEN * flat} if flat else {}
        for number, definition in enumerate(definitions):
            if (among is None or -number - 1 in among) and self._breaks(definition.head):
                found[-number - 1] = BROKEN
        for number, chain in enumerate(self.builder.chains.values()):
            if (among is None or number in among) and chain.relations and not chain.is_condition:
                count = self._failing(chain, comparer)
                if count:
                    found[number] = count
        return found

    def _flat(self) -> int:
        """How many whole quantities come out as a single number: a layout under which nothing is left of them."""
        sizes = self.world.sizes
        kinds = {
            node.kind for chain in self.builder.chains.values() for tree in chain.trees for node in walk(tree)
            if isinstance(node, Symbol) and node.indices is None and node.kind not in (INDEX, "pi", "function")
        } - self.world.model.numbers  # fmt: skip
        return sum(sizes.shape(kind, position) == (1, 1) for kind in kinds for position in self._some_layer(kind))

    def _some_layer(self, kind: str) -> tuple[int | None]:
        layered = any(node.position is not None for chain in self.builder.chains.values() for tree in chain.trees
                      for node in walk(tree) if isinstance(node, Symbol) and node.kind == kind)  # fmt: skip
        return (max(1, self.world.model.depth - 1),) if layered else (None,)

    def _breaks(self, head: Symbol) -> bool:
        for places in islice(self.world.instances((head,)), 4):
            try:
                Evaluator(self.world.drawings[0], places, self.world.reading).value(head)
            except ShapeError:
                return True
            except Undecided as reason:
                if "negative number" in str(reason):
                    return True
        return False

    def _failing(self, chain: BoundChain, comparer: Comparer) -> int:
        if any(member.unknown for member in chain.members):
            return 0
        head = chain.trees[0]
        formulas = [tree for tree in chain.trees[1:] if not any(map(_is_decimal, walk(tree)))]
        weight = 3 if isinstance(head, Symbol) and not self.builder.is_special(head) else 1
        count = sum(comparer.compare(head, tree).answer in (Answer.DIFFERENT, Answer.SHAPE) for tree in formulas)
        return weight * count + 3 * sum(self._misprinted(head, tree, comparer) for tree in chain.trees[1:])

    def _misprinted(self, head: Expression, tree: Expression, comparer: Comparer) -> bool:
        """Whether a printed result is not what the model gives."""
        printed = lone_number(tree)
        if printed is None or not _is_decimal(printed):
            return False
        try:
            value = plain(comparer.example(head))
        except (Undecided, ShapeError):
            return False
        return not isinstance(value, Array | Jacobian) and judged(printed, value) is Digits.WRONG


def _is_decimal(node: Expression) -> bool:
    return isinstance(node, Number) and "." in node.text


def _is_general(symbol: Symbol) -> bool:
    return any(isinstance(index, Index) for index in (symbol.position, *(symbol.indices or ())))


def _derivatives(tree: Expression, loss: Symbol | None) -> Iterator[tuple[Expression, Symbol]]:
    """(of, by) for every derivative in a tree, named ones (dW) too."""
    for node in walk(tree):
        if isinstance(node, Apply) and node.operator in ("partial", "gradient") and len(node.arguments) == 2:
            of, by = node.arguments
            if isinstance(by, Symbol):
                yield of, by
        elif isinstance(node, Symbol) and node.variant == ADJOINT and loss is not None:
            yield loss, node


_SHARED = r"标量|共享|共用|综合|同一个偏置|scalar|share|same bias|one bias|single bias"


def _biases(model: Model) -> Iterator[str]:
    """Vectors that are added as they are, and that nothing defines."""
    for definitions in model.definitions.values():
        for definition in definitions:
            if isinstance(definition.tree, Apply) and definition.tree.operator == "add":
                for term in definition.tree.arguments:
                    if isinstance(term, Symbol) and model.defines(term) is None and term.kind not in model.numbers:
                        yield term.kind


def _plain(symbol: Symbol) -> str:
    """A name for what the document never spells in this way."""
    from symbackprop.check.judge_numbers import Digits, judged, lone_number
from symbackprop.check.judge_own_vocabulary import spelled

    return spelled(symbol)


def _halves() -> frozenset[Fraction]:
    return frozenset({Fraction(1, 2)})
