"""What a text states, piece by piece: the unit that is judged.

A formula ``a = b = c`` makes two statements: step 1 is ``a = b``, step 2 is ``b = c``. A formula
without a relation is one statement, step 1, whose ``right`` is the whole expression. Rows of one
display that begin with a relation go on with the chain of the row above.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from symbackprop.expression import Chain, Expression, Number, Span


class Origin(StrEnum):
    """Where a statement was found."""

    DISPLAY = "display"
    """A formula on its own."""
    INLINE = "inline"
    """A formula inside a line of text."""
    VALUE = "value"
    """A value given in words, a list or a table: "w1 = 0.15"; trees as for a formula."""
    PROSE = "prose"
    """Numbers tied to a quantity by a phrase; see ``Statement.claim``."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a source file: offsets from 0, lines and columns from 1, all in characters.

    ``end`` and ``end_column`` are exclusive: the place of one character has ``end_column == column + 1``.
    """

    file: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a formula, mathematics included as it is typed; shortened to a few hundred characters.

    ``before`` is the text that leads to the formula (of the same paragraph, or the paragraph above
    where the formula begins its own), ``after`` what follows it in the same paragraph.
    """

    heading: str = ""
    before: str = ""
    after: str = ""


class PhraseKind(StrEnum):
    """What the numbers of a phrase are said to be."""

    ERROR = "error"
    """The (total) error or loss: one number."""
    OUTPUTS = "outputs"
    """Outputs of the network: one number, or all of them in order."""
    TARGETS = "targets"
    INPUTS = "inputs"
    LEARNING_RATE = "learning_rate"


class Role(StrEnum):
    """What the words before a value call it: "initial weights w1 = 0.15", "输出数据 o1=0.01"."""

    INPUT = "input"
    TARGET = "target"
    OUTPUT = "output"
    WEIGHT = "weight"
    BIAS = "bias"
    LEARNING_RATE = "learning_rate"


@dataclass(frozen=True, slots=True)
class PhraseClaim:
    """Numbers in prose tied to a quantity: "after 10000 steps the error is 0.000035085".

    ``steps`` is the number of updates made before, as far as the paragraph says so: 0 where it says
    "at first", None where it says nothing. ``span`` is that of the numbers, in the source file; each
    number's own ``span`` too.
    """

    kind: PhraseKind
    numbers: tuple[Number, ...]
    steps: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """One step of one chain of one formula, and where it stands.

    ``formula`` counts the formulas of a file from 0 and is shared by all statements of a formula,
    ``row`` counts its rows (formulas that share a line are rows of their own) and ``chain_number``
    its chains: a chain may run over several rows. ``step`` counts from 1 in its chain. ``left`` and
    ``relation`` are None where nothing is related; ``right`` is None only where the statement was not
    read (``problem`` then says what stopped it, ``problem_place`` where) or comes from prose
    (``claim`` then holds it). ``condition`` marks what follows a word such as "if" or "for": it
    claims nothing. ``remarks`` are words beside the mathematics that were looked through.

    The place is that of the step itself: from the left side on for a chain's first step, from the
    relation on for the others. Spans inside the trees are offsets in the source file as well.
    """

    place: Place
    tex: str
    origin: Origin
    step: int = 1
    left: Expression | None = None
    relation: str | None = None
    right: Expression | None = None
    chain: Chain | None = None
    formula: int = 0
    row: int = 0
    chain_number: int = 0
    context: Context = Context()
    condition: bool = False
    remarks: tuple[str, ...] = ()
    problem: str | None = None
    problem_place: Place | None = None
    claim: PhraseClaim | None = None
    role: Role | None = None

    @property
    def read(self) -> bool:
        """Whether the statement was understood as mathematics (or as a phrase)."""
        return self.problem is None
