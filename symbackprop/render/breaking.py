"""Breaks an expression that is too long for a row: before a term, before a factor, inside a bracket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from symbackprop.expression import Apply, Chain, Expression
from symbackprop.render.tex_tokens import OPERATOR, QUAD, width

TeX: TypeAlias = Callable[["Expression | Chain"], str]
"""Spells an expression or a chain as TeX, in the notation at hand."""

PRODUCT_SIGNS = frozenset((r"\cdot", r"\times", r"\ast", "*"))
BRACKET = 0.7
CHARACTERS = 4
"""Of TeX for each digit of what it prints; about."""


def fits(tex: str, room: float) -> bool:
    """Whether a formula prints within a width."""
    # a character of TeX prints at most about two digits wide: short text need not be measured
    if 2 * len(tex) <= room:
        return True
    # nor need the end of what is too long where it begins
    beginning = tex[: tex.find(" ", int(CHARACTERS * room)) + 1]
    if len(beginning) < len(tex) / 2 and width(beginning) > room:
        return False
    return width(tex) <= room


def pieces(expression: Expression, tex: TeX, room: float) -> list[str]:
    """The expression in pieces that fit where it can be broken; each but the first begins with its operator."""
    whole = tex(expression)
    if not isinstance(expression, Apply) or expression.operator not in JOINTS or fits(whole, room):
        return [whole]
    rows = _Rows(JOINTS[expression.operator], tex, room)
    for part in expression.arguments:
        rows.put(part)
    return rows.finished()


@dataclass(slots=True)
class _Rows:
    """Rows that are filled part by part."""

    joint: Joint
    tex: TeX
    room: float
    done: list[str] = field(default_factory=list)
    taken: list[Expression] = field(default_factory=list)
    """the parts for the row at hand"""
    before: Expression | None = None
    """the part before those"""
    begun: str = ""
    """what stands in the row already: the end of a part that was broken itself"""
    used: float = 0.0

    def put(self, part: Expression) -> None:
        needed = width(self.tex(part)) + OPERATOR
        if (self.taken or self.begun) and self.used + needed > self._free():
            self._end_row()
        if needed > self._free():
            broken = self.joint.broken(self.before, part, self.tex, self._free())
            if len(broken) > 1:
                *rows, self.begun = broken
                self.done += rows
                self.before, self.used = part, width(self.begun)
                return
        self.taken.append(part)
        self.used += needed

    def finished(self) -> list[str]:
        self._end_row()
        return self.done

    def _free(self) -> float:
        return self.room - (QUAD if self.done or self.taken or self.begun else 0)

    def _end_row(self) -> None:
        joined = self.joint.joined(self.before, self.taken, self.tex, bool(self.begun)) if self.taken else ""
        self.done += [row for row in (f"{self.begun} {joined}".strip(),) if row]
        self.before = self.taken[-1] if self.taken else self.before
        self.taken, self.begun, self.used = [], "", 0.0


@dataclass(frozen=True, slots=True)
class Joint:
    """How the parts of an operation are put into rows.

    ``joined`` writes some parts with the sign that joins them to the part before, if there is one;
    ``broken`` breaks a part that is too long by itself. The flag tells whether the part before stands
    in the same row.
    """

    joined: Callable[[Expression | None, Sequence[Expression], TeX, bool], str]
    broken: Callable[[Expression | None, Expression, TeX, float], list[str]]


def _terms(before: Expression | None, terms: Sequence[Expression], tex: TeX, same_row: bool) -> str:
    head, *rest = terms
    if before is None:
        return tex(_together("add", terms))
    if _is(head, "negate"):
        return "- " + tex(_together("add", [_bracketed(_inner(head)), *rest]))
    return "+ " + tex(_together("add", terms))


def _broken_term(before: Expression | None, term: Expression, tex: TeX, room: float) -> list[str]:
    negative = _is(term, "negate")
    body = _inner(term) if negative else term
    parts = _in_brackets(body, tex, room) if negative and _is(body, "add") else pieces(body, tex, room - OPERATOR)
    sign = "- " if negative else "" if before is None else "+ "
    return [sign + parts[0], *parts[1:]]


def _factors(before: Expression | None, factors: Sequence[Expression], tex: TeX, same_row: bool) -> str:
    # a factor alone no longer shows that it is one: a sum needs its brackets
    printed = tex(Apply("multiply", tuple(factors)) if len(factors) > 1 else _bracketed(factors[0]))
    if before is None:
        return printed
    sign = _product_sign(before, factors[0], tex)
    return f"{sign or ('' if same_row else CDOT)} {printed}".strip()


def _broken_factor(before: Expression | None, factor: Expression, tex: TeX, room: float) -> list[str]:
    body = _inner(factor) if _is(factor, "group") else factor
    if not _is(body, "add"):
        return [tex(factor)]
    parts = _in_brackets(body, tex, room - OPERATOR)
    sign = "" if before is None else (_product_sign(before, factor, tex) or CDOT) + " "
    return [sign + parts[0], *parts[1:]]


JOINTS = {"add": Joint(_terms, _broken_term), "multiply": Joint(_factors, _broken_factor)}
CDOT = r"\cdot"
"""Where a notation puts no sign between factors, a row must still not begin with a bare factor."""


def _in_brackets(body: Expression, tex: TeX, room: float) -> list[str]:
    """A sum in brackets that may stand in different rows, so TeX cannot size them itself."""
    tall = tex(Apply("group", (body,))).startswith(r"\left")
    opening, closing = (r"\Bigl(", r"\Bigr)") if tall else ("(", ")")
    first, *rest = pieces(body, tex, room - 2 * BRACKET)
    if not rest:
        return [f"{opening}{first}{closing}"]
    return [f"{opening}{first}", *rest[:-1], f"{rest[-1]}{closing}"]


def _is(expression: Expression, operator: str) -> bool:
    return isinstance(expression, Apply) and expression.operator == operator


def _inner(expression: Expression) -> Expression:
    assert isinstance(expression, Apply)
    return expression.arguments[0]


def _together(operator: str, parts: Sequence[Expression]) -> Expression:
    return Apply(operator, tuple(parts)) if len(parts) > 1 else parts[0]


def _bracketed(expression: Expression) -> Expression:
    return Apply("group", (expression,)) if _is(expression, "add") or _is(expression, "negate") else expression


def _product_sign(left: Expression, right: Expression, tex: TeX) -> str:
    """The sign between two factors; nothing where the notation puts none."""
    before, after = tex(_bracketed(left)), tex(_bracketed(right))
    between = tex(Apply("multiply", (left, right))).removeprefix(before).removesuffix(after).strip()
    return between if between in PRODUCT_SIGNS else ""
