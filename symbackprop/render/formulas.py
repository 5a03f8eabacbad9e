"""Displayed formulas: chains laid out in rows that fit on the page, aligned at their relations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from symbackprop.expression import Apply, Chain, Expression
from symbackprop.latex.printer import RELATIONS
from symbackprop.render.tex_tokens import OPERATOR, QUAD, RELATION, width

TeX: TypeAlias = Callable[["Expression | Chain"], str]
"""Spells an expression or a chain as TeX, in the notation at hand."""

PRODUCT_SIGNS = frozenset((r"\cdot", r"\times", r"\ast", "*"))


@dataclass(frozen=True, slots=True)
class Display:
    """The rows of one displayed formula; ``&`` marks where several rows are aligned."""

    rows: tuple[str, ...]

    @property
    def tex(self) -> str:
        """The whole as one formula, for formats that have no rows of their own."""
        if len(self.rows) == 1:
            return self.rows[0]
        return "\\begin{aligned}\n" + " \\\\\n".join(self.rows) + "\n\\end{aligned}"


def display(chains: Sequence[Chain], tex: TeX, long_line: float) -> Display:
    """The chains, each in one row where it fits into ``long_line`` digits, else broken at its relations.

    A member that is too long by itself is broken before a term or a factor.
    """
    if len(chains) == 1:
        whole = tex(chains[0])
        if _fits(whole, long_line):
            return Display((whole,))
    return Display(tuple(row for chain in chains for row in _rows(chain, tex, long_line)))


def _fits(tex: str, room: float) -> bool:
    # a character of TeX prints at most about two digits wide: short text need not be measured
    return 2 * len(tex) <= room or width(tex) <= room


def _rows(chain: Chain, tex: TeX, long_line: float) -> Iterator[str]:
    """The rows of a chain: as few as hold its members, and about equally full."""
    left = tex(chain.expressions[0])
    margin = width(left)
    prefix, indent = f"{left} &", "&"
    if margin > long_line / 2:  # too little room would be left beside it
        yield f"& {left}"
        prefix = indent = r"&\quad "
        margin = QUAD
    room = long_line - margin
    lines: list[str] = []
    whole: list[Member] = []
    for relation, member in zip(chain.relations, chain.expressions[1:], strict=True):
        first, *others = _pieces(member, tex, room - RELATION)
        whole.append(Member(f"{RELATIONS[relation]} {first}", RELATION + width(first)))
        if others:
            lines += _shared_out(whole[:-1], room)
            lines += [whole[-1].tex, *(rf"\quad {{}} {piece}" for piece in others)]
            whole = []
    lines += _shared_out(whole, room)
    for number, line in enumerate(lines or [""]):
        yield (indent if number else prefix) + line


class Member(NamedTuple):
    """A member of a chain with the relation before it, and how wide it prints."""

    tex: str
    width: float


def _shared_out(members: Sequence[Member], room: float) -> list[str]:
    """The members in as few rows as hold them, the room left in each as even as can be."""
    # of the first members: rows, squared room that is left, and where the last row begins
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(members) + 1):
        found: list[tuple[int, float, int]] = []
        used = 0.0
        for start in range(end - 1, -1, -1):
            used += members[start].width
            if used > room and start < end - 1:
                break
            count, uneven, _ = best[start]
            found.append((count + 1, uneven + (room - used) ** 2, start))
        best.append(min(found))
    rows: list[str] = []
    end = len(members)
    while end:
        start = best[end][2]
        rows.append(" ".join(member.tex for member in members[start:end]))
        end = start
    return rows[::-1]


def _pieces(expression: Expression, tex: TeX, room: float) -> list[str]:
    """The expression in pieces that fit; each but the first begins with the operator that joins it."""
    whole = tex(expression)
    if not isinstance(expression, Apply) or expression.operator not in JOINTS or _fits(whole, room):
        return [whole]
    joint = JOINTS[expression.operator]
    pieces: list[str] = []
    taken: list[Expression] = []
    before: Expression | None = None
    used = 0.0
    for part in expression.arguments:
        needed = width(tex(part)) + OPERATOR
        if taken and used + needed > room - (QUAD if pieces else 0):
            pieces.append(joint(before, taken, tex))
            before, taken, used = taken[-1], [], 0.0
        taken.append(part)
        used += needed
    pieces.append(joint(before, taken, tex))
    return pieces


def _terms(before: Expression | None, terms: Sequence[Expression], tex: TeX) -> str:
    """Some terms of a sum, with the sign that joins them to the term ``before``."""
    head, *rest = terms
    if before is None:
        return tex(_joined("add", terms))
    if isinstance(head, Apply) and head.operator == "negate":
        return "- " + tex(_joined("add", [_bracketed(head.arguments[0]), *rest]))
    return "+ " + tex(_joined("add", terms))


def _factors(before: Expression | None, factors: Sequence[Expression], tex: TeX) -> str:
    """Some factors of a product, with the sign that joins them to the factor ``before``."""
    # a factor alone no longer shows that it is one: a sum needs its brackets
    printed = tex(Apply("multiply", tuple(factors)) if len(factors) > 1 else _bracketed(factors[0]))
    return printed if before is None else f"{_product_sign(before, factors[0], tex)} {printed}"


JOINTS = {"add": _terms, "multiply": _factors}


def _joined(operator: str, parts: Sequence[Expression]) -> Expression:
    return Apply(operator, tuple(parts)) if len(parts) > 1 else parts[0]


def _bracketed(expression: Expression) -> Expression:
    is_sum = isinstance(expression, Apply) and expression.operator in ("add", "negate")
    return Apply("group", (expression,)) if is_sum else expression


def _product_sign(left: Expression, right: Expression, tex: TeX) -> str:
    """The sign between two factors; a dot where the notation puts none, since a row begins with it."""
    between = tex(Apply("multiply", (left, right))).removeprefix(tex(left)).removesuffix(tex(right)).strip()
    return between if between in PRODUCT_SIGNS else r"\cdot"
