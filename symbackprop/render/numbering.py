"""The numbers of equations, figures and tables: one sequence each, the same in every language and format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from symbackprop.document.blocks import Block, Figure, Formula, Table

KINDS: dict[type, str] = {Formula: "equation", Figure: "figure", Table: "table"}


class Numbered(NamedTuple):
    """What kind of thing, and its number."""

    kind: str
    number: int

    @property
    def anchor(self) -> str:
        """A label for the format's own references: safe in every format."""
        return f"{self.kind}:{self.number}"


class Numbering:
    """Figures and tables are counted all, formulas where they have a label."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.labels: dict[str, Numbered] = {}
        self.by_position: list[Numbered | None] = []
        counts: Counter[str] = Counter()
        for block in blocks:
            self.by_position.append(self._number(block, counts))

    def _number(self, block: Block, counts: Counter[str]) -> Numbered | None:
        if not isinstance(block, Formula | Figure | Table) or (isinstance(block, Formula) and block.label is None):
            return None
        kind = KINDS[type(block)]
        counts[kind] += 1
        numbered = Numbered(kind, counts[kind])
        if block.label is not None:
            if block.label in self.labels:
                raise ValueError(f"two blocks have the label {block.label!r}")
            self.labels[block.label] = numbered
        return numbered

    def __getitem__(self, label: str) -> Numbered:
        try:
            return self.labels[label]
        except KeyError:
            raise ValueError(f"no block has the label {label!r}; there are: {', '.join(self.labels)}") from None
