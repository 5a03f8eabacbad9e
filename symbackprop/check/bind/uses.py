"""What the uses of names in a whole document say: which superscripts are layers, which letters are indices."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from symbackprop.check.bind.scripts import ALL, CORE_LETTERS, LAST_LETTERS, LAYER_LETTERS, Scripts
from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, walk

NEURON = re.compile(r"=([A-Za-z]+)(\d+)")
"""A label that names a neuron: h1."""


def samples_in(found: Iterable[Scripts], running: frozenset[str]) -> frozenset[IndexValue]:
    """``x^{(i)}`` is a sample where layers stand in square brackets, or where i runs under a sum."""
    scripts = list(found)
    squares = any(part.bracketed and not part.round for part in scripts)
    round_ones = frozenset(
        part.layer for part in scripts
        if part.round and part.layer is not None
        and (squares or (isinstance(part.layer, Index) and part.layer.symbol in running and not part.layer.offset))
    )  # fmt: skip
    return round_ones | _bare_samples(scripts)


def _bare_samples(scripts: Sequence[Scripts]) -> frozenset[IndexValue]:
    """``y_j^k`` beside ``E_k``: a letter that counts below as well, and never stands for a neighbouring layer."""
    above = [part.layer for part in scripts if isinstance(part.layer, Index) and not part.bracketed]
    below = {index for part in scripts for index in part.indices if isinstance(index, Index)}
    shifted = {index.symbol for index in (*above, *below) if index.offset}
    return frozenset(
        index for index in above if index in below and index.symbol not in shifted | LAYER_LETTERS | LAST_LETTERS
    )


def dropping_in(read: Iterable[tuple[str, Scripts]], running: frozenset[str]) -> frozenset[str]:
    """Families with a sample above them in one place and none in another, where no sum runs over the samples."""
    found: dict[str, set[IndexValue | None]] = defaultdict(set)
    for family, scripts in read:
        if scripts.indices and scripts.layer is None:
            found[family].add(scripts.sample)
    return frozenset(
        family for family, samples in found.items()
        if None in samples and len(samples) == 2
        and all(sample is None or (isinstance(sample, Index) and sample.symbol not in running) for sample in samples)
    )  # fmt: skip


def arrays_in(trees: Iterable[Expression]) -> Iterator[Name]:
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator == "index" and isinstance(node.arguments[0], Name):
                yield node.arguments[0]


def names_in(tree: Expression) -> Iterator[Name]:
    for node in walk(tree):
        if isinstance(node, Name) and node.head:
            yield node


def running_in(trees: Iterable[Expression]) -> Iterator[str]:
    """The letters that run under a sum sign."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) > 1:
                for inner in walk(node.arguments[1]):
                    if isinstance(inner, Name) and len(inner.head) == 1:
                        yield inner.head


def chosen_in(trees: Iterable[Expression]) -> frozenset[str]:
    """Letters that a condition compares with an index: c of ``[k = c]`` is one too."""
    found: set[str] = set()
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator in ("equal", "not_equal", "kronecker"):
                pair = [side.head for side in node.arguments if isinstance(side, Name) and side == Name(side.head)]
                if len(pair) == 2 and any(letter in CORE_LETTERS for letter in pair):
                    found.update(letter for letter in pair if len(letter) == 1)
    return frozenset(found)


def layered_in(read: Iterable[tuple[str, Scripts]]) -> frozenset[str]:
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


def stepping_in(read: Sequence[tuple[str, Scripts]]) -> frozenset[str]:
    """A family steps through time (or layers) in its subscript if an offset stands there: ``h_{t-1}``."""
    letters = step_letters(read)
    return frozenset(
        family
        for family, scripts in read
        if scripts.layer is None and scripts.indices and isinstance(scripts.indices[0], Index)
        and scripts.indices[0].symbol in letters
    )  # fmt: skip


def transposed_in(trees: Iterable[Expression]) -> Iterator[Name]:
    """Names that carry a transpose: each is a vector or a matrix."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator == "transpose":
                inner = node.arguments[0]
                while isinstance(inner, Apply) and inner.operator == "group":
                    inner = inner.arguments[0]
                if isinstance(inner, Name):
                    yield inner


def last_step_in(trees: Iterable[Expression], steps: Collection[str]) -> str | None:
    """T of ``Σ_{t=1}^{T}``, where t counts the steps: the last of them."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) == 4:
                index, upper = node.arguments[1], node.arguments[3]
                is_plain = isinstance(upper, Name) and upper == Name(upper.head) and len(upper.head) == 1
                if isinstance(index, Name) and index.head in steps and isinstance(upper, Name) and is_plain:
                    return upper.head
    return None


def numbered_in(read: Sequence[tuple[str, Scripts]], arrays: frozenset[str]) -> frozenset[str]:
    """Families whose number below is a layer: ``W_1`` and ``W_2`` are matrices, not entries of W.

    ``arrays`` are families with an array of one number. The others of a document follow them (``b_1``, ``Z_1``)
    where they carry nothing but the same numbers.
    """
    plain: dict[str, set[int]] = defaultdict(set)
    others: set[str] = set()
    for family, scripts in read:
        number = scripts.indices[0] if len(scripts.indices) == 1 and scripts.layer is None else None
        if isinstance(number, int):
            plain[family].add(number)
        else:
            others.add(family)
    leading = {family for family in arrays if family in plain and len(plain[family]) > 1}
    numbers = {0}.union(*(plain[family] for family in leading))
    following = {family for family, found in plain.items() if family not in others and found <= numbers}
    return frozenset(leading | following) if leading else frozenset()


