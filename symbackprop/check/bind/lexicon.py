"""The names of a document that is its own model: which of them belong together, and what their scripts mean.

Nothing is known but the document. A family is what one letter (or word) stands for: ``w`` with all its
layers and indices. Whether ``a^2`` is a layer or a square, whether ``h_t`` is a step in time, and whether
``net_{h1}`` is the first neuron of a layer h, the uses of the whole document decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from symbackprop.check.bind.names import kronecker_of
from symbackprop.check.bind.scripts import ALL, LAST_LETTERS, WHOLE, Scripts, Token, is_label, scripts_of
from symbackprop.check.bind.spelling import head_spelling
from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, Number, Symbol, walk

UPRIGHT = frozenset({"text", "mathrm", "operatorname", "mathit", "textit", "textrm", "mathnormal", "mathop"})
_NEURON = re.compile(r"=([A-Za-z]+)(\d+)")
_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)")


@dataclass
class Lexicon:
    """Built from all trees of a document; then turns names into symbols."""

    letters: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()
    """Families whose superscript is a layer (or a step)."""
    steps: frozenset[str] = frozenset()
    """Families whose last subscript is a layer or a step in time."""
    neurons: frozenset[str] = frozenset()
    """Letters of layers in names of neurons, small: h of ``h1``."""
    paired: frozenset[str] = frozenset()
    """Families whose numbers in subscripts are two digits, each an index."""
    last: str = ""
    """The letter of the last layer."""
    samples: frozenset[IndexValue] = frozenset()
    """What stands for a sample where it is a superscript in round brackets."""
    capitals: frozenset[str] = frozenset()
    """Families with a capital letter."""
    lowered: set[Name] = field(default_factory=set)
    """Names whose layer stands below while it stands above elsewhere."""
    _known: dict[Name, Expression | None] = field(default_factory=dict)

    @staticmethod
    def of(trees: Sequence[Expression]) -> Lexicon:
        names = [node for tree in trees for node in _names(tree)]
        neurons = _neurons(scripts_of(name, frozenset()) for name in names)
        running = frozenset(_sum_letters(trees))
        letters = frozenset(letter for letter in running if letter.casefold() not in neurons)
        read = [(family_of(name), scripts_of(name, letters)) for name in names]
        samples = _samples((scripts for _, scripts in read), running)
        read = [(family, _sampled(scripts, samples)) for family, scripts in read]
        last = _last_letter(scripts for _, scripts in read)
        return Lexicon(letters, _layered(read), _stepping(read), neurons, _paired(read), last, samples,
                       frozenset(family for family, _ in read if family[:1].isupper()))  # fmt: skip

    def resolve(self, name: Name) -> Expression | None:
        """The symbol of a name; a power where the superscript is one; None for what names nothing."""
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def _resolve(self, name: Name) -> Expression | None:
        if not name.head or (name.head in ("e", "pi") and name.subscript is None):
            return None
        numbered = _NUMBERED.fullmatch(name.head)
        if numbered and name.subscript is None:
            name = replace(name, head=numbered[1], subscript=Number(numbered[2]))
        family = family_of(name)
        scripts = _sampled(scripts_of(name, self.letters), self.samples)
        kronecker = kronecker_of(name)
        if kronecker is not None:
            return kronecker
        between = self._between(name, scripts)
        if between is not None:
            return between
        symbol = self._symbol(name, family, scripts)
        if symbol is None:
            return None
        if scripts.layer is not None and family not in self.layers:
            return Apply("power", (symbol, _number(scripts.layer)))
        return symbol

    def _symbol(self, name: Name, family: str, scripts: Scripts) -> Symbol | None:
        position = scripts.layer if family in self.layers else None
        tokens = list(scripts.indices)
        if family in self.layers and scripts.layer is None and tokens == [0]:
            # y_0 for y^0: the input, written like an index.
            self.lowered.add(name)
            return Symbol(family, 0)
        if scripts.other:
            family += f"^{scripts.other}"
        if position is None and family in self.steps and tokens and not is_label(tokens[0]) and tokens[0] != ALL:
            first = tokens.pop(0)
            position = first if isinstance(first, int | Index) else None
        labels = [token for token in tokens if is_label(token)]
        indices: list[IndexValue] = []
        for token in tokens:
            found = self._indices(family, token)
            if found is None:
                return None
            indices.extend(found)
        for label in labels:
            family = f"{family}_{self._label(str(label), indices)}"
        if scripts.sample is not None:
            family, position = self._batch(family, position)
            indices = [*(indices or [WHOLE]), _from_zero(scripts.sample)]
        return Symbol(family, position, tuple(indices) or None, "updated" if scripts.updated else "")

    def _batch(self, family: str, position: IndexValue | None) -> tuple[str, IndexValue | None]:
        """``a^{[2](i)}`` is a column of ``A^{[2]}``, where the document has that."""
        capital = family[:1].upper() + family[1:] if not family.startswith("\\") else family
        return (capital if capital in self.capitals else family), position

    def _indices(self, family: str, token: Token) -> list[IndexValue] | None:
        if token == ALL:
            return [WHOLE]
        if isinstance(token, str):
            return []
        if isinstance(token, int) and family in self.paired and token > 9:
            return [int(digit) - 1 for digit in str(token)]
        return [_from_zero(token)]

    def _label(self, label: str, indices: list[IndexValue]) -> str:
        """The label, its number made an index where it names a neuron: ``o1``, ``O`` (any of them)."""
        found = _NEURON.fullmatch(label)
        if found and found[1].casefold() in self.neurons:
            indices.append(int(found[2]) - 1)
            return found[1].casefold()
        if label[1:].casefold() in self.neurons:
            indices.append(Index(label[1:]))
            return label[1:].casefold()
        return label[1:]

    def _between(self, name: Name, scripts: Scripts) -> Expression | None:
        """``w_{hO}``: the weight between two neurons is what one changes in the net input of the other."""
        if name.head not in ("w", "W") or len(scripts.indices) != 1 or not is_label(scripts.indices[0]):
            return None
        ends = re.findall(r"([A-Za-z])(\d*)", str(scripts.indices[0])[1:])
        if len(ends) != 2 or not all(letter.casefold() in self.neurons for letter, _ in ends):
            return None
        return Apply("between", tuple(Symbol(letter.casefold(), None, (_unit(letter, unit),)) for letter, unit in ends))


def _unit(letter: str, unit: str) -> IndexValue:
    return int(unit) - 1 if unit else Index(letter)


def _number(layer: IndexValue) -> Expression:
    if isinstance(layer, int):
        return Number(str(layer))
    return Name(layer.symbol)


def _from_zero(index: IndexValue) -> IndexValue:
    """Units are counted from 1 in texts and from 0 here."""
    return index if isinstance(index, Index) else index - 1


def family_of(name: Name) -> str:
    """The head with the fonts that tell quantities apart."""
    style = " ".join(part for part in name.style.split() if part not in UPRIGHT)
    return head_spelling(replace(name, style=style, subscript=None, superscript=None, primes=0))


def _sampled(scripts: Scripts, samples: frozenset[IndexValue]) -> Scripts:
    """A superscript in round brackets as the sample that it is in this document."""
    if scripts.round and scripts.sample is None and scripts.layer in samples:
        return replace(scripts, layer=None, sample=scripts.layer)
    return scripts


def _samples(found: Iterable[Scripts], running: frozenset[str]) -> frozenset[IndexValue]:
    """``x^{(i)}`` is a sample where layers stand in square brackets, or where i runs under a sum."""
    scripts = list(found)
    squares = any(part.bracketed and not part.round for part in scripts)
    return frozenset(
        part.layer for part in scripts
        if part.round and part.layer is not None
        and (squares or (isinstance(part.layer, Index) and part.layer.symbol in running and not part.layer.offset))
    )  # fmt: skip


def _names(tree: Expression) -> Iterator[Name]:
    for node in walk(tree):
        if isinstance(node, Name) and node.head:
            yield node


def _sum_letters(trees: Iterable[Expression]) -> Iterator[str]:
    """The letters that run under a sum sign."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) > 1:
                for inner in walk(node.arguments[1]):
                    if isinstance(inner, Name) and len(inner.head) == 1:
                        yield inner.head


