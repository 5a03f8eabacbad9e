"""Finding out whether a document writes formulas for any one sample, and which of its quantities are meant so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from symbackprop.check.bind.samplewise import (
    NOTHING,
    PARAMETERS,
    Samplewise,
    Use,
    capital_families,
    capital_of,
    is_small,
)
from symbackprop.check.bind.scripts import CORE_LETTERS
from symbackprop.check.statement import Statement
from symbackprop.expression import Apply, Expression, Index, Name, walk

_EQUALITIES = frozenset({"=", "≡", "≜", ":=", "≈"})
_PRODUCTS = frozenset({"multiply", "matrix_product", "dot", "star", "times"})
_ARRAY_SIGNS = frozenset({"transpose", "hadamard", "circle", "matrix", "matrix_product", "norm", "gradient"})


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
        biases = self._of_one_feature() if biases is None else biases
        if biases is None or any(use.is_placed for use in uses):
            return NOTHING
        if not letters:
            return self._single(biases)
        bare = self._bare()
        losses = frozenset(self._losses(bare))
        stacked = {family for family in self.heads if is_small(family) and capital_of(family) in self.capitals}
        inner = (self.sampled | bare | stacked) - (self.losses | PARAMETERS | self.capitals)
        self._find_vectors(inner)
        if not all(map(is_small, inner)) or self.vectors & set(self.heads) or self._mixes(bare | self.sampled):
            return NOTHING
        letter = max(letters, key=lambda each: letters[each])
        return Samplewise(letter, bare | losses, (inner - self.vectors) | losses, losses, biases)

    def _single(self, biases: frozenset[str]) -> Samplewise:
        """A document about one sample: all but the inputs and the weights are numbers."""
        small = {use.family for use in self.use.values() if use.is_bare and is_small(use.family)} - PARAMETERS
        self._find_vectors(small)
        if self.capitals - self.losses or self.vectors & set(self.heads):
            return NOTHING
        return Samplewise(numbers=biases | (small - self.vectors))

    def _find_vectors(self, among: Set[str]) -> None:
        """Families with indices have several numbers a sample, like the inputs."""
        self.vectors |= {
            use.family for use in self.use.values()
            if use.family in among and any(not isinstance(index, str) for index in use.scripts.indices)
        }  # fmt: skip

    # ---- equations ---------------------------------------------------------------------------

    def _find_heads(self) -> None:
        for group in self.groups:
            chain = group[0].chain
            if chain is None or not chain.relations or chain.relations[0] not in _EQUALITIES:
                continue
            for place, head in enumerate(chain.expressions[:-1]):
                name = head.arguments[0] if isinstance(head, Apply) and head.operator == "call" else head
                use = self.use.get(name) if isinstance(name, Name) else None
                ruled_out = use is None or use.family in PARAMETERS or name in walk(chain.expressions[place + 1])
                if use is None or ruled_out or (use.scripts.indices and name is head):
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
                    self.vectors.update({weight, inputs} - PARAMETERS)
                for total in walk(tree):
                    if isinstance(total, Apply) and total.operator == "add" and any(self._weighted(total)):
                        found.update(use.family for term in total.arguments if isinstance(term, Name)
                                     and (use := self.use.get(term)) is not None and use.is_bare)  # fmt: skip
        return frozenset(found) if met else None

    def _of_one_feature(self) -> frozenset[str] | None:
        """The weights of a document in which there are numbers only: ``wx^{(i)} + b``; None where there is more."""
        marks = {node.operator for tree in self._trees() for node in walk(tree) if isinstance(node, Apply)}
        indexed = {use.family for use in self.use.values() if use.scripts.sample is not None and use.scripts.indices}
        if marks & _ARRAY_SIGNS or indexed or self.capitals - self.losses or not self.heads:
            return None
        return frozenset(use.family for use in self.use.values() if use.is_bare and use.family in PARAMETERS)

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
                if one is None or other is None or not is_small(one.family) or one.family == other.family:
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
        standing = {use.family for use in self.use.values() if use.scripts.sample is None and is_small(use.family)}
        possible = standing - PARAMETERS - self.losses
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
