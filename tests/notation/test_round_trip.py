"""What a notation writes it reads back: every family, every role, drawn sizes of one and two digits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import pytest

from symbackprop.expression import Index, IndexValue, Symbol
from symbackprop.latex.reader import read
from symbackprop.latex.spelling import spelling
from symbackprop.notation.naming import Naming, plain
from symbackprop.notation.roles import ADJOINT, DELTA, NEGATED_ADJOINT, ROLES, UPDATED, VELOCITY, Role
from symbackprop.notation.table import NOTATIONS

SIZES = [(2, 2, 2), (1, 1), (12, 3, 11), (3, 10, 4, 2), ()]
LETTERS = {"unit": "j", "to": "j", "from": "k", "sample": "u"}


def drawn(naming: Naming, seed: int) -> Iterator[Symbol]:
    """Symbols of every role: with numbers, with letters, whole, and in every variant."""
    generator = random.Random(seed)
    for role in ROLES:
        for position in positions(naming, role):
            for variant in variants(naming, role):
                yield Symbol(kind_of(role), position, None, variant)
                for indices in places(naming, role, position, generator):
                    yield Symbol(kind_of(role), position, indices, variant)


def kind_of(role: Role) -> str:
    return f"l2_{role.kind}" if role.kind in ("penalty", "coefficient") else role.kind


def positions(naming: Naming, role: Role) -> tuple[IndexValue | None, ...]:
    last = len(naming.sizes) - 1
    if role.place == "none":
        return (None,)
    if role.place == "time":
        return (1, 12, Index("t"), Index("t", -1))
    if role.place == "first":
        return (0,)
    numbers = tuple(range(1, last + 1))
    return numbers[-1:] if role.place == "last" else (*numbers, Index("q"), Index("q", 1), Index("q", -1))


def variants(naming: Naming, role: Role) -> tuple[str, ...]:
    if role.variant == DELTA:
        return (ADJOINT, NEGATED_ADJOINT)
    if role.variant:
        return (role.variant,)
    return ("", UPDATED, ADJOINT, VELOCITY, f"{UPDATED} {VELOCITY}") if role.is_parameter else ("", ADJOINT)


def places(
    naming: Naming, role: Role, position: IndexValue | None, generator: random.Random
) -> Iterator[tuple[IndexValue, ...]]:
    if not role.indices:
        yield ()
        return
    sizes, last = naming.sizes, len(naming.sizes) - 1
    layer = last if position is None else position
    for names in (role.indices, ("sample", *role.indices)):
        yield tuple(Index(LETTERS[name]) for name in names)
        yield tuple(Index("·" if name in ("unit", "to") else LETTERS[name]) for name in names)
        for _ in range(3):
            if isinstance(layer, int) and sizes and layer <= last:
                source = sizes[layer if role.kind == "recurrent_weight" else layer - 1]
                counts = {"unit": sizes[layer], "to": sizes[layer], "from": source, "sample": 12}
                yield tuple(generator.randrange(counts[name]) for name in names)


@cache
def written(name: str, sizes: tuple[int, ...], batch: bool) -> tuple[Naming, tuple[Symbol, ...]]:
    naming = Naming(NOTATIONS.get(name), sizes, batch)
    symbols = dict.fromkeys(symbol for symbol in drawn(naming, len(sizes)) if naming.can_write(symbol))
    return naming, tuple(symbols)


def means(naming: Naming, symbol: Symbol, found: Symbol) -> bool:
    """Whether a symbol that was read is the one that was written, as far as the name tells."""
    # f is the function of any layer where the notation writes no number; a batch and one sample may share a name
    nameless = symbol.kind == "activation_function" and found.position is None
    position = None if nameless else symbol.position
    scalar = not any(role.indices for role in ROLES if role.kind == symbol.kind) and symbol.indices in (None, ())
    indices = found.indices if scalar else symbol.indices
    return found == Symbol(symbol.kind, position, indices, symbol.variant)


@pytest.mark.parametrize("batch", [False, True], ids=["sample", "batch"])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("name", NOTATIONS.names())
def test_what_is_written_is_read_back(name: str, sizes: tuple[int, ...], batch: bool) -> None:
    naming, symbols = written(name, sizes, batch)
    wrong = {}
    for symbol in symbols:
        tex = naming.spell(symbol)
        found = naming.read(tex)
        if not drops_its_layer(naming, symbol) and not any(means(naming, symbol, one) for one in found):
            wrong[tex] = (symbol, found)
    assert wrong == {}


def drops_its_layer(naming: Naming, symbol: Symbol) -> bool:
    """Units that are numbered through say their layer by their number; a letter says nothing of it."""
    symbolic = any(isinstance(index, Index) for index in (symbol.position, *(symbol.indices or ())))
    hidden = naming.network.hides_layers and symbol.position != naming.network.last
    return (naming.notation.name == "mitchell" and symbolic) or hidden


TWINS = {
    "neuron",
    "sample_loss",
    "step_loss",
    "step_count",
    "weight_input",
    "weight_output",
    "bias_hidden",
    "bias_output",
}
"""Kinds that no network has beside the ones that share their names."""


@pytest.mark.parametrize("name", NOTATIONS.names())
def test_different_quantities_have_different_names(name: str) -> None:
    """But for those that a notation spells alike on purpose."""
    naming, symbols = written(name, (12, 3, 11), False)
    spelled: dict[str, set[str]] = {}
    for symbol in symbols:
        is_numbered = not any(isinstance(index, Index) for index in (symbol.position, *(symbol.indices or ())))
        is_entry = symbol.indices is not None and symbol.kind not in TWINS
        if is_entry and is_numbered and "at_time" not in str(naming.role_of(symbol)):
            spelled.setdefault(naming.spell(symbol), set()).add(f"{symbol.kind} {symbol.indices} {symbol.variant}")
    doubled = {tex: kinds for tex, kinds in spelled.items() if len(kinds) > 1}
    alike = {
        "wenjh": lambda tex: tex.startswith("E_{O_"),  # an output's error is what is handed back from it
        "mazur": lambda tex: tex.startswith("b_"),  # one bias a layer, or one a unit: a network has but one of them
        "flat-za": lambda tex: tex.startswith("b_"),
    }
    accepted = alike.get(name, lambda tex: "b" in tex.split("_")[0])
    assert {tex: kinds for tex, kinds in doubled.items() if not accepted(tex) and not tex.startswith("v_{b")} == {}


@pytest.mark.parametrize("name", NOTATIONS.names())
def test_the_formula_reader_s_names_are_understood(name: str) -> None:
    """TeX -> the reader's tree -> the symbol; and the same by the reader's flat spelling."""
    naming, symbols = written(name, (12, 3, 11), False)
    unread, trees, texts = [], [], []
    for symbol in random.Random(0).sample(symbols, min(400, len(symbols))):
        tex = naming.spell(symbol)
        rows = read(tex).rows
        if rows[0].chain is None or len(rows[0].chain.expressions) != 1:
            unread.append(tex)
            continue
        tree = rows[0].chain.expressions[0]
        if drops_its_layer(naming, symbol):
            continue
        if not any(means(naming, symbol, found) for found in naming.candidates(tree)):
            trees.append((tex, tree))
        # flat text keeps neither bold type nor the braces of a name inside of a name
        loses = VELOCITY in symbol.variant or symbol.kind == "size" or "\\mathbf" in tex
        if not loses and not any(means(naming, symbol, found) for found in naming.candidates(spelling(tree))):
            texts.append((tex, spelling(tree)))
    assert (unread, trees, texts) == ([], [], [])


@pytest.mark.parametrize("name", NOTATIONS.names())
def test_plain_names_are_read_back(name: str) -> None:
    naming, symbols = written(name, (3, 10, 2), False)
    for symbol in symbols:
        is_entry = symbol.indices and all(isinstance(index, int) for index in symbol.indices)
        if is_entry and isinstance(symbol.position, int | None) and VELOCITY not in symbol.variant:
            name_typed = plain(naming.spell(symbol))
            assert any(means(naming, symbol, found) for found in naming.candidates(name_typed)), name_typed
