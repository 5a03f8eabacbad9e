"""What the scripts of a name say, read without a table: layers, indices, samples, marks, labels, powers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeAlias

from symbackprop.check.bind.spelling import script_spelling
from symbackprop.expression import Apply, Expression, Index, IndexValue, Name, Number

ALL = "·"
"""The index that stands for a whole row or column."""

WHOLE = Index(ALL)
"""That index where it stands for all of its values."""

CONSTANTS = frozenset(
    [f"\\{name}" for name in "eta alpha lambda mu gamma rho tau epsilon varepsilon beta kappa".split()]
    + ["m", "n", "N", "M", "T", "K", "lr", "R"]
)
"""Learning rates, counts, coefficients: small Greek letters and a few Latin ones, where they have no script."""
CORE_LETTERS = frozenset("ijklmnpq")
"""Letters that are an index wherever they stand alone."""

LABELS = frozenset(
    "in out tot total min max new old pred true data reg hid hidden input output target net inp init last".split()
)
UPDATED_MARKS = frozenset({"+", "new", "New", "*", "(new)", "t+1", "(t+1)", "updated", "next"})
LAYER_LETTERS = frozenset({"l", "ell", "L"})
LAST_LETTERS = frozenset({"L", "D", "N", "K", "M", "H"})
_LABELLING = frozenset({Index("h"), Index("o")})
"""Letters in brackets above that name the hidden layer and the outputs: ``W^{(h)}``, ``\\delta_t^{(o)}``."""
LOSSES = frozenset(
    {"E", "L", "C", "J", "Loss", "loss", "Cost", "cost", "Error", "error", "\\mathcal{L}", "\\mathcal{J}",
     "\\mathcal{E}", "\\mathscr{L}", "\\ell", "MSE"}
)  # fmt: skip

Token: TypeAlias = "IndexValue | str"
"""An index (numbers counted from 1, as they are written), ``ALL``, or a label in front of which stands "="."""


@dataclass(frozen=True, slots=True)
class Scripts:
    """The parts of both scripts. ``layer`` is the superscript that looks like one; ``bracketed``: it says so itself,
    in ``round`` brackets or in square ones."""

    indices: tuple[Token, ...] = ()
    layer: IndexValue | None = None
    bracketed: bool = False
    round: bool = False
    sample: IndexValue | None = None
    updated: bool = False
    other: str = ""
    """A superscript that is none of these."""


def is_label(token: Token) -> bool:
    return isinstance(token, str) and token.startswith("=")


def index_of(tree: Expression) -> IndexValue | None:
    """``l``, ``l-1``, ``3`` as an index; None for anything else."""
    if isinstance(tree, Number):
        return int(tree.text) if tree.text.isdigit() else None
    if isinstance(tree, Name) and tree.subscript is None and tree.superscript is None and not tree.primes:
        return Index(tree.head) if len(tree.head) == 1 or tree.head == "ell" else None
    if isinstance(tree, Name) and script_spelling(tree) in ("n_{l}", "n_{L}"):
        return Index("L")
    if isinstance(tree, Apply) and tree.operator == "add" and len(tree.arguments) == 2:
        base, offset = index_of(tree.arguments[0]), _offset(tree.arguments[1])
        if isinstance(base, Index) and offset is not None:
            return Index(base.symbol, base.offset + offset)
    return None


def _offset(tree: Expression) -> int | None:
    if isinstance(tree, Number) and tree.text.lstrip("-").isdigit():
        return int(tree.text)
    if isinstance(tree, Apply) and tree.operator == "negate":
        inner = _offset(tree.arguments[0])
        return None if inner is None else -inner
    return None


def scripts_of(name: Name, letters: frozenset[str]) -> Scripts:
    """``letters`` are those that the document uses as indices beside the usual ones."""
    lower = tuple(_tokens(name.subscript, letters)) if name.subscript is not None else ()
    upper = _superscript(name.superscript)
    return replace(upper, indices=lower, updated=upper.updated or name.primes > 0)


# ---- below ----------------------------------------------------------------------------------------


def _tokens(tree: Expression, letters: frozenset[str]) -> list[Token]:
    if isinstance(tree, Apply) and tree.operator == "sequence":
        return [token for part in tree.arguments for token in _tokens(part, letters)]
    if isinstance(tree, Apply) and tree.operator in ("group", "bracket") and len(tree.arguments) == 1:
        return _tokens(tree.arguments[0], letters)
    if isinstance(tree, Number):
        return [int(tree.text)] if tree.text.isdigit() else [f"={tree.text}"]
    if isinstance(tree, Name):
        return _name_tokens(tree, letters)
    index = index_of(tree)
    return [index] if index is not None else [f"={script_spelling(tree)}"]


def _name_tokens(name: Name, letters: frozenset[str]) -> list[Token]:
    if name.head in ("cdot", ":", "*") and name.subscript is None:
        return [ALL]
    if name.primes and CORE_LETTERS.issuperset(name.head) and name.subscript is None and name.superscript is None:
        return [*map(Index, name.head[:-1]), Index(name.head[-1] + "'" * name.primes)]
    text = script_spelling(name)
    plain = re.sub(r"[{}_]", "", text)
    if name.style or plain in LABELS or not plain.isalnum():
        return [f"={plain}"]
    if name.head == "ell":
        return [Index("ell")]
    usable = CORE_LETTERS | letters
    if all(letter in usable or letter.isdigit() for letter in plain) and any(letter in usable for letter in plain):
        return [int(letter) if letter.isdigit() else Index(letter) for letter in plain]
    return [f"={plain}"]


# ---- above ----------------------------------------------------------------------------------------


def _superscript(tree: Expression | None) -> Scripts:
    if tree is None:
        return Scripts()
    if script_spelling(tree) in UPDATED_MARKS:
        return Scripts(updated=True)
    if isinstance(tree, Apply) and tree.operator == "sequence":
        return _listed(tree.arguments)
    if isinstance(tree, Apply) and tree.operator in ("group", "bracket"):
        index = index_of(tree.arguments[0])
        if index is None or index in _LABELLING:
            return Scripts(other=script_spelling(tree))
        return Scripts(layer=index, bracketed=True, round=tree.operator == "group")
    index = index_of(tree)
    return Scripts(layer=index) if index is not None else Scripts(other=script_spelling(tree))


def _is_layer(index: IndexValue | None) -> bool:
    """Whether an index looks like a layer: its letter usually is one, or one is added to it."""
    return isinstance(index, Index) and (bool(index.offset) or index.symbol in LAYER_LETTERS)


def _listed(parts: tuple[Expression, ...]) -> Scripts:
    """``[l](i)``: a layer and a sample; ``l, +``: a layer and the mark of an update."""
    found = Scripts()
    for part in parts:
        inner = _superscript(part)
        if inner.updated:
            found = replace(found, updated=True)
        elif inner.layer is not None and found.layer is None:
            found = replace(found, layer=inner.layer, bracketed=True, round=inner.round)
        elif inner.layer is not None and _is_layer(inner.layer) and not _is_layer(found.layer):
            # a^{x,l}: the sample before the layer.
            found = replace(found, layer=inner.layer, sample=found.layer)
        elif inner.layer is not None:
            found = replace(found, sample=inner.layer)
        else:
            return Scripts(other=",".join(map(script_spelling, parts)))
    return found
