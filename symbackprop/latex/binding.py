"""How tightly printed mathematics holds together, and the brackets that hold it where it must."""

from __future__ import annotations

from typing import TypeAlias

RELATION, SUM, SIGN, HADAMARD, OPEN, PRODUCT, POWER, ATOM = range(8)
"""How tightly an operator binds; a part that binds less than its place asks for gets brackets.

OPEN is a product that ends in something without an end of its own (a sum sign, a logarithm without
brackets): it may stand last in a product, but nothing may follow it there. POWER is complete in
itself, but cannot take another superscript.
"""

Printed: TypeAlias = "tuple[str, int]"
"""TeX, and how tightly it binds."""


MARKS = "".join(map(chr, range(0xF0000, 0xF0080)))
"""Characters without width or meaning, by which a page may know the parts of a formula again."""


def begins_with(tex: str, *starts: str) -> bool:
    """Whether the TeX begins with one of these, marks aside."""
    return (tex.lstrip(MARKS) if tex >= MARKS[0] else tex).startswith(starts)


def bracketed(tex: str) -> str:
    """The TeX in round brackets, as tall as it is."""
    tall = "\\frac" in tex or "\\sum" in tex or "\\begin" in tex
    return f"\\left({tex}\\right)" if tall else f"({tex})"


def braced(tex: str) -> str:
    """The TeX as the argument of ``_`` or ``^``: a single character needs no braces."""
    return tex if len(tex) == 1 else f"{{{tex}}}"


def top_level(tex: str, characters: str) -> int:
    """Where one of some characters first stands outside of all braces; -1 if nowhere."""
    depth = 0
    for place, character in enumerate(tex):
        if depth == 0 and character in characters:
            return place
        depth += (character == "{") - (character == "}")
    return -1


def closing_brace(tex: str, place: int) -> int:
    """Where the brace that opens at a place is closed; -1 if there is no brace."""
    if not 0 < place < len(tex) or tex[place] != "{":
        return -1
    depth = 0
    for at in range(place, len(tex)):
        depth += (tex[at] == "{") - (tex[at] == "}")
        if depth == 0:
            return at
    return -1
