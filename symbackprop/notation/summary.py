"""The list of notations that a user chooses from: name, family, what it is like, and a formula in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symbackprop.expression import Chain
from symbackprop.notation.examples import EXAMPLES
from symbackprop.notation.naming import Naming
from symbackprop.notation.table import NOTATIONS

Show = Callable[[Naming, Chain], str]
"""Prints a formula in a notation; what prints comes from outside, since notations know no printer."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    name: str
    family: str
    summary: str
    example: str


def summary_rows(show: Show, language: str = "en") -> Iterator[SummaryRow]:
    """One row for each notation, by name; the example is derived and printed by ``show``."""
    for notation in NOTATIONS:
        example = EXAMPLES[notation.example](notation)
        naming = Naming(notation, example.sizes, example.batch)
        formula = show(naming, naming.in_own_signs(example.chain))
        yield SummaryRow(notation.name, notation.family, notation.summary[language], formula)