def gates_in(read: Sequence[tuple[str, Scripts]]) -> frozenset[str]:
    """Families told apart by single letters below them: ``W_f``, ``W_o``, ``W_c``, so that i of ``W_i`` is no index."""
    labels: dict[str, set[str]] = defaultdict(set)
    for family, scripts in read:
        if len(scripts.indices) == 1 and isinstance(scripts.indices[0], str) and len(scripts.indices[0]) == 2:
            labels[family].add(scripts.indices[0])
    return frozenset(family for family, found in labels.items() if len(found) > 1)


def step_letters(read: Sequence[tuple[str, Scripts]]) -> frozenset[str]:
    """The letters that count steps below: those with an offset somewhere, and t."""
    first = [scripts.indices[0] for _, scripts in read if scripts.indices and isinstance(scripts.indices[0], Index)]
    alone = any(scripts.indices == (Index("t"),) for _, scripts in read)
    return frozenset(index.symbol for index in first if isinstance(index, Index) and index.offset) | (
        {"t"} if alone else set()
    )


def neurons_in(found: Iterable[Scripts]) -> frozenset[str]:
    """Letters before numbers in labels: h and o of ``net_{h1}``, ``net_{o1}``."""
    return frozenset(
        match[1].casefold()
        for scripts in found
        for token in scripts.indices
        if isinstance(token, str) and (match := NEURON.fullmatch(token)) and len(match[1]) <= 2
    )


def paired_in(read: Iterable[tuple[str, Scripts]]) -> frozenset[str]:
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


def last_letter_in(found: Iterable[Scripts]) -> str:
    """The capital letter that stands for the last layer."""
    counts: dict[str, int] = defaultdict(int)
    for scripts in found:
        if isinstance(scripts.layer, Index) and scripts.layer.symbol in LAST_LETTERS:
            counts[scripts.layer.symbol] += 1
    return max(counts, key=lambda letter: counts[letter], default="L")


def single_in(read: Iterable[tuple[str, Scripts]]) -> frozenset[str]:
    """Families with one index and no sample."""
    return frozenset(
        family
        for family, scripts in read
        if scripts.sample is None and scripts.layer is not None and len(scripts.indices) == 1
        and not isinstance(scripts.indices[0], str)
    )  # fmt: skip


def squares_in(read: Iterable[tuple[str, Scripts]]) -> frozenset[str]:
    """Families that always carry a 2 above them: the variance σ², which no σ was squared for."""
    found: dict[str, set[IndexValue | None]] = defaultdict(set)
    for family, scripts in read:
        found[family].add(scripts.layer if not scripts.bracketed else None)
    return frozenset(family for family, above in found.items() if above == {2})


def without_bold(family: str) -> str:
    return _BOLD.sub(r"\1", family)


_BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|pmb|vec)\{([^{}]*)\}")


def bold_in(read: Iterable[tuple[str, Scripts]]) -> dict[str, str]:
    """``\\mathbf{y}`` beside ``y_k``: bold letters without indices, where the plain letter never stands without one."""
    indexed: dict[str, set[bool]] = defaultdict(set)
    for family, scripts in read:
        indexed[family].add(any(not isinstance(index, str) for index in scripts.indices))
    plain = {family: without_bold(family) for family in indexed}
    return {
        family: letter
        for family, letter in plain.items()
        if letter != family and _is_small(letter) and indexed[family] == {False} and indexed.get(letter) == {True}
    }


def _is_small(family: str) -> bool:
    """Vectors have small letters; W_1 may be a matrix with a number."""
    return re.sub(r"\\[a-z]+\{|[\\{}]", "", family)[:1].islower()


def capitals_in(read: Sequence[tuple[str, Scripts]], losses: frozenset[str]) -> dict[str, str]:
    """``W`` beside ``w_{ij}``: capital letters without indices, where the small letter always has two of them."""
    indexed: dict[str, set[int]] = defaultdict(set)
    layered: dict[str, set[bool]] = defaultdict(set)
    for family, scripts in read:
        indexed[family].add(sum(_digits(index) for index in scripts.indices))
        layered[family].add(scripts.layer is not None)
    return {
        family: family.lower()
        for family in tuple(indexed)
        if family.isupper() and family not in losses and indexed[family] == {0}
        and indexed.get(family.lower()) == {2} and layered[family] == layered[family.lower()]
    }  # fmt: skip


def _digits(token: IndexValue | str) -> int:
    """How many indices stand in a token: two in the 12 of ``w_{12}``, none in a label."""
    if isinstance(token, int):
        return len(str(token))
    return int(isinstance(token, Index) or token == ALL)


def uncalled_in(trees: Iterable[Expression]) -> Iterator[Name]:
    """Names that are not applied to anything where they stand."""
    for tree in trees:
        heads = {id(_inner(node.arguments[0])) for node in walk(tree)
                 if isinstance(node, Apply) and node.operator == "call"}  # fmt: skip
        yield from (node for node in walk(tree) if isinstance(node, Name) and id(node) not in heads)


def _inner(tree: Expression) -> Expression:
    while isinstance(tree, Apply) and tree.operator == "derivative":
        tree = tree.arguments[0]
    return tree
