"""Short forms of what the scanner finds, for tests."""

from __future__ import annotations

from symbackprop.check.frontends.choice import front_end
from symbackprop.check.scan.pieces import Formula, Paragraph, Table
from symbackprop.check.scan.source import read_text
from symbackprop.check.scan.statements import statements_of
from symbackprop.check.statement import Origin, Statement


def statements(text: str, kind: str = "markdown", file: str = "<text>") -> list[Statement]:
    return statements_of(read_text(text, kind, file))


def formulas(text: str, kind: str = "markdown") -> list[Formula]:
    """The formulas as they are found, before they are read."""
    found: list[Formula] = []
    for piece in front_end(kind).pieces(read_text(text, kind)):
        if isinstance(piece, Table):
            found += [formula for row in piece.rows for cell in row for formula in cell.formulas]
        else:
            paragraph = piece if isinstance(piece, Paragraph) else piece.paragraph
            found += paragraph.formulas
    return found


def read(text: str, kind: str = "markdown") -> list[str]:
    """The TeX of the formulas that delimiters enclose."""
    return [formula.tex.text for formula in formulas(text, kind) if formula.problem is None]


def lost(text: str, kind: str = "markdown") -> list[str]:
    """What a stray delimiter cost."""
    return [formula.tex.text for formula in formulas(text, kind) if formula.problem is not None]


def values(text: str, kind: str = "markdown") -> list[str]:
    """The values found outside formulas."""
    return [statement.tex for statement in statements(text, kind) if statement.origin is Origin.VALUE]


def claims(text: str, kind: str = "markdown") -> list[tuple[str, list[str], int | None]]:
    """The phrases with numbers: what they claim, the numbers, after how many steps."""
    return [
        (statement.claim.kind.value, [number.text for number in statement.claim.numbers], statement.claim.steps)
        for statement in statements(text, kind)
        if statement.claim is not None
    ]


def quoted(statement: Statement, text: str) -> str:
    """What stands in the text at a statement's place, found by lines and columns."""
    lines = text.split("\n")
    place = statement.place
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    middle = lines[place.line : place.end_line - 1]
    return "\n".join(
        [lines[place.line - 1][place.column - 1 :], *middle, lines[place.end_line - 1][: place.end_column - 1]]
    )
