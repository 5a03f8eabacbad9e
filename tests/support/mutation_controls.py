"""Changes of a document that change nothing of what it says: whatever is found after one is a false alarm."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from msgspec.structs import replace
from support.mutation import Site, Subject

from symbackprop.check.bind.names import NetworkNames
from symbackprop.check.statement import Statement
from symbackprop.check.verdict import Status
from symbackprop.expression import Apply, Expression, Index, Name, Symbol, transform, walk

MOST = 12
"""Places that are looked at for each kind of change."""

Rewritten = tuple[str, str]
"""The name of the change, and the whole text after it."""


def rewrites(subject: Subject, draw: random.Random) -> dict[str, list[Rewritten]]:
    """Name -> texts of the document with one harmless change each."""
    found: dict[str, list[Rewritten]] = defaultdict(list)
    for name, edit in _IN_TREES.items():
        for site in draw.sample(subject.sites, len(subject.sites)):
            text = _with(subject, site, edit, draw)
            if text is not None:
                found[name].append((name, text))
            if len(found[name]) == MOST:
                break
    names = NetworkNames(subject.owner.derivation, subject.owner.naming.notation)
    right = [verdict.statement for verdict in subject.sound if verdict.status is Status.RIGHT]
    for name, change in _IN_TEXT.items():
        for statement in draw.sample(right, len(right)):
            start, end = statement.place.start, statement.place.end
            if not _is_scalar(statement, names):
                continue
            changed = change(subject.text[start:end])
            if changed != subject.text[start:end]:
                found[name].append((name, subject.text[:start] + changed + subject.text[end:]))
            if len(found[name]) == MOST:
                break
    return dict(found)


# ---- in trees -------------------------------------------------------------------------------------


def _with(
    subject: Subject, site: Site, edit: Callable[[Expression], Iterator[Expression]], draw: random.Random
) -> str | None:
    tree = subject.chain(site).expressions[site.member]
    changed = list(edit(tree))
    return subject.with_member(site, draw.choice(changed)) if changed else None


def _edited(tree: Expression, edit: Callable[[Apply], Expression | None]) -> Iterator[Expression]:
    """The tree with one operation changed, for each that can be."""
    if not isinstance(tree, Apply):
        return
    changed = edit(tree)
    if changed is not None:
        yield changed
    for place, argument in enumerate(tree.arguments):
        for inner in _edited(argument, edit):
            yield replace(tree, arguments=(*tree.arguments[:place], inner, *tree.arguments[place + 1 :]))


def _turned(tree: Apply) -> Expression | None:
    """The factors of a product of numbers, or the terms of a sum, in the other order."""
    if tree.operator not in ("multiply", "add") or not all(map(is_single, walk(tree))):
        return None
    if any(isinstance(node, Apply) and node.operator == "sum" for node in walk(tree)):
        return None  # what follows a sum belongs to it
    return replace(tree, arguments=tree.arguments[::-1])


def is_single(node: Expression) -> bool:
    """Whether a node is, or may be part of, a single number."""
    if isinstance(node, Apply):
        return node.operator not in ("matrix", "row", "matrix_product", "hadamard", "transpose", "call")
    return not isinstance(node, Symbol) or node.indices is not None or node.kind in ("size", "sample_count")


def _reordered(operator: str) -> Callable[[Expression], Iterator[Expression]]:
    def edit(tree: Expression) -> Iterator[Expression]:
        yield from _edited(tree, lambda node: _turned(node) if node.operator == operator else None)

    return edit


def _renamed(tree: Expression) -> Iterator[Expression]:
    """A sum with another letter for its index."""
    used = {index.symbol for node in walk(tree) if isinstance(node, Symbol) for index in _indices(node)}
    free = next((letter for letter in "pqrsuv" if letter not in used), None)
    for node in walk(tree):
        if isinstance(node, Apply) and node.operator == "sum" and len(node.arguments) > 1 and free is not None:
            letter = _letter(node.arguments[1])
            if letter is not None:
                renamed = transform(node, lambda part, letter=letter, free=free: _exchanged(part, letter, free))  # type: ignore[misc]
                yield transform(tree, lambda part, node=node, renamed=renamed: renamed if part == node else None)  # type: ignore[misc]


def _indices(symbol: Symbol) -> list[Index]:
    return [index for index in (symbol.position, *(symbol.indices or ())) if isinstance(index, Index)]


def _letter(tree: Expression) -> str | None:
    if isinstance(tree, Name):
        return tree.head
    found = _indices(tree) if isinstance(tree, Symbol) else []
    return found[0].symbol if found else None


def _exchanged(tree: Expression, letter: str, other: str) -> Expression | None:
    if isinstance(tree, Name) and tree.head == letter:
        return replace(tree, head=other)
    if not isinstance(tree, Symbol):
        return None
    indices = tree.indices and tuple(
        index._replace(symbol=other) if isinstance(index, Index) and index.symbol == letter else index
        for index in tree.indices
    )
    return replace(tree, indices=indices)


_IN_TREES: dict[str, Callable[[Expression], Iterator[Expression]]] = {
    "factors reordered": _reordered("multiply"),
    "terms reordered": _reordered("add"),
    "summation index renamed": _renamed,
}

# ---- in the TeX -----------------------------------------------------------------------------------


def _is_scalar(statement: Statement, names: NetworkNames) -> bool:
    """Whether only single quantities stand in a statement: no arrays, for which the signs of products differ."""
    trees = [tree for tree in (statement.left, statement.right) if tree is not None]
    found = [node for tree in trees for node in walk(tree) if isinstance(node, Name) and node.head not in ("", "e")]
    meant = [names.resolve(name) for name in found]
    return all(isinstance(symbol, Symbol) and symbol.indices is not None for symbol in meant)


_PLAIN = r"[^{}\\]*(?:\{[^{}]*\}[^{}\\]*)*"
_FRACTION = re.compile(rf"\\frac\{{({_PLAIN})\}}\{{({_PLAIN})\}}")
_PARTIAL = re.compile(rf"\\frac\{{\\partial ({_PLAIN})\}}\{{\\partial ({_PLAIN})\}}")

_IN_TEXT: dict[str, Callable[[str], str]] = {
    r"`\cdot` as `*`": lambda tex: tex.replace(r"\cdot", "*"),
    r"`\cdot` as `\times`": lambda tex: tex.replace(r"\cdot", r"\times"),
    "fraction with a slash": lambda tex: _FRACTION.sub(r"((\1) / (\2))", tex, count=1),
    "derivative with a slash": lambda tex: _PARTIAL.sub(r"(\\partial \1 / \\partial \2)", tex, count=1),
    "brackets that grow": lambda tex: (
        tex.replace("(", r"\left(").replace(")", r"\right)") if _is_plainly_bracketed(tex) else tex
    ),
}


def _is_plainly_bracketed(tex: str) -> bool:
    """Whether each bracket closes in the row and the group in which it opens."""
    inner = re.sub(r"\([^(){}&\\]*\)", "", tex)
    return "\\left" not in tex and "(" not in inner and ")" not in inner
