"""Names of a document that is its own model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from symbackprop.check.bind.indices import IMPLICIT
from symbackprop.check.bind.layer_letters import layer_letters
from symbackprop.check.bind.lexicon import Lexicon, family_of
from symbackprop.check.bind.names import FUNCTION
from symbackprop.check.bind.samplewise import sample_of
from symbackprop.check.bind.samplewise_reader import SamplewiseReader
from symbackprop.check.bind.scripts import LOSSES, index_of
from symbackprop.check.bind.uses import names_in, uncalled_in
from symbackprop.check.evaluate.abstract import ABSTRACT
from symbackprop.check.evaluate.array import ONES
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.check.evaluate.functions import known_name
from symbackprop.check.statement import Statement
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Apply, Expression, Index, Name, Symbol, multiply, negate, partial, walk

RATES = ("eta", "alpha", "epsilon", "varepsilon", "lr", "gamma", "mu")
"""Letters of the learning rate, the usual one first."""
_PARAMETER_LETTERS = frozenset("wWbUV")
"""Letters below a function that say by what it is computed, not where: ``h_w(x)``."""
_SYNONYMS = {"output": "out", "input": "in"}


@dataclass
class DocumentNames:
    """Resolves names through the lexicon; what depends on the model (the loss, δ) is filled in as it is known."""

    lexicon: Lexicon
    families: frozenset[str] = frozenset()
    """All families that occur, with their labels."""
    letters: frozenset[str] = frozenset()
    """The letters that occur as an index somewhere."""
    loss: Symbol | None = None
    rate: Symbol | None = None
    functions: frozenset[str] = frozenset()
    """Heads that are called with a single letter somewhere where they are defined."""
    primed: frozenset[str] = frozenset()
    """Heads whose derivative is called somewhere: ``\\ell'(y)`` says that ``\\ell(y)`` is no product."""
    uncalled: frozenset[str] = frozenset()
    """Families that stand without brackets somewhere: ``a^L(x)`` is then a quantity of the sample x."""
    quantities: frozenset[str] = frozenset()
    """Losses that are written like functions: J of ``J(W, b)``."""
    _known: dict[Name, Expression | None] = field(default_factory=dict)

    @staticmethod
    def of(
        trees: Sequence[Expression], matrices: Sequence[Name] = (), groups: Sequence[Sequence[Statement]] = ()
    ) -> DocumentNames:
        """From all trees of a document, the names that it declares to be matrices, and its statements by chains."""
        lexicon = Lexicon.of(trees, matrices)
        lexicon.layered_letters = layer_letters(groups)
        uses = {name: lexicon.use(name) for tree in trees for name in names_in(tree)}
        lexicon.read_samplewise(SamplewiseReader(groups, uses, LOSSES).read())
        names = DocumentNames(lexicon)
        symbols = [node for tree in trees for name in walk(tree) if isinstance(name, Name)
                   for node in walk(names.resolve(name) or name) if isinstance(node, Symbol)]  # fmt: skip
        names.families = frozenset(symbol.kind for symbol in symbols)
        names.letters = frozenset(
            index.symbol
            for symbol in symbols if symbol.kind != INDEX
            for index in (symbol.position, *(symbol.indices or ())) if isinstance(index, Index)
        )  # fmt: skip
        names.letters |= frozenset(filter(None, (lexicon.last_step,)))
        names.rate = next(
            (Symbol(family) for family in (f"\\{rate}" for rate in RATES) if family in names.families), None
        )
        names.uncalled = frozenset(family_of(name) for name in uncalled_in(trees))
        names._known = {}
        return names

    def resolve(self, name: Name) -> Expression | None:
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def forget(self) -> None:
        """What was resolved before the loss was known."""
        self._known.clear()

    def _resolve(self, name: Name) -> Expression | None:
        if name.subscript is None and name.superscript is None and not name.primes and name.head in self.letters:
            return Symbol(INDEX, None, (Index(name.head),))
        if name.head == "1" and name.subscript is None and name.superscript is None:
            return Symbol(ONES)
        special = self._adjoint(name) or self._change(name)
        if special is not None:
            return special
        found = self.lexicon.resolve(name)
        return self._neuron(found) if isinstance(found, Symbol) else found

    def _change(self, name: Name) -> Expression | None:
        """``Δw``, where w is known and Δw is not taken apart by the document itself."""
        if not name.head.startswith("Delta") or len(name.head) < 6 or self.loss is None or self.rate is None:
            return None
        inner = replace(name, head=name.head[5:])
        symbol = self.lexicon.resolve(inner)
        return self.change(symbol) if isinstance(symbol, Symbol) and symbol.kind in self.families else None

    def _adjoint(self, name: Name) -> Expression | None:
        """``dW``, ``d\\omega``: the derivative of the loss by W."""
        if self.loss is None or name.head[:1] != "d" or len(name.head) < 2:
            return None
        inner = replace(name, head=name.head[1:])
        symbol = self.lexicon.resolve(inner)
        known = {family_of(inner), inner.head, symbol.kind if isinstance(symbol, Symbol) else ""}
        if not known & self.families:
            return None
        return replace(symbol, variant=ADJOINT) if isinstance(symbol, Symbol) and not symbol.variant else None

    def _neuron(self, symbol: Symbol) -> Symbol:
        """``output`` as the ``out`` of the neuron that the formula is about."""
        head, _, label = symbol.kind.partition("_")
        for kind in dict.fromkeys((_SYNONYMS.get(head, head), head)):
            if label and f"{kind}_{label}" in self.families:
                return replace(symbol, kind=f"{kind}_{label}")
            if not label and symbol.indices is None:
                found = self._of_output(kind)
                if found is not None:
                    return Symbol(found, symbol.position, (Index(IMPLICIT),), symbol.variant)
        return symbol

    def _of_output(self, head: str) -> str | None:
        """The family of a bare word that otherwise carries the name of a neuron: ``target`` of ``target_{o1}``."""
        if len(head) < 3:
            return None
        found = [
            f"{head}_{letter}" for letter in ("o", *sorted(self.lexicon.neurons)) if f"{head}_{letter}" in self.families
        ]
        return found[0] if found else None

    def function(self, name: Name, arguments: tuple[Expression, ...]) -> Symbol | None:
        known = known_name(name.head) if name.subscript is None and name.superscript is None else None
        plain = replace(name, subscript=None, superscript=None, style="")
        if known is not None and len(name.head) > 1 and family_of(plain) not in self.functions:
            return Symbol(FUNCTION, None, None, known)
        if name.superscript is not None and family_of(plain) in self.lexicon.layers & self.uncalled:
            return None
        position = self._layer(name)
        styled = family_of(replace(plain, style=name.style))
        # A calligraphic L is another quantity than L; a bold σ is σ.
        family = styled if styled in self.functions | LOSSES else family_of(plain)
        return Symbol(FUNCTION, position, None, ABSTRACT + family)

    def _layer(self, name: Name) -> int | Index | None:
        """The layer in a function's subscript or superscript: ``Act_m``, ``g^{[l]}``."""
        for script in (name.subscript, name.superscript):
            inner = script
            while isinstance(inner, Apply) and inner.operator in ("bracket", "group"):
                inner = inner.arguments[0]
            found = index_of(inner) if inner is not None else None
            if found is not None and not (isinstance(found, Index) and found.symbol in _PARAMETER_LETTERS):
                return found
        return None

    def is_function(self, name: Name) -> bool:
        family = family_of(name)
        defined = family in self.functions | self.quantities and name.subscript is None
        return defined or family in self.primed

    def called(self, function: Expression, arguments: tuple[Expression, ...]) -> Expression | None:
        """A loss that only looks like a function."""
        if isinstance(function, Symbol) and function.variant.removeprefix(ABSTRACT) in self.quantities:
            sample = function.position if function.position in self.lexicon.samples else None
            return Symbol(function.variant.removeprefix(ABSTRACT), None, None if sample is None else (sample,))
        samplewise = self.lexicon.samplewise
        if isinstance(function, Symbol) and function.variant.removeprefix(ABSTRACT) in samplewise.losses:
            return Symbol(function.variant.removeprefix(ABSTRACT), None, (sample_of(arguments, samplewise.letter),))
        return None

    def change(self, symbol: Expression) -> Expression:
        if self.loss is None or self.rate is None:
            return Symbol("\\Delta")
        return negate(multiply(self.rate, partial(self.loss, symbol)))

    def is_loss(self, symbol: Symbol) -> bool:
        return (
            symbol.indices is None and symbol.position is None and symbol.kind in ("J", "E", "L", "C", "\\mathcal{L}")
        )

    def of_last_layer(self, name: Name) -> Symbol | None:
        if family_of(name) not in self.lexicon.layers:
            return None
        found = self.lexicon.resolve(name)
        return replace(found, position=Index(self.lexicon.last)) if isinstance(found, Symbol) else None

    def indexed(self, array: Name, items: Sequence[Expression]) -> Symbol | None:
        return self.lexicon.indexed(array, items)
