"""The formula by which a notation shows itself in a list: derived like any other, in that notation's letters."""

from __future__ import annotations

from collections.abc import Callable

from symbackprop.expression import Chain
from symbackprop.notation.table import Notation

Example = Callable[[Notation], "tuple[tuple[int, ...], Chain]"]
EXAMPLES: dict[str, Example] = {name: None for name in ("weight_gradient","delta_recursion","weight_gradient_matrix","output_delta","state","preactivation_sum")}