def _layered(read: Iterable[tuple[str, Scripts]]) -> frozenset[str]:
    """A family has layers if a superscript of it is in brackets, a letter, or one of several numbers."""
    numbers: dict[str, set[int]] = defaultdict(set)
    found: set[str] = set()
    for family, scripts in read:
        if scripts.layer is None:
            continue
        if scripts.bracketed or isinstance(scripts.layer, Index):
            found.add(family)
        else:
            numbers[family].add(scripts.layer)
    found.update(
        family for family, values in numbers.items() if (len(values) > 1 and values != {1, 2}) or values == {1}
    )
    if found:
        # Where some quantities have layers, those that have numbers above them have layers too.
        found.update(family for family, values in numbers.items() if values - {2})
    return frozenset(found)


def _stepping(read: Sequence[tuple[str, Scripts]]) -> frozenset[str]:
    """A family steps through time (or layers) in its subscript if an offset stands there: ``h_{t-1}``."""
    letters = {
        scripts.indices[0].symbol
        for _, scripts in read
        if scripts.indices and isinstance(scripts.indices[0], Index) and scripts.indices[0].offset
    }
    if "t" not in letters and any(
        scripts.indices and scripts.indices[0] == Index("t") and len(scripts.indices) == 1 for _, scripts in read
    ):
        letters.add("t")
    return frozenset(
        family
        for family, scripts in read
        if scripts.layer is None and scripts.indices and isinstance(scripts.indices[0], Index)
        and scripts.indices[0].symbol in letters
    )  # fmt: skip


def _neurons(found: Iterable[Scripts]) -> frozenset[str]:
    """Letters before numbers in labels: h and o of ``net_{h1}``, ``net_{o1}``."""
    return frozenset(
        match[1].casefold()
        for scripts in found
        for token in scripts.indices
        if isinstance(token, str) and (match := _NEURON.fullmatch(token)) and len(match[1]) <= 2
    )


def _paired(read: Iterable[tuple[str, Scripts]]) -> frozenset[str]:
    """Families with numbers of two digits only: ``w_{11}, w_{12}``."""
    numbers: dict[str, list[int]] = defaultdict(list)
    pairs: set[str] = set()
    for family, scripts in read:
        if len(scripts.indices) == 1 and isinstance(scripts.indices[0], int):
            numbers[family].append(scripts.indices[0])
        elif len(scripts.indices) == 2:
            pairs.add(family)
    return frozenset(
        family for family, values in numbers.items()
        if all(10 < value < 100 and value % 10 for value in values) and (len(set(values)) > 1 or family in pairs)
    )  # fmt: skip


def _last_letter(found: Iterable[Scripts]) -> str:
    """The capital letter that stands for the last layer."""
    counts: dict[str, int] = defaultdict(int)
    for scripts in found:
        if isinstance(scripts.layer, Index) and scripts.layer.symbol in LAST_LETTERS:
            counts[scripts.layer.symbol] += 1
    return max(counts, key=lambda letter: counts[letter], default="L")
