"""The names of a document that is its own model: which of them belong together, and what their scripts mean.

Nothing is known but the document. A family is what one letter (or word) stands for: ``w`` with all its
layers and indices. Whether ``a^2`` is a layer or a square, whether ``h_t`` is a step in time, and whether
``net_{h1}`` is the first neuron of a layer h, the uses of the whole document decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from symbackprop.check.bind.counting import counting_in, last_below_in
from symbackprop.check.bind.layer_letters import by_layers
from symbackprop.check.bind.names import kronecker_of
from symbackprop.check.bind.samplewise import NOTHING, Samplewise, Use, capital_families, capital_of
from symbackprop.check.bind.scripts import (
    ALL,
    LOSSES,
    WHOLE,
    Scripts,
    Token,
    index_of,
    is_label,
    scripts_of,
)
from symbackprop.check.bind.spelling import head_spelling, script_spelling
from symbackprop.check.bind.uses import (
    NEURON,
    arrays_in,
    bold_in,
    capitals_in,
    chosen_in,
    dropping_in,
    gates_in,
    last_letter_in,
    last_step_in,
    layered_in,
    names_in,
    neurons_in,
    numbered_in,
    paired_in,
    running_in,
    samples_in,
    single_in,
    squares_in,
    step_letters,
    stepping_in,
    transposed_in,
)
from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, Number, Symbol

UPRIGHT = frozenset({"text", "mathrm", "operatorname", "mathit", "textit", "textrm", "mathnormal", "mathop"})
_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)")


@dataclass
class Lexicon:
    """Built from all trees of a document; then turns names into symbols."""

    letters: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()
    """Families whose superscript is a layer (or a step)."""
    steps: frozenset[str] = frozenset()
    """Families whose first subscript is a layer or a step in time."""
    neurons: frozenset[str] = frozenset()
    """Letters of layers in names of neurons, small: h of ``h1``."""
    paired: frozenset[str] = frozenset()
    """Families whose numbers in subscripts are two digits, each an index."""
    last: str = ""
    """The letter of the last layer, or of the last step."""
    last_step: str = ""
    """The letter of the last step, where sums over all steps name it."""
    samples: frozenset[IndexValue] = frozenset()
    """What stands for a sample where it is a superscript in round brackets."""
    capitals: frozenset[str] = frozenset()
    """Families with a capital letter."""
    lowered: set[Name] = field(default_factory=set)
    """Names whose layer stands below while it stands above elsewhere."""
    single: frozenset[str] = frozenset()
    """Families that have an index but no sample somewhere: with a sample they would mean something else."""
    squares: frozenset[str] = frozenset()
    """Families that stand with a 2 above them only: σ² is a quantity of its own."""
    bold: Mapping[str, str] = field(default_factory=dict)
    """Vectors in bold and matrices with a capital letter -> the letter that their entries are called by."""
    chosen: frozenset[str] = frozenset()
    """Letters that conditions compare with an index."""
    gates: frozenset[str] = frozenset()
    """Families whose single letter below is a label."""
    dropping: frozenset[str] = frozenset()
    """Families that stand with and without the one sample of the document: ``y_j^k`` and ``y_j`` are the same."""
    layered_letters: frozenset[str] = frozenset()
    """Letters of indices that tell layers apart as well."""
    samplewise: Samplewise = NOTHING
    """What bare names mean in formulas about single samples."""
    arrays: frozenset[Name] = frozenset()
    """Names that carry index brackets: ``W_1`` of ``W_1[p,j]``."""
    _known: dict[Name, Expression | None] = field(default_factory=dict)

    @staticmethod
    def of(trees: Sequence[Expression], matrices: Sequence[Name] = ()) -> Lexicon:
        """From all trees of a document, and the names that it declares to be matrices."""
        names = [node for tree in trees for node in names_in(tree)]
        neurons = neurons_in(scripts_of(name, frozenset()) for name in names)
        running = frozenset(running_in(trees))
        letters = frozenset(letter for letter in running if letter.casefold() not in neurons)
        chosen = chosen_in(trees)
        letters |= chosen | counting_in(scripts_of(name, letters) for name in names)
        read = [(family_of(name), scripts_of(name, letters)) for name in names]
        samples = samples_in((scripts for _, scripts in read), running)
        read = [(family, _sampled(scripts, samples)) for family, scripts in read]
        dropping = dropping_in(read, running)
        bold = bold_in(read) | capitals_in(read, LOSSES)
        read = [(bold.get(family, family), scripts) for family, scripts in read]
        last_step = last_step_in(trees, step_letters(read)) or last_below_in(read) or ""
        last = last_step or last_letter_in(scripts for _, scripts in read)
        arrays = (name for name in (*matrices, *transposed_in(trees)) if isinstance(name.subscript, Number))
        numbered = numbered_in(read, frozenset(map(family_of, arrays)))
        return Lexicon(
            letters, layered_in(read), stepping_in(read) | numbered, neurons, paired_in(read), last, last_step, samples,
            capitals=capital_families(family for family, _ in read),
            single=single_in(read), squares=squares_in(read), bold=bold, chosen=chosen, gates=gates_in(read),
            arrays=frozenset(arrays_in(trees)), dropping=dropping,
        )  # fmt: skip

    def use(self, name: Name) -> Use:
        """What a name looks like before anything is known about the quantities."""
        family, scripts = family_of(name), self._scripts(name)
        placed = family in self.steps or (scripts.layer is not None and family in self.layers)
        return Use(family, scripts if placed else replace(scripts, layer=None), placed)

    def _scripts(self, name: Name) -> Scripts:
        scripts = _sampled(scripts_of(name, self.letters), self.samples)
        return replace(scripts, sample=None) if family_of(name) in self.dropping else scripts

    def read_samplewise(self, samplewise: Samplewise) -> None:
        """Read bare names as quantities of single samples from now on."""
        self.samplewise = samplewise
        self._known.clear()

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
            name = structs.replace(name, head=numbered[1], subscript=Number(numbered[2]))
        if name in self.arrays:
            return Symbol(_array_family(name))
        family = self.bold.get(family_of(name), family_of(name))
        scripts = self._scripts(name)
        kronecker = kronecker_of(name)
        if kronecker is not None:
            return kronecker
        between = self._between(name, scripts)
        if between is not None:
            return between
        symbol = self._symbol(name, family, scripts)
        if symbol is None:
            return None
        if family in self.squares and scripts.layer == 2:
            return structs.replace(symbol, kind=f"{symbol.kind}^2")
        if scripts.layer is not None and family not in self.layers:
            return Apply("power", (symbol, _number(scripts.layer)))
        return symbol

    def indexed(self, array: Name, items: Sequence[Expression]) -> Symbol | None:
        """``X[i,p]``; None where an index is no letter and no number."""
        parts = [part for item in items for part in _items(item)]
        indices: list[IndexValue] = []
        for part in parts:
            index = WHOLE if isinstance(part, Name) and part.head == ":" else index_of(part)
            if index is None or array not in self.arrays:
                return None
            indices.append(index if index == WHOLE else _from_zero(index))
        return Symbol(_array_family(array), None, tuple(indices))

    def _symbol(self, name: Name, family: str, scripts: Scripts) -> Symbol | None:
        position = scripts.layer if family in self.layers else None
        tokens = list(scripts.indices)
        if family in self.gates and len(tokens) == 1 and isinstance(tokens[0], Index) and not tokens[0].offset:
            tokens = [f"={tokens[0].symbol}"]
        if family in self.layers and scripts.layer is None and tokens == [0]:
            # y_0 for y^0: the input, written like an index.
            self.lowered.add(name)
            return Symbol(family, 0)
        marked = any(map(is_label, tokens)) or scripts.other or scripts.updated
        if scripts.sample is None and not marked and family in self.samplewise.bare:
            scripts = replace(scripts, sample=Index(self.samplewise.letter))
        stepping = family in self.steps
        if scripts.other:
            family += f"^{scripts.other}"
        if position is None and stepping and self.last_step and tokens == [f"={self.last_step}"]:
            tokens = [Index(self.last_step)]
        if position is None and stepping and tokens and not is_label(tokens[0]) and tokens[0] != ALL:
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
            family = f"{family}_{self._label(family, str(label), indices)}"
        family, indices = by_layers(family, indices, self.layered_letters)
        if scripts.sample is not None:
            alone = family in self.samplewise.alone
            whole = self._batch(family)
            if whole in self.single:
                return None
            unit: list[IndexValue] = [] if whole == family else [0]
            indices = [*(unit if alone else indices or [WHOLE]), _from_zero(scripts.sample)]
            family = whole
        return Symbol(family, position, tuple(indices) or None, "updated" if scripts.updated else "")

    def _batch(self, family: str) -> str:
        """``a^{[2](i)}`` is a column of ``A^{[2]}``, where the document has that."""
        capital = capital_of(family)
        return capital if capital in self.capitals else family

    def _indices(self, family: str, token: Token) -> list[IndexValue] | None:
        if token == ALL:
            return [WHOLE]
        if isinstance(token, str):
            return []
        if isinstance(token, int) and family in self.paired and token > 9:
            return [int(digit) - 1 for digit in str(token)]
        return [_from_zero(token)]

    def _label(self, family: str, label: str, indices: list[IndexValue]) -> str:
        """The label, its number made an index where it names a neuron: ``o1``, ``O`` (any of them)."""
        found = NEURON.fullmatch(label)
        if found and found[1].casefold() in self.neurons:
            indices.append(int(found[2]) - 1)
            return found[1].casefold()
        # E_O beside E_{O1} is the error of all outputs, not of any one
        if label[1:].casefold() in self.neurons and family not in LOSSES:
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
    return head_spelling(structs.replace(name, style=style, subscript=None, superscript=None, primes=0))


def _sampled(scripts: Scripts, samples: frozenset[IndexValue]) -> Scripts:
    """A superscript in round brackets as the sample that it is in this document."""
    plain = not scripts.bracketed and isinstance(scripts.layer, Index) and not scripts.layer.offset
    if (scripts.round or plain) and scripts.sample is None and scripts.layer in samples:
        return replace(scripts, layer=None, sample=scripts.layer)
    return scripts


def _items(tree: Expression) -> tuple[Expression, ...]:
    return tree.arguments if isinstance(tree, Apply) and tree.operator == "sequence" else (tree,)


def _array_family(name: Name) -> str:
    """The family of an array with index brackets; what stands below it is part of its name."""
    below = "" if name.subscript is None else f"_{script_spelling(name.subscript)}"
    above = "" if name.superscript is None else f"^{script_spelling(name.superscript)}"
    return family_of(name) + below + above
