"""What a notation table holds, and the table of tables."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from symbackprop.errors import UserError
from symbackprop.notation.roles import ADJOINT, NEGATED_ADJOINT
from symbackprop.registry import FileRegistry

Layout = Literal["row", "column"]
LetterKind = Literal["input", "hidden", "output", "linear_hidden", "linear_output"]


class Indices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The letters of symbolic indices.

    ``unit`` runs over the units of the layer in question, ``before`` and ``after`` over those of its
    neighbours, ``other`` over the same layer a second time, ``sample`` over a batch. ``Index("unit")``
    and so on are written with these letters; any other index is written as it is.
    """

    layer: str = "l"
    last: str = "L"
    unit: str = "j"
    before: str = "k"
    after: str = "i"
    other: str = "p"
    sample: str = "s"
    time: str = "t"
    last_time: str = "T"

    @property
    def units(self) -> tuple[str, ...]:
        """The letters for units, in the order in which they are taken."""
        return self.unit, self.before, self.after, self.other

    def letter(self, symbol: str) -> str:
        """The letter of an index by its word; a letter stands for itself."""
        found: str = getattr(self, symbol, symbol) if symbol in self.__struct_fields__ else symbol
        return found


class Notation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """How one family of posts writes.

    ``spelling`` maps a role (see ``roles``) to a TeX pattern; ``aliases`` maps it to patterns that are
    read and never written. Placeholders in a pattern:

    - ``<layer>``: the layer's number or letter; ``<time>``: the time step;
    - ``<letter>``, ``<linear>``: the letter of the layer's kind, and that of its pre-activation;
      ``<source>``: the letter of the layer before;
    - ``<unit>``, ``<to>``, ``<from>``, ``<sample>``: indices, counted from 1;
    - ``<number>``: the place in a numbering of weights or biases through all layers;
    - ``<counted>``, ``<counted_to>``, ``<counted_from>``: the unit's place in a numbering of all units,
      inputs first; ``<zero>``: the digit 0;
    - ``<generic>``, ``<generic_to>``, ``<generic_from>``: a layer's letter that stands for any of its units
      (``w_{hO}`` under a sum over O); only in ``aliases``;
    - ``<which>``: the name of a penalty, or of its coefficient;
    - ``<of>``: the quantity itself, in the patterns ``adjoint`` and ``velocity`` that stand around it;
    - ``<updated>``: the mark of a parameter after its update, empty before.

    Several names in one placeholder (``<to,from>``) stand side by side, with commas where one is longer
    than a character. Brackets and commas at its ends (``<,updated>``, ``<(layer)>``) appear only with it.

    The conventions: ``index_order`` of a weight; ``weight_layer``, whether weights and biases count with
    the layer in which they arrive or with the one they leave; ``first_layer``, the number of the input
    layer; ``single_layer``, whether a network of one layer numbers it; ``delta_sign``, -1 where
    δ = -∂E/∂(pre-activation); ``transpose_inside``, whether the sign of a transpose joins the
    superscript that is there already (``A^{[l]T}``) instead of standing behind brackets; ``whole_axis``, the
    index of a whole row or column; ``layout``, how matrices stand unless the reader asks otherwise.
    """

    name: str
    family: str
    summary: dict[str, str]
    example: str
    spelling: dict[str, str]
    aliases: dict[str, list[str]] = {}
    letters: dict[LetterKind, list[str]] = {}
    indices: Indices = Indices()
    layout: Layout = "column"
    index_order: Literal["to-from", "from-to"] = "to-from"
    weight_layer: Literal["arrival", "departure"] = "arrival"
    first_layer: Literal[0, 1] = 0
    single_layer: Literal["numbered", "plain"] = "numbered"
    delta_sign: Literal[1, -1] = 1
    product: str = ""
    matrix_product: str = ""
    hadamard: str = "\\odot"
    log: str = "\\ln"
    kronecker: str = "\\delta"
    transpose: str = "T"
    transpose_inside: bool = False
    updated: str = "+"
    whole_axis: str = "\\cdot"

    @cached_property
    def delta_variant(self) -> str:
        """What this notation's δ is: the adjoint of the pre-activation, or that with the other sign."""
        return ADJOINT if self.delta_sign == 1 else NEGATED_ADJOINT

    @property
    def marks(self) -> dict[str, str]:
        """What the placeholders of marks are replaced with where the mark applies."""
        return {"updated": self.updated}

    @property
    def shows_layers(self) -> bool:
        """Whether the name of a weight says its layer by a number."""
        return "<layer>" in self.spelling.get("weight", "") or "<(layer)>" in self.spelling.get("weight", "")

    @property
    def names_adjoints(self) -> bool:
        """Whether every adjoint has a name of its own (dW), so that no fraction is needed."""
        return ADJOINT in self.spelling


def load_notation(path: Path) -> Notation:
    """Read and check one table; UserErrors name everything that is wrong with it."""
    from symbackprop.notation.validation import check

    try:
        notation = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Notation)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UserError(path.name, str(error)) from error
    check(notation, path)
    return notation


def _folder() -> Path:
    return Path(__file__).parent


NOTATIONS: FileRegistry[Notation] = FileRegistry(_folder, ".toml", load_notation, "notation")
