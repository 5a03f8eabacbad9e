"""Documents that write formulas for any one sample with bare names: a for a^{(i)}, L(a, y) for the loss of a sample.

That is read so only where the network has one output neuron: then a^{(i)} is a number, the capital letter A is the
row of all of them, and x^{(i)} is a column of X.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from symbackprop.check.bind.indices import free_indices
from symbackprop.check.bind.scripts import CORE_LETTERS, Scripts
from symbackprop.check.statement import Statement
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Apply, Expression, Index, Name, Symbol, partial, transform, walk

_EQUALITIES = frozenset({"=", "≡", "≜", ":=", "≈"})
_PRODUCTS = frozenset({"multiply", "matrix_product", "dot", "star", "times"})
_PARAMETERS = frozenset({"w", "b", "\\theta", "\\beta", "\\omega", "\\mathbf{w}", "\\boldsymbol{w}", "\\bm{w}"})
"""Families that are the same for all samples."""
_FIRST_LETTER = re.compile(r"(?:\\[a-z]+\{)*([A-Za-z])")


@dataclass(frozen=True, slots=True)
class Samplewise:
    """What bare names mean in a document about single samples; empty where they mean what they say."""

    letter: str = ""
    bare: frozenset[str] = frozenset()
    """Families that mean any one sample where they stand bare."""
    alone: frozenset[str] = frozenset()
    """Families of one number a sample."""
    losses: frozenset[str] = frozenset()
    """Those of them that are losses."""
    numbers: frozenset[str] = frozenset()
    """Families of numbers that are the same for all samples: the bias."""


NOTHING = Samplewise()


def capital_of(family: str) -> str:
    """``Z`` of ``z``, ``\\hat{Y}`` of ``\\hat{y}``; the Greek letters stay."""
    found = _FIRST_LETTER.match(family)
    if found is None:
        return family
    return family[: found.start(1)] + found[1].upper() + family[found.end(1) :]


def capital_families(families: Iterable[str]) -> frozenset[str]:
    """The families with a capital letter, also those of which there are only derivatives: Z of dZ beside z."""
    found = frozenset(families)
    changes = {family[1:] for family in found if family[:1] == "d" and not _is_small(family[1:])}
    return frozenset(
        family for family in found | changes
        if not _is_small(family) and (family in found or family in map(capital_of, found))
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """One name of a document: its family and what its scripts say."""

    family: str
    scripts: Scripts
    is_placed: bool = False
    """Whether it belongs to a layer or a step."""

    @property
    def is_bare(self) -> bool:
        return self.scripts == Scripts()


@dataclass
class SamplewiseReader:
    """Finds out how a document uses bare names. ``use`` reads a name, ``losses`` are families that may be a loss."""

    groups: Sequence[Sequence[Statement]]
    use: dict[Name, Use]
    losses: frozenset[str]
    sampled: frozenset[str] = frozenset()
    capitals: frozenset[str] = frozenset()
    vectors: set[str] = field(default_factory=set)
    """Families that have several numbers a sample."""
    heads: dict[str, list[Expression]] = field(default_factory=dict)
    """Families on the left of equations, bare or with a sample, and what they are equal to."""

    def read(self) -> Samplewise:
        """What bare names mean; ``NOTHING`` unless everything speaks for one output neuron."""
        whole = list(self.use.values())
        families = {use.family for use in whole} | capital_families(use.family for use in whole)
        # dz is no quantity of its own but the derivative by z.
        self.use = {
            name: use for name, use in self.use.items() if not (use.family[:1] == "d" and use.family[1:] in families)
        }
        uses = list(self.use.values())
        letters = Counter(
            use.scripts.sample.symbol
            for use in uses
            if isinstance(use.scripts.sample, Index) and not use.scripts.sample.offset
        )
        self.sampled = frozenset(use.family for use in uses if use.scripts.sample is not None)
        self.capitals = capital_families(use.family for use in whole if use.is_bare)
        self._find_heads()
        biases = self._biases()
        if biases is None or any(use.is_placed for use in uses):
            return NOTHING
        if not letters:
            return self._single(biases)
        bare = self._bare()
        losses = frozenset(self._losses(bare))
        stacked = {family for family in self.heads if _is_small(family) and capital_of(family) in self.capitals}
        inner = (self.sampled | bare | stacked) - (self.losses | _PARAMETERS | self.capitals)
        self._find_vectors(inner)
        if not all(map(_is_small, inner)) or self.vectors & set(self.heads) or self._mixes(bare | self.sampled):
            return NOTHING
        letter = max(letters, key=lambda each: letters[each])
        return Samplewise(letter, bare | losses, (inner - self.vectors) | losses, losses, biases)

    def _single(self, biases: frozenset[str]) -> Samplewise:
        """A document about one sample: all but the inputs and the weights are numbers."""
        small = {use.family for use in self.use.values() if use.is_bare and _is_small(use.family)} - _PARAMETERS
        self._find_vectors(small)
        if self.capitals - self.losses or self.vectors & set(self.heads):
            return NOTHING
        return Samplewise(numbers=biases | (small - self.vectors))

    def _find_vectors(self, among: Set[str]) -> None:
        """Families with indices have several numbers a sample, like the inputs."""
        self.vectors |= {use.family for use in self.use.values() if use.scripts.indices and use.family in among}

    # ---- equations ---------------------------------------------------------------------------

    def _find_heads(self) -> None:
        for group in self.groups:
            chain = group[0].chain
            if chain is None or not chain.relations or chain.relations[0] not in _EQUALITIES:
                continue
            for place, head in enumerate(chain.expressions[:-1]):
                use = self.use.get(head) if isinstance(head, Name) else None
                if use is None or use.scripts.indices or use.family in _PARAMETERS or head in walk(
                    chain.expressions[place + 1]
                ):  # fmt: skip
                    break
                self.heads.setdefault(use.family, []).extend(chain.expressions[place + 1 :])

    def _biases(self) -> frozenset[str] | None:
        """The biases beside the sums of weights and inputs that say that there is one output; None without any."""
        found: set[str] = set()
        met = False
        for trees in self.heads.values():
            for tree in trees:
                for weight, inputs in self._weighted(tree):
                    met = True
                    self.vectors.update({weight, inputs} - _PARAMETERS)
                for total in walk(tree):
                    if isinstance(total, Apply) and total.operator == "add" and any(self._weighted(total)):
                        found.update(use.family for term in total.arguments if isinstance(term, Name)
                                     and (use := self.use.get(term)) is not None and use.is_bare)  # fmt: skip
        return frozenset(found) if met else None

    def _weighted(self, tree: Expression) -> Iterator[tuple[str, str]]:
        """(weights, inputs) of each ``w^T x``, ``Σ_j w_j x_j`` and ``w_1 x_1``."""
        for node in walk(tree):
            if not isinstance(node, Apply) or node.operator not in _PRODUCTS:
                continue
            for left, right in zip(node.arguments, node.arguments[1:], strict=False):
                transposed = isinstance(left, Apply) and left.operator == "transpose"
                weight = left.arguments[0] if transposed and isinstance(left, Apply) else left
                one = self.use.get(weight) if isinstance(weight, Name) else None
                other = self.use.get(right) if isinstance(right, Name) else None
                if one is None or other is None or not _is_small(one.family) or one.family == other.family:
                    continue
                below = one.scripts.indices
                whole = transposed and not below and one.scripts.sample is None
                single = len(below) == 1 and not isinstance(below[0], str)
                if (whole or single) and below == other.scripts.indices:
                    yield one.family, other.family

    # ---- families ----------------------------------------------------------------------------

    def _bare(self) -> frozenset[str]:
        """Small letters that stand bare, and elsewhere with a sample, as the capital letter of all samples, or
        in the formula of such a quantity."""
        standing = {use.family for use in self.use.values() if use.scripts.sample is None and _is_small(use.family)}
        possible = standing - _PARAMETERS - self.losses
        found = {
            family for family in possible
            if family in self.sampled or (capital_of(family) in self.capitals and family not in CORE_LETTERS)
        }  # fmt: skip
        inputs = possible & self.vectors
        while True:
            near = {
                family for family in possible - found
                if (family in self.heads or family in inputs) and self._is_near(family, found | self.sampled)
            }  # fmt: skip
            if not near:
                return frozenset(found)
            found |= near

    def _is_near(self, family: str, known: frozenset[str] | set[str]) -> bool:
        """Whether a quantity of single samples is computed from this one, or this one from such a quantity."""
        if any(node in known for tree in self.heads.get(family, ()) for node in self._families(tree)):
            return True
        return any(family in self._families(tree) for head in known for tree in self.heads.get(head, ()))

    def _families(self, tree: Expression) -> set[str]:
        return {self.use[node].family for node in walk(tree) if isinstance(node, Name) and node in self.use}

    def _losses(self, bare: frozenset[str]) -> Iterator[str]:
        """Losses of single samples: with a sample, of quantities of one, or made of such."""
        members = bare | self.sampled
        for family in self.losses:
            inside = any(self._is_free(tree, members - self.losses) for tree in self.heads.get(family, ()))
            if family in self.sampled or inside or self._is_called_with(family, members):
                yield family

    def _is_called_with(self, family: str, members: Set[str]) -> bool:
        """Whether a loss is a function of quantities of one sample wherever it is a function."""
        arguments = [argument for call in self._calls(family) for argument in call.arguments[1:]]
        return bool(arguments) and all(
            isinstance(argument, Name) and argument in self.use and self.use[argument].family in members
            for argument in arguments
        )

    def _is_free(self, tree: Expression, members: frozenset[str]) -> bool:
        """Whether a quantity of a single sample stands outside all sums."""
        if isinstance(tree, Name):
            return tree in self.use and self.use[tree].family in members
        if not isinstance(tree, Apply) or tree.operator == "sum":
            return False
        return any(self._is_free(argument, members) for argument in tree.arguments)

    def _calls(self, family: str) -> Iterator[Apply]:
        for tree in self._trees():
            for node in walk(tree):
                if isinstance(node, Apply) and node.operator == "call" and isinstance(node.arguments[0], Name):
                    use = self.use.get(node.arguments[0])
                    if use is not None and use.family == family and use.is_bare:
                        yield node

    def _trees(self) -> Iterator[Expression]:
        for group in self.groups:
            if group[0].chain is not None:
                yield from group[0].chain.expressions

    def _mixes(self, members: frozenset[str]) -> bool:
        """``X^T(\\hat{y} - y)``: here small letters are the vectors of all samples."""
        stacks = {capital_of(family) for family in members - self.losses} & self.capitals
        small = members - self.losses
        for tree in self._trees():
            bare = {self.use[node].family for node in walk(tree)
                    if isinstance(node, Name) and node in self.use and self.use[node].is_bare}  # fmt: skip
            if bare & stacks and bare & small - stacks:
                return True
        return False


def _is_small(family: str) -> bool:
    found = _FIRST_LETTER.match(family)
    return found is None or found[1].islower()


def of_one_sample(trees: Sequence[Expression], samplewise: Samplewise) -> list[Expression]:
    """``dw = x dz`` beside a loss of each sample: dw is the derivative of that loss here, not of the mean of all."""
    letter = samplewise.letter
    if len(samplewise.losses) != 1 or not any(letter in free_indices(tree) for tree in trees):
        return list(trees)
    loss = Symbol(next(iter(samplewise.losses)), None, (Index(letter),))

    def single(node: Expression) -> Expression | None:
        if isinstance(node, Symbol) and node.variant == ADJOINT:
            return partial(loss, replace(node, variant=""))
        return None

    return [tree if letter in free_indices(tree) else transform(tree, single) for tree in trees]


def sample_of(arguments: Sequence[Expression], letter: str) -> int | Index:
    """The sample that the arguments of a loss belong to."""
    for argument in arguments:
        if isinstance(argument, Symbol) and argument.indices:
            return argument.indices[-1]
    return Index(letter)
