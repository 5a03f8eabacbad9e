"""Updates that count their steps: ``w(t+1) = w(t) + \\Delta w`` says what the new w is."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from symbackprop.expression import Apply, Expression, Name, Number, transform

_NEW = Name("new")


def without_moments(trees: Sequence[Expression]) -> list[Expression]:
    """The members of a chain, with the mark of a new value for ``(t+1)``, and nothing for ``(t)``."""
    name, moment = _taken_at(trees[0])
    if name is None or not isinstance(moment, Apply) or moment.operator != "add" or name.superscript is not None:
        return list(trees)
    before, *one = moment.arguments
    if not isinstance(before, Name) or one != [Number("1")]:
        return list(trees)

    def now(node: Expression) -> Expression | None:
        return name if _taken_at(node) == (name, before) else None

    rest = [transform(tree, now) for tree in trees[1:]]
    return [replace(name, superscript=_NEW), *rest] if rest != list(trees[1:]) else list(trees)


def _taken_at(tree: Expression) -> tuple[Name | None, Expression | None]:
    """(w, t) of ``w(t)``, however it was read."""
    if not isinstance(tree, Apply) or tree.operator not in ("call", "multiply") or len(tree.arguments) != 2:
        return None, None
    name, moment = tree.arguments
    if tree.operator == "multiply":
        if not (isinstance(moment, Apply) and moment.operator == "group"):
            return None, None
        moment = moment.arguments[0]
    return (name, moment) if isinstance(name, Name) else (None, None)
